//! Files are described so that the description accepts them, and says what a person would say.

use std::error::Error;
use std::fs;

use kouan_describe::{Description, describe};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Describes files with these contents, in a folder of their own.
fn described(files: &[(&str, &[u8])]) -> Result<(Description, Value), Box<dyn Error>> {
    let folder = TempDir::with_prefix("ports")?;
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::write(&path, bytes)?;
        paths.push(path);
    }
    let description = describe(&paths, folder.path())?;
    let descriptor = serde_json::from_str(&description.text)?;
    Ok((description, descriptor))
}

#[test]
fn types_keys_ranges_and_missing_values() -> Result<(), Box<dyn Error>> {
    let mut csv = String::from("port_id,place,type,year,tonnes,share,opened\n");
    for row in 0..40 {
        let (kind, tonnes) = (
            ["rail", "road"][row % 2],
            if row == 7 {
                "NA".into()
            } else {
                (row * 100).to_string()
            },
        );
        csv += &format!(
            "{row:03},Port {row},{kind},{},{tonnes},{}.5,{:02}.01.1992\n",
            1950 + row,
            row,
            row % 28 + 1
        );
    }
    let (description, descriptor) = described(&[("ports.csv", csv.as_bytes())])?;
    assert!(
        description.reports[0].is_clean(),
        "{:?}",
        description.reports
    );
    assert_eq!(description.notes, Vec::<String>::new());
    let resource = &descriptor["resources"][0];
    assert_eq!(
        (&resource["name"], &resource["path"]),
        (&json!("ports"), &json!("ports.csv"))
    );
    assert_eq!(
        resource["schema"],
        json!({
            "fields": [
                { "name": "port_id", "type": "string" },
                { "name": "place", "type": "string", "constraints": { "required": true } },
                { "name": "type", "type": "string", "constraints": { "required": true, "enum": ["rail", "road"] } },
                { "name": "year", "type": "year", "constraints": { "required": true, "minimum": 1950, "maximum": 1989 } },
                { "name": "tonnes", "type": "integer", "missingValues": ["", "NA"], "constraints": { "minimum": 0, "maximum": 3900 } },
                { "name": "share", "type": "number", "constraints": { "required": true, "minimum": 0.5, "maximum": 39.5 } },
                { "name": "opened", "type": "date", "format": "%d.%m.%Y",
                  "constraints": { "required": true, "minimum": "01.01.1992", "maximum": "28.01.1992" } }
            ],
            "primaryKey": ["port_id"]
        })
    );
    Ok(())
}

/// Every file here is accepted by its own description, whatever is odd about it.
#[test]
fn the_description_accepts_the_file() -> Result<(), Box<dyn Error>> {
    let gb18030 = b"\xbf\xda\xb0\xb6,\xb6\xd6\n\xb0\xa2\xc0\xad\xc9\xbd\xbf\xda,5\n\xb6\xfe\xc1\xac\xba\xc6\xcc\xd8,6\n";
    let utf_16: Vec<u8> = "\u{feff}a,b\n1,x\n2,y\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (name, bytes) in [
        ("plain.csv", &b"a,b\n1,x\n2,y\n"[..]),
        (
            "semicolons.csv",
            b"port;tonnes\nErenhot;1,5\nManzhouli;1.002,5\n",
        ),
        ("tabs.tsv", b"a\tb\n1\tx\n2\ty\n"),
        ("commas.tsv", b"a,b\n1,x\n2,y\n"),
        ("one_column.tsv", b"a\n1\n2\n"),
        (
            "utf_16_without_mark.csv",
            b"a\0,\0b\0\n\x001\0,\0x\0\n\x002\0,\0y\0\n\0",
        ),
        ("backslashes.csv", b"a,b\n1,\"say \\\"x\\\"\"\n2,\\N\n"),
        ("line_break_in_header.csv", b"\"a\n\nb\",c\n1,x\n2,y\n"),
        ("names_twice.csv", b"a,column_3,a,A\n1,x,2,3\n2,y,3,4\n"),
        ("first_empty.csv", b"Erenhot,,5\nManzhouli,7,6\n"),
        (
            "quoted.csv",
            b"a,b\n1,\"two\nlines\"\n2,\"say \"\"hi\"\"\"\n",
        ),
        ("crlf.csv", b"a,b\r\n1,x\r\n2,y\r\n"),
        ("mark.csv", b"\xEF\xBB\xBFid,b\n1,x\n2,y\n"),
        (
            "preamble.csv",
            b"Freight of ports\nport,tonnes\nErenhot,5\nManzhouli,6\n",
        ),
        (
            "blank_lines.csv",
            b"\nFreight of ports\r\n\nport,tonnes\nErenhot,5\nManzhouli,6\n",
        ),
        (
            "comment_and_title.csv",
            b"#x1\nz\n# then\na,b\nErenhot,1956\nManzhouli,1949\n",
        ),
        ("returns.csv", b"\rport\rErenhot\rManzhouli\r"),
        ("blank_first.csv", b"\nErenhot,1956\nManzhouli,1949\n"),
        (
            "comments.csv",
            b"# a comment\nport,tonnes\nErenhot,5\n# another\nManzhouli,6\n",
        ),
        ("headless.csv", b"Erenhot,1956\nManzhouli,1949\n"),
        ("unnamed.csv", b",port\n1,Erenhot\n2,Manzhouli\n"),
        ("twice.csv", b"a,a\n1,x\n2,y\n"),
        ("one_column.csv", b"place\nErenhot\nManzhouli\n"),
        ("years.csv", b"port,1990,1991\nErenhot,5,6\nManzhouli,7,8\n"),
        ("not_a_number.csv", b"x,y\n1.5,NaN\n2.5,INF\n"),
        (
            "times.csv",
            b"t,d,p\n2014-01-31 12:00:00,P1Y,\"90,45\"\n2014-02-01 13:00:00,P2M,\"91.5,45\"\n",
        ),
        ("empty_column.csv", b"a,b\n1,\n2,\n"),
        (
            "great.csv",
            b"n\n9223372036854775807\n-9223372036854775808\n",
        ),
        ("chinese.csv", gb18030),
        ("utf_16.csv", &utf_16),
    ] {
        let (description, _) = described(&[(name, bytes)])?;
        assert!(
            description.reports[0].is_clean(),
            "{name}: {:?}\n{}",
            description.reports,
            description.text
        );
        assert_eq!(description.reports[0].rows, 2, "{name}");
    }
    Ok(())
}

