"""Writes verdicts.csv: what frictionless, the reference implementation, says of each case in cases.json.

    python3 -m venv /tmp/frictionless && /tmp/frictionless/bin/pip install frictionless==5.21.0
    /tmp/frictionless/bin/python crates/ingest/tests/corpus/frictionless_verdicts.py

A case is a package of one table `t`: its `fields`, perhaps more of its `schema`, `dialect`, `resource` or
`package`, and its rows as `csv` or `files`; or whole `resources`. `kouan` and `why` are for the cases where
kouan finds other places, as [table, line, field]; the test wants both or none.
"""

import csv
import gzip
import json
import logging
import pathlib
import tempfile

from frictionless import Package

HERE = pathlib.Path(__file__).parent


def descriptor(case):
    resource = {"name": "t", "type": "table", "path": "t.csv", "dialect": {"delimiter": ","}}
    schema = {"fields": case.get("fields"), **case.get("schema", {})}
    resource |= {"schema": schema} | case.get("resource", {})
    resource["dialect"] = resource["dialect"] | case.get("dialect", {})
    package = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "name": "p"}
    package |= {"resources": case.get("resources", [resource])} | case.get("package", {})
    return {name: value for name, value in package.items() if value is not None}


def encoded(file):
    if isinstance(file, str):
        return file.encode()
    data = file["text"].encode(file.get("encoding", "utf-8"))
    return gzip.compress(data) if file.get("compression") == "gz" else data


def errors(case):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for path, file in case.get("files", {"t.csv": case.get("csv", "")}).items():
            (root / path).write_bytes(encoded(file))
        (root / "datapackage.json").write_text(json.dumps(descriptor(case)))
        try:
            report = Package(str(root / "datapackage.json")).validate()
        except Exception as error:
            yield "", getattr(getattr(error, "error", None), "type", "exception"), "", ""
            return
        for error in report.errors:
            yield "", error.type, "", ""
        for task in report.tasks:
            for error in task.errors:
                place = error.to_descriptor()
                row = place.get("rowNumber", 1 if "labels" in place else "")
                of_cell = "cell" in place and error.type != "missing-cell"
                yield (task.name if row else ""), error.type, row, place["fieldName"] if of_cell else ""


logging.disable()
cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))
with open(HERE / "verdicts.csv", "w", newline="", encoding="utf-8") as output:
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(["case", "table", "error", "row", "field"])
    for case in cases:
        writer.writerows([case["name"], *error] for error in errors(case))
