//! JSON files and places in them, so that every error can say where.

use serde_json::{Map, Value as Json};

use crate::descriptor::{strict_json, text_position};
use crate::error::{Position, Result, SchemaError};
use crate::files::Files;

/// A JSON file.
#[derive(Debug)]
pub(crate) struct Document {
    file: String,
    text: String,
    root: Json,
}

impl Document {
    /// Reads and parses a file. A byte order mark is skipped.
    pub(crate) fn read(files: &dyn Files, path: &str, named_by: Option<&Node<'_>>) -> Result<Self> {
        let file = files.describe(path);
        let bytes = match files.read(path) {
            Ok(bytes) => bytes,
            Err(source) => {
                let named_at = named_by.map(Node::at);
                return Err(match source.kind() {
                    std::io::ErrorKind::NotFound => SchemaError::FileMissing { file, named_at },
                    _ => SchemaError::FileUnreadable {
                        file,
                        named_at,
                        source,
                    },
                });
            }
        };
        let text = decode(&file, bytes)?;
        let root = strict_json::parse(&text).map_err(|problem| SchemaError::BadJson {
            file: file.clone(),
            line: problem.line,
            column: problem.column,
            reason: problem.reason,
        })?;
        Ok(Self { file, text, root })
    }

    pub(crate) fn root(&self) -> Node<'_> {
        Node {
            document: self,
            pointer: String::new(),
            value: &self.root,
        }
    }
}

fn decode(file: &str, bytes: Vec<u8>) -> Result<String> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let (before, after) = error.as_bytes().split_at(valid);
        let (line, column) = text_position::after(&String::from_utf8_lossy(before));
        let byte = after.first().copied().unwrap_or_default();
        SchemaError::NotUtf8 {
            file: file.to_string(),
            line,
            column,
            byte,
        }
    })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

/// A value in a JSON file, together with its place.
#[derive(Debug, Clone)]
pub(crate) struct Node<'d> {
    document: &'d Document,
    pointer: String,
    value: &'d Json,
}

impl<'d> Node<'d> {
    /// Where the value stands.
    pub(crate) fn at(&self) -> Box<Position> {
        let (line, column) = text_position::of(&self.document.text, &self.pointer);
        let (file, pointer) = (self.document.file.clone(), self.pointer.clone());
        Box::new(Position {
            file,
            pointer,
            line,
            column,
        })
    }

