// SPDX-License-Identifier: LGPL-2.1-or-later
// Loads a chain folder and names the parties that are farthest from the customer: far-from-customer.js FOLDER
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const [path = 'examples/company'] = System.programArgs;
const parties = Valuechain.Chain.load(path).score('alignment').table('parties');
const reached = parties.toObjects().filter(({distance}) => distance !== null);
reached.sort((a, b) => b.distance - a.distance);

for (const {party, distance, reach, revenue} of reached.slice(0, 6)) {
    print(`${party}: ${distance.toFixed(2)} hand-overs, ${(100 * reach).toFixed(0)} % of the work gets there, ` +
        `receipts of ${revenue.toFixed(0)} rest on it`);
}
