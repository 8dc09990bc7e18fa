"""What an expression may name: the columns in reach, those of outer queries, and how leaves are made."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

TYPES = ["int", "int", "int", "text", "float", "decimal", "bool", "date", "timestamp"]


@dataclass
class Reference:
    sql: str
    type: str


@dataclass
class Scope:
    """Columns of one query's FROM. `outer` is the scope of the query around, which correlated subqueries reach."""

    columns: list[Reference]
    outer: Scope | None = None

    def of(self, type: str) -> list[Reference]:
        return [column for column in self.columns if column.type == type]


@dataclass
class Source:
    """A table, common table expression or the like that FROM can name."""

    name: str
    columns: list[Reference]


@dataclass
class Maker:
    """What the makers of clauses share: chance, tables, names that are not used twice."""

    rng: random.Random
    sources: list[Source]
    big: bool = False  # joins then need an equality
    used: int = field(default=0)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def one(self, choices):
        return self.rng.choice(choices)

    def name(self, letter: str) -> str:
        self.used += 1
        return f"{letter}{self.used}"

    def type(self, of: Scope | None = None) -> str:
        """A type at random, most often one that the scope has."""
        if of and of.columns and self.chance(0.8):
            type = self.one(of.columns).type
            return "timestamp" if type == "zoned" else type
        return self.one(TYPES)
