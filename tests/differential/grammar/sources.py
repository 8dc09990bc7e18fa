"""FROM: tables, derived tables, VALUES and joins of all kinds."""

from __future__ import annotations

from grammar import literals
from grammar.expressions import Expressions
from grammar.scope import Maker, Reference, Scope
from tree import Node, expression, optional, several


class Sources:
    """Makes FROM clauses with the scope that they give."""

    def __init__(self, maker: Maker, queries):
        self.maker, self.queries = maker, queries

    def one(self, outer: Scope | None = None, depth: int = 0) -> tuple[Node, Scope]:
        """A single source with an alias."""
        maker = self.maker
        alias = maker.name("a")
        if depth > 0 and maker.chance(0.2):
            query, types = self.queries.query(depth - 1, None)
            columns = [Reference(f"{alias}.c{number}", type) for number, type in enumerate(types, 1)]
            return Node(["(", query, f") AS {alias}"]), Scope(columns, outer)
        if maker.chance(0.08):
            return self.values(alias, outer)
        source = maker.one(maker.sources)
        columns = [Reference(f"{alias}.{column.sql}", column.type) for column in source.columns]
        return Node([f"{source.name} AS {alias}"]), Scope(columns, outer)

    def values(self, alias: str, outer: Scope | None) -> tuple[Node, Scope]:
        maker = self.maker
        types = [maker.one(["int", "text", "float", "date", "bool"]) for _ in range(maker.rng.randint(1, 3))]
        rows = [Node(["(", ", ".join(str(literals.of_type(maker.rng, type)) for type in types), ")"]) for _ in range(maker.rng.randint(1, 4))]
        names = ", ".join(f"v{number}" for number in range(1, len(types) + 1))
        columns = [Reference(f"{alias}.v{number}", type) for number, type in enumerate(types, 1)]
        return Node(["(VALUES ", several(rows), f") AS {alias}({names})"]), Scope(columns, outer)

    def clause(self, depth: int, outer: Scope | None = None) -> tuple[Node, Scope, bool]:
        """What stands behind FROM, and whether `*` can be told from the scope."""
        maker = self.maker
        first, scope = self.one(outer, depth)
        parts, star = [first], True
        for _ in range(maker.one([0, 0, 0, 1, 1, 1, 2])):
            joined = self.join(scope, depth)
            parts.append(joined[0])
            scope, star = joined[1], star and joined[2]
        return Node(parts), scope, star

    def join(self, left: Scope, depth: int) -> tuple[Node, Scope, bool]:
        maker = self.maker
        choices = ["on"] * 6 + ["using"] * 4 + ["semi", "anti", "lateral"] + ([] if maker.big else ["cross", "natural"])
        kind = maker.one(choices)
        if kind == "lateral":
            return self.lateral(left)
        right, scope = self.one(left.outer, depth)
        names = {column.sql.split(".")[-1] for column in scope.columns}
        # A key of an earlier USING is not clear any more beside another column of its name.
        both = Scope([column for column in left.columns if column.sql not in names] + scope.columns, left.outer)
        if kind == "cross":
            return Node([" CROSS JOIN ", right], smaller=[""]), both, True
        shared = [name for name in ("k", "s") if self.is_clear(left, name) and self.is_clear(scope, name)]
        if kind in ("using", "natural") and shared:
            return self.using(kind, left, right, scope, shared)
        condition = self.condition(Scope([column for column in left.columns if column.sql not in names]), scope)
        if kind in ("semi", "anti"):
            return Node([f" LEFT {kind.upper()} JOIN ", right, " ON ", condition], smaller=[""]), left, True
        side = maker.one(["", "INNER ", "LEFT ", "LEFT ", "RIGHT ", "FULL ", "FULL OUTER "])
        return Node([f" {side}JOIN ", right, " ON ", condition], smaller=[""]), both, True

    def is_clear(self, scope: Scope, name: str) -> bool:
        """Whether the bare name means one column: a key of USING, or that of one table alone."""
        tables = {column.sql for column in scope.columns if column.sql.endswith(f".{name}")}
        return any(column.sql == name for column in scope.columns) or len(tables) == 1

    def using(self, kind: str, left: Scope, right: Node, scope: Scope, shared: list[str]) -> tuple[Node, Scope, bool]:
        """The keys are one column each, which has no table's name; the sides' own keys can be named too."""
        maker = self.maker
        if kind == "using" and len(shared) == 2 and maker.chance(0.5):
            shared = [maker.one(shared)]
        side = maker.one(["", "LEFT ", "RIGHT ", "FULL ", "FULL "])
        keys = [Reference(name, "int" if name == "k" else "text") for name in shared]
        qualified = [column for column in left.columns + scope.columns if "." in column.sql]
        kept = [column for column in qualified if column.sql.split(".")[-1] not in shared or maker.chance(0.3)]
        bare = [column for column in left.columns if "." not in column.sql and column.sql not in shared]
        joined = Scope(keys + bare + kept, left.outer)
        if kind == "natural":
            return Node([f" NATURAL {side}JOIN ", right], smaller=[""]), joined, False
        return Node([f" {side}JOIN ", right, f" USING ({', '.join(shared)})"], smaller=[""]), joined, False

    def condition(self, left: Scope, right: Scope) -> Node:
        maker = self.maker
        pairs = [(one, two) for one in left.columns for two in right.columns if one.type == two.type]
        both = Expressions(maker, Scope(left.columns + right.columns))
        if not pairs or (maker.chance(0.12) and not maker.big):
            return both.make("bool", 2)
        one, two = maker.one(pairs)
        keys = [pair for pair in pairs if pair[0].sql.endswith(".k") and pair[1].sql.endswith(".k")]
        if keys and maker.chance(0.6):
            one, two = keys[0]
        operator = "=" if maker.big or maker.chance(0.8) else maker.one(["<", ">=", "<>", "IS NOT DISTINCT FROM"])
        equality = expression("bool", f"{one.sql} {operator} {two.sql}")
        more = optional(" AND ", both.make("bool", 2)) if maker.chance(0.3) else Node([])
        return Node([equality, more])

    def lateral(self, left: Scope) -> tuple[Node, Scope, bool]:
        maker = self.maker
        alias = maker.name("l")
        around = Scope(left.columns)
        type = maker.type(left)
        item, rest = self.queries.subqueries.simple(around, type, aggregate=maker.chance(0.5))
        columns = left.columns + [Reference(f"{alias}.x", type)]
        join, on = maker.one([(" CROSS JOIN LATERAL ", ""), (" LEFT JOIN LATERAL ", " ON TRUE"), (" JOIN LATERAL ", " ON TRUE")])
        return Node([join, "(SELECT ", item, " AS x", rest, f") AS {alias}{on}"], smaller=[""]), Scope(columns, left.outer), True
