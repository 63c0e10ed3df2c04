// SPDX-License-Identifier: LGPL-2.1-or-later
// A test suite that speaks the Test Anything Protocol.
import GLib from 'gi://GLib';
import System from 'system';

const tests = [];

export function test(name, body) {
    tests.push({name, body});
}

function shown(value) {
    if (typeof value === 'bigint')
        return `${value}n`;
    if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set)
        return `${value.constructor.name} ${JSON.stringify([...value].map(shown))}`;
    return JSON.stringify(value, (_, inner) => typeof inner === 'bigint' ? `${inner}n` : inner);
}

export function ok(condition, message = 'is true') {
    if (!condition)
        throw new Error(`not so: ${message}`);
}

export function equal(found, expected) {
    if (!Object.is(found, expected) && shown(found) !== shown(expected))
        throw new Error(`found ${shown(found)}, expected ${shown(expected)}`);
}

// `kind`: a class of exceptions, or an enumeration of error codes with the code.
export function throws(body, kind = Error, code = undefined) {
    try {
        body();
    } catch (error) {
        const fits = code === undefined ? error instanceof kind : error.matches?.(kind, code);
        ok(fits, `${error} is of the kind expected`);
        return error;
    }
    throw new Error('nothing was thrown');
}

export async function rejects(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error('nothing was thrown');
}

export function path(...parts) {
    return GLib.build_filenamev([GLib.getenv('VC_TEST_SOURCE_DIR'), ...parts]);
}

export function temporaryFolder() {
    return GLib.Dir.make_tmp('valuechain-XXXXXX');
}

export function write(folder, name, text) {
    const file = GLib.build_filenamev([folder, name]);
    GLib.file_set_contents(file, text);
    return file;
}

export function run() {
    const loop = new GLib.MainLoop(null, false);
    let failed = 0;
    print(`1..${tests.length}`);
    (async () => {
        for (const [index, {name, body}] of tests.entries()) {
            try {
                await body();
                print(`ok ${index + 1} - ${name}`);
            } catch (error) {
                failed++;
                print(`not ok ${index + 1} - ${name}`);
                print(`${error}\n${error.stack ?? ''}`.trim().replace(/^/gm, '# '));
            }
        }
    })().finally(() => loop.quit());
    loop.run();
    System.exit(failed > 0 ? 1 : 0);
}
