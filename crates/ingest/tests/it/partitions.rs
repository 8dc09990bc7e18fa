//! Tables cut into folders by the values of fields.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::path::Path;

use arrow::array::{AsArray, RecordBatch};
use arrow::datatypes::{DataType, Int64Type};
use kouan_ingest::{IngestError, Options, Sorted, convert, convert_good_rows, partition_types};
use kouan_schema::Package;

use crate::support::{package, read, table};

const SCHEMA: &str = r#"{"fields": [
    {"name": "id", "type": "integer"}, {"name": "place", "type": "string"}, {"name": "year", "type": "year"},
    {"name": "open", "type": "boolean"}, {"name": "day", "type": "date"}, {"name": "month", "type": "yearmonth"},
    {"name": "tonnes", "type": "number"}], "primaryKey": "id", "missingValues": ["NULL"]}"#;

const HEADER: &str = "id,place,year,open,day,month,tonnes\n";

fn fields(names: &str) -> Vec<String> {
    names.split(',').map(str::to_string).collect()
}

fn write(package: &Package, target: &Path, names: &str) -> Result<u64, IngestError> {
    let partition_by = fields(names);
    let options = Options {
        partition_by: &partition_by,
        ..Options::default()
    };
    convert(package, table(package), target, &options).map(|report| report.rows)
}

/// The files below a folder, by their paths.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                found.insert(name.to_string(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn ids(batch: &RecordBatch) -> Vec<i64> {
    let column = batch.column_by_name("id").unwrap();
    column.as_primitive::<Int64Type>().values().to_vec()
}

/// As DuckDB 2.0.1 (`COPY … (PARTITION_BY (place))`) and pyarrow 26 (`write_dataset`, flavor `hive`) name them.
#[test]
fn folders_are_named_as_duckdb_and_arrow_name_them() {
    let places = [
        ("a", "a"),
        ("NULL", "__HIVE_DEFAULT_PARTITION__"),
        ("b c", "b%20c"),
        ("x/y", "x%2Fy"),
        ("100%", "100%25"),
        ("é口", "%C3%A9%E5%8F%A3"),
        ("=", "%3D"),
        ("007", "007"),
        ("a=b&c?d#e", "a%3Db%26c%3Fd%23e"),
        ("+", "%2B"),
        ("'", "%27"),
        (":", "%3A"),
        ("..", ".."),
        ("a\\b", "a%5Cb"),
        ("%20", "%2520"),
        ("-_.~", "-_.~"),
        ("", ""),
    ];
    let mut csv = HEADER.to_string();
    for (id, (place, _)) in places.iter().enumerate() {
        csv.push_str(&format!("{id},{place},1950,true,2014-03-01,2014-03,1\n"));
    }
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t");
    assert_eq!(write(&package(SCHEMA, csv), &target, "place").unwrap(), 17);
    let mut expected: Vec<String> = places.map(|(_, name)| format!("place={name}")).into();
    expected.sort();
    assert_eq!(names(&target), expected);
    let part = target.join("place=x%2Fy/part-0.parquet");
    assert_eq!(ids(&read(&part)), [3]);
    assert_eq!(
        partition_types(&part),
        [("place".to_string(), DataType::Utf8)]
    );
}

#[test]
fn values_of_every_type_name_folders() {
    let csv =
        format!("{HEADER}7,a,1950,1,2014-03-01,2014-03,1\n8,a,1950,false,2014-03-02,NULL,2\n");
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t");
    write(&package(SCHEMA, csv), &target, "year,open,day,month,id").unwrap();
    let files: Vec<String> = files(&target).into_keys().collect();
    assert_eq!(
        files,
        [
            "year=1950/open=false/day=2014-03-02/month=__HIVE_DEFAULT_PARTITION__/id=8/part-0.parquet",
            "year=1950/open=true/day=2014-03-01/month=2014-03-01/id=7/part-0.parquet",
        ]
    );
    let part = read(&target.join(&files[1]));
    let columns: Vec<_> = part
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    assert_eq!(columns, ["place", "tonnes"]);
    let types = partition_types(&target.join(&files[1]));
    let types: Vec<DataType> = types.into_iter().map(|(_, kind)| kind).collect();
    let expected = [
        DataType::Int32,
        DataType::Boolean,
        DataType::Date32,
        DataType::Date32,
        DataType::Int64,
    ];
    assert_eq!(types, expected);
}

fn many_rows(rows: usize) -> Package {
    let row = |id: usize| {
        let place = ["Erenhot", "Manzhouli", "NULL"][id * 7 % 3];
        format!(
            "{id},{place},{},true,2014-03-01,2014-03,{}\n",
            1950 + id * 31 % 7,
            id * 7919 % 997
        )
    };
    package(
        SCHEMA,
        format!("{HEADER}{}", (0..rows).map(row).collect::<String>()),
    )
}

#[test]
fn every_row_is_in_its_partition_and_in_order_however_it_got_there() {
    let package = many_rows(20_000);
    let folder = tempfile::tempdir().unwrap();
    let partition_by = fields("year,place");
    let mut found = Vec::new();
    // Small pieces are more than memory may hold, so that rows go by the temporary file.
    for (threads, row_group_bytes) in [(1, 32 << 20), (1, 20_000), (4, 20_000)] {
        let target = folder.path().join("t");
        let options = Options {
            partition_by: &partition_by,
            threads: NonZeroUsize::new(threads),
            row_group_bytes,
            ..Options::default()
        };
        convert(&package, table(&package), &target, &options).unwrap();
        found.push(files(&target));
        let mut rows = 0;
        for name in found[found.len() - 1].keys() {
            let part = read(&target.join(name));
            let ids = ids(&part);
            assert!(ids.is_sorted());
            rows += ids.len();
            for (row, id) in ids.iter().enumerate() {
                let year = 1950 + id * 31 % 7;
                let place =
                    ["Erenhot", "Manzhouli", "__HIVE_DEFAULT_PARTITION__"][*id as usize * 7 % 3];
                assert_eq!(name, &format!("year={year}/place={place}/part-0.parquet"));
                let tonnes = part.column_by_name("tonnes").unwrap();
                let tonnes = tonnes.as_primitive::<arrow::datatypes::Float64Type>();
                assert_eq!(tonnes.value(row), (id * 7919 % 997) as f64);
            }
        }
        assert_eq!(rows, 20_000);
    }
    assert_eq!(found[0].len(), 21);
    assert!(found[1] == found[2], "threads change nothing");
    assert_eq!(names(folder.path()), ["t"]);
}

