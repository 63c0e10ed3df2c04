// SPDX-License-Identifier: LGPL-2.1-or-later
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Valuechain from 'gi://Valuechain?version=1';
import {equal, ok, rejects, run, temporaryFolder, test, throws, write} from './tap.js';

const {Chain, ChainBuilder, ChainFile, CsvReader, EventLog, FlowKind, Folder, ImportError, Limits, PartyKind, Scores, Source} = Valuechain;

const PARTIES = [{id: 'a', kind: 'unit'}, {id: 'b', kind: 'person', manager: 'a'}, {id: 'c', kind: 'customer'}];
const FLOWS = [{from: 'a', to: 'b', amount: 2}, {from: 'b', to: 'c', amount: 1}];

function small() {
    return Chain.fromObjects({
        parties: PARTIES, flows: FLOWS, receipts: [{customer: 'c', amount: 5}],
        title: 'Small', currency: 'EUR', effort_unit: 'hours',
    });
}

function filled() {
    const builder = ChainBuilder.new();
    builder.add_party('a', PartyKind.UNIT);
    builder.add_party('b', PartyKind.PERSON);
    builder.add_party('c', PartyKind.CUSTOMER);
    builder.set_party_field('b', 'manager', 'a');
    builder.set_effort('a', 10);
    builder.add_flow('a', 'b', FlowKind.WORK, 2);
    builder.add_receipt('c', 5);
    return builder;
}

test('overview', () => {
    const chain = small();
    equal([chain.get_title(), chain.get_currency(), chain.get_effort_unit()], ['Small', 'EUR', 'hours']);
    equal([chain.get_n_parties(), chain.get_n_flows()], [3, 2]);
    equal([chain.lookup_party('c'), chain.lookup_party('z'), chain.dup_party_id(1)], [2, -1, 'b']);
    equal([chain.get_party_kind(2), chain.is_manager(0), chain.is_manager(1)], [PartyKind.CUSTOMER, true, false]);
    equal(chain.get_parties().toObjects().map(row => row.id), ['a', 'b', 'c']);
    equal(chain.get_flows().toObjects().map(row => row.amount), [2, 1]);
    equal([chain.get_receipts().get_n_rows(), chain.get_commitments().get_n_rows()], [1, 0]);
    ok(chain.to_text().includes('Small') && chain.to_html().includes('Small'));
    ok(chain.check().lookup_column('severity') !== null);
});

test('record by record, and edited', () => {
    const chain = filled().build(null, null);
    equal(chain.get_parties().column('effort').toArray(), [10, null, null]);
    equal(chain.edit().build(null, null).get_digest(), chain.get_digest());
});

test('tables make the same chain in any order', () => {
    const turned = Chain.fromObjects({
        parties: [...PARTIES].reverse(), flows: [...FLOWS].reverse(), receipts: [{customer: 'c', amount: 5}],
        title: 'Small', currency: 'EUR', effort_unit: 'hours',
    });
    equal(turned.get_digest(), small().get_digest());
    const builder = ChainBuilder.new();
    builder.add_parties(Valuechain.Table.fromObjects('parties', PARTIES), 'parties.csv');
    builder.add_flows(Valuechain.Table.fromObjects('flows', FLOWS), null);
    builder.add_receipts(Valuechain.Table.fromObjects('receipts', [{customer: 'c', amount: 5}]), null);
    builder.add_commitments(Valuechain.Table.fromObjects('commitments', [{from: 'a', to: 'b', state: 'open'}]), null);
    equal(builder.build(null, null).get_commitments().get_n_rows(), 1);
});

