"""Makes a statement and its tables smaller while the engines still disagree in the same way."""

from __future__ import annotations

import tempfile
from pathlib import Path

import forms
from engines import DuckDB, Kouan, Setting
from grammar.queries import Statement
from tables import Table
from tree import Node, Several, nodes
from verdict import message, verdict

BATCH = 24


class Case:
    """A statement over tables on which the engines disagree."""

    def __init__(self, program: str, tables: list[Table], statement: Statement, setting: Setting, verdict: str, words: str | None):
        self.program, self.tables, self.tree, self.ordered = program, tables, statement.tree, False
        self.setting, self.verdict, self.words = setting, verdict, words
        self.asked = 0
        if statement.ordered and self.still(tables, [str(self.tree)]) is None:
            # The rows are the same, their order is not: ORDER BY has to stay.
            self.ordered, statement.order.smaller = True, []

    def still(self, tables: list[Table], statements: list[str]) -> int | None:
        """Which is the first of the statements that the engines disagree about as they did."""
        self.asked += len(statements)
        with tempfile.TemporaryDirectory(prefix="differential-") as folder:
            try:
                peer, kouan = DuckDB(tables), Kouan(self.program, tables, Path(folder))
                there = kouan.ask([(self.setting, sql) for sql in statements], seconds=120)
            except Exception:  # tables that an engine does not take are no smaller case
                return None
            for at, (sql, answer) in enumerate(zip(statements, there)):
                expected = peer.ask(sql)
                if verdict(expected, answer, self.ordered) == self.verdict and (self.words is None or message(answer) == self.words):
                    return at
        return None

    def shrink(self, most: int = 2500) -> None:
        """Passes over statement, tables and forms until none makes it smaller, or the limit of statements is reached."""
        smaller = True
        while smaller and self.asked < most:
            smaller = self.shrink_statement(most) | self.shrink_tables(most)
        used = [table for table in self.tables if f"{table.name} " in f"{self.tree} "]
        if self.still(used, [str(self.tree)]) is not None:
            self.tables = used

    def shrink_statement(self, most: int) -> bool:
        changed = False
        while self.asked < most:
            candidates = sorted(smaller_trees(self.tree), key=lambda pair: len(pair[0]))
            candidates = [pair for pair in candidates if len(pair[0]) < len(str(self.tree))]
            found = None
            for start in range(0, len(candidates), BATCH):
                batch = candidates[start:start + BATCH]
                at = self.still(self.tables, [text for text, _ in batch])
                if at is not None:
                    found = batch[at]
                    break
            if found is None:
                return changed
            found[1]()
            changed = True
        return changed

    def shrink_tables(self, most: int) -> bool:
        changed = False
        sql = str(self.tree)
        for at, table in enumerate(self.tables):
            def attempt(smaller: Table) -> bool:
                if self.asked > most:
                    return False
                tables = [*self.tables[:at], smaller, *self.tables[at + 1:]]
                if self.still(tables, [sql]) is None:
                    return False
                self.tables = tables
                return True

            if table.form != "values" and attempt(forms.settle(Table(table.name, table.columns, "values", table.options))):
                changed = True
            names = [column.name for column in self.tables[at].columns if column.name in sql]
            if 0 < len(names) < len(self.tables[at].columns):
                changed |= attempt(self.tables[at].with_columns(set(names)))
            step = max(1, self.tables[at].count // 2)
            while step >= 1:
                start = 0
                while start < self.tables[at].count:
                    rows = [row for row in range(self.tables[at].count) if not start <= row < start + step]
                    if attempt(self.tables[at].with_rows(rows)):
                        changed = True
                    else:
                        start += step
                step = step // 2
        return changed


def smaller_trees(root: Node):
    """Texts of the tree with one piece made smaller, and a function that makes the change for good."""
    for node in nodes(root):
        for at, part in enumerate(node.parts):
            if isinstance(node, Several) and len(node.parts) > node.least:
                yield changed(root, node, [*node.parts[:at], *node.parts[at + 1:]])
            if isinstance(part, Node):
                for other in replacements(part):
                    if str(other) != str(part):
                        yield changed(root, node, [*node.parts[:at], other, *node.parts[at + 1:]])


def replacements(node: Node):
    yield from node.smaller
    if node.type:
        yield from (child for child in nodes(node) if child is not node and child.type == node.type)


def changed(root: Node, node: Node, parts: list):
    before = node.parts
    node.parts = parts
    text = str(root)
    node.parts = before

    def keep():
        node.parts = parts
    return text, keep