#[test]
fn a_table_without_rows_keeps_its_columns() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t");
    assert_eq!(write(&package(SCHEMA, HEADER), &target, "year").unwrap(), 0);
    let part = read(&target.join("year=__HIVE_DEFAULT_PARTITION__/part-0.parquet"));
    assert_eq!((part.num_rows(), part.num_columns()), (0, 6));
}

#[test]
fn what_names_no_folders_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t");
    let row = |place: &str| format!("{HEADER}1,{place},1950,true,2014-03-01,2014-03,1\n");
    let many: String = (0..10_001)
        .map(|id| format!("{id},a,1950,true,2014-03-01,2014-03,1\n"))
        .collect();
    for (csv, names, problem) in [
        (
            row("a"),
            "yaer",
            "there is no field `yaer`; did you mean `year`?",
        ),
        (
            row("a"),
            "tonnes",
            "field `tonnes` is of type number; folders are named after values of type",
        ),
        (row("a"), "year,year", "field `year` is named twice"),
        (
            row("a"),
            "id,place,year,open,day,month,tonnes",
            "field `tonnes` is of type number",
        ),
        (
            row("__HIVE_DEFAULT_PARTITION__"),
            "place",
            "the value __HIVE_DEFAULT_PARTITION__ stands for a missing one",
        ),
        (
            row(&"口".repeat(30)),
            "place",
            "a value of 30 characters is too long for the name of a folder: 口口",
        ),
        (
            format!("{HEADER}{many}"),
            "id",
            "there are more than 10000 different values; choose fields that have fewer",
        ),
    ] {
        let error = write(&package(SCHEMA, csv), &target, names).unwrap_err();
        let message = error.to_string();
        assert!(
            message.starts_with("table t cannot be partitioned so: "),
            "{message}"
        );
        assert!(message.contains(problem), "{message}");
        assert!(names_is_empty(folder.path()), "{names}");
    }
    let one = r#"{"fields": [{"name": "year", "type": "year"}]}"#;
    let error = write(&package(one, "year\n1950\n"), &target, "year").unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("no field would be left for the files"),
        "{error}"
    );
}

fn names_is_empty(folder: &Path) -> bool {
    names(folder).is_empty()
}

#[test]
fn a_folder_is_replaced_unless_something_would_be_lost() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("t");
    let row = |year: u32| format!("{HEADER}1,a,{year},true,2014-03-01,2014-03,1\n");
    write(&package(SCHEMA, row(1950)), &target, "year").unwrap();
    write(&package(SCHEMA, row(1990)), &target, "year").unwrap();
    assert_eq!(names(&target), ["year=1990"]);

    for other in [
        "notes.txt",
        "year=1990/notes.txt",
        "part-0.parquet",
        "maps/x=1/part-0.parquet",
    ] {
        let other = target.join(other);
        fs::create_dir_all(other.parent().unwrap()).unwrap();
        fs::write(&other, "mine").unwrap();
        let before = files(&target);
        let error = write(&package(SCHEMA, row(1950)), &target, "year").unwrap_err();
        assert!(matches!(error, IngestError::FolderInUse { .. }), "{error}");
        assert!(files(&target) == before);
        fs::remove_file(&other).unwrap();
        let _ = fs::remove_dir_all(target.join("maps"));
    }
    let error = write(
        &package(SCHEMA, format!("{HEADER}x,,,,,,\n")),
        &target,
        "year",
    )
    .unwrap_err();
    assert!(matches!(error, IngestError::Rejected(_)), "{error}");
    assert_eq!(names(&target), ["year=1990"]);

    let file = folder.path().join("file");
    fs::write(&file, "mine").unwrap();
    let error = write(&package(SCHEMA, row(1950)), &file, "year").unwrap_err();
    assert!(matches!(error, IngestError::TargetIsFile { .. }), "{error}");
    assert_eq!(names(folder.path()), ["file", "t"]);
}

#[test]
fn bad_rows_are_put_aside() {
    let csv = format!(
        "{HEADER}1,a,1950,true,2014-03-01,2014-03,1\n2,a,soon,true,2014-03-01,2014-03,1\n\
         3,a,1990,true,2014-03-01,2014-03,1\n3,a,1990,true,2014-03-01,2014-03,1\n"
    );
    let package = package(SCHEMA, &csv);
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("paper.t");
    let partition_by = fields("year");
    let options = Options {
        partition_by: &partition_by,
        ..Options::default()
    };
    let Sorted {
        written, rejected, ..
    } = convert_good_rows(&package, table(&package), &target, &options).unwrap();
    assert_eq!((written, rejected), (2, 2));
    assert_eq!(
        names(folder.path()),
        ["paper.t", "paper.t.rejects.csv", "paper.t.rejects.parquet"]
    );
    assert_eq!(names(&target), ["year=1950", "year=1990"]);
    assert_eq!(ids(&read(&target.join("year=1990/part-0.parquet"))), [3]);
}
