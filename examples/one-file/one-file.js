// SPDX-License-Identifier: LGPL-2.1-or-later
// A year in one file, quarter by quarter: one-file.js CHAIN
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const QUARTERS = ['2025-01/2025-04', '2025-04/2025-07', '2025-07/2025-10', '2025-10/2026-01'];

const year = Valuechain.Chain.load(System.programArgs[0] ?? 'examples/company');
const folder = GLib.Dir.make_tmp('one-file-XXXXXX');
const file = Gio.File.new_for_path(`${folder}/year.vchain`);
for (const quarter of QUARTERS) {
    const period = year.window_text(quarter, null, null);
    if (file.query_exists(null))
        period.appendTo(file.get_path());
    else
        period.save(file.get_path());
    print(`until ${quarter.slice(8)}: ${Valuechain.Chain.load(file.get_path()).get_n_flows()} flows`);
}
print(`of the year: ${year.get_n_flows()} flows`);
file.delete(null);
file.get_parent().delete(null);
