//! One file, read twice: for its shape, then for its columns.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use kouan_ingest::SourceRow;
use kouan_schema::{Compression, Encoding};
use serde_json::{Map, Value as Json, json};

use crate::column::Column;
use crate::doubt::Doubt;
use crate::encoding;
use crate::error::DescribeError;
use crate::forms::Form;
use crate::marks::Marks;
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
    pub(crate) doubts: Vec<Doubt>,
    /// The first row that does not fit in.
    pub(crate) fault: Option<RowFault>,
}

/// A row that has not the shape of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFault {
    /// The line that it starts on, from 1.
    pub line: u64,
    /// The cells that it has.
    pub cells: usize,
    /// The cells that the others have.
    pub expected: usize,
    /// Whether a header tells that number.
    pub has_header: bool,
    /// Whether its quotes are wrong, so that its cells cannot be told.
    pub has_wrong_quotes: bool,
}

impl Table {
    pub(crate) fn read(file: &Path, forms: &[Form], is_full: bool) -> Result<Self, DescribeError> {
        let failed = |source| DescribeError::Unreadable {
            file: file.to_path_buf(),
            source,
        };
        let encoding = encoding::encoding(|| decompressed(file)).map_err(failed)?;
        let mut sample = Vec::new();
        let text = text(file, encoding).map_err(failed)?;
        text.take(SAMPLE as u64)
            .read_to_end(&mut sample)
            .map_err(failed)?;
        let is_whole = sample.len() < SAMPLE;
        let shape = shape::shape(&sample, is_whole, forms);
        let shape = shape.ok_or_else(|| DescribeError::Empty(file.to_path_buf()))?;
        let of_shape = |shape| Self {
            file: file.to_path_buf(),
            encoding,
            columns: Vec::new(),
            doubts: Vec::new(),
            rows: 0,
            fault: None,
            shape,
        };
        let is_escaped = shape.escape.is_some();
        let mut table = of_shape(shape);
        let all = || table_text(file, encoding);
        let flaws = table.see_rows(all()?, None, forms, is_full)?;
        if flaws > 0
            && !is_escaped
            && let Some(shape) = shape::escaped_shape(&sample, is_whole, forms)
        {
            // The first quote behind a backslash may stand below the sample.
            let mut escaped = of_shape(shape);
            if escaped.see_rows(all()?, None, forms, is_full)? < flaws {
                table = escaped;
            }
        }
        Ok(table)
    }

    /// What the beginning of a file says of all of it. Nothing if the file is short, or if later rows could make
    /// another table of it than one with these columns, each as it is or wider.
    pub(crate) fn read_beginning(
        file: &Path,
        forms: &[Form],
    ) -> Result<Option<Self>, DescribeError> {
        let mut sample = Vec::new();
        let input =
            decompressed(file).and_then(|input| input.take(SAMPLE as u64).read_to_end(&mut sample));
        input.map_err(|source| DescribeError::Unreadable {
            file: file.to_path_buf(),
            source,
        })?;
        if sample.len() < SAMPLE || !encoding::is_beginning_of_utf_8(&sample) {
            return Ok(None);
        }
        let Some(shape) = shape::shape(&sample, false, forms) else {
            return Ok(None);
        };
        let mut last = 0;
        let each = |row: &SourceRow<'_, '_>| {
            last = row.number();
            ControlFlow::Continue(())
        };
        // A slice is read without fail.
        let _ = kouan_ingest::each_row(&sample[..], &shape.dialect(), each);
        let mut table = Self {
            file: file.to_path_buf(),
            encoding: None,
            columns: Vec::new(),
            doubts: Vec::new(),
            rows: 0,
            fault: None,
            shape,
        };
        // The last row is cut off in the middle.
        let flaws = table.see_rows(&sample[..], Some(last), forms, false)?;
        let is_sound = flaws == 0 && table.fault.is_none();
        let delimiter = table.shape.delimiter;
        let is_decided = |column: &Column| column.is_decided(delimiter, forms);
        Ok(Some(table).filter(|table| is_sound && table.columns.iter().all(is_decided)))
    }

