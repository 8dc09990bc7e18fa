//! What the folders of files say: `year=2014/place=Erenhot/part-0.parquet`.

use std::path::{Path, PathBuf};

use arrow::datatypes::DataType;
use datafusion::common::plan_err;
use datafusion::error::Result;
use datafusion::scalar::ScalarValue;
use percent_encoding::percent_decode_str;

/// Stands for NULL, as in Hive, Spark, DuckDB and Arrow.
const NULL_VALUE: &str = "__HIVE_DEFAULT_PARTITION__";

/// The fields that the folders of files name, and the values of each file.
#[derive(Debug, Default)]
pub(super) struct Partitions {
    pub(super) fields: Vec<(String, DataType)>,
    /// For each file.
    pub(super) values: Vec<Vec<ScalarValue>>,
}

/// The fields and values, decoded, that the folders of a path name.
pub(super) fn of(path: &Path) -> Vec<(String, String)> {
    let folders = path.parent().into_iter().flat_map(Path::components);
    let named = folders.filter_map(|folder| {
        let (name, value) = folder.as_os_str().to_str()?.split_once('=')?;
        (!name.is_empty()).then(|| (decoded(name), decoded(value)))
    });
    named.collect()
}

fn decoded(text: &str) -> String {
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => decoded.into_owned(),
        Err(_) => text.to_string(),
    }
}

impl Partitions {
    /// What the folders of all files say, with the types that the first file tells or, without that, that all values have.
    pub(super) fn read(files: &[PathBuf]) -> Result<Self> {
        let Some(first) = files.first() else {
            return Ok(Self::default());
        };
        let found: Vec<Vec<(String, String)>> = files.iter().map(|file| of(file)).collect();
        let names = |found: &[(String, String)]| -> Vec<String> {
            found.iter().map(|(name, _)| name.clone()).collect()
        };
        let fields = names(&found[0]);
        if let Some(other) = found.iter().position(|found| names(found) != fields) {
            return plan_err!(
                "{} and {} lie in folders of different fields, so that they are not one table",
                first.display(),
                files[other].display()
            );
        }
        let told = kouan_ingest::partition_types(first);
        let texts = |field: usize| -> Vec<Option<&str>> {
            let values = found.iter().map(|found| found[field].1.as_str());
            values
                .map(|value| (value != NULL_VALUE).then_some(value))
                .collect()
        };
        let mut columns = Vec::new();
        for (field, name) in fields.iter().enumerate() {
            let texts = texts(field);
            let told = told.iter().find(|(told, _)| told == name);
            let values = told.and_then(|(_, kind)| typed(&texts, kind, false));
            let values = values.unwrap_or_else(|| best_typed(&texts));
            columns.push(values);
        }
        let types = columns.iter().map(|(kind, _)| kind.clone());
        Ok(Self {
            fields: fields.iter().cloned().zip(types).collect(),
            values: (0..files.len())
                .map(|file| {
                    columns
                        .iter()
                        .map(|(_, values)| values[file].clone())
                        .collect()
                })
                .collect(),
        })
    }
}

type Column = (DataType, Vec<ScalarValue>);

/// Values of the first type that says all that the texts do: `007` is no number, since it would become 7.
fn best_typed(texts: &[Option<&str>]) -> Column {
    let known = [DataType::Int64, DataType::Date32];
    let is_known = texts.iter().any(Option::is_some);
    let found = known
        .iter()
        .filter(|_| is_known)
        .find_map(|kind| typed(texts, kind, true));
    let as_text = |text: &Option<&str>| ScalarValue::Utf8(text.map(str::to_string));
    found.unwrap_or_else(|| (DataType::Utf8, texts.iter().map(as_text).collect()))
}

/// Texts as values of a type, if all are; with `exactly`, if they are written as the type writes them.
fn typed(texts: &[Option<&str>], kind: &DataType, exactly: bool) -> Option<Column> {
    let value = |text: &Option<&str>| match text {
        None => ScalarValue::try_from(kind).ok(),
        Some(text) => {
            let value = ScalarValue::try_from_string((*text).to_string(), kind).ok()?;
            (!value.is_null() && (!exactly || value.to_string() == *text)).then_some(value)
        }
    };
    let values: Option<Vec<ScalarValue>> = texts.iter().map(value).collect();
    Some((kind.clone(), values?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_name_fields_and_values() {
        let found = of(Path::new(
            "out/a=b/year=2014/place=%E5%8F%A3%20%3D%25/c=d.parquet",
        ));
        let expected = [("a", "b"), ("year", "2014"), ("place", "口 =%")];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_string(), value.to_string()))
        );
    }

    #[test]
    fn values_have_the_type_that_says_all_of_them() {
        let kind = |texts: &[Option<&str>]| best_typed(texts).0;
        for (texts, expected) in [
            (vec![Some("1"), None, Some("-20")], DataType::Int64),
            (vec![Some("1"), Some("x")], DataType::Utf8),
            (vec![Some("007")], DataType::Utf8),
            (vec![Some("2014-03-01")], DataType::Date32),
            (vec![Some("2014-03-01"), Some("2014")], DataType::Utf8),
            (vec![Some("")], DataType::Utf8),
            (vec![None], DataType::Utf8),
        ] {
            assert_eq!(kind(&texts), expected, "{texts:?}");
        }
        assert_eq!(
            best_typed(&[Some("7"), None]).1,
            [ScalarValue::Int64(Some(7)), ScalarValue::Int64(None)]
        );
    }
}
