// SPDX-License-Identifier: LGPL-2.1-or-later
// Who works for whom, by an object-centric log: objects.js LOG
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const [path = 'examples/objects/bakery.json'] = System.programArgs;
// Orders are the cases: what is neither an employee nor a customer.
const log = new Valuechain.EventLog({path, party_column: 'object:Employee:by', customer_column: 'object:Customer'});
for (const {party, reach} of log.load(null, null).score('alignment').table('parties'))
    print(`${party}: ${reach === null ? 'undefined' : reach.toFixed(4)}`);
