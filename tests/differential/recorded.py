"""Recorded files: tables, questions and DuckDB's answers as text that people read and kouan's tests ask.

    tables
    CREATE TABLE t1 (k BIGINT, s VARCHAR);
    INSERT INTO t1 VALUES (1, NULL);

    query exact text
    SELECT k, s FROM t1
    ----
    1<tab>\\N

`query` names each column's kind (see answers.py) and may begin with `ordered`; `error` in the place of `query` says that DuckDB
refuses the statement, with its words behind `----`. Tables stay until the next `tables`. Cells are separated by tabs; NULL is \\N, an
empty text is (empty), and tabs, line breaks and backslashes in texts are written \\t, \\n, \\r and \\\\. An empty line ends a block.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import duckdb

from answers import Answer
from engines import DuckDB, Kouan, spelled, unescape
from verdict import verdict

FOLDER = Path(__file__).parent / "recorded"


@dataclass
class Block:
    """Statements that make tables, and the questions asked of them."""

    tables: list[str]
    questions: list[Question] = field(default_factory=list)


@dataclass
class Question:
    sql: str
    ordered: bool
    answer: Answer


class Peer(DuckDB):
    """DuckDB with tables made by statements."""

    def __init__(self, statements: list[str]):
        super().__init__([])
        for statement in statements:
            # kouan's words for unsigned types.
            self.connection.execute(re.sub(r"\b(TINYINT|SMALLINT|INTEGER|BIGINT) UNSIGNED", r"U\1", statement))


class Ours(Kouan):
    """kouan with tables made by statements."""

    def __init__(self, program: str, statements: list[str], folder: Path):
        super().__init__(program, [], folder)
        self.setup = list(statements)


def cell(value) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else repr(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value) or "(empty)"
    for sign, written in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(sign, written)
    return text


def text(blocks: list[Block]) -> str:
    lines = []
    for block in blocks:
        lines += ["tables", *(f"{statement};" for statement in block.tables), ""]
        for question in block.questions:
            if question.answer.error is not None:
                lines += ["error", question.sql, "----", question.answer.error.splitlines()[0], ""]
                continue
            lines += [" ".join(["query", *(["ordered"] if question.ordered else []), *question.answer.kinds]), question.sql, "----"]
            lines += ["\t".join(cell(value) for value in row) for row in question.answer.rows] + [""]
    return "\n".join(lines)


def parse(content: str) -> list[Block]:
    """The blocks of a file; answers' cells stay text, and are read by their kinds when they are compared."""
    blocks: list[Block] = []
    for piece in re.split(r"\n\n(?=tables\n|query |error\n)", content.strip("\n")):
        head, _, body = piece.partition("\n")
        if head == "tables":
            blocks.append(Block([statement for statement in body.removesuffix(";").split(";\n") if statement.strip()]))
            continue
        sql, _, answer = body.partition("\n----\n") if "\n----\n" in body else body.removesuffix("\n----").partition("\x00")
        if head == "error":
            blocks[-1].questions.append(Question(sql, False, Answer(error=answer)))
            continue
        words = head.split(" ")[1:]
        kinds = [word for word in words if word != "ordered"]
        rows = [tuple("" if cell == "(empty)" else unescape(cell) for cell in line.split("\t")) for line in answer.split("\n")] if answer else []
        blocks[-1].questions.append(Question(sql, "ordered" in words, Answer(rows=rows, kinds=kinds)))
    return blocks
