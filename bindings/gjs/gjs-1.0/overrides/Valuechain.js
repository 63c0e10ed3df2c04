// SPDX-License-Identifier: LGPL-2.1-or-later
// What JavaScript needs of the namespace: promises, iteration, typed arrays, plain objects. GJS loads it by itself.
const {Gio, GLib} = imports.gi;

// A copy: a typed array cannot be made read-only, and a column never changes.
function bytesOf(bytes) {
    return bytes === null ? new Uint8Array(0) : bytes.toArray().slice();
}

function isSet(bits, row) {
    return (bits[row >> 3] >> (row & 7) & 1) === 1;
}

function unpacked(bits, rows) {
    return Uint8Array.from({length: rows}, (_, row) => isSet(bits, row) ? 1 : 0);
}

function typedArrayOf(column, Type) {
    const bytes = bytesOf(column.get_values_bytes()).buffer;
    const rows = column.get_n_rows();
    switch (column.get_column_type()) {
    case Type.DOUBLE:
        return new Float64Array(bytes, 0, rows);
    case Type.TEXT:
        return new Int32Array(bytes, 0, rows);
    case Type.BOOLEAN:
        return unpacked(new Uint8Array(bytes), rows);
    default:
        return new BigInt64Array(bytes, 0, rows);
    }
}

// From what a typed array holds to what a row shows.
function valueOf(column, Type) {
    switch (column.get_column_type()) {
    case Type.TEXT: {
        const labels = column.toLabels();
        return code => labels[code];
    }
    case Type.BOOLEAN:
        return bit => bit === 1;
    case Type.TIME:
        return microseconds => new Date(Number(microseconds / 1000n));
    case Type.INT64:
        return Number;
    default:
        return number => number;
    }
}

function packed(flags) {
    const bits = new Uint8Array(Math.ceil(flags.length / 8));
    flags.forEach((flag, row) => {
        if (flag)
            bits[row >> 3] |= 1 << (row & 7);
    });
    return bits;
}

