"""Grouped queries: aggregate functions with FILTER and DISTINCT, keys, grouping sets, HAVING."""

from __future__ import annotations

from grammar import literals
from grammar.expressions import Expressions
from grammar.scope import Maker
from tree import Node, expression, optional, several


class Aggregates:
    """Leaves of a grouped query: keys, and aggregates of plain expressions."""

    def __init__(self, maker: Maker, inner: Expressions, keys: list[Node]):
        self.maker, self.inner, self.keys = maker, inner, keys

    def leaf(self, type: str, depth: int) -> Node | None:
        keys = [key for key in self.keys if key.type == type]
        if keys and self.maker.chance(0.5):
            return expression(type, str(self.maker.one(keys)))
        return self.aggregate(type) if type != "zoned" else None

    def aggregate(self, type: str) -> Node:
        maker = self.maker
        make = lambda of: self.inner.make(of, 2)
        distinct = "DISTINCT " if maker.chance(0.15) else ""
        match type:
            case "int":
                name = maker.one(["count", "count", "count(*)", "sum", "sum", "min", "max", "case", "bit_and"])
                if name == "count(*)":
                    made = ("count(*)",)
                elif name == "count":
                    made = ("count(", distinct, make(maker.type(self.inner.scope)), ")")
                elif name == "case":
                    made = ("sum(CASE WHEN ", make("bool"), " THEN 1 ELSE 0 END)")
                elif name == "bit_and":
                    made = (maker.one(["bit_and(", "bit_or(", "bit_xor("]), make("int"), ")")
                else:
                    made = (name, "(", distinct, make("int"), ")")
            case "float":
                name = maker.one(["sum", "avg", "avg", "min", "max", "stddev_samp", "var_pop", "median", "corr", "regr_slope", "avg decimal"])
                if name in ("corr", "regr_slope"):
                    made = (name, "(", make("float"), ", ", make("float"), ")")
                elif name == "avg decimal":
                    made = ("avg(", make(maker.one(["int", "float"])), ")")
                else:
                    made = (name, "(", distinct if name in ("sum", "avg") else "", make("float"), ")")
            case "decimal":
                made = (maker.one(["sum(", "sum(", "min(", "max("]), distinct, make("decimal"), ")")
            case "bool":
                made = (maker.one(["bool_and(", "bool_or("]), make("bool"), ")")
            case "text":
                name = maker.one(["min", "max", "string_agg"])
                if name == "string_agg":
                    text = make("text")
                    made = ("string_agg(", text, ", ',' ORDER BY ", expression("text", str(text)), " NULLS LAST)")
                else:
                    made = (name, "(", make("text"), ")")
            case _:
                made = (maker.one(["min(", "max("]), make(type), ")")
        if maker.chance(0.2):
            made = (*made, optional(" FILTER (WHERE ", self.inner.make("bool", 2), ")"))
        return expression(type, *made, smaller=literals.simplest(type))


def keys_and_clause(maker: Maker, inner: Expressions) -> tuple[list[Node], Node]:
    """Keys that SELECT may name, and the GROUP BY clause."""
    keys = [inner.make(maker.type(inner.scope), maker.one([0, 0, 1, 2])) for _ in range(maker.one([0, 1, 1, 2, 2, 3]))]
    # A literal in GROUP BY would be a position or refused; a column or an expression is meant.
    keys = [key for key in keys if any(column.sql in str(key) for column in inner.scope.columns) and "SELECT" not in str(key)]
    if not keys:
        return [], Node([])
    again = lambda: [expression(key.type, str(key)) for key in keys]
    match maker.one(["plain"] * 5 + ["sets", "cube", "rollup", "having"]):
        case "sets":
            sets = [several(maker.rng.sample(again(), maker.rng.randint(0, len(keys))), least=0) for _ in range(maker.rng.randint(1, 4))]
            # Every key is in some set.
            sets.append(several(again(), least=0))
            return keys, Node([" GROUP BY GROUPING SETS (", several([Node(["(", one, ")"]) for one in sets]), ")"])
        case "cube":
            return keys, Node([" GROUP BY CUBE (", several(again()), ")"])
        case "rollup":
            return keys, Node([" GROUP BY ROLLUP (", several(again()), ")"])
        case _:
            return keys, Node([" GROUP BY ", several(again())])
