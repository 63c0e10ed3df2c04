// SPDX-License-Identifier: LGPL-2.1-or-later
// Checked by tsc, never run: what is marked as an error must be one, all else none.
import Gio from 'gi://Gio';
import Valuechain from 'gi://Valuechain?version=1';

const {Alignment, Chain, Column, Grouping, Limits, Table} = Valuechain;

export async function right() {
    const chain = await Chain.loadAsync('folder', null, new Gio.Cancellable());
    const scores = await chain.scoreAsync('alignment', {groupBy: 'unit'});
    /** @type {string[]} */
    const names = scores.list_tables();
    for (const row of scores.table('parties'))
        print(row.reach, names);
    const found = await chain.explainAsync('alignment', 'team', {paths: 3});
    print(found.get_party(), chain.explain('alignment', 'team').table('paths'));
    /** @type {Valuechain.Measure} */
    const measure = new Alignment({group_by: Grouping.UNIT});
    /** @type {Valuechain.Scores} */
    const again = await measure.run_async(chain, null, null);
    scores.save('x.vchain', chain);
    print(Valuechain.Scores.load('x.vchain', 'alignment', {chain}).table('parties'));
    Chain.fromObjects({parties: scores.table('parties'), columns: {parties: {id: 'party', kind: null}}});
    return [Table.fromObjects('t', [{a: 1}]), Column.fromArray('x', [1, null]), again.proof, new Limits({max_rows: 3})];
}

export function wrong() {
    // @ts-expect-error a path is text
    Chain.load(7);
    // @ts-expect-error a party is given by its id
    Chain.load('x').explain('alignment', 7);
    // @ts-expect-error a measure is given by its name
    Valuechain.Scores.load('x.vchain', 7);
    // @ts-expect-error there is no such method
    Chain.load('x').scores();
    // @ts-expect-error a number is no text
    /** @type {string} */ const n = Chain.load('x').get_n_parties();
    // @ts-expect-error a table is made of columns
    Table.new('t', [1]);
    // @ts-expect-error no column holds objects
    Column.fromArray('x', [{}]);
    // @ts-expect-error there are no such records
    Chain.fromObjects({parties: [], columns: {flow: {}}});
    return n;
}
