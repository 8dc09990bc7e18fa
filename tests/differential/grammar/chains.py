"""Operators without parentheses, which only precedence takes apart."""

from __future__ import annotations

from tree import Node, expression

CONDITIONS = [" = ", " < ", " IS DISTINCT FROM ", " IS NOT DISTINCT FROM ", " <> ", " >= "]
TESTS = [" IS NULL", " IS NOT NULL", " IS TRUE", " IS NOT FALSE", " IS NOT TRUE"]


def numbers(one, leaf) -> list:
    """`a + b * - c`: the parts of a chain of whole numbers. `one` chooses, `leaf` makes."""
    parts = [one(["", "", "- "]), leaf("int")]
    for _ in range(one([0, 1, 2])):
        parts += [one([" + ", " - ", " * ", " % 3 + ", " + "]), leaf("int")]
    return parts


def condition(one, leaf) -> Node:
    """`NOT a + b = c AND d IS DISTINCT FROM e OR f LIKE g || h`, and the like."""
    parts = []
    for number in range(one([2, 2, 3])):
        parts += [one([" AND ", " OR "]) if number else "", one(["", "", "NOT "])]
        match one(["compare", "compare", "booleans", "test", "between", "in", "like", "null"]):
            case "compare":
                parts += [*numbers(one, leaf), one(CONDITIONS), *numbers(one, leaf)]
            case "booleans":
                parts += [leaf("bool"), one(CONDITIONS[2:4]), leaf("bool")]
            case "test":
                parts += [leaf("bool"), one(TESTS)]
            case "null":
                parts += [*numbers(one, leaf), one(TESTS[:2])]
            case "between":
                parts += [*numbers(one, leaf), one([" BETWEEN ", " NOT BETWEEN "]), *numbers(one, leaf), " AND ", *numbers(one, leaf)]
            case "in":
                parts += [*numbers(one, leaf), one([" IN (", " NOT IN ("]), leaf("int"), ", ", leaf("int"), ")"]
            case _:
                parts += [leaf("text"), " || ", leaf("text"), one([" LIKE ", " NOT LIKE "]), "'%a%'"]
    return expression("bool", "(", *parts, ")")
