// SPDX-License-Identifier: LGPL-2.1-or-later
// What the namespace promises to every language: versions, names, and errors instead of crashes for wrong arguments.
import GLib from 'gi://GLib';
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';
import {equal, ok, run, test, throws} from './tap.js';

const {Chain, Column, Report, Table} = Valuechain;

test('versions', () => {
    const parts = [Valuechain.get_major_version(), Valuechain.get_minor_version(), Valuechain.get_micro_version()];
    equal(parts.join('.'), Valuechain.get_version());
    equal(Valuechain.VERSION_S, Valuechain.get_version());
});

test('names and domains', () => {
    equal(Valuechain.Status.get_name(Valuechain.Status.TOO_FEW), 'TOO_FEW');
    equal(Valuechain.PartyKind.get_name(Valuechain.PartyKind.SUPPLIER), 'supplier');
    equal(Valuechain.FlowKind.get_name(Valuechain.FlowKind.INSTRUCTION), 'instruction');
    equal(Valuechain.ImportError.quark(), GLib.quark_from_string('vc-import-error-quark'));
    equal(Valuechain.MeasureError.quark(), GLib.quark_from_string('vc-measure-error-quark'));
});

const OBJECTS = {
    Column: () => Column.new_doubles('x', [1]),
    Table: () => Table.fromColumns('t', {x: [1]}),
    Chain: () => Chain.fromObjects({parties: [{id: 'a', kind: 'unit'}]}),
    ChainBuilder: () => Valuechain.ChainBuilder.new(),
    CsvReader: () => Valuechain.CsvReader.new(),
    Limits: () => Valuechain.Limits.new(),
    Progress: () => Valuechain.Progress.new(),
    Alignment: () => Valuechain.Alignment.new(),
    Folder: () => Valuechain.Folder.new('nowhere'),
    EventLog: () => Valuechain.EventLog.new('nowhere', 'a', 'b', 'c'),
};

// JavaScript makes methods of the prototype when they are first asked for, so the names come from the GIR.
function methodsOf(name) {
    const file = GLib.build_filenamev([GLib.getenv('VC_TEST_BUILD_DIR'), 'lib', 'Valuechain-1.gir']);
    const gir = new TextDecoder().decode(GLib.file_get_contents(file)[1]);
    const [, body] = gir.match(new RegExp(`<class name="${name}"[^]*?>([^]*?)</class>`));
    return [...body.matchAll(/<method name="(\w+)"/g)].map(match => match[1]).filter(method => !/_(async|finish)$/.test(method));
}

test('null for every argument is no crash', () => {
    let called = 0;
    for (const [name, make] of Object.entries(OBJECTS)) {
        const thing = make();
        for (const method of methodsOf(name)) {
            if (typeof thing[method] !== 'function')
                continue;
            for (let count = 0; count < 6; count++) {
                try {
                    thing[method](...Array(count).fill(null));
                } catch (error) {
                    ok(error instanceof Error || error instanceof GLib.Error);
                }
                called++;
            }
        }
    }
    ok(called > 300);
});

test('a wrong type is an exception', () => {
    for (const wrong of [7, 'x', {}]) {
        throws(() => Report.new(wrong));
        throws(() => Table.new('t', [wrong]));
    }
});

function residentKib() {
    const status = new TextDecoder().decode(GLib.file_get_contents('/proc/self/status')[1]);
    return Number(status.match(/VmRSS:\s*(\d+)/)[1]);
}

test('ten thousand rounds leave little behind', () => {
    const rounds = n => {
        for (let i = 0; i < n; i++) {
            Table.fromColumns('t', {x: new Float64Array(4), s: ['a', 'b', 'a', 'c']}).to_text(80, 10);
            if (i % 500 === 0)
                System.gc();
        }
        System.gc();
    };
    rounds(2000);
    const before = residentKib();
    rounds(10000);
    ok(residentKib() - before < 4096, `grew by ${residentKib() - before} KiB`);
});

run();