    /// Learns from the rows before a number, or from every row, what the columns hold, and tells how many rows have wrong
    /// quotes.
    fn see_rows(
        &mut self,
        input: impl Read,
        before: Option<u64>,
        forms: &[Form],
        is_full: bool,
    ) -> Result<u64, DescribeError> {
        let names = names(&self.shape);
        let columns = names
            .into_iter()
            .map(|name| Column::new(name, forms, is_full));
        let (mut columns, mut rows, mut flaws) = (columns.collect::<Vec<_>>(), 0, 0);
        let mut fault = None;
        self.each_row_of_any_width(input, |row| {
            if before.is_some_and(|before| row.number() >= before) {
                return;
            }
            flaws += u64::from(row.is_flawed());
            if !self.is_usual(row) {
                if fault.is_none() && row.width() > 0 {
                    fault = Some(RowFault {
                        line: row.line(),
                        cells: row.width(),
                        expected: self.shape.width,
                        has_header: self.shape.header.is_some(),
                        has_wrong_quotes: row.is_flawed(),
                    });
                }
                return;
            }
            rows += 1;
            for (column, cell) in columns.iter_mut().zip(row.cells()) {
                column.see(&cell, row.line(), forms);
            }
        })?;
        let possible = columns.iter().map(Column::possible);
        let marks = Marks::of(possible, self.shape.delimiter, forms);
        for column in &mut columns {
            column.settle(marks, forms);
        }
        self.doubts = self.doubts_of_shape();
        let commas = decimal_commas(&columns, self.shape.delimiter, forms);
        self.doubts.extend(commas);
        self.doubts
            .extend(columns.iter().flat_map(|column| column.doubts(forms)));
        (self.columns, self.rows, self.fault) = (columns, rows, fault);
        Ok(flaws)
    }

    /// Hands out every row that has the usual number of cells.
    pub(crate) fn each_row(&self, mut take: impl FnMut(&[String])) -> Result<(), DescribeError> {
        let mut cells: Vec<String> = vec![String::new(); self.shape.width];
        let input = table_text(&self.file, self.encoding)?;
        self.each_row_of_any_width(input, |row| {
            if self.is_usual(row) {
                for (cell, text) in cells.iter_mut().zip(row.cells()) {
                    cell.clear();
                    cell.push_str(&text);
                }
                take(&cells);
            }
        })
    }

    fn is_usual(&self, row: &SourceRow<'_, '_>) -> bool {
        row.width() == self.shape.width && !row.is_flawed()
    }

    fn each_row_of_any_width(
        &self,
        input: impl Read,
        mut take: impl FnMut(&SourceRow<'_, '_>),
    ) -> Result<(), DescribeError> {
        let failed = |source| DescribeError::Unreadable {
            file: self.file.clone(),
            source,
        };
        kouan_ingest::each_row(input, &self.shape.dialect(), |row| {
            if row.number() >= self.shape.first {
                take(row);
            }
            ControlFlow::Continue(())
        })
        .map_err(failed)
    }

