"""A disagreement as text that says all that is needed to see it again."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import forms
from answers import shown
from engines import DuckDB, Kouan, spelled
from shrink import Case


def write(folder: Path, case: Case, seed: int) -> None:
    sql = str(case.tree)
    with tempfile.TemporaryDirectory(prefix="differential-") as there:
        kouan = Kouan(case.program, case.tables, Path(there)).ask([(case.setting, sql)])[0]
    expected = DuckDB(case.tables).ask(sql)
    lines = [f"-- {case.verdict}{'; ordered' if case.ordered else ''}; {case.setting}; seed {seed}"]
    for table in case.tables:
        form = "" if table.form == "values" else f" -- in kouan as {table.form}, seed {table.options['seed']}"
        lines += [f"{statement};{form}" for statement in forms.create(table)]
    lines += [f"{sql};", f"-- DuckDB: {shown(expected)}", f"-- kouan:  {shown(kouan)}"]
    if kouan.error:
        lines += [f"--         {line}" for line in kouan.error.strip().splitlines()[1:6]]
    if spelled(sql) != sql:
        lines.append(f"-- DuckDB's words: {spelled(sql)};")
    name = re.sub(r"[^a-z]+", "-", case.verdict)
    number = len(list(folder.glob(f"{name}-*.sql"))) + 1
    (folder / f"{name}-{number:03}.sql").write_text("\n".join(lines) + "\n")