test('tables with names of their own', () => {
    const made = Chain.fromObjects({
        parties: PARTIES,
        flows: Valuechain.Table.fromColumns('sent', {sender: ['a', 'b'], receiver: ['b', 'c'], hours: [2, 1], kind: ['x', 'y']}),
        receipts: [{payer: 'c', paid: 5}],
        columns: {
            flows: {from: 'sender', to: 'receiver', amount: 'hours', kind: null},
            receipts: {customer: 'payer', amount: 'paid'},
        },
        title: 'Small', currency: 'EUR', effort_unit: 'hours',
    });
    equal(made.get_digest(), small().get_digest());
    throws(() => Chain.fromObjects({parties: PARTIES, columns: {flows: {form: 'sender'}, parties: {}}}));
    throws(() => Chain.fromObjects({parties: PARTIES, flows: FLOWS, columns: {flows: {form: 'sender'}}}));
    throws(() => Chain.fromObjects({parties: PARTIES, columns: {flow: {}}}));
    throws(() => Chain.fromObjects({parties: PARTIES, columns: {parties: {id: 'key'}}}), GLib.Error);
    equal(ChainBuilder.list_fields('receipts'), ['customer', 'amount', 'at']);
});

test('commitments, record by record', () => {
    const builder = filled();
    const first = builder.add_commitment('a', 'b');
    builder.set_commitment_field(first, 'state', 'open');
    builder.set_commitment_field(first, 'due', new Date(Date.UTC(2025, 1, 1)).toISOString());
    builder.set_commitment_number(first, 'weight', 3);
    equal(builder.add_commitment('b', 'b'), 1);
    throws(() => builder.build(null, null), ImportError, ImportError.CONTRADICTION);
    builder.lenient = true;
    const chain = builder.build(null, null);
    equal(chain.get_commitments().toObjects().map(row => [row.from, row.state, row.weight]), [['a', 'open', 3]]);
    ok(chain.check().toObjects().some(row => row.code === 'owed-to-self' && row.severity === 'warning'));
});

test('all problems at once', () => {
    const builder = filled();
    builder.add_flow('a', 'nobody', FlowKind.WORK, 1);
    builder.add_flow('a', 'b', FlowKind.WORK, -1);
    equal(builder.check(null, null).toObjects().filter(row => row.severity === 'error').length, 2);
    throws(() => builder.build(null, null), GLib.Error);
});

test('windows', () => {
    const day = n => new Date(Date.UTC(2025, 0, n));
    const chain = Chain.fromObjects({
        parties: PARTIES, flows: [1, 2, 3].map(n => ({from: 'a', to: 'c', at: day(n)})),
    });
    equal(chain.window_text('2025-01-02/', null, null).get_n_flows(), 2);
    equal(chain.window(day(1).getTime() * 1000, day(2).getTime() * 1000, null, null).get_n_flows(), 1);
    throws(() => chain.window_text('soon', null, null), GLib.Error);
    const builder = chain.edit();
    builder.set_window(0, 1000);
    equal(builder.build(null, null).get_window(), [true, 0, 1000]);
});

test('folders, at once and as promises', async () => {
    const folder = `${temporaryFolder()}/chain`;
    ok(Folder.new(folder).save(small(), null));
    equal(Chain.load(folder).get_digest(), small().get_digest());
    equal((await Chain.loadAsync(folder)).get_digest(), small().get_digest());
    equal((await Folder.new(folder).load_async(null, null)).get_digest(), small().get_digest());
    const source = Source.for_path(folder);
    equal([source.get_path(), source.check(null, null).toObjects().filter(row => row.severity === 'error').length], [folder, 0]);
    equal(source.load(null, null).get_n_parties(), 3);
});

test('files', () => {
    const folder = temporaryFolder();
    const file = ChainFile.new(`${folder}/one`);
    ok(file.save(small(), null, null));
    equal(Chain.load(`${folder}/one`).get_digest(), small().get_digest());
    for (const name of ['two.vchain', 'three', 'four.arrows']) {
        small().save(`${folder}/${name}`);
        equal(Chain.load(`${folder}/${name}`).get_digest(), small().get_digest());
    }
    ok(Gio.File.new_for_path(`${folder}/four.arrows/flows.arrow`).query_exists(null));
    ok(Source.for_path(`${folder}/two.vchain`) instanceof ChainFile);
    throws(() => small().save(`${folder}/nowhere/x.vchain`), Gio.IOErrorEnum, Gio.IOErrorEnum.NOT_FOUND);
});

