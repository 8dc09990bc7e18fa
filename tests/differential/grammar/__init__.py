"""Random typed SQL that DuckDB and kouan both understand and mean alike, by clause."""
