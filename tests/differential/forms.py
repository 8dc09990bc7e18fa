"""The forms in which a table reaches the engines: statements, Parquet files of pyarrow, packages of CSV that kouan converts."""

from __future__ import annotations

import csv
import datetime
import json
import math
import random
import subprocess
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

from tables import UNSIGNED, INTEGERS, Column, Table

PACKAGE_FIELDS = {"int": ("BIGINT", "integer"), "float": ("DOUBLE", "number"), "text": ("VARCHAR", "string"), "bool": ("BOOLEAN", "boolean"),
                  "date": ("DATE", "date"), "timestamp": ("TIMESTAMP", "datetime")}


def settle(table: Table) -> Table:
    """The columns that the table's form can hold."""
    if table.form == "values":
        columns = [Column(c.name, c.sql_type.replace("TIMESTAMPTZ", "TIMESTAMP"), c.type.replace("zoned", "timestamp"),
                          [v.replace(tzinfo=None) if c.type == "zoned" and v else v for v in c.values]) for c in table.columns]
    elif table.form == "package":
        columns = [Column(c.name, PACKAGE_FIELDS[c.type][0], c.type, [fit(c, v) for v in c.values])
                   for c in table.columns if c.type in PACKAGE_FIELDS]
    else:
        columns = table.columns
    return Table(table.name, columns, table.form, table.options)


def fit(column: Column, value):
    if value is None or column.type != "int":
        return value
    return min(value, 2**63 - 1)


def literal(value, sql_type: str) -> str:
    """A value as INSERT takes it in both engines; texts are cast to the column's type."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float) and math.isfinite(value):
        return f"'{value!r}'"
    if isinstance(value, float):
        return {True: "'NaN'"}.get(math.isnan(value)) or ("'Infinity'" if value > 0 else "'-Infinity'")
    if isinstance(value, datetime.datetime):
        return f"'{value.isoformat(sep=' ')}'"
    return "'" + str(value).replace("'", "''") + "'"


def create(table: Table, for_duckdb: bool = False) -> list[str]:
    """CREATE TABLE and INSERT, the same words for both but for unsigned types."""
    def type_name(sql_type: str) -> str:
        if sql_type in UNSIGNED and not for_duckdb:
            signed = {"UTINYINT": "TINYINT", "USMALLINT": "SMALLINT", "UINTEGER": "INTEGER", "UBIGINT": "BIGINT"}
            return f"{signed[sql_type]} UNSIGNED"
        return sql_type

    fields = ", ".join(f"{c.name} {type_name(c.sql_type)}" for c in table.columns)
    statements = [f"CREATE TABLE {table.name} ({fields})"]
    for start in range(0, table.count, 500):
        rows = range(start, min(start + 500, table.count))
        rows = ", ".join("(" + ", ".join(literal(c.values[row], c.sql_type) for c in table.columns) + ")" for row in rows)
        statements.append(f"INSERT INTO {table.name} VALUES {rows}")
    return statements


def write_parquet(table: Table, path: Path) -> None:
    """A file with encodings, pages, row groups and statistics by the table's seed."""
    rng = random.Random(table.options["seed"])
    data = table.arrow()
    if rng.random() < 0.1:
        data = pa.table([c.dictionary_encode() if pa.types.is_string(c.type) else c for c in data.columns], names=data.column_names)
    encodings = {"int": ["PLAIN", "DELTA_BINARY_PACKED", "BYTE_STREAM_SPLIT"], "float": ["PLAIN", "BYTE_STREAM_SPLIT"],
                 "text": ["PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"]}
    dictionary = rng.choice([True, True, False])
    chosen = {c.name: rng.choice(encodings.get(c.type, ["PLAIN"])) for c in table.columns
              if c.sql_type not in ("TINYINT", "SMALLINT", "UTINYINT", "USMALLINT")}
    parquet.write_table(
        data, path, use_dictionary=dictionary, column_encoding=None if dictionary else chosen,
        row_group_size=rng.choice([1, 2, 3, 7, 1000, 100000]), write_statistics=rng.choice([True, True, True, False]),
        write_page_index=rng.choice([True, False]), data_page_size=rng.choice([1, 100, 1 << 20]),
        data_page_version=rng.choice(["1.0", "2.0"]), compression=rng.choice(["none", "snappy", "zstd", "gzip"]),
        version="2.6", write_batch_size=rng.choice([1, 3, 1024]))


def write_package(table: Table, folder: Path) -> None:
    """A package of one CSV; NA is a missing value, so that an empty text stays a text."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = [{"name": c.name, "type": PACKAGE_FIELDS[c.type][1]} for c in table.columns]
    schema = {"fields": fields, "missingValues": ["<NA>"]}
    resource = {"name": table.name, "type": "table", "path": "data.csv", "format": "csv", "encoding": "utf-8", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
                                                         "name": "random", "resources": [resource]}))
    with open(folder / "data.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_MINIMAL)
        writer.writerow([c.name for c in table.columns])
        for row in range(table.count):
            writer.writerow([cell(c.values[row]) for c in table.columns])


def cell(value) -> str:
    if value is None:
        return "<NA>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("INF" if value > 0 else "-INF")
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def kouan_statements(table: Table, folder: Path, program: str) -> list[str]:
    """Statements with which kouan has the table; files are written to the folder."""
    if table.form == "values":
        return create(table)
    if table.form == "parquet":
        path = folder / f"{table.name}.parquet"
        write_parquet(table, path)
    else:
        package, out = folder / f"package-{table.name}", folder / f"out-{table.name}"
        write_package(table, package)
        done = subprocess.run([program, "convert", "--package", str(package), "--out", str(out)], capture_output=True, text=True, cwd=folder)
        path = out / f"{table.name}.parquet"
        if done.returncode != 0 or not path.exists():
            raise RuntimeError(f"kouan convert: {done.stdout} {done.stderr} {list(out.iterdir()) if out.exists() else ''}")
    return [f"CREATE EXTERNAL TABLE {table.name} STORED AS PARQUET LOCATION '{path}'"]
