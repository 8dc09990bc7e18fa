//! One file, read twice: for its shape, then for its columns.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use csv::ByteRecord;
use kouan_schema::{Compression, Encoding};
use serde_json::{Map, Value as Json, json};

use crate::column::Column;
use crate::error::DescribeError;
use crate::forms::Form;
use crate::shape::{self, SAMPLE, Shape};

/// What is known of a file.
#[derive(Debug)]
pub(crate) struct Table {
    file: PathBuf,
    encoding: Option<&'static str>,
    shape: Shape,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: u64,
    /// What a person should know of it.
    pub(crate) doubts: Vec<String>,
}

impl Table {
    pub(crate) fn read(file: &Path, forms: &[Form]) -> Result<Self, DescribeError> {
        let failed = |source| DescribeError::Unreadable {
            file: file.to_path_buf(),
            source,
        };
        let encoding = shape::encoding(|| decompressed(file)).map_err(failed)?;
        let mut sample = Vec::new();
        let text = text(file, encoding).map_err(failed)?;
        text.take(SAMPLE as u64)
            .read_to_end(&mut sample)
            .map_err(failed)?;
        let shape = shape::shape(&sample, sample.len() < SAMPLE, forms);
        let shape = shape.ok_or_else(|| DescribeError::Empty(file.to_path_buf()))?;
        let names = names(&shape);
        let mut table = Self {
            file: file.to_path_buf(),
            encoding,
            columns: names
                .into_iter()
                .map(|name| Column::new(name, forms))
                .collect(),
            doubts: Vec::new(),
            rows: 0,
            shape,
        };
        table.see_rows(forms)?;
        Ok(table)
    }

    fn see_rows(&mut self, forms: &[Form]) -> Result<(), DescribeError> {
        let (mut columns, mut rows) = (std::mem::take(&mut self.columns), 0);
        self.each_row(|row| {
            rows += 1;
            for (column, cell) in columns.iter_mut().zip(row.iter()) {
                column.see(&String::from_utf8_lossy(cell), forms);
            }
        })?;
        self.doubts = self.doubts_of_shape();
        self.doubts
            .extend(columns.iter().flat_map(|column| column.doubts(forms)));
        (self.columns, self.rows) = (columns, rows);
        Ok(())
    }

    /// Hands out every row that has the usual number of cells.
    pub(crate) fn each_row(&self, mut take: impl FnMut(&ByteRecord)) -> Result<(), DescribeError> {
        let failed = |source| DescribeError::Unreadable {
            file: self.file.clone(),
            source,
        };
        let input = text(&self.file, self.encoding).map_err(failed)?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.shape.delimiter)
            .comment(self.shape.comment)
            .has_headers(false)
            .flexible(true)
            .from_reader(input);
        let (mut record, mut number) = (ByteRecord::new(), 0);
        while reader
            .read_byte_record(&mut record)
            .map_err(|error| failed(error.into()))?
        {
            number += 1;
            if number > self.shape.rows_before && record.len() == self.shape.width {
                take(&record);
            }
        }
        Ok(())
    }

    fn doubts_of_shape(&self) -> Vec<String> {
        let mut doubts = Vec::new();
        if self.shape.names.is_none() {
            doubts.push(
                "the first row looks like data, so the columns are called column_1, column_2 …"
                    .to_string(),
            );
        }
        if let Some(encoding) = self.encoding {
            doubts.push(format!(
                "the encoding looks like {encoding}; look whether names read well"
            ));
        }
        doubts
    }

    /// The resource of a package, its keys left to be added.
    pub(crate) fn resource(&self, name: &str, path: &str, schema: Json) -> Json {
        let mut resource = Map::new();
        resource.insert("name".to_string(), name.into());
        resource.insert("type".to_string(), "table".into());
        resource.insert("path".to_string(), path.into());
        if let Some(encoding) = self.encoding {
            resource.insert("encoding".to_string(), encoding.into());
        }
        if let Some(dialect) = self.dialect() {
            resource.insert("dialect".to_string(), dialect);
        }
        resource.insert("schema".to_string(), schema);
        Json::Object(resource)
    }

    /// What differs from the default dialect.
    fn dialect(&self) -> Option<Json> {
        let shape = &self.shape;
        let mut dialect = Map::new();
        if shape.delimiter != b',' {
            dialect.insert(
                "delimiter".to_string(),
                char::from(shape.delimiter).to_string().into(),
            );
        }
        if let Some(comment) = shape.comment {
            dialect.insert(
                "commentChar".to_string(),
                char::from(comment).to_string().into(),
            );
        }
        let before = shape.rows_before + shape.empty_before;
        let named_as_written = shape
            .names
            .as_ref()
            .is_some_and(|written| *written == names(shape));
        if !named_as_written {
            dialect.insert("header".to_string(), false.into());
            if before > 0 {
                let rows: Vec<usize> = (1..=before).collect();
                dialect.insert("commentRows".to_string(), rows.into());
            }
        } else if before > 1 {
            dialect.insert("headerRows".to_string(), json!([before]));
        }
        (!dialect.is_empty()).then_some(Json::Object(dialect))
    }
}

/// The columns' names: as the header has them, where they are names and differ.
fn names(shape: &Shape) -> Vec<String> {
    let written = |place: usize| shape.names.as_ref().and_then(|names| names.get(place));
    let mut names: Vec<String> = Vec::with_capacity(shape.width);
    for place in 0..shape.width {
        let written =
            written(place).filter(|name| !name.trim().is_empty() && !names.contains(name));
        names.push(
            written
                .cloned()
                .unwrap_or_else(|| format!("column_{}", place + 1)),
        );
    }
    names
}

/// How a file's name says that it is compressed.
fn compression(file: &Path) -> Option<Compression> {
    Compression::of_name(file.to_str()?)
}

fn decompressed(file: &Path) -> io::Result<Box<dyn Read>> {
    let input = Box::new(File::open(file)?);
    Ok(kouan_ingest::text(
        input,
        compression(file),
        Encoding::UTF_8,
    )?)
}

/// A file as UTF-8.
fn text(file: &Path, encoding: Option<&'static str>) -> io::Result<Box<dyn Read>> {
    let encoding = encoding
        .and_then(Encoding::of_name)
        .unwrap_or(Encoding::UTF_8);
    let input = Box::new(File::open(file)?);
    Ok(kouan_ingest::text(input, compression(file), encoding)?)
}
