"""Asking kouan, one process for many statements, and DuckDB."""

from __future__ import annotations

import re
import subprocess
import threading
import warnings
from dataclasses import dataclass
from pathlib import Path

import duckdb

import forms
from answers import Answer, kind, plain
from tables import Table

# The other way of asking knows no bound on its time.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API result")

MARKER = "the answer to statement"


@dataclass(frozen=True)
class Setting:
    """How kouan is to run a statement."""

    fused: bool
    partitions: int

    def statements(self) -> list[str]:
        return [f"SET kouan.fused = {str(self.fused).lower()}", f"SET datafusion.execution.target_partitions = {self.partitions}"]

    def __str__(self) -> str:
        return f"{'fused' if self.fused else 'not fused'}, {self.partitions} partitions"


SETTINGS = [Setting(fused, partitions) for partitions in (2, 1, 16) for fused in (True, False)]


class Kouan:
    """Tables written to a folder once, and batches of statements over them."""

    def __init__(self, program: str, tables: list[Table], folder: Path):
        self.program, self.folder = program, folder
        (folder / "home").mkdir(exist_ok=True)
        self.setup = [statement for table in tables for statement in forms.kouan_statements(table, folder, program)]

    def ask(self, questions: list[tuple[Setting, str]], seconds: float = 300) -> list[Answer]:
        """One answer each. What comes after a process died is an error that says so."""
        script = [*self.setup]
        now = None
        for number, (setting, sql) in enumerate(questions):
            if setting != now:
                script += setting.statements()
                now = setting
            script += [f"SELECT '{MARKER} {number}' AS marker", *sql.split(";\n")]
        script.append(f"SELECT '{MARKER} {len(questions)}' AS marker")
        command = [self.program, "--format", "tsv", "--keep-going", "--timeout", "20s"]
        try:
            done = subprocess.run(command, input=";\n".join(script) + ";\n", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                  encoding="utf-8", errors="replace", timeout=seconds, cwd=self.folder,
                                  env={"HOME": str(self.folder / "home"), "PATH": "/usr/bin:/bin", "TMPDIR": str(self.folder)})
            output = done.stdout
        except subprocess.TimeoutExpired as expired:
            output = (expired.stdout or b"").decode("utf-8", "replace") if isinstance(expired.stdout, bytes) else expired.stdout or ""
        pieces = re.split(rf"^marker\n{MARKER} (\d+)\n", output, flags=re.M)
        if "error" in pieces[0]:
            raise RuntimeError(f"tables: {pieces[0]}")
        answers = {int(number): piece for number, piece in zip(pieces[1::2], pieces[2::2])}
        last = max(answers, default=-1)
        broken = Answer(error="the process ended or took too long")
        return [broken if number == last and number < len(questions) and last != len(questions) or number not in answers else read(answers[number])
                for number in range(len(questions))]


def read(output: str) -> Answer:
    """What kouan printed for one statement."""
    error = re.search(r"^(error: |thread '.*panicked)", output, flags=re.M)
    if error:
        return Answer(error=output[error.start():].removeprefix("error: "))
    lines = output.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    return Answer(rows=[tuple(unescape(cell) for cell in line.split("\t")) for line in lines[1:]])


def unescape(cell: str) -> str | None:
    if cell == "\\N":
        return None
    return re.sub(r"\\(.)", lambda match: {"t": "\t", "n": "\n", "r": "\r"}.get(match[1], match[1]), cell)


class DuckDB:
    def __init__(self, tables: list[Table]):
        self.connection = duckdb.connect(config={"threads": 1})
        self.connection.execute("SET TimeZone = 'UTC'; SET order_by_non_integer_literal = true")
        for table in tables:
            data = table.arrow()
            fields = ", ".join(f"{column.name} {column.sql_type}" for column in table.columns)
            self.connection.execute(f"CREATE TABLE {table.name} ({fields})")
            self.connection.register("arrow_data", data)
            self.connection.execute(f"INSERT INTO {table.name} SELECT * FROM arrow_data")
            self.connection.unregister("arrow_data")

    def ask(self, sql: str, seconds: float = 5) -> Answer:
        timer = threading.Timer(seconds, self.connection.interrupt)
        timer.start()
        try:
            table = None
            for statement in spelled(sql).split(";\n"):
                result = self.connection.execute(statement)
                # Of PREPARE, EXECUTE and DEALLOCATE the one in the middle answers.
                if not statement.startswith(("PREPARE", "DEALLOCATE")):
                    table = result.to_arrow_table()
            kinds = [kind(field.type) for field in table.schema]
            columns = [[plain(value, kind) for value in column.to_pylist()] for column, kind in zip(table.columns, kinds)]
            return Answer(rows=list(zip(*columns)), kinds=kinds)
        except (duckdb.Error, ValueError, OverflowError) as error:
            return Answer(error=f"{type(error).__name__}: {error}")
        finally:
            timer.cancel()


WORDS = [(r"\bLEFT (SEMI|ANTI) JOIN\b", r"\1 JOIN"), (r"\bregexp_like\(", "regexp_matches("), (r"\bbtrim\(", "trim("),
         (r"\boctet_length\(", "strlen("), (r"\bsignum\(", "sign(")]


def spelled(sql: str) -> str:
    """The statement in DuckDB's words."""
    for pattern, words in WORDS:
        sql = re.sub(pattern, words, sql)
    return sql
