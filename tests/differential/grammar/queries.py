"""Whole queries and statements: SELECT in its forms, set operations, common table expressions, ORDER BY and LIMIT."""

from __future__ import annotations

from dataclasses import dataclass

from grammar.aggregates import Aggregates, keys_and_clause
from grammar.expressions import Expressions
from grammar.scope import Maker, Reference, Scope, Source
from grammar.sources import Sources
from grammar.subqueries import Subqueries
from grammar.windows import Windows
from tree import Node, expression, optional, several


@dataclass
class Statement:
    tree: Node
    order: Node | None  # the last ORDER BY, which leaves no choice

    @property
    def ordered(self) -> bool:
        return self.order is not None

    def __str__(self) -> str:
        return str(self.tree)


class Queries:
    def __init__(self, maker: Maker):
        self.maker = maker
        self.subqueries = Subqueries(maker, self)
        self.sources = Sources(maker, self)

    def statement(self) -> Statement:
        maker = self.maker
        tables = list(maker.sources)
        with_clause = self.common_tables() if maker.chance(0.15) else Node([])
        query, types = self.query(2, None)
        maker.sources = tables
        order = self.order(len(types)) if maker.chance(0.35) else None
        return Statement(Node([with_clause, query, order or ""]), order)

    def order(self, count: int) -> Node:
        """By every column, so that rows that tie are alike."""
        maker = self.maker
        positions = list(range(1, count + 1))
        maker.rng.shuffle(positions)
        directions = ["", " DESC", " ASC NULLS FIRST", " DESC NULLS LAST", " NULLS LAST", " DESC NULLS FIRST"]
        terms = ", ".join(f"{position}{maker.one(directions)}" for position in positions)
        limit = optional(f" LIMIT {maker.one([0, 1, 2, 5, 10, 100])}") if maker.chance(0.5) else Node([])
        offset = optional(f" OFFSET {maker.one([0, 1, 3])}") if maker.chance(0.25) else Node([])
        return Node([" ORDER BY ", terms, limit, offset], smaller=[""])

    def common_tables(self) -> Node:
        maker = self.maker
        if maker.chance(0.2):
            return self.recursive()
        made = []
        for _ in range(maker.one([1, 1, 2])):
            name = maker.name("w")
            query, types = self.query(1, None)
            made.append(Node([f"{name} AS (", query, ")"]))
            maker.sources = maker.sources + [Source(name, [Reference(f"c{n}", type) for n, type in enumerate(types, 1)])] * 2
        return optional("WITH ", several(made), " ")

    def recursive(self) -> Node:
        """Counts up from the rows of a table; UNION ends it also where a step adds nothing."""
        maker = self.maker
        name = maker.name("w")
        first, scope = self.sources.one()
        start = Expressions(maker, scope).make("int", 1)
        union = maker.one(["UNION ALL", "UNION ALL", "UNION"])
        most = maker.one([3, 5, 10])
        maker.sources = maker.sources + [Source(name, [Reference("c1", "int"), Reference("c2", "int")])] * 2
        return Node([f"WITH RECURSIVE {name}(c1, c2) AS (SELECT CAST(", start, " AS BIGINT), CAST(0 AS BIGINT) FROM ", first,
                     f" {union} SELECT {name}.c1 + {maker.one([0, 1, 2])}, {name}.c2 + 1 FROM {name} WHERE {name}.c2 < {most}) "])

    def query(self, depth: int, types: list[str] | None) -> tuple[Node, list[str]]:
        maker = self.maker
        if depth > 0 and maker.chance(0.15):
            return self.set_operation(depth - 1, types)
        return self.select(depth, types)

    def set_operation(self, depth: int, types: list[str] | None) -> tuple[Node, list[str]]:
        maker = self.maker
        types = types or [maker.type() for _ in range(maker.rng.randint(1, 3))]
        left, _ = self.query(depth, types)
        right, _ = self.query(depth, types)
        operator = maker.one(["UNION ALL", "UNION", "EXCEPT", "INTERSECT", "EXCEPT ALL", "INTERSECT ALL"])
        return Node(["(", left, f") {operator} (", right, ")"], smaller=[left, right]), types

    def select(self, depth: int, types: list[str] | None) -> tuple[Node, list[str]]:
        maker = self.maker
        from_clause, scope, _ = self.sources.clause(depth)
        subquery = self.subqueries if depth > 0 else None
        plain = Expressions(maker, scope, subquery=subquery)
        where = optional(" WHERE ", plain.make("bool", 3)) if maker.chance(0.5) else Node([])
        form = maker.one(["plain", "plain", "plain", "grouped", "grouped", "grouped", "window", "distinct on"])
        if types is None:
            types = [maker.type(scope) for _ in range(maker.rng.randint(1, 4))]
        group, having, qualify, distinct = Node([]), Node([]), Node([]), ""
        if form == "grouped":
            # Subqueries inside aggregates' arguments are rare in use, but they must be right.
            inside = plain if maker.chance(0.15) else Expressions(maker, scope)
            keys, group = keys_and_clause(maker, Expressions(maker, scope))
            leaves = Aggregates(maker, inside, keys)
            made = Expressions(maker, scope, leaf=leaves.leaf)
            items = [self.grouped_item(leaves, made, type) for type in types]
            if maker.chance(0.25):
                having = optional(" HAVING ", made.make("bool", 2))
            if not keys:
                items[0] = leaves.aggregate(types[0])
        elif form == "window" and not maker.big:
            windows = Windows(maker, Expressions(maker, scope))
            made = Expressions(maker, scope, leaf=windows.leaf)
            items = [windows.window(type) if maker.chance(0.6) else made.make(type, 1) for type in types]
            if maker.chance(0.2):
                qualify = optional(" QUALIFY (", windows.window("int"), maker.one([" = 1", " <= 2", " > 1"]), ")")
        else:
            items = [plain.make(type, 2) for type in types]
            distinct = "DISTINCT " if maker.chance(0.2) else ""
        if form == "distinct on":
            return self.distinct_on(items, types, Node([" FROM ", from_clause, where]))
        items = [Node([item, f" AS c{number}"]) for number, item in enumerate(items, 1)]
        return Node([f"SELECT {distinct}", several(items), " FROM ", from_clause, where, group, having, qualify]), types

    def grouped_item(self, leaves: Aggregates, made: Expressions, type: str) -> Node:
        if self.maker.chance(0.4):
            return leaves.leaf(type, 0) or made.make(type, 0)
        return made.make(type, 1)

    def distinct_on(self, items: list[Node], types: list[str], rest: Node) -> tuple[Node, list[str]]:
        """One row for each value of the first item, the first by all others."""
        inner, name = self.maker.name("q"), self.maker.name("q")
        named = several([Node([item, f" AS c{number}"]) for number, item in enumerate(items, 1)])
        columns = ", ".join(f"{inner}.c{number}" for number in range(1, len(items) + 1))
        return Node([f"SELECT {name}.* FROM (SELECT DISTINCT ON ({inner}.c1) {columns} FROM (SELECT ", named, rest,
                     f") AS {inner} ORDER BY {columns}) AS {name}"]), types
