"""Writes the first inputs of each target from the cases of the corpus, and from small files of every kind."""

import json
import pathlib

HERE = pathlib.Path(__file__).parent
cases = json.loads((HERE / "../crates/ingest/tests/corpus/cases.json").read_text())


def write(target, name, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def package(case):
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": case.get("fields", [])}}
    resource["schema"].update(case.get("schema", {}))
    resource.update(case.get("resource", {}))
    return json.dumps({"name": "p", "resources": [resource]}).encode()


HEADER = b"id,text,number,day,moment,list,point,object,length,other\n"
ROW = b'1,a,"1 000,5",31/12/1999,2014-01-31 12:00,"1,2","90,45","{""a"": 1}",P1D,1\n'

for case in cases:
    csv = case.get("csv", "")
    if not isinstance(csv, str):
        continue
    write("package", case["name"], package(case) + b"\0" + csv.encode())
    write("describe", case["name"], csv.encode())
for choice in range(128):
    write("csv", f"row-{choice}", bytes([choice]) + HEADER + ROW)
for path in sorted((HERE / "../data").glob("*.csv")):
    write("describe", path.stem, path.read_bytes()[:4000])
