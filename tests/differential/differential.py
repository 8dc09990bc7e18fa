"""Random SQL over random tables, asked of kouan and of DuckDB: what they disagree about is made small and written down.

    python3 -m venv /tmp/differential && /tmp/differential/bin/pip install duckdb==2.0.1 pyarrow
    cargo build -p kouan
    /tmp/differential/bin/python tests/differential/differential.py run --seconds 600 --out /tmp/differential-faults

asks for ten minutes and writes a file for each kind of disagreement: tables as statements, the question, both answers.
`--seed` starts at a given set of tables (printed at the end of a run), so that a run can be repeated. The answers of fused and
unfused plans on 1, 2 and 16 partitions are all held against DuckDB's. Verdicts: `differ`, `refused` (kouan alone fails), `answered`
(DuckDB alone fails, for instance by an overflow), `broken` (a panic or an internal error). What is known and has a reason
stands in known.toml.

    differential.py record               # writes the random part of tests/differential/recorded anew
    differential.py keep NAME FAULT…     # adds faults that `run` wrote and that are mended to recorded/NAME.txt
    differential.py replay [FILE…]       # asks recorded questions again, of both engines

`cargo test -p kouan-engine --test sql -- recorded` asks what is recorded, without Python and DuckDB.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import forms
import record
import report
import tables as random_tables
from engines import SETTINGS, DuckDB, Kouan
from grammar import make
from shrink import Case
from verdict import known_differences, message, verdict

ROOT = Path(__file__).resolve().parents[2]
STATEMENTS = 60


class Run:
    def __init__(self, program: str, out: Path, shrink_each: int, settings_each: int, also_known: list[Path]):
        self.program, self.out, self.shrink_each, self.settings_each = program, out, shrink_each, settings_each
        self.known = known_differences(also_known)
        self.counts, self.known_counts, self.messages = Counter(), Counter(), Counter()
        self.shrunk: Counter = Counter()
        out.mkdir(parents=True, exist_ok=True)

    def table_set(self, seed: int) -> None:
        rng = random.Random(seed)
        tables = [forms.settle(table) for table in random_tables.tables(rng)]
        statements = [make.statement(rng, tables) for _ in range(STATEMENTS)]
        with tempfile.TemporaryDirectory(prefix="differential-") as folder:
            kouan, peer = Kouan(self.program, tables, Path(folder)), DuckDB(tables)
            expected = [peer.ask(str(statement)) for statement in statements]
            asked = [(setting, at) for at, answer in enumerate(expected) if "InterruptException" not in (answer.error or "")
                     for setting in rng.sample(SETTINGS, self.settings_each)]
            asked.sort(key=lambda pair: SETTINGS.index(pair[0]))
            answers = kouan.ask([(setting, str(statements[at])) for setting, at in asked])
        self.counts["statements"] += len(statements)
        told = set()
        for (setting, at), answer in zip(asked, answers):
            statement = statements[at]
            judged = verdict(expected[at], answer, statement.ordered)
            if judged in ("differ", "refused", "answered", "broken"):
                known = next((one for one in self.known if one.covers(judged, str(statement), expected[at], answer)), None)
                if known:
                    self.known_counts[known.reason] += 1
                    judged = "known"
            self.counts[judged] += 1
            if judged in ("differ", "refused", "answered", "broken") and (at, judged) not in told:
                told.add((at, judged))
                words = message(answer) if answer.error is not None else None
                group = (judged, words or message(expected[at]) if expected[at].error or words else "")
                self.messages[group] += 1
                if self.worth_shrinking(judged, group):
                    self.shrunk[group] += 1
                    case = Case(self.program, tables, statement, setting, judged, words)
                    case.shrink(300 if judged == "refused" else 2500)
                    report.write(self.out, case, seed)

    def worth_shrinking(self, judged: str, group: tuple) -> bool:
        return self.shrunk[group] < (self.shrink_each if judged != "differ" else 40 * self.shrink_each)

    def summary(self) -> str:
        lines = [", ".join(f"{name}: {count}" for name, count in self.counts.most_common())]
        lines += [f"{count:6} {verdict}: {words}" for (verdict, words), count in self.messages.most_common(60)]
        lines += [f"{count:6} known: {reason}" for reason, count in self.known_counts.most_common()]
        return "\n".join(lines)


def run(options) -> None:
    work = Run(options.program, Path(options.out), options.shrink_each, options.settings_each, options.also_known)
    end, seed = time.time() + options.seconds, options.seed
    while time.time() < end:
        try:
            work.table_set(seed)
        except RuntimeError as error:
            print(f"seed {seed}: {error}", file=sys.stderr)
        seed += 1
        if seed % 2 == 0 or time.time() >= end:
            (Path(options.out) / "summary.txt").write_text(f"seeds {options.seed} to {seed - 1}\n{work.summary()}\n")
    print(f"seeds {options.seed} to {seed - 1}\n{work.summary()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=str(ROOT / "target/debug/kouan"))
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run")
    running.add_argument("--seconds", type=float, default=60)
    running.add_argument("--seed", type=int, default=random.randrange(10**9))
    running.add_argument("--out", default="differential-faults")
    running.add_argument("--shrink-each", type=int, default=2, help="how many disagreements with one message are made small")
    running.add_argument("--settings-each", type=int, default=2, help="in how many of the six settings each statement is asked")
    running.add_argument("--also-known", type=Path, action="append", default=[], help="a file like known.toml, of faults being mended")
    running.set_defaults(do=run)
    recording = commands.add_parser("record")
    recording.add_argument("--seed", type=int, default=1)
    recording.add_argument("--each", type=int, default=40, help="how many questions a part of the language has")
    recording.set_defaults(do=lambda options: record.record(options.program, options.seed, options.each))
    keeping = commands.add_parser("keep")
    keeping.add_argument("name")
    keeping.add_argument("files", type=Path, nargs="+")
    keeping.set_defaults(do=lambda options: record.keep(options.program, options.name, options.files))
    replaying = commands.add_parser("replay")
    replaying.add_argument("files", type=Path, nargs="*")
    replaying.set_defaults(do=lambda options: record.replay(options.program, options.files))
    options = parser.parse_args()
    options.do(options)


if __name__ == "__main__":
    main()
