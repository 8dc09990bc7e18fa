//! Keys that repeat, and references that lead nowhere.

use kouan_ingest::{IngestError, Options};

use crate::support::{Source, package, package_of, problems, table};

#[test]
fn a_repeated_primary_key_names_its_first_line() {
    let schema = r#"{"fields": [{"name": "place", "type": "string"}, {"name": "number", "type": "integer"}],
                     "primaryKey": ["place", "number"]}"#;
    // Keys are values: 01 and 1 are one integer, and the comma in a value does not run into the next one.
    let csv = "place,number\na,1\na,2\nb,1\na,01\n\"a,1\",1\n,1\n";
    assert_eq!(
        problems(&package(schema, csv)),
        [
            r#"data/t.csv:5:1 place, number "a, 01": same as in line 2; the primary key must be unique"#,
            "data/t.csv:7:1 place: required",
        ]
    );
}

#[test]
fn unique_fields_and_unique_keys_pass_over_null() {
    let schema = r#"{"fields": [{"name": "a", "type": "number", "constraints": {"unique": true}},
                                {"name": "b", "type": "string"}, {"name": "c", "type": "string"}],
                     "uniqueKeys": [["b", "c"]]}"#;
    let csv = "a,b,c\n0,x,\n,x,\n,x,y\n-0,x,y\n";
    assert_eq!(
        problems(&package(schema, csv)),
        [
            r#"data/t.csv:5:1 a "-0": same as in line 2; values must be unique"#,
            r#"data/t.csv:5:4 b, c "x, y": same as in line 4; values must be unique"#,
        ]
    );
}

#[test]
fn a_key_that_is_declared_twice_is_told_once() {
    let schema = r#"{"fields": [{"name": "a", "type": "integer", "constraints": {"unique": true}}],
                     "primaryKey": "a", "uniqueKeys": [["a"]]}"#;
    assert_eq!(problems(&package(schema, "a\n1\n1\n")).len(), 1);
}

const PLACES: &str = r#"{"fields": [{"name": "place", "type": "string"}, {"name": "type", "type": "string"}],
                         "primaryKey": ["place", "type"]}"#;

const ALIASES: &str = r#"{"fields": [{"name": "alias", "type": "string"}, {"name": "place", "type": "string"},
                                     {"name": "type", "type": "string"}],
    "foreignKeys": [{"fields": ["place", "type"],
                     "reference": {"resource": "places", "fields": ["place", "type"]}}]}"#;

fn aliases<'a>(places: &'a str, csv: &'a str) -> [Source<'a>; 2] {
    let source = |name, schema, csv: &'a str| Source {
        name,
        schema,
        dialect: "{}",
        csv: Some(csv.as_bytes()),
    };
    [source("places", PLACES, places), source("t", ALIASES, csv)]
}

#[test]
fn a_broken_reference_is_told_and_null_is_not_checked() {
    let places = "place,type\nErenhot,rail\nErenhot,road\n";
    let csv = "alias,place,type\nErlian,Erenhot,rail\nx,Erenhot,air\ny,Erenhot,\nz,,rail\n";
    let (package, _) = package_of(&aliases(places, csv));
    assert_eq!(
        problems(&package),
        [r#"data/t.csv:3:3 place, type "Erenhot, air": not found in places (place, type)"#]
    );
}

#[test]
fn a_referenced_table_that_cannot_be_read_is_told_once() {
    let csv = "alias,place,type\nErlian,Erenhot,rail\n";
    let (package, _) = package_of(&aliases("place,kind\n", csv));
    let found = problems(&package);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("data/t.csv:1:1 place, type: cannot be looked up in places (place, type): data/places.csv:1:"),
        "{found:?}"
    );
}

#[test]
fn bad_rows_of_a_referenced_table_are_not_its_referrers_problem() {
    let places = "place,type\nErenhot,rail,1\n,\nErenhot,road\n";
    let csv = "alias,place,type\nErlian,Erenhot,road\n";
    let (package, _) = package_of(&aliases(places, csv));
    assert!(problems(&package).is_empty());
}

#[test]
fn a_referenced_file_that_is_not_there_is_an_error() {
    let mut sources = aliases("", "alias,place,type\n");
    sources[0].csv = None;
    let (package, _) = package_of(&sources);
    let error = kouan_ingest::validate(&package, table(&package), &Options::default()).unwrap_err();
    let IngestError::Unreadable { file, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(file, "data/places.csv");
}

#[test]
fn a_table_may_refer_to_itself_forwards_and_backwards() {
    let schema = r#"{"fields": [{"name": "id", "type": "integer"}, {"name": "parent", "type": "integer"}],
                     "primaryKey": "id",
                     "foreignKeys": [{"fields": "parent", "reference": {"resource": "", "fields": "id"}}]}"#;
    let found = problems(&package(schema, "id,parent\n1,3\n2,1\n3,\n4,5\n"));
    assert_eq!(found, [r#"data/t.csv:5:3 parent "5": not found in t (id)"#]);
}