function rawBytes(array) {
    return GLib.Bytes.new(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

function typeOfValues(name, values) {
    const kinds = new Set(values.filter(value => value !== null && value !== undefined)
        .map(value => value instanceof Date ? 'time' : typeof value));
    if (kinds.size > 1)
        throw new TypeError(`column "${name}": values of several kinds`);
    return kinds.values().next().value ?? 'string';
}

function extendColumn(Column, Type) {
    Column.fromTypedArray = (name, array) => {
        if (array instanceof BigInt64Array)
            return Column.new_from_bytes(name, Type.INT64, rawBytes(array), null);
        return Column.fromArray(name, Array.from(array, number => Number.isNaN(number) ? null : number));
    };

    function textsOf(name, values, validity) {
        const codes = new Map();
        const coded = Int32Array.from(values, value => {
            if (value === null || value === undefined)
                return 0;
            if (!codes.has(value))
                codes.set(value, codes.size);
            return codes.get(value);
        });
        // GJS would end the text there and say nothing.
        if ([...codes.keys()].some(text => text.includes('\0')))
            throw new RangeError(`column "${name}": there is a NUL in a text`);
        return Column.new_coded(name, rawBytes(coded), codes.size ? [...codes.keys()] : [''], validity);
    }

    const makers = {
        number: ['DOUBLE', values => Float64Array.from(values, value => value ?? 0)],
        bigint: ['INT64', values => BigInt64Array.from(values, value => value ?? 0n)],
        boolean: ['BOOLEAN', values => Uint8Array.from(values, value => value ? 1 : 0)],
        time: ['TIME', values => BigInt64Array.from(values, value => BigInt(value?.getTime() ?? 0) * 1000n)],
    };

    Column.fromArray = (name, values) => {
        const present = values.map(value => value !== null && value !== undefined);
        const validity = present.every(Boolean) ? null : GLib.Bytes.new(packed(present));
        const kind = typeOfValues(name, values);
        if (kind === 'string')
            return textsOf(name, values, validity);
        if (!(kind in makers))
            throw new TypeError(`column "${name}": no column holds values of type ${kind}`);
        const [type, make] = makers[kind];
        return Column.new_from_bytes(name, Type[type], rawBytes(make(values)), validity);
    };

    Object.assign(Column.prototype, {
        toTypedArray() {
            return typedArrayOf(this, Type);
        },
        toLabels() {
            return Array.from({length: this.get_n_labels()}, (_, code) => this.dup_label(code));
        },
        toArray() {
            const value = valueOf(this, Type);
            const validity = this.get_n_nulls() > 0 ? bytesOf(this.get_validity_bytes()) : null;
            return Array.from(this.toTypedArray(), (raw, row) => validity && !isSet(validity, row) ? null : value(raw));
        },
    });
    Column.prototype[Symbol.iterator] = function () {
        return this.toArray()[Symbol.iterator]();
    };
}

function extendTable(Table, Column) {
    Table.fromColumns = (name, columns) => Table.new(name, Object.entries(columns).map(([title, values]) =>
        ArrayBuffer.isView(values) ? Column.fromTypedArray(title, values) : Column.fromArray(title, values)));
    Table.fromObjects = (name, rows) => {
        const names = [...new Set(rows.flatMap(row => Object.keys(row)))];
        return Table.fromColumns(name, Object.fromEntries(names.map(title =>
            [title, rows.map(row => row[title] ?? null)])));
    };

    Object.assign(Table.prototype, {
        column(name) {
            const column = this.lookup_column(name);
            if (column === null)
                throw new RangeError(`table "${this.get_name()}" has no column "${name}"`);
            return column;
        },
        columns() {
            return Array.from({length: this.get_n_columns()}, (_, index) => this.get_column(index));
        },
        toObjects() {
            return [...this];
        },
    });
    Table.prototype[Symbol.iterator] = function* () {
        const columns = this.columns().map(column => [column.get_name(), column.toArray()]);
        for (let row = 0; row < this.get_n_rows(); row++)
            yield Object.fromEntries(columns.map(([name, values]) => [name, values[row]]));
    };
}

function plain(variant) {
    return variant.recursiveUnpack();
}

function extendScores(Scores, ChainFile) {
    Object.assign(Scores.prototype, {
        table(name) {
            const table = this.get_table(name);
            if (table === null)
                throw new RangeError(`there is no table "${name}" among ${this.list_tables().join(', ')}`);
            return table;
        },
        save(path, chain) {
            ChainFile.new(path).save_scores(this, chain, null, null);
        },
    });
    Scores.load = (path, measure = 'alignment', {party = null, chain = null} = {}) =>
        ChainFile.new(path).load_scores(measure, party, chain, null);
    Object.defineProperties(Scores.prototype, {
        options: {get() {
            return plain(this.get_options());
        }},
        proof: {get() {
            return plain(this.get_proof());
        }},
    });
}

function extendChain(Valuechain) {
    const {Chain, ChainBuilder, ChainFile, Folder, Measure, Source, Table} = Valuechain;

    function configured(measure, options) {
        const made = typeof measure === 'string' ? Measure.for_name(measure) : measure;
        for (const [name, value] of Object.entries(options))
            made.set_option(name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`), String(value));
        return made;
    }

    Object.assign(Chain.prototype, {
        score(measure = 'alignment', options = {}) {
            return configured(measure, options).run(this, null, null);
        },
        async scoreAsync(measure = 'alignment', options = {}, progress = null, cancellable = null) {
            return configured(measure, options).run_async(this, progress, cancellable);
        },
        explain(measure, party, options = {}) {
            return configured(measure, options).explain(this, party, null, null);
        },
        async explainAsync(measure, party, options = {}, progress = null, cancellable = null) {
            return configured(measure, options).explain_async(this, party, progress, cancellable);
        },
        save(path) {
            if (path.endsWith('.vchain'))
                ChainFile.new(path).save(this, null, null);
            else
                new Folder({path, arrow: path.endsWith('.arrows')}).save(this, null);
        },
        appendTo(path) {
            ChainFile.new(path).append(this, null, null);
        },
    });
    Chain.load = path => Source.for_path(path).load(null, null);
    Chain.loadAsync = async (path, progress = null, cancellable = null) =>
        Source.for_path(path).load_async(progress, cancellable);
    function checkFields(kind, mapping) {
        const fields = ChainBuilder.list_fields(kind);
        const unknown = Object.keys(mapping).filter(field => !fields.includes(field));
        if (fields.length === 0 || unknown.length > 0)
            throw new RangeError(`no records "${kind}" have a field "${unknown[0] ?? ''}"`);
    }

    // The table of records of a kind, with the names that its fields have.
    function tableOf(kind, rows, columns) {
        const table = rows instanceof Table ? rows : Table.fromObjects(kind, rows);
        return table.renamed(Object.keys(columns), Object.values(columns).map(column => column ?? ''));
    }

    Chain.fromObjects = ({parties, flows = [], receipts = [], commitments = [], columns = {}, ...properties}) => {
        const builder = new ChainBuilder(properties);
        for (const [kind, mapping] of Object.entries(columns))
            checkFields(kind, mapping);
        for (const [kind, rows] of Object.entries({parties, flows, receipts, commitments})) {
            if (rows instanceof Table || rows.length > 0)
                builder[`add_${kind}`](tableOf(kind, rows, columns[kind] ?? {}), kind);
        }
        return builder.build(null, null);
    };
}

function _init() {
    extendColumn(this.Column, this.ColumnType);
    extendTable(this.Table, this.Column);
    extendScores(this.Scores, this.ChainFile);
    extendChain(this);
    Gio._promisify(this.Measure.prototype, 'run_async', 'run_finish');
    Gio._promisify(this.Measure.prototype, 'explain_async', 'explain_finish');
    Gio._promisify(this.Source.prototype, 'load_async', 'load_finish');
}
