"""Statements over given tables."""

from __future__ import annotations

import random

from grammar.queries import Queries, Statement
from grammar.scope import Maker, Reference, Source
from tables import Table


def statement(rng: random.Random, tables: list[Table]) -> Statement:
    sources = [Source(table.name, [Reference(column.name, column.type) for column in table.columns]) for table in tables]
    big = any(table.count > 100 for table in tables)
    return Queries(Maker(rng, sources, big)).statement()
