"""Random tables: every type, few different values so that joins match, and all that is special about a type."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass
from decimal import Context, Decimal

import pyarrow as pa

INTEGERS = {"TINYINT": 8, "SMALLINT": 16, "INTEGER": 32, "BIGINT": 64}
UNSIGNED = {"UTINYINT": 8, "USMALLINT": 16, "UINTEGER": 32, "UBIGINT": 64}
# Without ß, of which engines make SS or ẞ in capitals.
TEXTS = ["", "a", "A", "b", "ab", "é", "e\u0301", "Ω", "it's", 'a"b', "x\ny", " a", "a ", "10", "1.5", "NaN", "NULL",
         "true", "2020-02-29", "中文", "😀", "%", "_", "a_b", "\\", "a,b", "\t", "zz", "-1", "Éa"]
DATES = ["1970-01-01", "1969-12-31", "2020-02-29", "2021-02-28", "1999-12-31", "2000-01-01", "1900-03-01", "2023-07-15",
         "0001-01-01", "9999-12-31", "2024-12-30", "2021-01-03"]
TIMES = ["00:00:00", "23:59:59.999999", "12:30:15.5", "01:02:03.000001", "06:00:00"]
# Sums of these are exact in whatever order they are added.
FLOATS = [0.0, -0.0, 0.5, 1.0, -1.0, 1.5, 2.0, -2.25, 3.75, 100.0, -1024.5, 65536.0]
SPECIAL_FLOATS = [float("nan"), float("inf"), float("-inf")]


@dataclass
class Column:
    name: str
    sql_type: str  # as DuckDB writes it
    type: str  # the family by which expressions are made
    values: list


@dataclass
class Table:
    name: str
    columns: list[Column]
    form: str  # values, parquet or package
    options: dict

    @property
    def count(self) -> int:
        return len(self.columns[0].values) if self.columns else 0

    def with_rows(self, rows: list[int]) -> Table:
        columns = [Column(c.name, c.sql_type, c.type, [c.values[row] for row in rows]) for c in self.columns]
        return Table(self.name, columns, self.form, self.options)

    def with_columns(self, names: set[str]) -> Table:
        return Table(self.name, [c for c in self.columns if c.name in names], self.form, self.options)

    def arrow(self) -> pa.Table:
        return pa.table([pa.array(c.values, arrow_type(c.sql_type)) for c in self.columns], names=[c.name for c in self.columns])


def arrow_type(sql_type: str) -> pa.DataType:
    if sql_type in INTEGERS:
        return getattr(pa, f"int{INTEGERS[sql_type]}")()
    if sql_type in UNSIGNED:
        return getattr(pa, f"uint{UNSIGNED[sql_type]}")()
    if sql_type.startswith("DECIMAL"):
        precision, scale = sql_type[8:-1].split(",")
        return pa.decimal128(int(precision), int(scale))
    return {"REAL": pa.float32(), "DOUBLE": pa.float64(), "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(), "DATE": pa.date32(),
            "TIMESTAMP": pa.timestamp("us"), "TIMESTAMPTZ": pa.timestamp("us", "UTC")}[sql_type]


def family(sql_type: str) -> str:
    if sql_type in INTEGERS or sql_type in UNSIGNED:
        return "int"
    if sql_type.startswith("DECIMAL"):
        return "decimal"
    return {"REAL": "float", "DOUBLE": "float", "VARCHAR": "text", "BOOLEAN": "bool", "DATE": "date", "TIMESTAMP": "timestamp",
            "TIMESTAMPTZ": "zoned"}[sql_type]


def value(rng: random.Random, sql_type: str, special: bool):
    """A value of the type, never NULL; `special` allows NaN and infinities, and the ends of a type's range."""
    kind = family(sql_type)
    if kind == "int":
        width = INTEGERS.get(sql_type) or UNSIGNED[sql_type]
        lowest = 0 if sql_type in UNSIGNED else -(2 ** (width - 1))
        highest = 2**width - 1 + lowest
        if special and rng.random() < 0.15:
            return rng.choice([lowest, highest, highest - 1])
        return max(lowest, rng.choice([-3, -1, 0, 0, 1, 1, 2, 2, 3, 4, 5, 7, 10]))
    if kind == "decimal":
        precision, scale = (int(part) for part in sql_type[8:-1].split(","))
        most = 10**precision - 1
        unscaled = rng.choice([0, 1, -1, 5, 15, -25, 50, 100, 149, 150, 250, -350, 12345])
        if special and rng.random() < 0.1:
            unscaled = rng.choice([most, -most])
        unscaled = max(-most, min(most, unscaled))
        return Decimal(unscaled).scaleb(-scale, Context(prec=60))
    if kind == "float":
        return rng.choice(SPECIAL_FLOATS if special and rng.random() < 0.25 else FLOATS)
    if kind == "text":
        return rng.choice(TEXTS)
    if kind == "bool":
        return rng.random() < 0.5
    day = datetime.date.fromisoformat(rng.choice(DATES if special else DATES[:8]))
    if kind == "date":
        return day
    if day.year in (1, 9999):
        day = datetime.date(1970, 1, 1)
    moment = datetime.datetime.combine(day, datetime.time.fromisoformat(rng.choice(TIMES)))
    return moment.replace(tzinfo=datetime.timezone.utc) if kind == "zoned" else moment


