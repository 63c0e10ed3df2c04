// SPDX-License-Identifier: LGPL-2.1-or-later
// A measure of one's own: how much work each party gives and gets. own-measure.js FOLDER
import GObject from 'gi://GObject';
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const ALL = Number.MAX_VALUE;
const READWRITE = GObject.ParamFlags.READWRITE;

// Its option, the property `minimum`: deliveries below it do not count.
const Balance = GObject.registerClass({
    GTypeName: 'Balance',
    Properties: {
        minimum: GObject.ParamSpec.double('minimum', null, 'deliveries below this do not count', READWRITE, 0, ALL, 0),
    },
}, class Balance extends Valuechain.Measure {
    vfunc_get_name() {
        return 'balance';
    }

    vfunc_run(chain, progress, cancellable) {
        const gives = new Map(chain.get_parties().column('id').toArray().map(id => [id, 0]));
        const gets = new Map(gives);

        for (const {from, to, kind, amount} of chain.get_flows()) {
            if (kind !== 'work' || from === to || amount < this.minimum)
                continue;
            gives.set(from, gives.get(from) + amount);
            gets.set(to, gets.get(to) + amount);
        }
        const parties = Valuechain.Table.fromColumns('parties', {
            party: [...gives.keys()],
            gives: new Float64Array(gives.values()),
            gets: new Float64Array(gets.values()),
        });
        return Valuechain.Scores.new('balance', [parties], null, null);
    }
});

const [path = 'examples/company'] = System.programArgs;
const scores = Valuechain.Chain.load(path).score(new Balance({minimum: 2}));
for (const {party, gives, gets} of scores.table('parties')) {
    if (gets > 2000)
        print(`${party} gets ${gets.toFixed(2)} and gives ${gives.toFixed(2)}`);
}