    pub(crate) fn json(&self) -> &'d Json {
        self.value
    }

    /// The value as messages show it, cut where it gets long.
    pub(crate) fn shown(&self) -> String {
        match self.value {
            Json::Object(_) => "an object".to_string(),
            Json::Array(_) => "a list".to_string(),
            value => {
                let text = value.to_string();
                match text.char_indices().nth(60) {
                    Some((end, _)) => format!("{}…", &text[..end]),
                    None => text,
                }
            }
        }
    }

    /// A property of an object.
    pub(crate) fn get(&self, name: &str) -> Option<Self> {
        let value = self.value.get(name)?;
        Some(Self {
            value,
            ..self.child(name)
        })
    }

    /// The place of a property, for messages; of the object itself if it has no such property.
    pub(crate) fn child(&self, name: &str) -> Self {
        let Some(value) = self.value.get(name) else {
            return self.clone();
        };
        let step = name.replace('~', "~0").replace('/', "~1");
        Self {
            document: self.document,
            pointer: format!("{}/{step}", self.pointer),
            value,
        }
    }

    pub(crate) fn required(&self, name: &'static str, purpose: &'static str) -> Result<Self> {
        let missing = || SchemaError::PropertyMissing {
            at: self.at(),
            name,
            purpose,
        };
        self.get(name).ok_or_else(missing)
    }

    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<String>> {
        self.get(name)
            .map(|node| node.text().map(str::to_string))
            .transpose()
    }

    pub(crate) fn text(&self) -> Result<&'d str> {
        self.value.as_str().ok_or_else(|| self.must_be("a text"))
    }

    pub(crate) fn boolean(&self) -> Result<bool> {
        self.value
            .as_bool()
            .ok_or_else(|| self.must_be("true or false"))
    }

    pub(crate) fn count(&self) -> Result<usize> {
        let count = self.value.as_u64().and_then(|count| count.try_into().ok());
        count.ok_or_else(|| self.must_be("a whole number, 0 or above"))
    }

    pub(crate) fn items(&self) -> Result<Vec<Self>> {
        let items = self
            .value
            .as_array()
            .ok_or_else(|| self.must_be("a list"))?;
        let node = |(index, value)| {
            let pointer = format!("{}/{index}", self.pointer);
            Self {
                document: self.document,
                pointer,
                value,
            }
        };
        Ok(items.iter().enumerate().map(node).collect())
    }

    pub(crate) fn texts(&self) -> Result<Vec<String>> {
        self.items()?
            .iter()
            .map(|item| item.text().map(str::to_string))
            .collect()
    }

    pub(crate) fn object(&self) -> Result<&'d Map<String, Json>> {
        self.value
            .as_object()
            .ok_or_else(|| self.must_be("an object"))
    }

    fn must_be(&self, expected: &str) -> SchemaError {
        let (expected, found) = (expected.to_string(), self.shown());
        SchemaError::WrongType {
            at: self.at(),
            expected,
            found,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::open_files;

    const SCHEMA: &[u8] = br#"{"fields": [{"name": "a"}]}"#;

    /// Opens a package whose table's schema is in this file with these contents.
    fn open(path: &str, schema: &[u8]) -> String {
        let resource = format!(r#"{{"name": "t", "path": "t.csv", "schema": "{path}"}}"#);
        let descriptor = format!("{{\"name\": \"p\", \"resources\": [\n{resource}]}}");
        let files = [
            ("datapackage.json", descriptor.as_bytes()),
            ("schemas/t.json", schema),
        ];
        open_files(&files).map_or_else(|error| error.to_string(), |_| "opened".to_string())
    }

    #[test]
    fn files_are_read_whatever_their_line_ends_and_marks() {
        assert_eq!(open("schemas/t.json", SCHEMA), "opened");
        assert_eq!(
            open("schemas/t.json", &[b"\xEF\xBB\xBF", SCHEMA].concat()),
            "opened"
        );
        assert_eq!(
            open("schemas/t.json", &[b"\r\n", SCHEMA, b"\r\n"].concat()),
            "opened"
        );
    }

    #[test]
    fn files_that_cannot_be_read_are_named_with_the_place_that_names_them() {
        let named = "named at datapackage.json#/resources/0/schema (line 2, column 42)";
        assert_eq!(
            open("schemas/u.json", SCHEMA),
            format!("schemas/u.json: no such file, {named}")
        );
        assert_eq!(
            open("folder", SCHEMA),
            format!("folder: cannot be read: is a directory, {named}")
        );
        assert_eq!(
            open_files(&[])
                .map_err(|error| error.to_string())
                .err()
                .as_deref(),
            Some(
                "datapackage.json: no such file; a package is a folder with a file datapackage.json"
            )
        );
    }

    #[test]
    fn files_that_are_no_json_are_told_where() {
        for (schema, problem) in [
            (
                &b""[..],
                "schemas/t.json:1:1: not valid JSON: the file is empty",
            ),
            (
                b"{\n\"fields\": [,]}",
                "schemas/t.json:2:12: not valid JSON: expected value",
            ),
            (
                b"{\n  \"n\xE9\": 1}",
                "schemas/t.json:2:5: not UTF-8 (byte 0xE9); save the file as UTF-8",
            ),
            (
                b"\xFF\xFE{\0",
                "schemas/t.json:1:1: not UTF-8 (byte 0xFF); save the file as UTF-8",
            ),
            (b"[]", "schemas/t.json: must be an object, not a list"),
        ] {
            assert_eq!(open("schemas/t.json", schema), problem);
        }
    }

    #[test]
    fn places_in_files_of_their_own_name_that_file() {
        let schema = b"{\n  \"fields\": [\n    {\"name\": \"a\", \"type\": \"txt\"}\n  ]\n}";
        let message = open("schemas/t.json", schema);
        assert!(
            message.starts_with(
                "schemas/t.json#/fields/0/type (line 3, column 27): \"txt\": must be one of"
            ),
            "{message}"
        );
    }

    #[test]
    fn long_values_are_cut_in_messages() {
        let schema = format!("\"fields\": \"{}\"", "口".repeat(1000));
        let message = open("schemas/t.json", format!("{{{schema}}}").as_bytes());
        assert!(
            message.ends_with(&format!("must be a list, not \"{}…", "口".repeat(59))),
            "{message}"
        );
    }
}
