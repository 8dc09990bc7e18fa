//! How a CSV file is written: encoding, delimiter, comments, header. Found from its beginning, but for the encoding.

use std::io::{self, Read};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use crate::forms::Form;

/// Bytes at the beginning that tell the delimiter and the header.
pub(crate) const SAMPLE: usize = 1 << 18;

const DELIMITERS: [u8; 4] = *b",;\t|";

/// How a file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) delimiter: u8,
    pub(crate) comment: Option<u8>,
    /// The cells of a row.
    pub(crate) width: usize,
    /// Rows before those that hold data; the last of them names the columns, if `names` are there.
    pub(crate) rows_before: usize,
    /// Blank lines and comments before the last of them.
    pub(crate) empty_before: usize,
    /// What the header calls the columns; nothing without a header.
    pub(crate) names: Option<Vec<String>>,
}

/// The encoding of a text, by a name that a package can say; nothing for UTF-8.
pub(crate) fn encoding(
    open: impl Fn() -> io::Result<Box<dyn Read>>,
) -> io::Result<Option<&'static str>> {
    let mut start = Vec::new();
    open()?.take(2).read_to_end(&mut start)?;
    if start == [0xFF, 0xFE] || start == [0xFE, 0xFF] {
        return Ok(Some("utf-16"));
    }
    if is_utf_8(open()?)? {
        return Ok(None);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let (mut input, mut bytes) = (open()?, vec![0; 1 << 16]);
    loop {
        let length = input.read(&mut bytes)?;
        detector.feed(&bytes[..length], length == 0);
        if length == 0 {
            let found = detector.guess(None, Utf8Detection::Deny).name();
            // What Chinese programs call GBK is written in its successor today.
            return Ok(Some(if found == "GBK" { "GB18030" } else { found }));
        }
    }
}

fn is_utf_8(mut input: impl Read) -> io::Result<bool> {
    let (mut bytes, mut kept) = (vec![0; 1 << 16], 0);
    loop {
        let length = input.read(&mut bytes[kept..])? + kept;
        if length == kept {
            return Ok(kept == 0);
        }
        kept = match std::str::from_utf8(&bytes[..length]) {
            Ok(_) => 0,
            // A character may go on in the next bytes.
            Err(error) if error.error_len().is_none() => {
                bytes.copy_within(error.valid_up_to()..length, 0);
                length - error.valid_up_to()
            }
            Err(_) => return Ok(false),
        };
    }
}

/// The shape of a file whose beginning is `sample`; `None` if it holds no row.
pub(crate) fn shape(sample: &[u8], is_whole: bool, forms: &[Form]) -> Option<Shape> {
    let comment = sample.starts_with(b"#").then_some(b'#');
    let candidates = DELIMITERS.iter().flat_map(|delimiter| {
        let comments = if comment.is_some() {
            vec![None, comment]
        } else {
            vec![None]
        };
        comments
            .into_iter()
            .map(move |comment| (*delimiter, comment))
    });
    let tried = candidates.filter_map(|(delimiter, comment)| {
        let (rows, ends) = rows(sample, is_whole, delimiter, comment);
        let width = usual_width(&rows)?;
        let fitting = rows.iter().filter(|row| row.len() == width).count();
        // One cell a row is no sign of a delimiter; of several, the one by which the rows agree.
        let agreement = if width == 1 {
            0
        } else {
            fitting * 1_000 / rows.len()
        };
        Some((agreement, width, delimiter, comment, rows, ends))
    });
    let best = tried.max_by_key(|(agreement, width, delimiter, comment, ..)| {
        let place = DELIMITERS.iter().position(|known| known == delimiter);
        (
            *agreement,
            *width,
            std::cmp::Reverse(place),
            comment.is_none(),
        )
    });
    let (_, width, delimiter, comment, rows, ends) = best?;
    let first = rows.iter().position(|row| row.len() == width)?;
    let body: Vec<&Vec<String>> = rows[first + 1..]
        .iter()
        .filter(|row| row.len() == width)
        .collect();
    let names = is_header(&rows[first], &body, forms).then(|| rows[first].clone());
    let rows_before = first + usize::from(names.is_some());
    let end = ends.get(rows_before.saturating_sub(1)).copied();
    Some(Shape {
        empty_before: empty_lines(&sample[..end.unwrap_or(0).min(sample.len())], comment),
        delimiter,
        comment,
        width,
        rows_before,
        names,
    })
}

