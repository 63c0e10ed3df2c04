// SPDX-License-Identifier: LGPL-2.1-or-later
// Says what is behind a figure: where the work of one person goes, and how: why.js FOLDER PARTY
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const [folder = 'examples/company', party = 'nils.foss'] = System.programArgs;
const why = Valuechain.Chain.load(folder).explain('alignment', party, {paths: 8});
const summary = Object.fromEntries(why.table('summary').toObjects().map(row => [row.name, row]));
const percent = share => (100 * share).toFixed(1);

print(`${percent(summary.reach.value)} % of the work of ${party} reaches a customer`);
for (const {share, kind, path} of why.table('paths'))
    print(`${percent(share).padStart(5)} %  ${kind.padEnd(11)}  ${path}`);
print(`${percent(summary.all.remainder).padStart(5)} %  by all other ways`);
