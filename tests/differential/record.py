"""The commands that keep statements for every run of the tests: of random ones a few hundred, and each fault that was mended."""

from __future__ import annotations

import random
import re
import tempfile
from pathlib import Path

import forms
import tables as random_tables
from engines import SETTINGS, Kouan
from grammar import make
from recorded import FOLDER, Block, Ours, Peer, Question, parse, text
from verdict import verdict

# What every file asks of, so that no part of the language is left to chance.
PARTS = {
    "joins": r" JOIN .*\b(USING|ON)\b|NATURAL",
    "set_operations": r"UNION|EXCEPT|INTERSECT",
    "subqueries": r"\(SELECT (?!DISTINCT ON)",
    "windows": r"\bOVER \(",
    "grouping": r"GROUPING SETS|CUBE|ROLLUP|HAVING|FILTER",
    "expressions": r"CASE|coalesce|nullif|CAST|date_|INTERVAL",
}
LONGEST, MOST_ROWS = 500, 8


def record(program: str, seed: int, each: int) -> None:
    """Writes `recorded/random_PART.txt`: statements about which both engines agree in every setting."""
    kept: dict[str, list[Block]] = {part: [] for part in PARTS}
    count = lambda part: sum(len(block.questions) for block in kept[part])
    while any(count(part) < each for part in PARTS):
        rng = random.Random(seed)
        seed += 1
        tables = [forms.settle(forms.Table(table.name, table.columns, "values", table.options)) for table in random_tables.tables(rng)]
        if max(table.count for table in tables) > 13:
            continue
        statements = {str(statement): statement for statement in (make.statement(rng, tables) for _ in range(60))}
        statements = {sql: statement for sql, statement in statements.items() if len(sql) <= LONGEST and ";\n" not in sql}
        setup = [statement for table in tables for statement in forms.create(table)]
        peer = Peer(setup)
        questions = [Question(sql, statement.ordered, peer.ask(sql)) for sql, statement in statements.items()]
        questions = [one for one in questions if one.answer.rows is not None and 0 < len(one.answer.rows) <= MOST_ROWS]
        agreed = agreeing(program, setup, questions)
        for part, pattern in PARTS.items():
            fitting = [one for one in agreed if re.search(pattern, one.sql)][:min(8, each - count(part))]
            agreed = [one for one in agreed if one not in fitting]
            if fitting:
                used = [statement for table in tables for statement in forms.create(table)
                        if any(f"{table.name} AS" in one.sql for one in fitting)]
                kept[part].append(Block(used, fitting))
        print(f"seed {seed}: " + ", ".join(f"{part} {count(part)}" for part in PARTS), flush=True)
    FOLDER.mkdir(exist_ok=True)
    for part, blocks in kept.items():
        (FOLDER / f"random_{part}.txt").write_text(text(blocks))


def agreeing(program: str, setup: list[str], questions: list[Question]) -> list[Question]:
    with tempfile.TemporaryDirectory(prefix="differential-") as folder:
        asked = [(setting, at) for setting in SETTINGS for at in range(len(questions))]
        answers = Ours(program, setup, Path(folder)).ask([(setting, questions[at].sql) for setting, at in asked])
    wrong = {at for (_, at), answer in zip(asked, answers) if not agrees(questions[at], answer)}
    return [one for at, one in enumerate(questions) if at not in wrong]


def agrees(question: Question, answer) -> bool:
    return verdict(question.answer, answer, question.ordered) in ("alike", "both refuse")


def keep(program: str, name: str, files: list[Path]) -> None:
    """Adds faults, as `run` writes them, to `recorded/NAME.txt`; one that is still there is told and left out."""
    path = FOLDER / f"{name}.txt"
    blocks = [*map(answered, parse(path.read_text()))] if path.exists() else []
    there = {one.sql for block in blocks for one in block.questions}
    for file in files:
        lines = "\n".join(line for line in file.read_text().splitlines() if not line.startswith("--"))
        statements = [statement.strip() for statement in re.split(r";(?: --[^\n]*)?(?:\n|$)", lines) if statement.strip()]
        *setup, sql = statements
        ordered = "; ordered" in file.read_text().splitlines()[0]
        question = Question(sql, ordered, Peer(setup).ask(sql))
        if sql in there:
            continue
        if agreeing(program, setup, [question]):
            blocks.append(Block(setup, [question]))
        else:
            print(f"{file}: still answered otherwise")
    FOLDER.mkdir(exist_ok=True)
    path.write_text(text(blocks))


def answered(block: Block) -> Block:
    """The block with DuckDB's answers asked anew."""
    peer = Peer(block.tables)
    return Block(block.tables, [Question(one.sql, one.ordered, peer.ask(one.sql)) for one in block.questions])


def replay(program: str, files: list[Path]) -> None:
    """Asks recorded questions again, of both engines in every setting, and tells what is answered otherwise."""
    for file in files or sorted(FOLDER.glob("*.txt")):
        count = wrong = 0
        for block in map(answered, parse(file.read_text())):
            right = agreeing(program, block.tables, block.questions)
            count += len(block.questions)
            for one in block.questions:
                if one not in right:
                    wrong += 1
                    print(f"{file.name}: {one.sql}")
        print(f"{file.name}: {count} questions, {wrong} answered otherwise")
