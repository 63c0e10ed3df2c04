// SPDX-License-Identifier: LGPL-2.1-or-later
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Valuechain from 'gi://Valuechain?version=1';
import {equal, ok, path, rejects, run, test, throws} from './tap.js';

const {Accountability, Alignment, Chain, Column, Grouping, Measure, MeasureError, Progress, Report, ReportFormat, Scores, Table} = Valuechain;

function small() {
    return Chain.fromObjects({
        parties: [{id: 'a', kind: 'unit'}, {id: 'b', kind: 'unit'}, {id: 'c', kind: 'customer'}],
        flows: [{from: 'a', to: 'b', amount: 1}, {from: 'a', to: 'c', amount: 1}],
    });
}

function json(chain, scores) {
    const report = Report.new(chain);
    report.add_scores(scores);
    return report.to_string(ReportFormat.JSON);
}

test('alignment', () => {
    const scores = small().score();
    equal(scores.table('parties').toObjects().map(row => [row.party, row.reach, row.stranded, row.distance]),
        [['a', 0.5, 0.5, 1], ['b', null, null, null]]);
    equal(scores.list_tables()[0], 'summary');
    equal(scores.get_measure(), 'alignment');
    equal(scores.get_table('nothing'), null);
    throws(() => scores.table('nothing'), RangeError);
    ok(scores.to_text(80, 10).includes('reach') && scores.to_html(10).includes('<table'));
    ok(scores.get_options() instanceof GLib.Variant && scores.get_proof() instanceof GLib.Variant);
    ok(Object.keys(scores.proof).length > 0);
});

test('accountability', () => {
    const chain = Chain.fromObjects({
        parties: [{id: 'a', kind: 'person', manager: 'b'}, {id: 'b', kind: 'person'}],
        commitments: [{from: 'a', to: 'b', state: 'kept', weight: 2}, {from: 'b', to: 'a', state: 'broken', weight: 1}],
    });
    const scores = chain.score('accountability', {groupBy: 'unit', confidence: 0.9});
    equal(scores.list_tables(), ['summary', 'pairs', 'lines', 'parties', 'functions']);
    equal(scores.table('lines').toObjects().map(row => [row.manager, row.kept_down, row.kept_up, row.relation]), [['b', 0, 1, 'both']]);
    const value = name => scores.table('summary').toObjects().find(row => row.name === name).value;
    equal([value('reciprocity'), value('kept_difference'), value('median_days')], [2 / 3, -1, null]);
    const made = Accountability.new();
    equal([made.get_name(), made.at, made.half_life, made.confidence], ['accountability', null, 0, 0.95]);
    made.at = 'yesterday';
    throws(() => made.run(chain, null, null), MeasureError, MeasureError.OPTION);
});

test('options', () => {
    ok(Measure.list_names().includes('alignment'));
    equal(small().score('alignment', {groupBy: 'unit'}).options['group-by'], 'unit');
    const made = new Alignment({group_by: Grouping.UNIT});
    equal(made.get_name(), 'alignment');
    ok(Alignment.new().list_options().column('name').toArray().includes('group-by'));
    ok(made.set_option('group-by', 'none'));
    equal(made.group_by, Grouping.NONE);
    made.set_threads(2);
    equal([made.get_threads(), made.threads], [2, 2]);
    throws(() => made.set_option('group-by', 'colour'), MeasureError, MeasureError.OPTION);
    throws(() => Measure.for_name('nonsense'), MeasureError, MeasureError.UNKNOWN);
});

test('promises, progress and the same bits', async () => {
    const chain = small(), progress = new Progress(), seen = [];
    progress.connect('notify::fraction', () => seen.push(progress.fraction));
    const scores = await chain.scoreAsync('alignment', {}, progress);
    equal(json(chain, scores), json(chain, chain.score()));
    equal(json(chain, chain.score('alignment', {threads: 1})), json(chain, chain.score('alignment', {threads: 2})));
    await new Promise(resolve => GLib.timeout_add(GLib.PRIORITY_DEFAULT, 20, () => {
        resolve();
        return GLib.SOURCE_REMOVE;
    }));
    equal([progress.get_fraction(), seen.length > 0], [1, true]);
    progress.update(1, 'done');
    equal(progress.dup_stage(), 'done');
    equal(Progress.new().get_fraction(), 0);
});

test('cancelled', async () => {
    const cancellable = new Gio.Cancellable();
    cancellable.cancel();
    const error = await rejects(small().scoreAsync('alignment', {}, null, cancellable));
    ok(error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED));
    throws(() => new Alignment().run(small(), null, cancellable), Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
});

const Deliveries = GObject.registerClass(class Deliveries extends Measure {
    vfunc_get_name() {
        return 'deliveries';
    }

    vfunc_run(chain, progress) {
        const counts = new Map();
        for (const {from} of chain.get_flows())
            counts.set(from, (counts.get(from) ?? 0) + 1);
        progress?.update(1, 'counted');
        const table = Table.new('parties', [
            Column.new_texts('party', [...counts.keys()]), Column.new_doubles('receivers', [...counts.values()]),
        ]);
        return Scores.new('deliveries', [table], null, null);
    }
});

