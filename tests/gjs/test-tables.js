// SPDX-License-Identifier: LGPL-2.1-or-later
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import Valuechain from 'gi://Valuechain?version=1';
import {equal, ok, run, test, throws} from './tap.js';

const {Column, ColumnType, Table} = Valuechain;

function sample() {
    return Table.fromColumns('t', {
        x: new Float64Array([1.5, 0.1, NaN]),
        name: ['a', '=b', null],
        n: new BigInt64Array([1n, 2n, -3n]),
        is: [true, null, false],
        at: [new Date('2025-01-02T03:04:05.678Z'), null, new Date(0)],
    });
}

test('columns have types, lengths and nulls', () => {
    const table = sample();
    equal(table.columns().map(column => column.get_column_type()),
        [ColumnType.DOUBLE, ColumnType.TEXT, ColumnType.INT64, ColumnType.BOOLEAN, ColumnType.TIME]);
    equal(table.columns().map(column => column.get_n_nulls()), [1, 1, 0, 1, 1]);
    equal([table.get_n_rows(), table.get_n_columns(), table.get_name()], [3, 5, 't']);
    equal(table.get_column(1).get_name(), 'name');
    equal(table.lookup_column('none'), null);
    throws(() => table.column('none'), RangeError);
});

test('rows are plain objects', () => {
    const rows = [...sample()];
    equal(rows[0].at.toISOString(), '2025-01-02T03:04:05.678Z');
    equal(rows.map(({x, name, n, is}) => ({x, name, n, is})), [
        {x: 1.5, name: 'a', n: 1, is: true}, {x: 0.1, name: '=b', n: 2, is: null}, {x: null, name: null, n: -3, is: false},
    ]);
    equal(sample().toObjects().length, 3);
});

test('typed arrays hold the same bits', () => {
    const values = [0.1, 1 / 3, 5e-324, Number.MAX_VALUE];
    const column = Column.fromTypedArray('x', new Float64Array(values));
    equal([...column.toTypedArray()], values);
    ok(values.every((value, row) => column.get_double(row) === value));
    equal(Column.new_doubles('x', values).toTypedArray() instanceof Float64Array, true);
});

test('a typed array is a copy that cannot change the column', () => {
    const column = Column.new_doubles('x', [1, 2]);
    column.toTypedArray()[0] = 7;
    equal(column.get_double(0), 1);
});

test('texts are codes and labels', () => {
    const column = Column.new_texts('s', ['b', 'a', 'b', 'ä€']);
    equal([...column.toTypedArray()], [0, 1, 0, 2]);
    equal(column.toLabels(), ['b', 'a', 'ä€']);
    equal([...column], ['b', 'a', 'b', 'ä€']);
    equal([column.get_n_labels(), column.dup_label(2), column.dup_text(1)], [3, 'ä€', 'a']);
    const coded = Column.new_coded('s', new Uint8Array(new Int32Array([1, 0]).buffer), ['u', 'v'], null);
    equal([...coded], ['v', 'u']);
});

test('cells one by one', () => {
    const table = sample();
    equal(table.column('n').get_int64(2), -3);
    equal(table.column('is').get_boolean(0), true);
    ok(table.column('x').is_null(2));
    equal(table.column('x').format(1), '0.1');
    ok(table.column('at').get_int64(0) > 0);
});

test('columns are described without a copy', () => {
    const column = Column.new_doubles('x', [1]);
    const named = column.described('effort', 'hours', 'what it took');
    equal([named.get_name(), named.get_unit(), named.get_description()], ['effort', 'hours', 'what it took']);
    equal(named.get_values_address(), column.get_values_address());
    equal(named.get_n_rows(), 1);
});

