"""Expressions of one row: operators, conditions, casts and functions, each of a type asked for."""

from __future__ import annotations

from grammar import chains, literals
from grammar.scope import Maker, Scope
from tree import Node, expression, several

COMPARISONS = ["=", "<>", "<", "<=", ">", ">=", "=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM"]
INTERVALS = ["1 month", "1 day", "-1 month", "1 year", "36 hours", "13 months", "30 minutes", "-7 days", "1 month 1 day"]
DATE_PARTS = ["year", "month", "day", "quarter", "dow", "isodow", "doy", "week", "isoyear", "hour", "minute", "epoch", "decade", "century"]
TRUNCATIONS = ["year", "quarter", "month", "week", "day", "hour", "minute", "second"]


class Expressions:
    """Makes expressions over a scope. `leaf` may give other leaves than columns: group keys, aggregates, windows."""

    def __init__(self, maker: Maker, scope: Scope, leaf=None, subquery=None):
        self.maker, self.scope, self.subquery = maker, scope, subquery
        self.leaf = leaf or self.column

    def column(self, type: str, depth: int) -> Node | None:
        scope = self.scope
        while scope.outer and self.maker.chance(0.4):
            scope = scope.outer
        columns = scope.of(type) or self.scope.of(type)
        if type == "timestamp" and not columns:
            return None
        if not columns:
            return None
        return expression(type, self.maker.one(columns).sql)

    def make(self, type: str, depth: int = 2) -> Node:
        maker = self.maker
        if depth <= 0 or maker.chance(0.35):
            leaf = self.leaf(type, depth) if maker.chance(0.85) else None
            return leaf or literals.of_type(maker.rng, type)
        if maker.chance(0.25):
            return self.conditional(type, depth - 1)
        if self.subquery and maker.chance(0.06):
            return self.subquery.scalar(self.scope, type)
        made = getattr(self, f"{type}_expression")(depth - 1)
        made.smaller += literals.simplest(type)
        return made

    def any(self, depth: int) -> Node:
        return self.make(self.maker.type(self.scope), depth)

    def conditional(self, type: str, depth: int) -> Node:
        """What turns NULL into a value and a value into NULL, for every type."""
        make = lambda: self.make(type, depth)
        match self.maker.one(["case", "simple case", "coalesce", "coalesce", "nullif", "greatest", "least", "case without else"]):
            case "case":
                return expression(type, "CASE WHEN ", self.make("bool", depth), " THEN ", make(), " ELSE ", make(), " END")
            case "case without else":
                return expression(type, "CASE WHEN ", self.make("bool", depth), " THEN ", make(), " END")
            case "simple case":
                of = self.maker.type(self.scope)
                return expression(type, "CASE ", self.make(of, depth), " WHEN ", self.make(of, 0), " THEN ", make(), " WHEN ",
                                  self.make(of, 0), " THEN ", make(), " ELSE ", make(), " END")
            case "coalesce":
                return expression(type, "coalesce(", several([make(), make()] + ([make()] if self.maker.chance(0.2) else [])), ")")
            case "nullif":
                return expression(type, "nullif(", make(), ", ", make(), ")")
            case name:
                return expression(type, name, "(", several([make(), make()]), ")")

    def int_expression(self, depth: int) -> Node:
        make = self.make
        match self.maker.one(["+", "-", "*", "+", "-", "*", "%", "neg", "abs", "signum", "length", "part", "part", "cast", "try", "strpos",
                              "days", "ascii", "bits", "floor", "cast bool"]):
            case "+" | "-" | "*" as operator:
                return expression("int", "(", make("int", depth), f" {operator} ", make("int", depth), ")")
            case "%":
                return expression("int", "(", make("int", depth), " % ", expression("int", self.maker.one(["2", "3", "-3", "7"])), ")")
            case "neg":
                return expression("int", "(- ", make("int", depth), ")")
            case "length":
                return expression("int", self.maker.one(["length", "length", "octet_length", "bit_length", "character_length"]), "(",
                                  make("text", depth), ")") if self.maker.chance(0.7) else expression("int", "length(", make("text", depth), ")")
            case "strpos":
                return expression("int", "strpos(", make("text", depth), ", ", make("text", depth), ")")
            case "ascii":
                return expression("int", "ascii(", make("text", depth), ")")
            case "part":
                of = self.maker.one(["date", "timestamp"])
                part = self.maker.one(DATE_PARTS[:9] if of == "date" else DATE_PARTS)
                if part == "epoch":
                    part = "year"
                return expression("int", f"CAST(date_part('{part}', ", make(of, depth), ") AS BIGINT)")
            case "days":
                return expression("int", "(", make("date", depth), " - ", make("date", depth), ")")
            case "bits":
                return expression("int", "(", make("int", depth), self.maker.one([" & ", " | "]), make("int", depth), ")")
            case "cast":
                of = self.maker.one(["float", "decimal", "bool", "int", "int"])
                to = self.maker.one(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "BIGINT", "INTEGER"])
                return expression("int", "CAST(", make(of, depth), f" AS {to})")
            case "try":
                of = self.maker.one(["float", "decimal", "text", "text", "int"])
                to = self.maker.one(["TINYINT", "SMALLINT", "INTEGER", "BIGINT"])
                if of == "text":
                    # DuckDB takes '1.5' for 2, PostgreSQL for no whole number, and so does kouan.
                    return expression("int", "TRY_CAST(split_part(", make(of, depth), f", '.', 1) AS {to})")
                return expression("int", "TRY_CAST(", make(of, depth), f" AS {to})")
            case "cast bool":
                return expression("int", "CAST(", make("bool", depth), " AS INTEGER)")
            case "floor":
                return expression("int", "CAST(", self.maker.one(["floor(", "ceil(", "round(", "trunc("]), make("float", depth), ") AS BIGINT)")
            case "signum":
                return expression("int", "CAST(signum(", make("int", depth), ") AS INTEGER)")
            case name:
                return expression("int", name, "(", make("int", depth), ")")

    def float_expression(self, depth: int) -> Node:
        make = self.make
        match self.maker.one(["+", "-", "*", "/", "neg", "abs", "floor", "ceil", "round", "round to", "sqrt", "cast", "cast", "try", "ln",
                              "power", "%", "signum", "trunc", "real", "divide", "divide"]):
            case "+" | "-" | "*" | "/" as operator:
                return expression("float", "(", make("float", depth), f" {operator} ", make("float", depth), ")")
            case "divide":
                return expression("float", "(", make("int", depth), " / ", make("int", depth), ")")
            case "%":
                return expression("float", "(", make("float", depth), " % ", make("float", 0), ")")
            case "neg":
                return expression("float", "(- ", make("float", depth), ")")
            case "round to":
                return expression("float", "round(", make("float", depth), ", ", self.maker.one(["0", "1", "2", "-1", "-2"]), ")")
            case "sqrt" | "ln" as name:
                return expression("float", f"{name}(abs(", make("float", depth), ") + 1e0)")
            case "power":
                return expression("float", "power(", make("float", depth), ", 2e0)")
            case "cast":
                return expression("float", "CAST(", make(self.maker.one(["int", "decimal", "float"]), depth), " AS DOUBLE)")
            case "real":
                return expression("float", "CAST(", make(self.maker.one(["int", "decimal", "float"]), depth), " AS REAL)")
            case "try":
                return expression("float", "TRY_CAST(", make("text", depth), " AS DOUBLE)")
            case name:
                return expression("float", name, "(", make("float", depth), ")")

    def decimal_expression(self, depth: int) -> Node:
        make = self.make
        match self.maker.one(["+", "-", "*", "neg", "abs", "cast", "cast", "cast", "try", "round", "floor", "%", "with int"]):
            case "+" | "-" | "*" as operator:
                return expression("decimal", "(", make("decimal", depth), f" {operator} ", make("decimal", depth), ")")
            case "with int":
                return expression("decimal", "(", make("decimal", depth), self.maker.one([" + ", " - ", " * "]), make("int", depth), ")")
            case "%":
                return expression("decimal", "(", make("decimal", depth), " % CAST('1.5' AS DECIMAL(3,1)))")
            case "neg":
                return expression("decimal", "(- ", make("decimal", depth), ")")
            case "round":
                return expression("decimal", "round(", make("decimal", depth), ", ", self.maker.one(["0", "1", "2"]), ")")
            case "floor":
                return expression("decimal", self.maker.one(["floor(", "ceil(", "abs("]), make("decimal", depth), ")")
            case "cast" | "try" as name:
                to = self.maker.one(["DECIMAL(5,1)", "DECIMAL(9,2)", "DECIMAL(18,4)", "DECIMAL(38,2)", "DECIMAL(4,0)"])
                of = self.maker.one(["int", "decimal", "float", "text"] if name == "try" else ["int", "decimal", "float"])
                return expression("decimal", "TRY_CAST(" if name == "try" else "CAST(", make(of, depth), f" AS {to})")
            case name:
                return expression("decimal", name, "(", make("decimal", depth), ")")

    def text_expression(self, depth: int) -> Node:
        make, integer = self.make, lambda: self.make("int", 0)
        small = lambda: self.maker.one(["0", "1", "2", "3", "-1", "-2", "5"])
        # From a start below 1 DuckDB counts from the end, PostgreSQL takes characters that are not there.
        start = lambda: self.maker.one(["1", "1", "2", "3", "5"])
        match self.maker.one(["||", "||", "concat", "concat_ws", "upper", "lower", "trim", "ltrim", "rtrim", "substr", "substr", "left", "right",
                              "lpad", "rpad", "replace", "reverse", "repeat", "split", "translate", "cast", "cast", "btrim", "regexp",
                              "initcap", "chr", "strftime"]):
            case "||":
                return expression("text", "(", make("text", depth), " || ", make(self.maker.one(["text", "text", "int"]), depth), ")")
            case "concat":
                return expression("text", "concat(", several([make("text", depth), make(self.maker.one(["text", "int", "bool"]), depth)]), ")")
            case "concat_ws":
                return expression("text", "concat_ws(", several([make("text", 0), make("text", depth), make("text", depth)], least=2), ")")
            case "substr":
                return expression("text", "substr(", make("text", depth), ", ", start(), *([", ", self.maker.one(["0", "1", "2", "5"])]
                                                                                 if self.maker.chance(0.6) else []), ")")
            case "left" | "right" as name:
                return expression("text", name, "(", make("text", depth), ", ", small(), ")")
            case "lpad" | "rpad" as name:
                return expression("text", name, "(", make("text", depth), ", ", small(), ", ", make("text", 0), ")")
            case "replace":
                return expression("text", "replace(", make("text", depth), ", ", make("text", 0), ", ", make("text", 0), ")")
            case "translate":
                return expression("text", "translate(", make("text", depth), ", 'abé', 'xy')")
            case "repeat":
                return expression("text", "repeat(", make("text", depth), ", ", small(), ")")
            case "split":
                return expression("text", "split_part(", make("text", depth), ", ", self.maker.one(["'a'", "','", "'_'"]), ", ",
                                  self.maker.one(["1", "2", "-1", "3"]), ")")
            case "cast":
                of = self.maker.one(["int", "bool", "date", "text", "decimal"])
                return expression("text", "CAST(", make(of, depth), " AS VARCHAR)")
            case "regexp":
                return expression("text", "regexp_replace(", make("text", depth), ", ", self.maker.one(["'a'", "'[ab]+'", "'.'", "'^a'", "'(a)(b)'"]),
                                  ", ", self.maker.one(["'x'", "''", "'[&]'"]), self.maker.one(["", ", 'g'", ", 'gi'"]), ")")
            case "trim":
                return expression("text", self.maker.one(["trim(", "trim(BOTH 'a' FROM ", "trim(LEADING ' ' FROM "]), make("text", depth), ")")
            case "chr":
                return expression("text", "chr(", self.maker.one(["97", "233", "128512", "65"]), ")")
            case "strftime" | "initcap":
                return expression("text", "lower(", make("text", depth), ")")
            case name:
                return expression("text", name, "(", make("text", depth), ")")

    def bool_expression(self, depth: int) -> Node:
        make = self.make
        choices = ["compare"] * 5 + ["and", "or", "not", "is null", "is null", "in", "in", "not in", "between", "like", "like", "is true",
                                     "starts", "similar", "cast", "isnan", "chain", "chain"]
        if self.subquery:
            choices += ["exists", "in query", "in query", "quantified"]
        match self.maker.one(choices):
            case "and" | "or" as name:
                return expression("bool", "(", make("bool", depth), f" {name.upper()} ", make("bool", depth), ")")
            case "not":
                return expression("bool", "(NOT ", make("bool", depth), ")")
            case "is null":
                return expression("bool", "(", self.any(depth), self.maker.one([" IS NULL", " IS NOT NULL"]), ")")
            case "is true":
                return expression("bool", "(", make("bool", depth), self.maker.one([" IS TRUE", " IS NOT TRUE", " IS FALSE", " IS NOT FALSE",
                                                                                    " IS NOT NULL"]), ")")
            case "in" | "not in" as name:
                type = self.maker.type(self.scope)
                values = several([make(type, 0) for _ in range(self.maker.one([1, 2, 3, 5, 6]))])
                return expression("bool", "(", make(type, depth), f" {name.upper()} (", values, "))")
            case "between":
                type = self.maker.type(self.scope)
                return expression("bool", "(", make(type, depth), self.maker.one([" BETWEEN ", " NOT BETWEEN "]), make(type, 0), " AND ", make(type, 0), ")")
            case "like":
                pattern = literals.quoted(self.maker.one(literals.PATTERNS).replace("''", "'"))
                operator = self.maker.one([" LIKE ", " NOT LIKE ", " ILIKE ", " LIKE "])
                escape = " ESCAPE '\\'" if "\\" in pattern else ""
                return expression("bool", "(", make("text", depth), operator, pattern, escape, ")")
            case "starts":
                return expression("bool", "starts_with(", make("text", depth), ", ", make("text", 0), ")")
            case "similar":
                return expression("bool", "regexp_like(", make("text", depth), ", ", self.maker.one(["'^a'", "'b$'", "'[0-9]+'", "'^$'", "'.'"]), ")")
            case "cast":
                return expression("bool", "CAST(", make("int", depth), " AS BOOLEAN)")
            case "chain":
                return chains.condition(self.maker.one, lambda type: make(type, 0))
            case "isnan":
                return expression("bool", "isnan(", make("float", depth), ")")
            case "exists":
                return self.subquery.exists(self.scope)
            case "in query":
                return self.subquery.membership(self.scope, self)
            case "quantified":
                return self.subquery.quantified(self.scope, self)
            case _:
                type = self.maker.type(self.scope)
                other = type
                if type in ("int", "decimal", "float") and self.maker.chance(0.2):
                    other = self.maker.one(["int", "decimal", "float"])
                return expression("bool", "(", make(type, depth), f" {self.maker.one(COMPARISONS)} ", make(other, depth), ")")

    def date_expression(self, depth: int) -> Node:
        make = self.make
        match self.maker.one(["days", "cast", "trunc", "text", "text", "make", "last"]):
            case "days":
                return expression("date", "(", make("date", depth), self.maker.one([" + ", " - "]), self.maker.one(["1", "0", "30", "365"]), ")")
            case "cast":
                return expression("date", "CAST(", make("timestamp", depth), " AS DATE)")
            case "trunc":
                part = self.maker.one(["year", "quarter", "month", "week", "day"])
                return expression("date", f"CAST(date_trunc('{part}', ", make(self.maker.one(["date", "timestamp"]), depth), ") AS DATE)")
            case "text":
                return expression("date", "TRY_CAST(", make("text", depth), " AS DATE)")
            case _:
                return expression("date", "CAST((", make("date", depth), f" + INTERVAL '{self.maker.one(INTERVALS)}') AS DATE)")

    def timestamp_expression(self, depth: int) -> Node:
        make = self.make
        match self.maker.one(["interval", "interval", "cast", "trunc", "trunc", "text"]):
            case "interval":
                operator = self.maker.one([" + ", " - "])
                of = "timestamp" if self.maker.chance(0.7) else "date"
                made = ("CAST(", make(of, depth), " AS TIMESTAMP)") if of == "date" else (make(of, depth),)
                return expression("timestamp", "(", *made, operator, f"INTERVAL '{self.maker.one(INTERVALS)}')")
            case "cast":
                return expression("timestamp", "CAST(", make("date", depth), " AS TIMESTAMP)")
            case "trunc":
                return expression("timestamp", f"date_trunc('{self.maker.one(TRUNCATIONS)}', ", make("timestamp", depth), ")")
            case _:
                return expression("timestamp", "TRY_CAST(", make("text", depth), " AS TIMESTAMP)")

    def zoned_expression(self, depth: int) -> Node:
        return self.column("zoned", depth) or expression("zoned", "NULL")
