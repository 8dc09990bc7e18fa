"""Makes random tables of every field type, converts them with kouan, and compares what pyarrow and DuckDB read with the CSV.

    python3 -m venv /tmp/bench && /tmp/bench/bin/pip install duckdb pyarrow
    cargo build
    /tmp/bench/bin/python crates/ingest/benches/read_back.py --kouan target/debug/kouan --tables 500

What a cell means is known before it is written, so neither kouan nor a reader says what is right. Types are compared too, and names
of columns. Some tables are cut into folders, some are sorted, and both layouts are tried. The first difference ends the run with a message and leaves the package to look at; the
same seed makes the same tables.
"""

import argparse
import datetime as dt
import json
import math
import random
import shutil
import subprocess
import sys
import tempfile

import duckdb
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet

LETTERS = "abcXYZ 0189-_.,;:'\"\\/|%#?&=+~\n\r\téß口岸🛂"


def text(rng):
    return "".join(rng.choice(LETTERS) for _ in range(rng.randint(1, 12)))


def whole(rng):
    return rng.choice([0, 1, -1, 2**63 - 1, -(2**63), rng.randint(-99, 99), rng.randint(-(2**63), 2**63 - 1)])


def real(rng):
    return rng.choice([0.0, -0.0, 1e300, -5e-324, math.inf, -math.inf, math.nan, rng.random(), rng.uniform(-1e6, 1e6)])


def date(rng):
    return rng.choice([dt.date(1, 1, 1), dt.date(9999, 12, 31), dt.date.fromordinal(rng.randint(1, 3652059))])


def clock(rng):
    return dt.time(rng.randint(0, 23), rng.randint(0, 59), rng.randint(0, 59))


def moment(rng):
    return dt.datetime.combine(date(rng), clock(rng))


def number_text(value):
    if math.isnan(value):
        return "NaN"
    return ("INF" if value > 0 else "-INF") if math.isinf(value) else repr(value)


def json_value(rng, depth=2):
    kinds = [None, True, rng.randint(-9, 9), rng.choice(["", "x", "口\"岸"])]
    if depth:
        kinds += [[json_value(rng, depth - 1)], {"k": json_value(rng, depth - 1)}]
    return rng.choice(kinds)


# Each kind makes: the field's properties, the Arrow type, the type as DuckDB calls it, and a function that makes a cell's text and value.


def string_kind(rng):
    def cell(rng):
        value = text(rng)
        return value, value

    return {"type": rng.choice(["string", "any"])}, pa.string(), "VARCHAR", cell


def integer_kind(rng):
    def plain(rng):
        value = whole(rng)
        return str(value), value

    def grouped(rng):
        value = whole(rng)
        return f"{value:,}".replace(",", "'"), value

    def dressed(rng):
        value = rng.randint(0, 99)
        return f"{value} %", value

    properties, cell = rng.choice([({}, plain), ({"groupChar": "'"}, grouped), ({"bareNumber": False}, dressed)])
    return {"type": "integer", **properties}, pa.int64(), "BIGINT", cell


def number_kind(rng):
    comma = rng.random() < 0.3

    def cell(rng):
        value = real(rng)
        return number_text(value).replace(".", "," if comma else "."), value

    return {"type": "number", **({"decimalChar": ","} if comma else {})}, pa.float64(), "DOUBLE", cell


def boolean_kind(rng):
    own = rng.random() < 0.3

    def cell(rng):
        value = rng.random() < 0.5
        return ("是" if value else "否") if own else rng.choice(["true", "1"] if value else ["false", "0"]), value

    return {"type": "boolean", **({"trueValues": ["是"], "falseValues": ["否"]} if own else {})}, pa.bool_(), "BOOLEAN", cell


def date_kind(rng):
    own = rng.random() < 0.3

    def cell(rng):
        value = date(rng)
        return (f"{value.day:02}/{value.month:02}/{value.year:04}" if own else value.isoformat()), value

    return {"type": "date", **({"format": "%d/%m/%Y"} if own else {})}, pa.date32(), "DATE", cell


def time_kind(rng):
    def cell(rng):
        value = clock(rng)
        return value.isoformat(), value

    return {"type": "time"}, pa.time64("us"), "TIME", cell


def datetime_kind(rng):
    def cell(rng):
        value = moment(rng)
        return value.isoformat(), value

    return {"type": "datetime"}, pa.timestamp("us"), "TIMESTAMP", cell


def year_kind(rng):
    def cell(rng):
        value = rng.randint(0, 9999)
        return f"{value:04}", value

    return {"type": "year"}, pa.int32(), "INTEGER", cell


def yearmonth_kind(rng):
    def cell(rng):
        value = dt.date(rng.randint(1, 9999), rng.randint(1, 12), 1)
        return f"{value.year:04}-{value.month:02}", value

    return {"type": "yearmonth"}, pa.date32(), "DATE", cell