test('memory by address', () => {
    const column = sample().column('x');
    const address = column.get_values_address();
    ok(address > 0 && column.get_validity_address() > 0);
    equal([...Column.new_from_address('y', ColumnType.DOUBLE, address, 2)], [1.5, 0.1]);
    const text = sample().column('name');
    ok(text.get_label_offsets_address() > 0 && text.get_label_text_address() > 0);
    equal([...Column.new_coded_from_address('z', text.get_values_address(), 2, ['p', 'q', 'r'])], ['p', 'q']);
    ok(column.get_validity_bytes().get_size() >= 1 && column.get_values_bytes().get_size() === 24);
});

test('what is no column is refused with a catchable error', () => {
    throws(() => Column.new_doubles('x', [Infinity]), GLib.Error);
    const error = throws(() => Column.new_from_bytes('x', ColumnType.DOUBLE, new Uint8Array(7), null),
        Valuechain.ImportError, Valuechain.ImportError.FIELD_COUNT);
    ok(error.message.includes('"x"'));
    throws(() => Column.fromArray('x', [1, 'a']), TypeError);
    throws(() => Column.fromArray('x', [{}]), TypeError);
    throws(() => Table.new('t', [Column.new_doubles('x', [1]), Column.new_doubles('x', [1])]), GLib.Error);
    throws(() => Table.fromColumns('t', {x: [1], y: [1, 2]}), GLib.Error);
});

test('an Arrow stream goes round', () => {
    const table = sample();
    // JavaScript has no memory with an address but a column's.
    const store = Column.new_from_bytes('stream', ColumnType.INT64, new Uint8Array(40), null);
    table.export_arrow_stream(store.get_values_address());
    const again = Table.new_from_arrow_stream('t', store.get_values_address());
    equal(again.toObjects(), table.toObjects());
});

test('is a list model of rows', () => {
    const table = sample();
    ok(table instanceof Gio.ListModel);
    equal(table.get_n_items(), 3);
    const row = table.get_item(1);
    equal([row.get_position(), row.get_double('x'), row.dup_text('name'), row.get_int64('n')], [1, 0.1, '=b', 2]);
    equal([row.is_null('is'), row.get_boolean('is'), row.format('x')], [true, false, '0.1']);
    equal(row.get_table().get_name(), 't');
    ok(table.get_item(0).get_boolean('is'));
});

test('sinks', () => {
    const table = sample();
    ok(table.to_text(80, 0).includes('0.1'));
    ok(table.to_html(10).includes('<table'));
    const csv = Gio.MemoryOutputStream.new_resizable();
    ok(table.write_csv(csv, true, null));
    csv.close(null);
    ok(new TextDecoder().decode(csv.steal_as_bytes().toArray()).includes("'=b"));
    const json = Gio.MemoryOutputStream.new_resizable();
    ok(table.write_json(json, null));
    json.close(null);
    equal(JSON.parse(new TextDecoder().decode(json.steal_as_bytes().toArray()))[1].x, 0.1);
});

test('objects make a table', () => {
    equal(Table.fromObjects('t', [{a: 1}, {b: 'x'}]).toObjects(), [{a: 1, b: null}, {a: null, b: 'x'}]);
});

test('columns under other names', () => {
    const table = Table.fromColumns('t', {a: [1, 2], b: ['x', 'y']});
    equal(table.renamed(['b', 'c', 'd'], ['a', 'b', 'a']).toObjects(), [{b: 1, d: 1, c: 'x'}, {b: 2, d: 2, c: 'y'}]);
    equal(table.renamed(['a'], ['']).columns().map(column => column.get_name()), ['b']);
    throws(() => table.renamed(['c'], ['nothing']), GLib.Error);
});

// Texts that C cannot hold are no other texts. (A lone surrogate is none in UTF-8: GJS puts the sign for it there.)
test('A09 texts with a NUL are refused, long ones are not', () => {
    throws(() => Table.fromColumns('t', {x: ['a\0b', 'a']}), RangeError);
    equal(Table.fromColumns('t', {x: ['é'.repeat(10000000)]}).column('x').toArray()[0].length, 10000000);
});

run();