/// The rows of a sample, and where each ends. Blank lines are none.
fn rows(
    sample: &[u8],
    is_whole: bool,
    delimiter: u8,
    comment: Option<u8>,
) -> (Vec<Vec<String>>, Vec<usize>) {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .comment(comment)
        .has_headers(false)
        .flexible(true)
        .from_reader(sample);
    let (mut rows, mut ends) = (Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        let cells = record
            .iter()
            .map(|cell| String::from_utf8_lossy(cell).into_owned());
        rows.push(cells.collect());
        ends.push(usize::try_from(reader.position().byte()).unwrap_or(sample.len()));
    }
    if !is_whole && rows.len() > 1 {
        // Cut off in the middle.
        rows.pop();
    }
    (rows, ends)
}

/// The blank lines and comments of a text, which count as rows where a dialect numbers them.
fn empty_lines(text: &[u8], comment: Option<u8>) -> usize {
    let text = String::from_utf8_lossy(text).replace("\r\n", "\n");
    let lines = text.split_inclusive(['\n', '\r']);
    let is_empty = |line: &&str| {
        let first = line.bytes().next();
        (comment.is_some() && first == comment) || line.len() == 1 && line.trim().is_empty()
    };
    lines.filter(is_empty).count()
}

/// The width that most rows have.
fn usual_width(rows: &[Vec<String>]) -> Option<usize> {
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    widths
        .chunk_by(|one, other| one == other)
        .max_by_key(|same| same.len())
        .map(|same| same[0])
}

/// Whether a row names the columns rather than being one of them: it has a text where a column has none, or all is text.
fn is_header(first: &[String], body: &[&Vec<String>], forms: &[Form]) -> bool {
    let (mut differs, mut resembles) = (0, 0);
    for (column, name) in first.iter().enumerate() {
        let cells = || {
            body.iter()
                .map(|row| row[column].as_str())
                .filter(|cell| !cell.is_empty())
        };
        let all = |form: &&Form| {
            cells().next().is_some() && cells().all(|cell| form.read(cell).is_some())
        };
        match forms.iter().find(all) {
            Some(form) if form.read(name).is_none() => differs += 1,
            Some(_) => resembles += 1,
            None => {}
        }
    }
    let years: Vec<u16> = first.iter().filter_map(|name| name.parse().ok()).collect();
    let counts_years = years.len() > 1 && years.windows(2).all(|pair| pair[0] < pair[1]);
    let mut names: Vec<&String> = first.iter().collect();
    names.sort_unstable();
    names.dedup();
    let are_names = names.len() == first.len() && first.iter().all(|name| !name.is_empty());
    differs > 0 || (are_names && (resembles == 0 || counts_years))
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
            ("Erenhot,1956\nManzhouli,1949\n", b',', 0, None),
            (
                "Freight of ports\n\nport,tonnes\nErenhot,5\nManzhouli,6\n",
                b',',
                2,
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
        ] {
            let shape = found(text);
            let joined = shape.names.map(|names| names.join(" "));
            assert_eq!(
                (shape.delimiter, shape.rows_before, joined.as_deref()),
                (delimiter, rows_before, names),
                "{text}"
            );
        }
        let shape = found("# freight\n# of ports\nport,tonnes\nErenhot,5\n");
        assert_eq!((shape.comment, shape.rows_before), (Some(b'#'), 1));
        let shape = found("#port,tonnes\nErenhot,5\n");
        assert_eq!(
            (shape.comment, shape.names),
            (None, Some(vec!["#port".into(), "tonnes".into()]))
        );
        assert_eq!(super::shape(b"", true, &[]), None);
    }

    #[test]
    fn encodings_are_told_apart() {
        // `口岸,阿拉山口` in GB18030, and `Straße,Köln` in Windows-1252.
        let chinese = b"\xbf\xda\xb0\xb6,\xb0\xa2\xc0\xad\xc9\xbd\xbf\xda\n".repeat(3);
        let german = b"Stra\xdfe,K\xf6ln und M\xfcnchen\n".repeat(3);
        for (bytes, expected) in [
            ("口岸,阿拉山口\n".as_bytes(), None),
            (b"\xEF\xBB\xBFid\n", None),
            (&chinese, Some("GB18030")),
            (&german, Some("windows-1252")),
            (b"\xFF\xFEi\0d\0", Some("utf-16")),
        ] {
            let owned = bytes.to_vec();
            let open = || Ok(Box::new(io::Cursor::new(owned.clone())) as Box<dyn Read>);
            assert_eq!(encoding(open).unwrap(), expected);
        }
    }
}
