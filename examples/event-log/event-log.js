// SPDX-License-Identifier: LGPL-2.1-or-later
// From a ticket system's export to scores: event-log.js TICKETS.csv
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const [path = 'examples/event-log/tickets.csv'] = System.programArgs;
const log = new Valuechain.EventLog({
    path,
    case_column: 'ticket',
    party_column: 'team',
    time_column: 'changed',
    time_format: '%Y-%m-%d %H:%M',
    customer_column: 'caller',
    missing: '?',
});
for (const {party, reach} of log.load(null, null).score('alignment').table('parties'))
    print(`${party}: ${reach === null ? 'undefined' : reach.toFixed(4)}`);
