// SPDX-License-Identifier: LGPL-2.1-or-later
// Whole columns at once: whose effort do half of the receipts rest on? columns.js FOLDER
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const [path = 'examples/company'] = System.programArgs;
const parties = Valuechain.Chain.load(path).score('alignment').table('parties');
const falling = parties.column('revenue').toTypedArray().sort().reverse();
const total = falling.reduce((sum, revenue) => sum + revenue, 0);

let [n, sum] = [0, 0];
while (sum < total / 2)
    sum += falling[n++];
print(`${n} of ${falling.length} parties support half of ${total.toFixed(0)}`);
