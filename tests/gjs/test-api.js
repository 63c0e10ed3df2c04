// SPDX-License-Identifier: LGPL-2.1-or-later
// What the namespace promises to every language: versions, names, and errors instead of crashes for wrong arguments.
import Gio from 'gi://Gio';
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
    equal(Valuechain.SaveError.quark(), GLib.quark_from_string('vc-save-error-quark'));
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
    Folder: () => Valuechain.Folder.new('/nowhere/at/all'),
    EventLog: () => Valuechain.EventLog.new('/nowhere/at/all', 'a', 'b', 'c'),
};

// JavaScript makes methods of the prototype when they are first asked for, so functions and what they take come from the GIR.
const GIR = new TextDecoder().decode(GLib.file_get_contents(
    GLib.build_filenamev([GLib.getenv('VC_TEST_BUILD_DIR'), 'lib', 'Valuechain-1.gir']))[1]);

function parametersOf(body) {
    const lengths = [...body.matchAll(/<array[^>]* length="(\d+)"/g)].map(match => Number(match[1]));
    return [...body.matchAll(/<parameter name="(\w+)"([^>]*)>([^]*?)<\/parameter>/g)]
        .map(([, name, attributes, inner]) => ({
            name,
            isOut: /direction="out"/.test(attributes),
            mayBeNull: /nullable="1"|allow-none="1"/.test(attributes),
            isArray: /<array/.test(inner),
            type: inner.match(/<type name="([\w.]+)"/)[1],
        })).filter((parameter, place) => !parameter.isOut && !lengths.includes(place) && parameter.type !== 'gpointer');
}

// What a class has: methods, constructors and functions.
function callablesOf(owner) {
    const [, body] = GIR.match(new RegExp(`<class name="${owner}"[^]*?>([^]*?)</class>`));
    return [...body.matchAll(/<(method|constructor|function) name="(\w+)"([^>]*)>([^]*?)<\/\1>/g)]
        .filter(([, , name, attributes]) => !/introspectable="0"|moved-to/.test(attributes) && !/_(async|finish)$/.test(name))
        .map(([, kind, name, , inner]) => ({kind, name, parameters: parametersOf(inner)}));
}

const SAMPLES = {
    ...OBJECTS,
    Measure: () => Valuechain.Measure.for_name('alignment'),
    Source: () => Valuechain.Source.for_path(GLib.get_tmp_dir()),
    Report: () => Report.new(OBJECTS.Chain()),
    Row: () => OBJECTS.Table().get_item(0),
    Scores: () => Valuechain.Scores.new('m', [], null, null),
    'GLib.Bytes': () => new GLib.Bytes(new Uint8Array(8)),
    'GLib.Variant': () => new GLib.Variant('a{sv}', {}),
    'Gio.Cancellable': () => new Gio.Cancellable(),
    'Gio.InputStream': () => Gio.MemoryInputStream.new_from_bytes(new GLib.Bytes(new Uint8Array(8))),
    'Gio.OutputStream': () => Gio.MemoryOutputStream.new_resizable(),
    utf8: () => 'x',
    filename: () => '/nowhere/at/all',
    gboolean: () => true,
    gdouble: () => 1,
};
const WORDS = {field: 'name', records: 'flows', window: '2025-01-01/'};

// A right value; enumerations and numbers are 0.
function sampleOf({name, type, isArray}) {
    if (type === 'utf8' && name in WORDS)
        return WORDS[name];
    const value = type in SAMPLES ? SAMPLES[type]() : typeof Valuechain[type] === 'function' ? new Valuechain[type]() : 0;
    return isArray ? [value] : value;
}

// Numbers that are null are 0 in JavaScript; memory at address 0 is nobody's.
function mustThrow({type, isArray, mayBeNull}) {
    return !mayBeNull && (isArray || type in SAMPLES) && !['gboolean', 'gdouble'].includes(type);
}

test('null for each argument in turn is an exception where it may not be null', () => {
    let called = 0;
    for (const [, owner] of GIR.matchAll(/<class name="(\w+)"/g)) {
        for (const {kind, name, parameters} of callablesOf(owner)) {
            if (parameters.some(parameter => parameter.name === 'address'))
                continue;
            parameters.forEach((parameter, place) => {
                const holder = kind === 'method' ? sampleOf({type: owner}) : Valuechain[owner];
                let thrown = null;
                try {
                    holder[name](...parameters.map((other, i) => i === place ? null : sampleOf(other)));
                } catch (error) {
                    thrown = error;
                }
                called++;
                ok(thrown === null || thrown instanceof Error || thrown instanceof GLib.Error, `${owner}.${name}: ${thrown}`);
                ok(thrown !== null || !mustThrow(parameter), `${owner}.${name}: ${parameter.name} may not be null`);
            });
        }
    }
    ok(called > 90, `${called} calls`);
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