def duration_kind(rng):
    def cell(rng):
        value = rng.choice(["P1Y", "PT2H30M", "P3DT4S", "-P1M", "PT0.5S"])
        return value, value

    return {"type": "duration"}, pa.string(), "VARCHAR", cell


def json_kind(rng):
    kind = rng.choice(["object", "array", "geojson"])

    def cell(rng):
        value = {
            "object": lambda: {"k": json_value(rng), "é": json_value(rng)},
            "array": lambda: [json_value(rng) for _ in range(rng.randint(0, 3))],
            "geojson": lambda: {"type": "Point", "coordinates": [rng.randint(-180, 180), rng.randint(-90, 90)]},
        }[kind]()
        value = json.dumps(value, ensure_ascii=False)
        return value, value

    return {"type": kind}, pa.string(), "VARCHAR", cell


def list_kind(rng):
    item, arrow, name, make = rng.choice(
        [
            ("string", pa.string(), "VARCHAR", lambda rng: rng.choice(["a", "口", "b c"])),
            ("integer", pa.int64(), "BIGINT", whole),
            ("boolean", pa.bool_(), "BOOLEAN", lambda rng: rng.random() < 0.5),
            ("number", pa.float64(), "DOUBLE", lambda rng: rng.uniform(-9, 9)),
            ("date", pa.date32(), "DATE", date),
            ("time", pa.time64("us"), "TIME", clock),
            ("datetime", pa.timestamp("us"), "TIMESTAMP", moment),
        ]
    )
    delimiter = rng.choice([",", ";"])

    def cell(rng):
        values = [make(rng) for _ in range(rng.randint(1, 4))]
        show = {"boolean": lambda value: str(value).lower(), "number": repr, "string": str, "integer": str}
        show = show.get(item, lambda value: value.isoformat())
        return delimiter.join(show(value) for value in values), values

    properties = {"type": "list", "itemType": item, "delimiter": delimiter}
    return properties, pa.list_(arrow), f"{name}[]", cell


def point_kind(rng):
    form = rng.choice(["default", "array", "object"])

    def cell(rng):
        x, y = rng.uniform(-180, 180), rng.uniform(-90, 90)
        shown = {"default": f"{x!r}, {y!r}", "array": f"[{x!r}, {y!r}]", "object": f'{{"lon": {x!r}, "lat": {y!r}}}'}
        return shown[form], {"x": x, "y": y}

    degree = lambda name: pa.field(name, pa.float64(), nullable=False)
    arrow = pa.struct([degree("x"), degree("y")])
    return {"type": "geopoint", "format": form}, arrow, "STRUCT(x DOUBLE, y DOUBLE)", cell


KINDS = [
    string_kind, integer_kind, number_kind, boolean_kind, date_kind, time_kind, datetime_kind, year_kind, yearmonth_kind,
    duration_kind, json_kind, list_kind, point_kind,
]  # fmt: skip

WITHOUT_ORDER = ["object", "array", "geojson", "list", "geopoint"]

CAN_NAME_FOLDERS = [boolean_kind, year_kind, yearmonth_kind]


