//! What single columns are taken for, and whether a doubt is told: expected by hand, as a person would read them.

use std::error::Error;
use std::fs;

use kouan_describe::describe;
use serde_json::Value;
use tempfile::TempDir;

/// The type and the modifiers of each field but the first, one a word, and all notes in one text.
fn read(name: &str, text: &str) -> Result<(Vec<String>, String), Box<dyn Error>> {
    let folder = TempDir::with_prefix("readings")?;
    let path = folder.path().join(name);
    fs::write(&path, text)?;
    let description = describe(&[path], folder.path())?;
    assert!(description.reports[0].is_clean(), "{text:?}");
    let descriptor: Value = serde_json::from_str(&description.text)?;
    let fields = descriptor["resources"][0]["schema"]["fields"].as_array();
    let of_field = |field: &Value| {
        let mut words = vec![field["type"].as_str().unwrap_or_default().to_string()];
        for modifier in ["format", "groupChar", "decimalChar", "missingValues"] {
            if !field[modifier].is_null() {
                words.push(format!("{modifier}={}", field[modifier]));
            }
        }
        words.join(" ")
    };
    let fields = fields.map_or_else(Vec::new, |fields| {
        fields[1..].iter().map(of_field).collect()
    });
    Ok((fields, description.notes.join("\n")))
}

#[test]
fn columns_are_read_as_a_person_would() -> Result<(), Box<dyn Error>> {
    for (text, expected, doubt) in [
        // Lists and decimal commas between commas, with and without points beside them.
        ("c,x\nBT,\"2,2\"\nCN,2\n", "string", "may be several values"),
        (
            "c,y,x\na,45.5,\"12,3\"\nb,46.1,7\n",
            "number string",
            "other columns have decimal points",
        ),
        (
            "c,x\na,\"1.234,5\"\nb,\"12,25\"\n",
            "number groupChar=\".\" decimalChar=\",\"",
            "decimal comma",
        ),
        // The same between semicolons, where commas are mostly decimal.
        ("c;x\na;1,5\nb;2,25\n", "number decimalChar=\",\"", ""),
        (
            "c;y;x\na;12,5;1,234\nb;0,25;2,500\n",
            "number decimalChar=\",\" number decimalChar=\",\"",
            "",
        ),
        (
            "c;y;x\na;12,5;1.234\nb;0,25;2.500\n",
            "number decimalChar=\",\" integer groupChar=\".\"",
            "",
        ),
        (
            "c;x\na;1,234\nb;2,500\n",
            "string",
            "a mark of thousands or of decimals",
        ),
        (
            "c;x\na;1.234\nb;2.500\n",
            "number",
            "could be the default format or groupChar \".\"",
        ),
        ("c,x\na,12.345\nb,67.891\n", "number", ""),
        // Thousands.
        (
            "c,y,x\na,1.5,\"1,234\"\nb,2.5,95\n",
            "number integer groupChar=\",\"",
            "",
        ),
        (
            "c,x\na,\"1,234,567\"\nb,95\n",
            "integer groupChar=\",\"",
            "",
        ),
        ("c,x\na,1'234.5\nb,95\n", "number groupChar=\"'\"", ""),
        (
            "c,x\na,1 234\nb,95\n",
            "integer groupChar=\" \"",
            "spaces between thousands",
        ),
        // Codes, and numbers that a double or 64 bits would change.
        ("c,x\na,0104\nb,1101\n", "string", ""),
        ("c,x\na,+86\nb,+49\n", "string", ""),
        ("c,x\na,1E5\nb,2E3\n", "number", "if it is a code"),
        ("c,x\na,9223372036854775808\nb,1\n", "string", ""),
        ("c,x\na,12%\nb,5%\n", "string", ""),
        ("c,x\na,$5\nb,$6\n", "string", ""),
        // Words that are also truth values.
        ("c,x\na,NO\nb,NO\n", "string", ""),
        ("c,x\na,F\nb,F\n", "string", ""),
        ("c,x\na,yes\nb,no\n", "boolean", ""),
        ("c,x\na,t\nb,f\n", "boolean", ""),
        ("c,x\na,0\nb,1\n", "integer", ""),
        // Missing values.
        ("c,x\na,:\nb,5\n", "integer missingValues=[\"\",\":\"]", ""),
        (
            "c,x\na,#VALUE!\nb,5\n",
            "integer missingValues=[\"\",\"#VALUE!\"]",
            "",
        ),
        (
            "c,x\na,\\N\nb,5\n",
            "integer missingValues=[\"\",\"\\\\N\"]",
            "",
        ),
        ("c,x\na,nan\nb,5.5\n", "number", "is read as not a number"),
        ("c,x\na,NaN\nb,NaN\n", "string", "`NaN` is kept as a value"),
        // Pairs are points only where a name says so.
        ("c,x\na,\"90,45\"\nb,\"91.5,45\"\n", "string", ""),
        (
            "c,location\na,\"90,45\"\nb,\"91.5,45\"\n",
            "geopoint",
            "longitude first",
        ),
        // Dates and times that one form does not hold are texts.
        ("c,x\na,2024-02-03\nb,2024-02-03 13:45:00\n", "string", ""),
        ("c,x\na,25:00\nb,12:30\n", "string", ""),
    ] {
        let (fields, notes) = read("t.csv", text)?;
        assert_eq!(fields.join(" "), expected, "{text:?}\n{notes}");
        if doubt.is_empty() {
            let of_column = notes.lines().filter(|note| note.contains("`x`"));
            assert_eq!(of_column.count(), 0, "{text:?}\n{notes}");
        } else {
            assert!(notes.contains(doubt), "{text:?}\n{notes}");
        }
    }
    Ok(())
}

/// A value further down than any sample counts as the first does, and is named if it makes a column text.
#[test]
fn a_late_value_counts() -> Result<(), Box<dyn Error>> {
    for (last, expected, doubt) in [
        ("7", "integer", ""),
        ("12.75", "number", ""),
        (
            "007",
            "string",
            "line 8001 holds `007`; 7999 of 8000 values are of type integer",
        ),
        ("TOTAL", "string", "line 8001 holds `TOTAL`"),
    ] {
        let mut text = String::from("id,x,note\n");
        for row in 0..7_999 {
            text += &format!("{row},{},{:40}|\n", row % 97, "a");
        }
        text += &format!("7999,{last},b\n");
        let (fields, notes) = read("t.csv", &text)?;
        assert_eq!(fields, [expected, "string"], "{last}");
        assert_eq!(notes.is_empty(), doubt.is_empty(), "{notes}");
        assert!(notes.contains(doubt), "{notes}");
    }
    Ok(())
}