test('a measure written in JavaScript, at once and as a promise', async () => {
    const chain = small();
    for (const scores of [chain.score(new Deliveries()), await chain.scoreAsync(new Deliveries())]) {
        equal(scores.table('parties').toObjects(), [{party: 'a', receivers: 2}]);
        ok('deliveries' in JSON.parse(json(chain, scores)).scores);
    }
    equal(new Deliveries().get_name(), 'deliveries');
});

test('what is behind the alignment of a party', async () => {
    const chain = small(), why = chain.explain('alignment', 'a', {paths: 3});
    equal(why.table('paths').toObjects().map(row => [row.kind, row.end, row.hand_overs, row.share, row.path]),
        [['other', 'b', 1, 0.5, 'a -> b'], ['customer', 'c', 1, 0.5, 'a -> c']]);
    equal([why.get_party(), why.options.paths], ['a', 3]);
    equal(json(chain, await chain.explainAsync('alignment', 'a', {paths: 3})), json(chain, why));
    equal(new Alignment({paths: 7}).paths, 7);
});

test('the records behind a rate', () => {
    const chain = Chain.fromObjects({
        parties: [{id: 'ann', kind: 'person'}, {id: 'bo', kind: 'person'}],
        commitments: ['kept', 'broken'].map(state => ({from: 'ann', to: 'bo', state})),
    });
    equal(chain.explain('accountability', 'bo').table('records').toObjects().map(row => [row.side, row.outcome, row.adds, row.moves]),
        [['owed', 'broken', 0, -0.5], ['owed', 'kept', 0.5, 0.5]]);
});

const Explained = GObject.registerClass(class Explained extends Deliveries {
    vfunc_explain(chain, party) {
        const receivers = [...chain.get_flows()].filter(flow => flow.from === party).map(flow => flow.to);
        return Scores.new('explained', [Table.new('receivers', [Column.new_texts('to', receivers)])], null, null);
    }
});

test('a measure written in JavaScript explains, at once and as a promise', async () => {
    const chain = small();
    for (const found of [chain.explain(new Explained(), 'a'), await chain.explainAsync(new Explained(), 'a')]) {
        equal(found.get_party(), 'a');
        equal(found.table('receivers').column('to').toArray(), ['b', 'c']);
    }
    equal(chain.score(new Explained()).get_party(), null);
    throws(() => new Explained().explain(chain, 'nobody', null, null), MeasureError, MeasureError.UNKNOWN);
    throws(() => chain.explain(new Deliveries(), 'a'), MeasureError, MeasureError.UNSUPPORTED);
    ok((await new Explained().explain_async(chain, 'b', null, null)).get_party() === 'b');
    const error = await rejects(chain.explainAsync(new Deliveries(), 'a'));
    ok(error.matches(MeasureError, MeasureError.UNSUPPORTED));
});

const Silent = GObject.registerClass(class Silent extends Measure {});
const Nothing = GObject.registerClass(class Nothing extends Measure {
    vfunc_run() {
        return null;
    }
});
const Throwing = GObject.registerClass(class Throwing extends Measure {
    vfunc_run() {
        throw new GLib.Error(MeasureError, MeasureError.FAILED, 'thrown on purpose');
    }
});

test('a measure that gives nothing or throws is an error', async () => {
    for (const Kind of [Silent, Nothing]) {
        throws(() => small().score(new Kind()), GLib.Error);
        ok(await rejects(small().scoreAsync(new Kind())) instanceof GLib.Error);
    }
    ok(throws(() => small().score(new Throwing()), GLib.Error).message.includes('on purpose'));
});

test('reports', () => {
    const chain = small();
    const report = Report.new(chain);
    report.add_scores(chain.score());
    ok(report.to_string(ReportFormat.TEXT).includes('reach'));
    throws(() => report.to_string(ReportFormat.CSV), GLib.Error);
    report.set_tables(['parties']);
    ok(report.to_string(ReportFormat.CSV).startsWith('party,'));
    const stream = Gio.MemoryOutputStream.new_resizable();
    ok(report.write(ReportFormat.HTML, stream, null));
    ok(report.to_string(ReportFormat.HTML).includes('<table'));
});

test('the same JSON as the command line', () => {
    const company = path('examples', 'company');
    const program = GLib.build_filenamev([GLib.getenv('VC_TEST_BUILD_DIR'), 'bindings', 'cli', 'valuechain']);
    const [, output] = GLib.spawn_command_line_sync(`'${program}' score '${company}' --measure alignment --format json`);
    const chain = Chain.load(company);
    equal(json(chain, chain.score()).trim(), new TextDecoder().decode(output).trim());
});

test('threads change no bit', () => {
    const chain = Chain.load(path('examples', 'company'));
    const scored = [1, 2].map(threads => {
        const measure = Alignment.new();
        measure.set_threads(threads);
        equal(measure.get_threads(), threads);
        return json(chain, measure.run(chain, null, null));
    });
    equal(scored[0], scored[1]);
});

run();
