"""Literals of every type, with the values at which something changes."""

from __future__ import annotations

import random

from tables import TEXTS, DATES
from tree import Node, expression

INTEGERS = ["0", "1", "2", "3", "5", "-1", "-2", "10", "100", "7", "4", "1", "2"]
EDGES = ["127", "-128", "255", "32767", "2147483647", "-2147483648", "9223372036854775807"]
FLOATS = ["0.5e0", "1e0", "-1.5e0", "0e0", "2e0", "100e0", "-0e0", "2.5e0", "-2.5e0", "0.125e0"]
SPECIAL_FLOATS = ["CAST('NaN' AS DOUBLE)", "CAST('Infinity' AS DOUBLE)", "CAST('-Infinity' AS DOUBLE)", "1e15", "1e-3"]
DECIMALS = ["CAST('1.25' AS DECIMAL(6,2))", "CAST('-0.5' AS DECIMAL(4,1))", "CAST('0' AS DECIMAL(5,2))",
            "CAST('99999.995' AS DECIMAL(10,3))", "CAST('2.345' AS DECIMAL(18,3))", "CAST('-7' AS DECIMAL(3,0))"]
PATTERNS = ["%", "a%", "%a", "_", "__", "%b%", "", "a_b", "%\\_%", "É%", "it''s", "%.%"]


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def of_type(rng: random.Random, type: str) -> Node:
    if rng.random() < 0.05:
        return expression(type, null(type))
    return expression(type, text_of(rng, type), smaller=simplest(type))


def null(type: str) -> str:
    sql_type = {"int": "BIGINT", "float": "DOUBLE", "decimal": "DECIMAL(9,2)", "text": "VARCHAR", "bool": "BOOLEAN", "date": "DATE",
                "timestamp": "TIMESTAMP"}[type]
    return f"CAST(NULL AS {sql_type})"


def text_of(rng: random.Random, type: str) -> str:
    if type == "int":
        return rng.choice(EDGES if rng.random() < 0.06 else INTEGERS)
    if type == "float":
        return rng.choice(SPECIAL_FLOATS if rng.random() < 0.15 else FLOATS)
    if type == "decimal":
        return rng.choice(DECIMALS)
    if type == "text":
        return quoted(rng.choice(TEXTS))
    if type == "bool":
        return rng.choice(["true", "false"])
    date = rng.choice(DATES[:8])
    if type == "date":
        return f"DATE '{date}'"
    return f"TIMESTAMP '{date} {rng.choice(['00:00:00', '12:30:15.5', '23:59:59.999999'])}'"


def simplest(type: str) -> list[str]:
    return {"int": ["0", "1"], "float": ["0e0", "1e0"], "decimal": [DECIMALS[2], DECIMALS[0]], "text": ["''", "'a'"],
            "bool": ["true", "false"], "date": ["DATE '2020-02-29'"], "timestamp": ["TIMESTAMP '2020-02-29 00:00:00'"],
            }.get(type, []) + ([null(type)] if type != "zoned" else [])
