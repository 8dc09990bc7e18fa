"""Statements over given tables."""

from __future__ import annotations

import random
import re

from grammar.queries import Queries, Statement
from grammar.scope import Maker, Reference, Source
from tables import Table
from tree import Node, nodes

PREPARED = 0.05


def statement(rng: random.Random, tables: list[Table]) -> Statement:
    sources = [Source(table.name, [Reference(column.name, column.type) for column in table.columns]) for table in tables]
    big = any(table.count > 100 for table in tables)
    made = Queries(Maker(rng, sources, big)).statement()
    return prepared(rng, made) if rng.random() < PREPARED else made


def prepared(rng: random.Random, made: Statement) -> Statement:
    """The statement with whole numbers as parameters, and the values that it is executed with."""
    literals = [node for node in nodes(made.tree) if node.type == "int" and re.fullmatch(r"-?\d{1,9}", str(node))]
    # Where a literal is written twice, as a key of GROUP BY and in SELECT, a parameter would not be the same to the engines.
    literals = [node for node in literals if str(made.tree).count(str(node)) == 1][:2]
    if not literals:
        return made
    values = []
    for number, node in enumerate(literals, 1):
        values.append(str(node))
        node.parts, node.smaller = [f"CAST(${number} AS BIGINT)"], []
    name = f"p{rng.randrange(10**9)}"
    tree = Node([f"PREPARE {name} AS ", made.tree, f";\nEXECUTE {name}({', '.join(values)});\nDEALLOCATE {name}"])
    return Statement(tree, made.order)
