"""Answers of both engines in one form, and when two are the same."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import pyarrow as pa

# Of which DuckDB's types a column is, for reading kouan's text: `int` exact, `float` to a tolerance, others as they are.
Rows = list[tuple]


@dataclass
class Answer:
    """Rows, or the words of an error. `kinds` are known only of DuckDB's answers; kouan's cells are text or None."""

    rows: Rows | None = None
    kinds: list[str] | None = None
    error: str | None = None


def kind(type: pa.DataType) -> str:
    if pa.types.is_decimal(type) or pa.types.is_integer(type):
        return "exact"
    if pa.types.is_float32(type):
        return "real"
    if pa.types.is_floating(type):
        return "float"
    if pa.types.is_boolean(type):
        return "bool"
    if pa.types.is_date(type) or pa.types.is_timestamp(type):
        return "moment"
    return "text"


def plain(value, kind: str):
    """A cell of DuckDB's answer."""
    if value is None:
        return None
    if kind == "exact":
        return Decimal(value)
    if kind == "moment":
        return moment(value.isoformat())
    return value


def moment(text: str) -> str:
    """A date is its midnight; fractions without zeros behind; UTC without Z."""
    text = text.replace(" ", "T").removesuffix("Z").removesuffix("+00:00")
    if "T" not in text:
        text += "T00:00:00"
    return text.rstrip("0").rstrip(".") if "." in text else text


def read(text: str | None, kind: str):
    """A cell of kouan's answer as DuckDB's kind of column has it; the text itself when it is none."""
    if text is None:
        return None
    try:
        if kind == "exact":
            return Decimal(text) if text not in ("NaN", "inf", "-inf") else text
        if kind in ("float", "real"):
            return Number(float(text), text)
        if kind == "bool":
            return {"true": True, "false": False}.get(text, text)
        if kind == "moment":
            return moment(text)
    except (ValueError, InvalidOperation):
        return f"not {kind}: {text}"
    return text


class Number(float):
    """A float with the text it was read from, which tells how many digits were given."""

    def __new__(cls, value: float, text: str):
        number = super().__new__(cls, value)
        number.text = text
        return number


def same_cell(one, two, kind: str) -> bool:
    """`one` of DuckDB, `two` of kouan."""
    if one is None or two is None:
        return one is None and two is None
    if kind not in ("float", "real") or not isinstance(two, float):
        return type(one) is type(two) and one == two
    if math.isnan(one) or math.isnan(two):
        return math.isnan(one) and math.isnan(two)
    if math.isinf(one) or math.isinf(two):
        return one == two
    tolerance = (2e-6 if kind == "real" else 1e-9) * max(abs(one), abs(two), 1e-6 if kind == "real" else 1e-9)
    # An average of decimals is a decimal in kouan, with at least four digits behind the point.
    digits = re.search(r"^-?\d+\.(\d{4,})$", getattr(two, "text", ""))
    if digits:
        tolerance = max(tolerance, 0.51 * 10.0 ** -len(digits[1]))
    return abs(one - two) <= tolerance


def sort_key(row: tuple):
    def key(cell):
        if cell is None:
            return (0, "")
        if isinstance(cell, float):
            return (1, "nan") if math.isnan(cell) else (1, f"{cell + 0.0:.5g}" if cell else "0")
        if isinstance(cell, Decimal):
            return (2, str(cell.normalize() + 0))
        return (3, str(cell))
    return tuple(key(cell) for cell in row)


def same(duckdb: Answer, kouan: Answer, ordered: bool) -> bool:
    kinds = duckdb.kinds
    one = duckdb.rows
    two = [tuple(read(cell, kind) for cell, kind in zip(row, kinds)) if len(row) == len(kinds) else row for row in kouan.rows]
    if len(one) != len(two):
        return False
    equal = lambda left, right: len(left) == len(right) and all(same_cell(a, b, kind) for a, b, kind in zip(left, right, kinds))
    if not ordered:
        one, two = sorted(one, key=sort_key), sorted(two, key=sort_key)
    if all(equal(left, right) for left, right in zip(one, two)):
        return True
    if ordered or len(one) > 400:
        return False
    # Numbers near the edge of a rounding may sort apart: pair each row with any that is left.
    left_over = list(two)
    for row in one:
        found = next((at for at, other in enumerate(left_over) if equal(row, other)), None)
        if found is None:
            return False
        left_over.pop(found)
    return True


def shown(answer: Answer, most: int = 12) -> str:
    if answer.error is not None:
        return f"error: {answer.error.strip().splitlines()[0][:300]}"
    def text(cell) -> str:
        if cell is None:
            return "NULL"
        return repr(cell) if isinstance(cell, str) else str(cell)
    lines = ["(" + ", ".join(text(cell) for cell in row) + ")" for row in answer.rows[:most]]
    more = f" … {len(answer.rows)} rows" if len(answer.rows) > most else ""
    return (" ".join(lines) or "no rows") + more
