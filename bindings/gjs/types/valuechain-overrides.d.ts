// SPDX-License-Identifier: LGPL-2.1-or-later
// What the override for GJS adds to the types generated from the GIR (by ts-for-gir, as valuechain-1.d.ts).
import type Gio from '@girs/gio-2.0';

type Value = number | bigint | string | boolean | Date | null;
type Values = Float64Array | BigInt64Array | Int32Array | Uint8Array;
type Rows = ReadonlyArray<Record<string, Value | undefined>>;

declare module 'gi://Valuechain?version=1' {
    export namespace Valuechain {
        interface Column extends Iterable<Value> {
            /** A copy of the values: Float64Array, BigInt64Array (whole numbers; times in microseconds), Int32Array (codes of
             * texts) or Uint8Array (booleans). What stands under a null means nothing. */
            toTypedArray(): Values;
            /** The labels that the codes of a text column stand for. */
            toLabels(): string[];
            /** The values as rows show them; times as Date (to the millisecond), whole numbers as Number. */
            toArray(): Value[];
        }
        namespace Column {
            /** NaN is null. */
            function fromTypedArray(name: string, array: Float64Array | Float32Array | Int32Array | BigInt64Array): Column;
            function fromArray(name: string, values: ReadonlyArray<Value | undefined>): Column;
        }
        interface Table {
            [Symbol.iterator](): IterableIterator<Record<string, Value>>;
            column(name: string): Column;
            columns(): Column[];
            toObjects(): Array<Record<string, Value>>;
        }
        namespace Table {
            function fromColumns(name: string, columns: Record<string, Values | ReadonlyArray<Value | undefined>>): Table;
            function fromObjects(name: string, rows: Rows): Table;
        }
        interface Scores {
            table(name: string): Table;
            /** Keeps these scores of `chain` in a chain file: all or nothing. */
            save(path: string, chain: Chain): void;
            readonly options: Record<string, unknown>;
            readonly proof: Record<string, unknown>;
        }
        namespace Scores {
            /** The newest that a chain file keeps; where `chain` is given they must be of it. */
            function load(path: string, measure?: string, which?: {party?: string | null, chain?: Chain | null}): Scores;
        }
        interface Chain {
            score(measure?: string | Measure, options?: Record<string, unknown>): Scores;
            scoreAsync(
                measure?: string | Measure, options?: Record<string, unknown>,
                progress?: Progress | null, cancellable?: Gio.Cancellable | null,
            ): Promise<Scores>;
            /** What is behind the scores of one party, given by its id. */
            explain(measure: string | Measure, party: string, options?: Record<string, unknown>): Scores;
            explainAsync(
                measure: string | Measure, party: string, options?: Record<string, unknown>,
                progress?: Progress | null, cancellable?: Gio.Cancellable | null,
            ): Promise<Scores>;
            /** To one file where `path` ends in ".vchain", to Arrow files where it ends in ".arrows", and else to CSV files: all or nothing. */
            save(path: string): void;
            /** Adds this chain, a new period, to a chain file: all or nothing. */
            appendTo(path: string): void;
        }
        namespace Chain {
            function load(path: string): Chain;
            function loadAsync(path: string, progress?: Progress | null, cancellable?: Gio.Cancellable | null): Promise<Chain>;
            /** `columns` says which column a field is in where it has another name, or null where it is in none:
             * {flows: {from: 'sender', kind: null}}. */
            function fromObjects(tables: {
                parties: Rows | Table, flows?: Rows | Table, receipts?: Rows | Table, commitments?: Rows | Table,
                columns?: Partial<Record<'parties' | 'flows' | 'receipts' | 'commitments', Record<string, string | null>>>,
                title?: string, currency?: string, effort_unit?: string, lenient?: boolean,
            }): Chain;
        }
    }
}
