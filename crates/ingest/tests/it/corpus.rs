//! The corpus of packages, valid ones and one fault a rule, judged as the reference implementation does.
//!
//! `tests/corpus/verdicts.csv` is what frictionless says; `frictionless_verdicts.py` beside it writes it anew. Where
//! kouan finds other places, the case in `cases.json` lists them and says why.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use kouan_ingest::{IngestError, Options};
use kouan_schema::{Files, Package};
use serde_json::{Map, Value as Json, json};

use crate::support::Memory;

pub(crate) const CASES: &str = include_str!("../corpus/cases.json");
const VERDICTS: &str = include_str!("../corpus/verdicts.csv");

/// A table, a row of it, and the field where the fault is one of a cell.
type Place = (String, u64, Option<String>);

/// Where the faults of a package are; none if it cannot be opened at all.
type Verdict = Option<BTreeSet<Place>>;

#[test]
fn verdicts_agree_with_the_reference() {
    let cases: Vec<Json> = serde_json::from_str(CASES).unwrap();
    let mut disagreements = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        assert_eq!(
            case.get("kouan").is_some(),
            case.get("why").is_some(),
            "{name}"
        );
        let reference = verdict_of_reference(name);
        let found = verdict(case);
        let expected = case
            .get("kouan")
            .map_or_else(|| reference.clone(), verdict_of_case);
        if without_unsaid_fields(&found, &expected) != expected {
            disagreements.push(format!("{name}: {found:?}, expected {expected:?}"));
        }
        if case.get("kouan").is_some() && without_unsaid_fields(&found, &reference) == reference {
            disagreements.push(format!(
                "{name}: agrees with the reference; take its `kouan` out"
            ));
        }
    }
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
}

/// The reference names no field where a fault is one of several, or of the row.
fn without_unsaid_fields(found: &Verdict, expected: &Verdict) -> Verdict {
    let expected = expected.clone().unwrap_or_default();
    let said = |(table, row, field): &Place| {
        let place = (table.clone(), *row, field.clone());
        let bare = (table.clone(), *row, None);
        if expected.contains(&bare) {
            bare
        } else {
            place
        }
    };
    found.as_ref().map(|found| found.iter().map(said).collect())
}

fn verdict_of_reference(name: &str) -> Verdict {
    let mut places = BTreeSet::new();
    for line in VERDICTS.lines().skip(1) {
        let [case, table, _, row, field] = line.split(',').collect::<Vec<_>>()[..] else {
            panic!("five cells: {line}")
        };
        if case == name {
            let field = (!field.is_empty()).then(|| field.to_string());
            places.insert((table.to_string(), row.parse().ok()?, field));
        }
    }
    Some(places)
}

fn verdict_of_case(kouan: &Json) -> Verdict {
    let place = |place: &Json| {
        let field = place[2].as_str().map(str::to_string);
        (
            place[0].as_str().unwrap().to_string(),
            place[1].as_u64().unwrap(),
            field,
        )
    };
    Some(kouan.as_array()?.iter().map(place).collect())
}

fn verdict(case: &Json) -> Verdict {
    let memory = Arc::new(Memory::default());
    memory.set("datapackage.json", descriptor(case).to_string());
    let empty = json!("");
    let csv = json!({"t.csv": case.get("csv").unwrap_or(&empty)});
    let files = case.get("files").unwrap_or(&csv).as_object().unwrap();
    for (path, file) in files {
        memory.set(path, encoded(file));
    }
    let package = Package::open(memory as Arc<dyn Files>).ok()?;
    let mut places = BTreeSet::new();
    for table in package.tables() {
        let report = kouan_ingest::validate(&package, table, &Options::default());
        let problems = match report {
            Ok(report) => report.problems,
            Err(IngestError::Unreadable { .. }) => return None,
            Err(error) => panic!("{}: {error}", case["name"]),
        };
        let place = |problem: &kouan_ingest::Problem| {
            (table.resource.clone(), problem.line, problem.field.clone())
        };
        places.extend(problems.iter().map(place));
    }
    Some(places)
}

/// As `frictionless_verdicts.py` makes it.
pub(crate) fn descriptor(case: &Json) -> Json {
    let merge = |into: &mut Json, key: &str| {
        let more = case.get(key).and_then(Json::as_object);
        let into: &mut Map<String, Json> = into.as_object_mut().unwrap();
        into.extend(more.cloned().unwrap_or_default());
    };
    let mut schema = json!({"fields": case.get("fields")});
    merge(&mut schema, "schema");
    let mut dialect = json!({"delimiter": ","});
    merge(&mut dialect, "dialect");
    let mut resource = json!({"name": "t", "type": "table", "path": "t.csv", "schema": schema});
    merge(&mut resource, "resource");
    resource["dialect"] = dialect;
    let resources = case.get("resources").cloned();
    let mut package = json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "p",
        "resources": resources.unwrap_or_else(|| json!([resource])),
    });
    merge(&mut package, "package");
    package
        .as_object_mut()
        .unwrap()
        .retain(|_, value| !value.is_null());
    package
}

pub(crate) fn encoded(file: &Json) -> Vec<u8> {
    let Some(text) = file.get("text").and_then(Json::as_str) else {
        return file.as_str().unwrap().as_bytes().to_vec();
    };
    let bytes: Vec<u8> = match file.get("encoding").and_then(Json::as_str) {
        Some("utf-16") => {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect()
        }
        Some("latin-1") => text.chars().map(|character| character as u8).collect(),
        Some("gb18030") => encoding_rs::GB18030.encode(text).0.into_owned(),
        _ => text.as_bytes().to_vec(),
    };
    if file.get("compression").is_none() {
        return bytes;
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&bytes).unwrap();
    gzip.finish().unwrap()
}
