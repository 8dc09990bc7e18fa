"""What two answers make: alike, different, refused by one, and which of it is known and explained."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from answers import Answer, same

# DuckDB's refusals that say nothing about values: its typing is stricter, or a statement is too large for the time.
NOT_COMPARED = ("BinderException", "ParserException", "CatalogException", "InterruptException", "NotImplementedException", "ValueError",
                "OverflowError", "InternalException", "OutOfMemoryException")
BROKEN = re.compile(r"panicked|Internal error|likely caused by a bug|process ended|the work broke off|fault of the program", re.I)


@dataclass
class Known:
    reason: str
    verdict: str | None = None
    statement: str | None = None
    kouan: str | None = None
    duckdb: str | None = None

    def covers(self, verdict: str, sql: str, duckdb: Answer, kouan: Answer) -> bool:
        texts = [(self.verdict, verdict), (self.statement, sql), (self.kouan, kouan.error or ""), (self.duckdb, duckdb.error or "")]
        return all(pattern is None or re.search(pattern, text, re.S) for pattern, text in texts)


def known_differences(more: list[Path]) -> list[Known]:
    paths = [Path(__file__).parent / "known.toml", *more]
    return [Known(**entry) for path in paths for entry in tomllib.loads(path.read_text()).get("known", [])]


def verdict(duckdb: Answer, kouan: Answer, ordered: bool) -> str:
    """`alike`, `both refuse`, `not compared`, `differ`, `refused` (by kouan), `answered` (where DuckDB fails), `broken`."""
    if kouan.error is not None and BROKEN.search(kouan.error):
        return "broken"
    if duckdb.error is not None:
        if duckdb.error.startswith(NOT_COMPARED):
            return "not compared"
        return "both refuse" if kouan.error is not None else "answered"
    if kouan.error is not None:
        return "refused"
    return "alike" if same(duckdb, kouan, ordered) else "differ"


def message(answer: Answer) -> str:
    """An error's first line without names and numbers, for grouping."""
    text = answer.error.strip().splitlines()[0][:200]
    text = re.sub(r"(logical expression \w+).*", r"\1", text)
    return re.sub(r"'[^']*'|`[^`]*`|\"[^\"]*\"|-?\d+(\.\d+)?", "…", text)