test('new periods', () => {
    const file = `${temporaryFolder()}/x.vchain`;
    const day = n => Chain.fromObjects({
        parties: PARTIES, flows: [{from: 'a', to: 'c', at: new Date(Date.UTC(2025, 0, n))}],
    });
    day(1).save(file);
    day(2).appendTo(file);
    ok(ChainFile.new(file).append(day(3), null, null));
    equal(Chain.load(file).get_n_flows(), 3);
    throws(() => day(2).appendTo(file), ImportError, ImportError.DUPLICATE);
});

test('scores are kept', () => {
    const path = `${temporaryFolder()}/x.vchain`, chain = small();
    chain.save(path);
    const scores = chain.score('alignment');
    scores.save(path, chain);
    const same = other => ok(other.get_proof().equal(scores.get_proof()) && other.get_options().equal(scores.get_options()));
    same(Scores.load(path, 'alignment', {chain}));
    const file = ChainFile.new(path);
    ok(file.save_scores(scores, chain, null, null));
    const [row] = file.list_scores(chain, null).toObjects();
    equal([row.measure, row.party, row.of_chain], ['alignment', null, true]);
    same(file.load_scores_at(row.scores, null));
    same(file.load_scores('alignment', null, null, null));
    throws(() => Scores.load(path, 'accountability'), ImportError, ImportError.MISSING);
    throws(() => Scores.load(path, 'alignment', {chain: Chain.fromObjects({parties: PARTIES})}), ImportError, ImportError.CONTRADICTION);
});

test('what is wrong has a place', async () => {
    const folder = temporaryFolder();
    write(folder, 'parties.csv', 'id,kind\na,unit\n');
    write(folder, 'flows.csv', 'from,to,amount\na,a,1\na,a,x\n');
    const error = throws(() => Chain.load(folder), ImportError, ImportError.NUMBER);
    ok(/flows\.csv:3/.test(error.message), error.message);
    ok((await rejects(Chain.loadAsync(folder))).matches(ImportError, ImportError.NUMBER));
});

test('limits', () => {
    const folder = temporaryFolder();
    write(folder, 'parties.csv', 'id,kind\na,unit\nb,unit\n');
    const source = Source.for_path(folder);
    const limits = Limits.new();
    equal(source.get_limits().get_max_rows(), limits.get_max_rows());
    source.set_lenient(true);
    equal(source.get_lenient(), true);
    source.set_limits(new Limits({max_rows: 1}));
    throws(() => source.load(null, null), ImportError, ImportError.LIMIT);
    equal([limits.get_max_columns(), limits.get_max_field_size(), limits.get_max_compression_ratio()], [1024, 1048576, 200]);
    equal([limits.get_max_file_size(), limits.get_max_decompressed_size()], [2 ** 34, 2 ** 34]);
    equal([limits.get_max_parties(), limits.get_max_flows()], [1e8, 1e9]);
});

test('an event log', () => {
    const file = write(temporaryFolder(), 'log.csv', 'case,who,when,for\n1,a,2025-01-01,x\n1,b,2025-01-02,x\n');
    const log = EventLog.new(file, 'case', 'who', 'when');
    log.customer_column = 'for';
    const chain = log.load(null, null);
    equal(chain.get_flows().toObjects().map(row => `${row.from}>${row.to}`), ['a>b', 'b>customer:x']);
    ok(log.get_report().get_n_rows() > 0);
    equal(log.get_relations(), null);
});

