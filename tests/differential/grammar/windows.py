"""Window functions whose answer the order leaves no choice about: ties have equal values wherever it matters."""

from __future__ import annotations

from grammar import literals
from grammar.expressions import Expressions
from grammar.scope import Maker
from tree import Node, expression, optional, several

BOUNDS = ["UNBOUNDED PRECEDING", "2 PRECEDING", "1 PRECEDING", "CURRENT ROW", "1 FOLLOWING", "3 FOLLOWING", "UNBOUNDED FOLLOWING"]


class Windows:
    """Leaves with OVER. The order is by every column of the scope that the function sees, so equal rows are equal."""

    def __init__(self, maker: Maker, inner: Expressions):
        self.maker, self.inner = maker, inner

    def leaf(self, type: str, depth: int) -> Node | None:
        if self.maker.chance(0.45):
            return self.inner.column(type, depth)
        return self.window(type) if type != "zoned" else None

    def frame(self, kinds=("ROWS", "ROWS", "GROUPS")) -> Node:
        first, last = sorted(self.maker.rng.sample(range(len(BOUNDS)), 2)) if self.maker.chance(0.9) else (3, 3)
        if first == 6:
            first = 5
        if last == 0:
            last = 3
        return optional(f" {self.maker.one(kinds)} BETWEEN {BOUNDS[first]} AND {BOUNDS[last]}")

    def order(self, argument: Node | None) -> Node:
        """By the argument and all columns: rows that tie are alike in everything."""
        columns = [expression(column.type, column.sql) for column in self.inner.scope.columns]
        self.maker.rng.shuffle(columns)
        terms = ([argument] if argument else []) + columns
        directions = ["", " DESC", " NULLS FIRST", " DESC NULLS LAST", " DESC NULLS FIRST", " ASC"]
        # The columns stay whole while shrinking: without one of them there is a choice.
        return Node([" ORDER BY ", ", ".join(f"{term}{self.maker.one(directions)}" for term in terms)])

    def window(self, type: str) -> Node:
        maker, make = self.maker, lambda of: self.inner.make(of, 1)
        partition = several([self.inner.make(maker.type(self.inner.scope), 1) for _ in range(maker.one([1, 1, 2]))])
        partition = optional("PARTITION BY ", partition) if maker.chance(0.6) else Node([])
        # In parentheses: IGNORE NULLS behind a call would be that call's.
        value = expression(type, "(", make(type), ")")
        ordered = lambda: self.order(None)
        nulls = optional(" IGNORE NULLS") if maker.chance(0.5) else Node([])
        choices = ["lag", "lead", "first_value", "last_value", "nth_value", "aggregate", "aggregate"]
        if type == "int":
            choices += ["row_number", "rank", "dense_rank", "ntile", "count", "count", "sum"]
        if type == "float":
            choices += ["percent_rank", "cume_dist", "avg", "avg"]
        match maker.one(choices):
            case "lag" | "lead" as name:
                offset = maker.one(["", ", 1", ", 2", ", 0", ", -1", ", 3"])
                default = Node([", ", self.inner.make(type, 0)], smaller=[""]) if offset and maker.chance(0.4) else Node([])
                made = (f"{name}(", value, offset, default, nulls, ") OVER (", partition, ordered(), ")")
            case "first_value" | "last_value" as name:
                made = (f"{name}(", value, nulls, ") OVER (", partition, ordered(), self.frame(("ROWS", "GROUPS")), ")")
            case "nth_value":
                made = ("nth_value(", value, f", {maker.one([1, 2, 3])}) OVER (", partition, ordered(), self.frame(), ")")
            case "row_number" | "rank" | "dense_rank" | "percent_rank" | "cume_dist" as name:
                made = (f"{name}() OVER (", partition, ordered(), ")")
            case "ntile":
                made = (f"ntile({maker.one([1, 2, 3, 5])}) OVER (", partition, ordered(), ")")
            case "count":
                made = ("count(", make(maker.type(self.inner.scope)), ") OVER (", partition,
                        *([ordered(), self.frame()] if maker.chance(0.7) else []), ")")
            case "avg":
                made = ("avg(", make(maker.one(["int", "float"])), ") OVER (", partition,
                        *([ordered(), self.frame()] if maker.chance(0.7) else []), ")")
            case _:
                name = maker.one(["min", "max", "sum"]) if type in ("int", "float", "decimal") else maker.one(["min", "max"])
                name = name if type != "bool" else maker.one(["bool_and", "bool_or"])
                made = (f"{name}(", value, ")", *([optional(" FILTER (WHERE ", make("bool"), ")")] if maker.chance(0.15) else []), " OVER (",
                        partition, *([ordered(), self.frame()] if maker.chance(0.7) else []), ")")
        return expression(type, *made, smaller=literals.simplest(type))
