// SPDX-License-Identifier: LGPL-2.1-or-later
// Says who keeps what they owe, up and down the line and function by function: both-ways.js FOLDER
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const [folder = 'examples/company'] = System.programArgs;
const scores = Valuechain.Chain.load(folder).score('accountability');
const kept = Object.fromEntries(scores.table('summary').toObjects().map(row => [row.name, row.value]));
const percent = (share, width = 0) => String(Math.floor(100 * share + 0.5)).padStart(width);

print(`managers keep ${percent(kept.kept_down)} % of what they owe to their people, who keep ${percent(kept.kept_up)} %`);
for (const row of scores.table('functions')) {
    print(`${row.unit.padEnd(10)}  ${percent(row.kept, 2)} % kept (${percent(row.kept_low, 2)} to ${percent(row.kept_high, 3)}), ` +
        `${percent(row.closed_by_owed, 2)} % closed by who asked, ${percent(row.reopened, 2)} % reopened`);
}
