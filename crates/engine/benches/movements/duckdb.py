"""Answers statements of DuckDB, one JSON string a line, with their seconds and rows."""

import json
import sys
import time

import duckdb

connection = duckdb.connect()
# It would be drawn between the answers.
connection.execute("SET enable_progress_bar = false")
print(json.dumps(duckdb.__version__), flush=True)


def text(cell):
    return "NULL" if cell is None else str(cell)


for line in sys.stdin:
    try:
        started = time.perf_counter()
        rows = connection.execute(json.loads(line)).fetchall()
        seconds = time.perf_counter() - started
        answer = {"seconds": seconds, "rows": [[text(cell) for cell in row] for row in rows]}
    except duckdb.Error as error:
        answer = {"error": str(error)}
    print(json.dumps(answer), flush=True)