test('an event log of a standard, and who works with whom in it', () => {
    const event = (who, when) => `<event><string key='org:resource' value='${who}'/><date key='time:timestamp' value='${when}'/></event>`;
    const trace = `<trace><string key='concept:name' value='1'/>${event('a', '2025-01-01')}${event('b', '2025-01-02')}</trace>`;
    const log = Source.for_path(write(temporaryFolder(), 'log.xes', `<log>${trace}</log>`));
    log.relations = true;
    log.weight = Valuechain.EventWeight.CASE;
    equal(log.load(null, null).get_flows().toObjects().map(row => `${row.from}>${row.to}`), ['a>b']);
    equal(log.get_relations().toObjects().map(row => `${row.relation} ${row.from} ${row.to} ${row.count}/${row.of}`),
        ['hand-over a b 1/1', 'working-together a b 1/1']);
});

test('commitments of an event log, by a mapping file', () => {
    const folder = temporaryFolder();
    const file = write(folder, 'log.csv', 'case,who,when,for,until\n1,a,2025-01-01,x,2025-01-02\n1,b,2025-01-03,x,\n');
    const mapping = write(folder, 'map.ini', '[log]\ncase = case\nparty = who\ntime = when\ncustomer = for\ndue = until\n');
    const log = new EventLog({path: file});
    ok(log.load_mapping(mapping));
    const [one] = log.load(null, null).get_commitments().toObjects();
    equal([one.from, one.to, one.state, one.id], ['b', 'customer:x', 'kept', '1']);
    ok(one.due < one.closed);
    write(folder, 'map.ini', '[log]\ncash = x\n');
    throws(() => log.load_mapping(mapping), ImportError, ImportError.VALUE);
});

test('an object-centric log', () => {
    const types = (name, attribute) => [{name, attributes: attribute ? [{name: attribute, type: 'string'}] : []}];
    const event = (id, time, who, object) => ({
        id, type: 'Step', time, attributes: [{name: 'who', value: who}], relationships: [{objectId: object, qualifier: ''}],
    });
    const content = {
        eventTypes: types('Step', 'who'), objectTypes: [...types('Order'), ...types('Customer')],
        events: [event('e1', '2025-01-01', 'a', 'o1'), event('e2', '2025-01-02', 'b', 'o1')],
        objects: [{id: 'o1', type: 'Order', relationships: [{objectId: 'c', qualifier: 'of'}]}, {id: 'c', type: 'Customer'}],
    };
    const file = write(temporaryFolder(), 'log.json', JSON.stringify(content));
    const log = new EventLog({path: file, party_column: 'who', customer_column: 'object:Customer', time_zone: '+01:00'});
    equal(log.load(null, null).get_flows().toObjects().map(row => [row.from, row.to]), [['a', 'b'], ['b', 'customer:c']]);
    write(GLib.path_get_dirname(file), 'log.json', JSON.stringify({...content, objects: []}));
    throws(() => log.load(null, null), ImportError, ImportError.REFERENCE);
    equal(log.check(null, null).toObjects().map(row => row.code), ['reference']);
});

const Fixed = GObject.registerClass(class Fixed extends Source {
    vfunc_read(builder) {
        builder.add_party('one', PartyKind.UNIT);
        this.add_report('parties', 1, null);
        return true;
    }
});

test('a source of one\'s own, at once and as a promise', async () => {
    equal(new Fixed().load(null, null).get_n_parties(), 1);
    equal((await new Fixed().load_async(null, null)).get_n_parties(), 1);
});

test('CSV', () => {
    const file = write(temporaryFolder(), 't.csv', 'id,n,other\nx,1.5,q\n');
    const reader = CsvReader.new();
    reader.add_column('n', Valuechain.ColumnType.DOUBLE, true);
    equal(reader.read_path(file, null, null).toObjects(), [{id: 'x', n: 1.5, other: 'q'}]);
    reader.set_skip_undeclared(true);
    const stream = Gio.MemoryInputStream.new_from_bytes(new TextEncoder().encode('id,n\nx,2\n'));
    equal(reader.read_stream(stream, 'memory', null).toObjects(), [{n: 2}]);
});

run();
