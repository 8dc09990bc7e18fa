//! How a CSV file is written: delimiter, comments, header. Found from its beginning.

use std::borrow::Cow;
use std::ops::ControlFlow;

use kouan_schema::Dialect;

use crate::forms::Form;
use crate::header::{FirstRow, HeaderDoubt};

/// Bytes at the beginning that tell the delimiter and the header.
pub(crate) const SAMPLE: usize = 1 << 18;

/// Where several cut all rows alike, the first is meant: texts and numbers hold commas, and hardly ever tabs.
const DELIMITERS: [u8; 4] = *b"\t|;,";

/// The byte order mark of UTF-8.
pub(crate) const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) delimiter: u8,
    pub(crate) comment: Option<u8>,
    pub(crate) escape: Option<u8>,
    /// The cells of a row.
    pub(crate) width: usize,
    /// The number of the row that names the columns; comments and blank lines count.
    pub(crate) header: Option<u64>,
    /// The number of the first row that holds data.
    pub(crate) first: u64,
    /// What the header calls the columns; nothing without a header.
    pub(crate) names: Option<Vec<String>>,
    /// The first row before the table, which has not as many cells as its rows.
    pub(crate) title: Option<String>,
    /// What is uncertain of the header.
    pub(crate) doubt: Option<HeaderDoubt>,
}

impl Shape {
    /// The signs, as the reader of a package takes them.
    pub(crate) fn dialect(&self) -> Dialect {
        dialect(self.delimiter, self.comment, self.escape)
    }
}

fn dialect(delimiter: u8, comment: Option<u8>, escape: Option<u8>) -> Dialect {
    Dialect {
        delimiter,
        comment,
        escape,
        ..Dialect::default()
    }
}

/// One row of a sample.
struct Sampled {
    number: u64,
    cells: Vec<String>,
    is_flawed: bool,
}

/// A dialect, and how well the rows of a sample agree with it.
struct Tried {
    agreement: usize,
    width: usize,
    delimiter: u8,
    comment: Option<u8>,
    escape: Option<u8>,
    rows: Vec<Sampled>,
}

impl Tried {
    fn flaws(&self) -> usize {
        self.rows.iter().filter(|row| row.is_flawed).count()
    }
}

/// The shape of a file whose beginning is `sample`; `None` if it holds no row.
///
/// `escape` is tried where quotes do not fit otherwise, as in files of MySQL.
pub(crate) fn shape(sample: &[u8], is_whole: bool, forms: &[Form]) -> Option<Shape> {
    let sample = sample.strip_prefix(MARK).unwrap_or(sample);
    let plain = best(sample, is_whole, None)?;
    let best = match plain.flaws() {
        0 => plain,
        flaws => match best(sample, is_whole, Some(b'\\')) {
            Some(escaped) if escaped.flaws() < flaws => escaped,
            _ => plain,
        },
    };
    Some(of_rows(best, forms))
}

/// The shape of the same file if a backslash takes the meaning from the sign behind it.
pub(crate) fn escaped_shape(sample: &[u8], is_whole: bool, forms: &[Form]) -> Option<Shape> {
    let sample = sample.strip_prefix(MARK).unwrap_or(sample);
    best(sample, is_whole, Some(b'\\')).map(|best| of_rows(best, forms))
}

fn of_rows(best: Tried, forms: &[Form]) -> Shape {
    let Tried { width, rows, .. } = best;
    let is_usual = |row: &&Sampled| row.cells.len() == width && !row.is_flawed;
    let mut usual = rows.iter().filter(is_usual);
    // The usual width is that of some row.
    let first = usual.next();
    let body: Vec<&Vec<String>> = usual.map(|row| &row.cells).collect();
    let judged = first.map(|first| FirstRow::judge(&first.cells, &body, forms));
    let number = first.map_or(1, |row| row.number);
    let has_names = judged.as_ref().is_some_and(|judged| judged.has_names);
    let title = rows.first().filter(|row| row.number < number);
    Shape {
        title: title.map(|row| row.cells.join(" ")),
        delimiter: best.delimiter,
        comment: best.comment,
        escape: best.escape,
        width,
        header: has_names.then_some(number),
        first: number + u64::from(has_names),
        names: first.filter(|_| has_names).map(|row| row.cells.clone()),
        doubt: judged.and_then(|judged| judged.doubt),
    }
}