    fn doubts_of_shape(&self) -> Vec<Doubt> {
        let shape = &self.shape;
        let mut doubts: Vec<Doubt> = shape.doubt.map(Doubt::from).into_iter().collect();
        if let Some(title) = &shape.title {
            let title: String = title.escape_debug().take(60).collect();
            doubts.push(Doubt::plain(format!(
                "`{title}` stands before the table and is left out, since it has not as many cells as the rows"
            )));
        }
        if let Some(written) = &shape.names {
            let differing = written.iter().zip(names(shape));
            let differing = differing.filter(|(written, name)| *written != name);
            doubts.extend(differing.map(|(written, name)| {
                Doubt::plain(format!(
                    "the header calls a column \"{}\"; it is called `{name}`",
                    written.escape_debug()
                ))
            }));
        }
        if shape.escape.is_some() {
            doubts.push(Doubt::plain(
                "a backslash takes the meaning from the sign behind it, as in `\\\"`",
            ));
        }
        if let Some(encoding) = self.encoding {
            let doubt = Doubt::plain(format!(
                "the encoding looks like {encoding}; look whether names read well"
            ));
            doubts.push(doubt);
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
        if let Some(dialect) = self.dialect(path) {
            resource.insert("dialect".to_string(), dialect);
        }
        resource.insert("schema".to_string(), schema);
        Json::Object(resource)
    }

    /// What differs from the default dialect.
    fn dialect(&self, path: &str) -> Option<Json> {
        let shape = &self.shape;
        let mut dialect = Map::new();
        if shape.delimiter != usual_delimiter(path) {
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
        if let Some(escape) = shape.escape {
            let escape = char::from(escape).to_string();
            dialect.insert("escapeChar".to_string(), escape.into());
        }
        let written = shape.names.as_ref();
        let header = shape.header.filter(|_| written == Some(&names(shape)));
        match header {
            None => {
                dialect.insert("header".to_string(), false.into());
                if shape.first > 1 {
                    let rows: Vec<u64> = (1..shape.first).collect();
                    dialect.insert("commentRows".to_string(), rows.into());
                }
            }
            Some(1) => {}
            Some(header) => {
                dialect.insert("headerRows".to_string(), json!([header]));
            }
        }
        (!dialect.is_empty()).then_some(Json::Object(dialect))
    }
}

/// One note on decimal commas, which another person may take for lists or thousands.
fn decimal_commas(columns: &[Column], delimiter: u8, forms: &[Form]) -> Option<Doubt> {
    let marked = columns.iter().filter_map(|column| {
        let example = column.doubtful_comma(delimiter, forms)?;
        Some((column, example))
    });
    let marked: Vec<_> = marked.collect();
    let (_, example) = marked.first()?;
    let names: Vec<&str> = marked
        .iter()
        .map(|(column, _)| column.name.as_str())
        .collect();
    let names = names.join("`, `");
    let read = format!("`{names}` is read with a decimal comma, as in `{example}`");
    let described = format!("{read}; if such cells are lists, make it a string");
    Some(Doubt::of_description(described).or_of_file(read))
}

/// The columns' names: as the header has them, where they can be seen, and differ but for capitals.
fn names(shape: &Shape) -> Vec<String> {
    let written = |place: usize| shape.names.as_ref().and_then(|names| names.get(place));
    let mut taken: HashSet<String> = shape
        .names
        .iter()
        .flatten()
        .map(|name| visible(name))
        .collect();
    let mut seen = HashSet::new();
    let name = |place: usize| {
        let name = written(place).map(|name| visible(name));
        let usable = name.filter(|name| !name.is_empty() && seen.insert(name.clone()));
        usable.unwrap_or_else(|| {
            let numbered = format!("column_{}", place + 1);
            let others = (2..).map(|number| format!("{numbered}_{number}"));
            let mut free = [numbered.clone()].into_iter().chain(others);
            // Names without end include a free one.
            free.find(|name| taken.insert(name.clone()))
                .unwrap_or(numbered)
        })
    };
    (0..shape.width).map(name).collect()
}

/// A name on one line and without signs that nobody can see; spaces at its ends stay, where it has none of them.
fn visible(name: &str) -> String {
    if name.trim().is_empty() {
        return String::new();
    }
    if !name.chars().any(char::is_control) {
        return name.to_string();
    }
    let blank = |character: char| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    };
    let spaced: String = name.chars().map(blank).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What separates cells unless a package says otherwise, by the file's name.
fn usual_delimiter(path: &str) -> u8 {
    let path = path.to_lowercase();
    let path = match (Compression::of_name(&path), path.rsplit_once('.')) {
        (Some(_), Some((path, _))) => path,
        _ => &path,
    };
    if path.ends_with(".tsv") { b'\t' } else { b',' }
}

/// How a file's name says that it is compressed.
pub(crate) fn compression(file: &Path) -> Option<Compression> {
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

/// A file as UTF-8, or what is wrong with it.
fn table_text(file: &Path, encoding: Option<&'static str>) -> Result<Box<dyn Read>, DescribeError> {
    text(file, encoding).map_err(|source| DescribeError::Unreadable {
        file: file.to_path_buf(),
        source,
    })
}

/// A file as UTF-8.
fn text(file: &Path, encoding: Option<&'static str>) -> io::Result<Box<dyn Read>> {
    let encoding = encoding
        .and_then(Encoding::of_name)
        .unwrap_or(Encoding::UTF_8);
    let input = Box::new(File::open(file)?);
    Ok(kouan_ingest::text(input, compression(file), encoding)?)
}