def column(rng: random.Random, name: str, sql_type: str, count: int) -> Column:
    nulls = rng.choice([0.0, 0.1, 0.3, 0.3, 0.9, 1.0 if rng.random() < 0.2 else 0.0])
    special = rng.random() < 0.4
    few = [value(rng, sql_type, special) for _ in range(rng.choice([1, 3, 6, 12]))]
    values = [None if rng.random() < nulls else rng.choice(few) for _ in range(count)]
    return Column(name, sql_type, family(sql_type), values)


def sql_types(rng: random.Random, kind: str) -> str:
    return rng.choice({
        "int": ["TINYINT", "SMALLINT", "INTEGER", "INTEGER", "BIGINT", "BIGINT", "UTINYINT", "UINTEGER", "UBIGINT"],
        "float": ["DOUBLE", "DOUBLE", "REAL"],
        "decimal": ["DECIMAL(4,1)", "DECIMAL(9,2)", "DECIMAL(18,3)", "DECIMAL(38,6)", "DECIMAL(10,0)"],
        "text": ["VARCHAR"], "bool": ["BOOLEAN"], "date": ["DATE"], "timestamp": ["TIMESTAMP"], "zoned": ["TIMESTAMPTZ"],
    }[kind])


def table(rng: random.Random, number: int, most_rows: int) -> Table:
    """Columns `k` and sometimes `s` are shared by all tables, for USING and NATURAL; others carry the table's number."""
    count = min(most_rows, rng.choice([0, 1, 2, 3, 5, 8, 8, 13, 20, 40, 3000]))
    columns = [column(rng, "k", rng.choice(["INTEGER", "BIGINT", "INTEGER", "SMALLINT"]), count)]
    if rng.random() < 0.6:
        columns.append(column(rng, "s", "VARCHAR", count))
    kinds = ["int", "int", "float", "decimal", "text", "bool", "date", "timestamp", "zoned"]
    for kind in rng.sample(kinds, rng.randint(2, len(kinds))):
        columns.append(column(rng, f"{kind[0]}{len(columns)}_{number}", sql_types(rng, kind), count))
    rng.shuffle(columns)
    form = rng.choice(["values", "values", "parquet", "parquet", "package"])
    if form == "package" and count == 0:
        form = "values"
    return Table(f"t{number}", columns, form, {"seed": rng.randrange(2**32)})


def tables(rng: random.Random) -> list[Table]:
    most = 3000 if rng.random() < 0.05 else 40
    return [table(rng, number, most if number == 1 else 40) for number in (1, 2, 3)]