/// The delimiter and the comments by which the rows agree best.
fn best(sample: &[u8], is_whole: bool, escape: Option<u8>) -> Option<Tried> {
    let comment = sample.starts_with(b"#").then_some(b'#');
    let comments = match comment {
        Some(_) => vec![None, comment],
        None => vec![None],
    };
    let candidates = DELIMITERS
        .iter()
        .flat_map(|delimiter| comments.iter().map(move |comment| (*delimiter, *comment)));
    let tried = candidates.filter_map(|(delimiter, comment)| {
        let rows = rows(sample, is_whole, &dialect(delimiter, comment, escape));
        let width = usual_width(&rows)?;
        if delimiter == b',' && is_one_column_of_decimals(&rows) {
            return None;
        }
        let is_fitting = |row: &&Sampled| row.cells.len() == width && !row.is_flawed;
        let fitting = rows.iter().filter(is_fitting).count();
        // One cell a row is no sign of a delimiter; of several, the one by which the rows agree.
        let agreement = if width == 1 {
            0
        } else {
            fitting * 1_000 / rows.len()
        };
        Some(Tried {
            agreement,
            width,
            delimiter,
            comment,
            escape,
            rows,
        })
    });
    tried.max_by_key(|tried| {
        let place = DELIMITERS
            .iter()
            .position(|known| *known == tried.delimiter);
        (
            tried.agreement,
            // Without any, the usual one.
            tried.width > 1 || tried.delimiter == b',',
            std::cmp::Reverse(place),
            tried.comment.is_none(),
        )
    })
}

/// Whether commas cut no columns but numbers such as `1,5`, below one name.
fn is_one_column_of_decimals(rows: &[Sampled]) -> bool {
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_decimal = |row: &Sampled| match &row.cells[..] {
        [whole, fraction] => {
            are_digits(whole.strip_prefix('-').unwrap_or(whole)) && are_digits(fraction)
        }
        _ => false,
    };
    match rows {
        [name, numbers @ ..] => {
            name.cells.len() == 1 && !numbers.is_empty() && numbers.iter().all(is_decimal)
        }
        [] => false,
    }
}

/// The rows of a sample but for blank lines.
fn rows(sample: &[u8], is_whole: bool, dialect: &Dialect) -> Vec<Sampled> {
    let mut rows = Vec::new();
    // A slice is read without fail.
    let _ = kouan_ingest::each_row(sample, dialect, |row| {
        if row.width() > 0 {
            rows.push(Sampled {
                number: row.number(),
                cells: row.cells().map(Cow::into_owned).collect(),
                is_flawed: row.is_flawed(),
            });
        }
        ControlFlow::Continue(())
    });
    if !is_whole && rows.len() > 1 {
        // Cut off in the middle.
        rows.pop();
    }
    rows
}

/// The width that most rows have.
fn usual_width(rows: &[Sampled]) -> Option<usize> {
    let sound = rows.iter().filter(|row| !row.is_flawed);
    let mut widths: Vec<usize> = sound.map(|row| row.cells.len()).collect();
    widths.sort_unstable();
    widths
        .chunk_by(|one, other| one == other)
        .max_by_key(|same| same.len())
        .map(|same| same[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::forms;

    fn found(text: &str) -> Shape {
        shape(text.as_bytes(), true, &forms().unwrap()).unwrap()
    }

    #[test]
    fn delimiters_and_headers_are_found() {
        for (text, delimiter, rows_before, names) in [
            ("port,year\nErenhot,1956\n", b',', 1, Some("port year")),
            (
                "port;tonnes\nErenhot;1,5\nManzhouli;2,5\n",
                b';',
                1,
                Some("port tonnes"),
            ),
            ("a\tb\n1\tx,y\n", b'\t', 1, Some("a b")),
            ("0\t2,2\nyes\t2,2\nP1Y\t2,2\n", b'\t', 0, None),
            ("tons\n1,5\n2,25\n", b'\t', 1, Some("tons")),
            ("1,5;2,5;3,5\n2,5;3,5;4,5\n", b';', 0, None),
            ("Erenhot,1956\nManzhouli,1949\n", b',', 0, None),
            (
                "Freight of ports\n\nport,tonnes\nErenhot,5\nManzhouli,6\n",
                b',',
                3,
                Some("port tonnes"),
            ),
            (
                "port,1990,1991\nErenhot,5,6\n",
                b',',
                1,
                Some("port 1990 1991"),
            ),
            ("port,name\nerh,Erenhot\n", b',', 1, Some("port name")),
            ("port\nErenhot\n", b',', 1, Some("port")),
            ("\"a;b\",c\n\"d;e\",f\n", b',', 1, Some("a;b c")),
            (",port\n1,Erenhot\n2,Manzhouli\n", b',', 1, Some(" port")),
            // A line break and a blank line within a name.
            (
                "\"port\n\nname\",tons\nA,5\nB,6\n",
                b',',
                1,
                Some("port\n\nname tons"),
            ),
        ] {
            let shape = found(text);
            let joined = shape.names.map(|names| names.join(" "));
            assert_eq!(
                (shape.delimiter, shape.first - 1, joined.as_deref()),
                (delimiter, rows_before, names),
                "{text}"
            );
        }
        let shape = found("# freight\n# of ports\nport,tonnes\nErenhot,5\n");
        assert_eq!((shape.comment, shape.header), (Some(b'#'), Some(3)));
        let shape = found("#port,tonnes\nErenhot,5\n");
        assert_eq!(
            (shape.comment, shape.names),
            (None, Some(vec!["#port".into(), "tonnes".into()]))
        );
        assert_eq!(super::shape(b"", true, &[]), None);
    }
}
