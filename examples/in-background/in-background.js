// SPDX-License-Identifier: LGPL-2.1-or-later
// Scores a chain while the main loop goes on, shows how far it is, and stops a second run. in-background.js FOLDER
import Gio from 'gi://Gio';
import System from 'system';
import Valuechain from 'gi://Valuechain?version=1';

const [path = 'examples/company'] = System.programArgs;
const cancellable = new Gio.Cancellable();
const progress = new Valuechain.Progress();
progress.connect('notify::fraction', () => {
    printerr(`${(100 * progress.fraction).toFixed(0)} % ${progress.dup_stage() ?? ''}`);
});

const chain = await Valuechain.Chain.loadAsync(path, null, cancellable);
const scores = await chain.scoreAsync('alignment', {}, progress, cancellable);
print(`${scores.table('parties').get_n_rows()} parties are scored`);

cancellable.cancel();
try {
    await chain.scoreAsync('alignment', {}, progress, cancellable);
} catch (error) {
    if (!error.matches(Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED))
        throw error;
    print('the second run is cancelled');
}
