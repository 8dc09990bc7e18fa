"""Subqueries in expressions, correlated or not: scalar, EXISTS, IN and quantified comparisons."""

from __future__ import annotations

from grammar.expressions import COMPARISONS, Expressions
from grammar.scope import Maker, Scope
from tree import Node, expression, optional


class Subqueries:
    """Makes subqueries over the tables. `query` is the maker of queries, which is given to break the circle."""

    def __init__(self, maker: Maker, queries):
        self.maker, self.queries = maker, queries

    def around(self, scope: Scope) -> Scope | None:
        return scope if self.maker.chance(0.6) else None

    def simple(self, scope: Scope, type: str, aggregate: bool) -> tuple[Node, Node]:
        """SELECT item and the rest of `SELECT item FROM table WHERE …`, with correlation in WHERE, the item or both."""
        maker = self.maker
        outer = self.around(scope)
        from_clause, inner = self.queries.sources.one(outer)
        inside = Expressions(maker, inner)
        condition = inside.make("bool", 2)
        if outer and maker.chance(0.7):
            condition = self.correlation(inner, outer) or condition
            if maker.chance(0.3):
                condition = expression("bool", "(", condition, " AND ", inside.make("bool", 1), ")")
        where = optional(" WHERE ", condition) if maker.chance(0.85) else Node([])
        if aggregate:
            from grammar.aggregates import Aggregates
            item = Aggregates(maker, Expressions(maker, Scope(inner.columns)), []).aggregate(type)
        else:
            item = inside.make(type, 1)
        return item, Node([" FROM ", from_clause, where])

    def correlation(self, inner: Scope, outer: Scope) -> Node | None:
        pairs = [(one, two) for one in inner.columns for two in outer.columns if one.type == two.type and one.type != "zoned"]
        if not pairs:
            return None
        one, two = self.maker.one(pairs)
        operator = self.maker.one(["=", "=", "=", "=", "<", "<>", ">=", "IS NOT DISTINCT FROM"])
        return expression("bool", f"({one.sql} {operator} {two.sql})")

    def scalar(self, scope: Scope, type: str) -> Node:
        item, rest = self.simple(scope, type, aggregate=True)
        if self.maker.chance(0.12):
            # Of several rows one by an order: all rows with the least item are alike.
            item, rest = self.simple(scope, type, aggregate=False)
            return expression(type, "(SELECT ", item, " AS x", rest, " ORDER BY 1", self.maker.one(["", " DESC", " NULLS FIRST"]),
                              f" LIMIT {self.maker.one([1, 1, 0])})")
        return expression(type, "(SELECT ", item, rest, ")")

    def exists(self, scope: Scope) -> Node:
        item, rest = self.simple(scope, "int", aggregate=False)
        return expression("bool", self.maker.one(["EXISTS", "EXISTS", "NOT EXISTS"]), " (SELECT ", item, rest, ")")

    def membership(self, scope: Scope, outside: Expressions) -> Node:
        type = self.maker.type(scope)
        item, rest = self.simple(scope, type, aggregate=self.maker.chance(0.1))
        return expression("bool", "(", outside.make(type, 1), self.maker.one([" IN ", " NOT IN ", " NOT IN "]), "(SELECT ", item, rest, "))")

    def quantified(self, scope: Scope, outside: Expressions) -> Node:
        type = self.maker.type(scope)
        item, rest = self.simple(scope, type, aggregate=False)
        operator = self.maker.one(COMPARISONS[:6])
        return expression("bool", "(", outside.make(type, 1), f" {operator} {self.maker.one(['ANY', 'ALL'])} (SELECT ", item, rest, "))")