#[test]
fn what_the_cells_do_not_tell_is_said() -> Result<(), Box<dyn Error>> {
    let csv = b"day,country,gap\n03/04/2014,NA,\n05/06/2014,CN,\n";
    let (description, descriptor) = described(&[("t.csv", csv)])?;
    assert_eq!(
        descriptor["resources"][0]["schema"]["fields"][0]["format"],
        "%d/%m/%Y"
    );
    let said: Vec<&str> = description
        .notes
        .iter()
        .filter_map(|note| note.split_once(".csv: "))
        .map(|(_, note)| note)
        .collect();
    assert_eq!(
        said,
        [
            "`day` could be format \"%d/%m/%Y\" or format \"%m/%d/%Y\", as in `03/04/2014`; the first is written",
            "`country` is text, so `NA` is kept as a value; add it to `missingValues` if it is none",
            "`gap` has no value in any row; it is described as text",
        ]
    );
    Ok(())
}

/// A file's own faults are told by the check, with their places.
#[test]
fn faults_of_the_file_stay_faults() -> Result<(), Box<dyn Error>> {
    let (description, _) = described(&[("t.csv", b"a,b\n1,x\n2\n3,z\n")])?;
    let problems: Vec<String> = description.reports[0]
        .problems
        .iter()
        .map(|problem| problem.rule.clone())
        .collect();
    assert_eq!(problems, ["1 cells; the schema has 2 fields"]);
    Ok(())
}

#[test]
fn keys_of_several_columns_and_references() -> Result<(), Box<dyn Error>> {
    let ports = b"port_id,place\nerh,Erenhot\nmzl,Manzhouli\n";
    let flows = b"port_id,direction,year,tonnes\nerh,in,2012,5\nerh,out,2012,5\nerh,in,2013,7\nmzl,in,2012,5\nmzl,out,2012,6\n";
    let (description, descriptor) = described(&[("ports.csv", ports), ("flows.csv", flows)])?;
    assert!(
        description
            .reports
            .iter()
            .all(kouan_ingest::Report::is_clean)
    );
    let schema = &descriptor["resources"][1]["schema"];
    assert_eq!(
        schema["primaryKey"],
        json!(["port_id", "direction", "year"])
    );
    let reference = json!({ "fields": ["port_id"], "reference": { "resource": "ports", "fields": ["port_id"] } });
    assert_eq!(schema["foreignKeys"], json!([reference]));
    Ok(())
}

#[test]
fn what_cannot_be_described_is_said() -> Result<(), Box<dyn Error>> {
    let folder = TempDir::new()?;
    let said = |name: &str, root: &str| {
        let described = describe(&[folder.path().join(name)], &folder.path().join(root));
        described
            .map(|_| ())
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default()
    };
    fs::write(folder.path().join("empty.csv"), "")?;
    fs::create_dir(folder.path().join("sub"))?;
    assert!(
        said("none.csv", "").contains("cannot read"),
        "{}",
        said("none.csv", "")
    );
    assert!(said("empty.csv", "").ends_with("empty.csv holds no row; describe a file with data"));
    assert!(said("empty.csv", "sub").contains("is not below"));
    Ok(())
}
