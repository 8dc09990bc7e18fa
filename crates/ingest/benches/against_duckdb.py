"""Converts CSV to Parquet with kouan, checking everything, and with DuckDB, checking nothing.

    python3 -m venv /tmp/bench && /tmp/bench/bin/pip install duckdb
    cargo build --release
    /tmp/bench/bin/python crates/ingest/benches/against_duckdb.py --kouan target/release/kouan --folder /tmp/bench/data

Two tables are made once (deterministic): `movements`, 10 M rows of 640 MB without quotes, and `goods`, 5 M rows of UTF-8 text
of which some is quoted and spans lines, dates, decimals, and a foreign key to `ports`. Runs are interleaved, with as many
threads as the machine has; both programs are started anew each time, and medians are shown with the processor time and the peak
memory of the process.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time

MOVEMENTS = """
    with r as (select range as k, hash(range) as h from range({rows}))
    select p.port_id, cast(date '1996-01-01' + cast((k * 10957 // {rows}) as integer) as date) as crossed_on,
        case when (h >> 8) % 2 = 0 then 'entry' else 'exit' end as direction,
        p.type as transport, coalesce(p.neighbour_country, '-') as country, cast(p.opened_year as integer) as opened_year,
        cast(((h >> 16) % 100000) / 100.0 as double) as tonnes, cast((h >> 24) % 60 as integer) as persons,
        cast((h >> 40) % 500000 as integer) as vehicle_id
    from r join ports p on p.i = cast(floor(95 * power(((h >> 3) % 1000003) / 1000003.0, 2.2)) as bigint)
    order by k"""

GOODS = """
    with r as (select range as k, hash(range) as h from range({rows}))
    select p.port_id, cast(date '2000-01-01' + cast((h >> 5) % 9000 as integer) as date) as declared_on,
        ['煤炭', '原油', '木材', '机电产品', '农产品, 粮食', '铁矿石', '服装', '日用品'][1 + ((h >> 9) % 8)::int] as goods,
        case when h % 16 = 0 then '批次 ' || k || ' "易碎"' || chr(10) || '请勿倒置' else '批次 ' || k end as note,
        cast(((h >> 16) % 10000000) / 100.0 as decimal(12, 2)) as value_yuan,
        cast(((h >> 24) % 1000000) / 1000.0 as decimal(9, 3)) as tonnes,
        coalesce(p.name_zh, '') as port_name
    from r join ports p on p.i = cast(floor(95 * power(((h >> 3) % 1000003) / 1000003.0, 2.2)) as bigint)
    order by k"""

TABLES = {
    "movements": {
        "rows": 10_000_000,
        "query": MOVEMENTS,
        "types": "{'port_id': 'varchar', 'crossed_on': 'date', 'direction': 'varchar', 'transport': 'varchar', "
        "'country': 'varchar', 'opened_year': 'integer', 'tonnes': 'double', 'persons': 'integer', "
        "'vehicle_id': 'integer'}",
        "schema": {
            "fields": [
                {"name": "port_id", "type": "string", "constraints": {"required": True, "pattern": "[a-z0-9-]+"}},
                {"name": "crossed_on", "type": "date",
                 "constraints": {"required": True, "minimum": "1996-01-01", "maximum": "2025-12-31"}},
                {"name": "direction", "type": "string", "constraints": {"required": True, "enum": ["entry", "exit"]}},
                {"name": "transport", "type": "string", "constraints": {"required": True}},
                {"name": "country", "type": "string", "constraints": {"required": True}},
                {"name": "opened_year", "type": "year",
                 "constraints": {"required": True, "minimum": 1800, "maximum": 2100}},
                {"name": "tonnes", "type": "number", "constraints": {"required": True, "minimum": 0}},
                {"name": "persons", "type": "integer", "constraints": {"required": True, "minimum": 0}},
                {"name": "vehicle_id", "type": "integer", "constraints": {"required": True, "minimum": 0}},
            ]
        },
    },
    "goods": {
        "rows": 5_000_000,
        "query": GOODS,
        "types": "{'port_id': 'varchar', 'declared_on': 'date', 'goods': 'varchar', 'note': 'varchar', "
        "'value_yuan': 'decimal(12, 2)', 'tonnes': 'decimal(9, 3)', 'port_name': 'varchar'}",
        "schema": {
            "fields": [
                {"name": "port_id", "type": "string", "constraints": {"required": True}},
                {"name": "declared_on", "type": "date", "constraints": {"minimum": "2000-01-01"}},
                {"name": "goods", "type": "string", "constraints": {"maxLength": 20}},
                {"name": "note", "type": "string", "constraints": {"maxLength": 60}},
                {"name": "value_yuan", "type": "number", "constraints": {"minimum": 0}},
                {"name": "tonnes", "type": "number", "constraints": {"minimum": 0}},
                {"name": "port_name", "type": "string"},
            ],
            "foreignKeys": [{"fields": "port_id", "reference": {"resource": "ports", "fields": "port_id"}}],
        },
    },
}

COPY = """
import duckdb
duckdb.execute("copy (from read_csv('{csv}', columns = {types})) to '{out}' (format parquet, compression zstd)")
"""


def make(folder, ports):
    """Makes the package once."""
    import duckdb

    os.makedirs(folder, exist_ok=True)
    connection = duckdb.connect()
    connection.execute(
        "create table ports as select row_number() over () - 1 as i, port_id, name_zh, neighbour_country, type, "
        f"coalesce(opened_year, 1990) as opened_year from read_csv('{ports}')"
    )
    connection.execute(f"copy (select port_id from ports) to '{folder}/ports.csv' (format csv, header)")
    ports_schema = {"fields": [{"name": "port_id", "type": "string"}], "primaryKey": "port_id"}
    resources = [{"name": "ports", "type": "table", "path": "ports.csv", "schema": ports_schema}]
    for name, table in TABLES.items():
        path = f"{folder}/{name}.csv"
        if not os.path.exists(path):
            query = table["query"].format(rows=table["rows"])
            connection.execute(f"copy ({query}) to '{path}' (format csv, header)")
        resources.append({"name": name, "type": "table", "path": f"{name}.csv", "schema": table["schema"]})
    with open(f"{folder}/datapackage.json", "w") as file:
        json.dump({"name": "speed", "resources": resources}, file)


def run(command):
    """Seconds, processor seconds and peak megabytes of a process."""
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"failed: {command}")
    return time.time() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kouan", default="target/release/kouan")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--ports", default="data/ports.csv")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tables", nargs="*", default=list(TABLES))
    parser.add_argument("--options", nargs="*", default=[], help="for kouan, such as --layout=fast")
    arguments = parser.parse_args()
    # In a process of its own, since the peak memory of a process counts that of the one that started it.
    maker = multiprocessing.get_context("spawn").Process(target=make, args=(arguments.folder, arguments.ports))
    maker.start()
    maker.join()
    start_up = statistics.median(run([sys.executable, "-c", "import duckdb"])[0] for _ in range(3))
    print("| table | program | seconds | processor seconds | peak MB | file MB | times as fast as DuckDB |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for name in arguments.tables:
        folder = arguments.folder
        copy = COPY.format(csv=f"{folder}/{name}.csv", types=TABLES[name]["types"], out=f"{folder}/duckdb.parquet")
        out = f"{folder}/out"
        commands = {
            "DuckDB": [sys.executable, "-c", copy],
            "kouan": [arguments.kouan, "convert", name, "--package", folder, "--out", out, *arguments.options],
        }
        times = {program: [] for program in commands}
        for turn in range(arguments.runs + 1):
            for program, command in commands.items():
                took = run(command)
                if turn:
                    times[program].append(took)
        files = {"DuckDB": f"{folder}/duckdb.parquet", "kouan": f"{out}/{name}.parquet"}
        medians = {program: [statistics.median(column) for column in zip(*took)] for program, took in times.items()}
        # The time that Python takes to load DuckDB is not DuckDB's.
        medians["DuckDB"][0] -= start_up
        for program, (seconds, processor, peak) in medians.items():
            size = os.path.getsize(files[program]) / 1e6
            ratio = medians["DuckDB"][0] / seconds
            print(f"| {name} | {program} | {seconds:.2f} | {processor:.2f} | {peak:.0f} | {size:.0f} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