class Table:
    """A random table: its schema, its rows as text, and what each cell means."""

    def __init__(self, rng, name):
        self.name = name
        self.missing = rng.choice([[""], ["NA"], ["", "-"]])
        kinds = [rng.choice(KINDS) for _ in range(rng.randint(1, 9))]
        self.partition_by = []
        if rng.random() < 0.2:
            kinds[0] = rng.choice(CAN_NAME_FOLDERS)
            self.partition_by = ["f0"]
        made = [kind(rng) for kind in kinds]
        self.names = ["id"] + [f"f{index}" for index in range(len(made))]
        self.fields = [{"name": "id", "type": "integer"}]
        self.fields += [{"name": name, **properties} for name, (properties, *_) in zip(self.names[1:], made)]
        if rng.random() < 0.3:
            self.fields[0]["constraints"] = {"unique": True}
        self.storage = {"layout": rng.choice(["compact", "fast"])}
        sortable = [field["name"] for field in self.fields if field.get("type") not in WITHOUT_ORDER]
        if rng.random() < 0.4:
            self.storage["clusterBy"] = rng.sample(sortable, rng.randint(1, min(3, len(sortable))))
        self.arrow = [pa.int64()] + [arrow for _, arrow, _, _ in made]
        self.duckdb = ["BIGINT"] + [name for _, _, name, _ in made]
        self.texts, self.values = [], []
        # Few different values, or many, which are encoded differently.
        pools = [[cell(rng) for _ in range(rng.choice([1, 5, 400]))] for *_, cell in made]
        share = rng.choice([0, 0.1, 0.5, 1])
        for number in range(rng.choice([0, 1, 20, 300, 6000])):
            cells = [(str(number), number)]
            for pool in pools:
                shown, value = rng.choice(pool)
                is_missing = rng.random() < share or shown in self.missing
                cells.append((rng.choice(self.missing), None) if is_missing else (shown, value))
            self.texts.append([shown for shown, _ in cells])
            self.values.append([value for _, value in cells])

    def write(self, folder, rng):
        # Python's writer leaves a lone carriage return unquoted.
        quotes_all, line_break = rng.random() < 0.3, rng.choice(["\n", "\r\n"])

        def quoted(cell):
            is_plain = not quotes_all and not set(cell) & set(',"\r\n')
            return cell if is_plain else '"' + cell.replace('"', '""') + '"'

        with open(f"{folder}/{self.name}.csv", "w", encoding="utf-8", newline="") as file:
            for row in [self.names, *self.texts]:
                file.write(",".join(map(quoted, row)) + line_break)

    def resource(self):
        schema = {"fields": self.fields, "missingValues": self.missing, "kouan:storage": self.storage}
        return {"name": self.name, "type": "table", "path": f"{self.name}.csv", "schema": schema}

    def compare(self, reader, names, types, expected_types, rows):
        """Ends the run at the first difference."""
        places = [names.index(name) for name in self.names]
        for name, place, kind in zip(self.names, places, expected_types):
            if types[place] != kind:
                sys.exit(f"{self.name}.{name}: {reader} reads type {types[place]} where {kind} is right")
        found = sorted(([row[place] for place in places] for row in rows), key=lambda row: row[0])
        if len(found) != len(self.values):
            sys.exit(f"{self.name}: {reader} reads {len(found)} rows where there are {len(self.values)}")
        for number, (row, expected) in enumerate(zip(found, self.values)):
            for name, value, right in zip(self.names, row, expected):
                if not is_equal(value, right):
                    sys.exit(f"{self.name}.{name}, row {number}: {reader} reads {value!r} where {right!r} is right")

    def check(self, out):
        if self.partition_by:
            schema = pa.schema(list(zip(self.names, self.arrow)))
            parts = pa.dataset.partitioning(pa.schema([schema.field("f0")]), flavor="hive")
            read = pa.dataset.dataset(f"{out}/{self.name}", partitioning=parts).to_table()
            # DuckDB and Arrow guess the types of folders from their names, unless they are told.
            types = f"hive_types = {{'f0': '{self.duckdb[1]}'}}"
            source = f"read_parquet('{out}/{self.name}/**/*.parquet', hive_partitioning = true, {types})"
        else:
            # Not the reader of data sets, which would take the folder's name into account.
            read = pa.parquet.ParquetFile(f"{out}/{self.name}.parquet").read()
            source = f"read_parquet('{out}/{self.name}.parquet')"
        rows = list(zip(*(column.to_pylist() for column in read.columns)))
        self.compare("pyarrow", read.column_names, list(read.schema.types), self.arrow, rows)
        answer = duckdb.sql(f"FROM {source}")
        rows = answer.fetchall()
        self.compare("DuckDB", answer.columns, [str(kind) for kind in answer.types], self.duckdb, rows)


def is_equal(value, right):
    if isinstance(right, float) and isinstance(value, float):
        same_sign = math.copysign(1, value) == math.copysign(1, right)
        return math.isnan(value) and math.isnan(right) or value == right and same_sign
    if isinstance(right, list) and isinstance(value, list):
        return len(value) == len(right) and all(map(is_equal, value, right))
    return type(value) is type(right) and value == right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kouan", default="target/debug/kouan")
    parser.add_argument("--tables", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cells = 0
    for first in range(0, arguments.tables, 25):
        rng = random.Random(f"{arguments.seed} {first}")
        folder = tempfile.mkdtemp(prefix="kouan-read-back-")
        tables = [Table(rng, f"t{number}") for number in range(first, min(first + 25, arguments.tables))]
        for table in tables:
            table.write(folder, rng)
        with open(f"{folder}/datapackage.json", "w", encoding="utf-8") as file:
            json.dump({"name": "random", "resources": [table.resource() for table in tables]}, file)
        for partition_by in [[], ["f0"]]:
            names = [table.name for table in tables if table.partition_by == partition_by]
            command = [arguments.kouan, "convert", *names, "--package", folder, "--out", f"{folder}/out"]
            command += [f"--partition-by={field}" for field in partition_by]
            if names and subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
                sys.exit(f"not converted: {folder}")
        print(f"\r{first + len(tables)} tables", end="", flush=True)
        try:
            for table in tables:
                table.check(f"{folder}/out")
                cells += len(table.values) * len(table.names)
        except SystemExit as difference:
            sys.exit(f"\n{difference}; seed {arguments.seed}, package {folder}")
        shutil.rmtree(folder)
    print(f"\n{arguments.tables} tables with {cells} cells: pyarrow {pa.__version__} and DuckDB {duckdb.__version__} read what was written")


if __name__ == "__main__":
    main()
