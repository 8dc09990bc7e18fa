//! Cuts bytes into rows and cells, leaving every byte where it is.
//!
//! Written for this crate because a ready tokeniser does not tell where a cell starts, which quote was never
//! closed, or that a line was blank; `csv-core`, which never fails, is the yardstick in the tests.

use super::Syntax;
use super::marks::Marks;

/// One cell: the bytes between its delimiters, or between its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) quoted: bool,
    /// Holds doubled quotes or escapes, which the value does not.
    pub(crate) escaped: bool,
}

/// One row: a run of cells. A blank line is a row without cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) start: u32,
    /// Behind its line break.
    pub(crate) end: u32,
    /// The line of the file that the row starts on, from 1.
    pub(crate) line: u64,
    /// The number of the row in the file, from 1; header, comments and blank lines count.
    pub(crate) record: u64,
    pub(crate) first_cell: u32,
    pub(crate) cell_count: u32,
}

/// What is wrong with the shape of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// `"a"b`: the offset of `b`.
    TextAfterQuote(u32),
    /// The offset of a quote that the file never closes.
    QuoteNeverClosed(u32),
}

/// How far whole rows reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rest {
    /// The bytes that have been cut.
    pub(crate) consumed: usize,
    /// The line that the remaining bytes start on.
    pub(crate) line: u64,
    /// The number of the row that they start.
    pub(crate) record: u64,
    /// The offset of a quote that is still open where the bytes end.
    pub(crate) open_quote: Option<usize>,
}

/// The rows and cells of some bytes.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) rows: Vec<Row>,
    pub(crate) cells: Vec<Cell>,
    /// Rows that are not in `rows`, and why.
    pub(crate) flaws: Vec<(Row, Flaw)>,
}

impl Tokens {
    /// Cuts `bytes`, which start on `line` with row number `record`, up to the end of the last whole row.
    ///
    /// `last` says that nothing follows, so that the last row needs no line break. A row ends at LF, CR LF or CR.
    /// Offsets are counted from `offset`, where the bytes lie in a longer text.
    pub(crate) fn cut(
        &mut self,
        bytes: &[u8],
        syntax: &Syntax,
        (line, record): (u64, u64),
        (offset, last): (usize, bool),
    ) -> Rest {
        self.rows.clear();
        self.cells.clear();
        self.flaws.clear();
        walk::<true>(bytes, syntax, (line, record), (offset, last), self)
    }
}

/// How far whole rows reach; as [`Tokens::cut`], but the cells are not wanted.
pub(crate) fn reach(bytes: &[u8], syntax: &Syntax, at: (u64, u64), last: bool) -> Rest {
    walk::<false>(bytes, syntax, at, (0, last), &mut Tokens::default())
}

/// The number of line breaks in some bytes: LF, CR LF or CR.
pub(crate) fn line_breaks(bytes: &[u8]) -> usize {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let alone = |&index: &usize| bytes.get(index + 1) != Some(&b'\n');
    feeds + memchr::memchr_iter(b'\r', bytes).filter(alone).count()
}

fn walk<const KEEP: bool>(
    bytes: &[u8],
    syntax: &Syntax,
    (line, record): (u64, u64),
    (offset, last): (usize, bool),
    tokens: &mut Tokens,
) -> Rest {
    let mut cutter = Cutter::<KEEP> {
        bytes,
        marks: Marks::new(bytes, syntax),
        syntax,
        offset,
        last,
        is_plain: syntax.escape.is_none() && !syntax.skip_initial_space,
        at: 0,
        flaw: None,
        tokens,
    };
    let mut rest = Rest {
        consumed: 0,
        line,
        record,
        open_quote: None,
    };
    while cutter.at < bytes.len() {
        match cutter.line(rest.line, rest.record) {
            Ok(lines) => {
                rest = Rest {
                    consumed: cutter.at,
                    line: rest.line + lines,
                    record: rest.record + 1,
                    open_quote: None,
                }
            }
            Err(OutOfBytes::InRow) => break,
            Err(OutOfBytes::InQuote(open)) => {
                rest.open_quote = Some(open);
                break;
            }
        }
    }
    rest
}

/// Why a row could not be cut.
enum OutOfBytes {
    InRow,
    InQuote(usize),
}

struct Cutter<'a, const KEEP: bool> {
    bytes: &'a [u8],
    /// Those from `at` on, but for the one that was sought last.
    marks: Marks<'a>,
    syntax: &'a Syntax,
    /// What is added to every offset.
    offset: usize,
    last: bool,
    /// Nothing but quotes protects a delimiter.
    is_plain: bool,
    at: usize,
    flaw: Option<Flaw>,
    tokens: &'a mut Tokens,
}

/// How a row was met.
enum Kind {
    Comment,
    Row {
        /// May hold line breaks.
        spans_lines: bool,
    },
}

impl<const KEEP: bool> Cutter<'_, KEEP> {
    /// Cuts one row, blank line or comment, and tells how many lines it takes.
    #[inline]
    fn line(&mut self, line: u64, record: u64) -> Result<u64, OutOfBytes> {
        let first_cell = self.tokens.cells.len();
        let start = self.at;
        let spans_lines = match self.row() {
            Ok(Kind::Comment) => return Ok(1),
            Ok(Kind::Row { spans_lines }) => spans_lines,
            Err(out) => {
                self.tokens.cells.truncate(first_cell);
                return Err(out);
            }
        };
        let lines = if spans_lines {
            line_breaks(&self.bytes[start..self.at]).max(1)
        } else {
            1
        };
        if KEEP {
            let row = Row {
                start: offset(self.offset + start),
                end: offset(self.offset + self.at),
                line,
                record,
                first_cell: offset(first_cell),
                cell_count: offset(self.tokens.cells.len() - first_cell),
            };
            match self.flaw.take() {
                None => self.tokens.rows.push(row),
                Some(flaw) => self.tokens.flaws.push((row, flaw)),
            }
        }
        Ok(lines as u64)
    }

    #[inline]
    fn row(&mut self) -> Result<Kind, OutOfBytes> {
        self.flaw = None;
        let first = self.peek();
        if first.is_some() && first == self.syntax.comment {
            self.seek(|byte| matches!(byte, b'\n' | b'\r'))?;
            self.line_break()?;
            return Ok(Kind::Comment);
        }
        if matches!(first, Some(b'\n' | b'\r')) {
            self.seek(|_| true)?;
            self.line_break()?;
            return Ok(Kind::Row { spans_lines: false });
        }
        let mut spans_lines = false;
        loop {
            if self.is_plain && self.bare_cells()? {
                break;
            }
            if self.syntax.skip_initial_space {
                self.skip_spaces()?;
            }
            let cell = if self.peek().is_some() && self.peek() == self.syntax.quote {
                self.quoted_cell()?
            } else {
                self.bare_cell()?
            };
            spans_lines |= cell.quoted || cell.escaped;
            if KEEP {
                self.tokens.cells.push(cell);
            }
            if self.peek() != Some(self.syntax.delimiter) {
                break;
            }
            self.at += 1;
            if self.at == self.bytes.len() && !self.last {
                return Err(OutOfBytes::InRow);
            }
        }
        self.line_break()?;
        Ok(Kind::Row { spans_lines })
    }

    /// Cuts cells up to one with a quote, or to the end of the row, which is then reached; for syntax that is plain.
    #[inline]
    fn bare_cells(&mut self) -> Result<bool, OutOfBytes> {
        loop {
            let start = self.at;
            if start < self.bytes.len() && Some(self.bytes[start]) == self.syntax.quote {
                return Ok(false);
            }
            let end = loop {
                match self.marks.next() {
                    Some(at) if Some(self.bytes[at]) == self.syntax.quote => {}
                    Some(at) => break at,
                    None if self.last => break self.bytes.len(),
                    None => return Err(OutOfBytes::InRow),
                }
            };
            if KEEP {
                self.tokens
                    .cells
                    .push(self.cell((start, end), false, false));
            }
            self.at = end;
            if self.peek() != Some(self.syntax.delimiter) {
                return Ok(true);
            }
            self.at += 1;
            if self.at == self.bytes.len() && !self.last {
                return Err(OutOfBytes::InRow);
            }
        }
    }

    #[inline]
    fn bare_cell(&mut self) -> Result<Cell, OutOfBytes> {
        let start = self.at;
        let mut escaped = false;
        loop {
            match self.seek(|byte| Some(byte) != self.syntax.quote)? {
                Some(byte) if Some(byte) == self.syntax.escape => {
                    escaped = true;
                    self.escape()?;
                }
                _ => break,
            }
        }
        Ok(self.cell((start, self.at), false, escaped))
    }

    fn quoted_cell(&mut self) -> Result<Cell, OutOfBytes> {
        let open = self.at;
        self.step_to(open + 1);
        let mut escaped = false;
        let ends_run = |byte| Some(byte) == self.syntax.quote || Some(byte) == self.syntax.escape;
        let end = loop {
            let found = self.seek(ends_run);
            let Ok(Some(byte)) = found else {
                return self.never_closed(open);
            };
            if Some(byte) == self.syntax.escape {
                escaped = true;
                self.escape().map_err(|_| OutOfBytes::InQuote(open))?;
                continue;
            }
            let end = self.at;
            self.step_to(end + 1);
            if self.at == self.bytes.len() && !self.last {
                return Err(OutOfBytes::InQuote(open));
            }
            if !(self.syntax.double_quote && self.peek() == self.syntax.quote) {
                break end;
            }
            escaped = true;
            self.step_to(self.at + 1);
        };
        let after = self.at;
        let delimiter = self.syntax.delimiter;
        self.seek(|byte| byte == delimiter || matches!(byte, b'\n' | b'\r'))?;
        if self.at > after {
            let flaw = Flaw::TextAfterQuote(offset(self.offset + after));
            self.flaw.get_or_insert(flaw);
        }
        Ok(self.cell((open + 1, end), true, escaped))
    }

    fn never_closed(&mut self, open: usize) -> Result<Cell, OutOfBytes> {
        if !self.last {
            return Err(OutOfBytes::InQuote(open));
        }
        self.step_to(self.bytes.len());
        self.flaw = Some(Flaw::QuoteNeverClosed(offset(self.offset + open)));
        Ok(self.cell((open + 1, self.at), true, false))
    }

    fn cell(&self, (start, end): (usize, usize), quoted: bool, escaped: bool) -> Cell {
        Cell {
            start: offset(self.offset + start),
            end: offset(self.offset + end),
            quoted,
            escaped,
        }
    }

    /// Steps over an escape and the byte that it protects.
    fn escape(&mut self) -> Result<(), OutOfBytes> {
        if self.at + 1 >= self.bytes.len() && !self.last {
            return Err(OutOfBytes::InRow);
        }
        self.step_to((self.at + 2).min(self.bytes.len()));
        Ok(())
    }

    /// Steps over a line break that was sought, or the end of the file.
    #[inline]
    fn line_break(&mut self) -> Result<(), OutOfBytes> {
        match self.peek() {
            None if self.last => {}
            Some(b'\n') => self.at += 1,
            // What follows tells whether the line break is one byte or two.
            Some(b'\r') if self.last || self.at + 1 < self.bytes.len() => {
                let is_pair = self.bytes.get(self.at + 1) == Some(&b'\n');
                self.step_to(self.at + 1 + usize::from(is_pair));
            }
            _ => return Err(OutOfBytes::InRow),
        }
        Ok(())
    }

    fn skip_spaces(&mut self) -> Result<(), OutOfBytes> {
        let rest = &self.bytes[self.at..];
        match rest.iter().position(|&byte| byte != b' ') {
            Some(spaces) => self.step_to(self.at + spaces),
            None if self.last => self.step_to(self.bytes.len()),
            None => return Err(OutOfBytes::InRow),
        }
        Ok(())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn step_to(&mut self, at: usize) {
        self.at = at;
        self.marks.skip_to(at);
    }

    /// Steps to the first mark that is wanted, or to the end of the file.
    #[inline]
    fn seek(&mut self, wanted: impl Fn(u8) -> bool) -> Result<Option<u8>, OutOfBytes> {
        while let Some(at) = self.marks.next() {
            let byte = self.bytes[at];
            if wanted(byte) {
                self.at = at;
                return Ok(Some(byte));
            }
        }
        if !self.last {
            return Err(OutOfBytes::InRow);
        }
        self.at = self.bytes.len();
        Ok(None)
    }
}

/// Chunks are far smaller than 4 GiB (see `ChunkReader`), so an offset fits.
#[inline]
fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(bytes: &[u8], syntax: &Syntax, last: bool) -> (Tokens, Rest) {
        let mut tokens = Tokens::default();
        let rest = tokens.cut(bytes, syntax, (1, 1), (0, last));
        assert_eq!(rest, reach(bytes, syntax, (1, 1), last));
        (tokens, rest)
    }

    fn texts(bytes: &[u8], syntax: &Syntax) -> Vec<Vec<String>> {
        let (tokens, rest) = cut(bytes, syntax, true);
        assert_eq!(rest.consumed, bytes.len());
        let text = |cell: &Cell| {
            let raw = std::str::from_utf8(&bytes[cell.start as usize..cell.end as usize]).unwrap();
            if cell.escaped {
                syntax.unescape(raw, cell.quoted)
            } else {
                raw.to_string()
            }
        };
        let cells = |row: &Row| {
            let first = row.first_cell as usize;
            tokens.cells[first..first + row.cell_count as usize]
                .iter()
                .map(text)
                .collect()
        };
        tokens.rows.iter().map(cells).collect()
    }

    fn check(csv: &str, expected: &[&[&str]]) {
        assert_eq!(
            texts(csv.as_bytes(), &Syntax::default()),
            expected,
            "{csv:?}"
        );
    }

    #[test]
    fn rows_end_at_any_line_break_or_the_end() {
        check("a,b\nc,d\n", &[&["a", "b"], &["c", "d"]]);
        check("a,b\r\nc,d\r\n", &[&["a", "b"], &["c", "d"]]);
        check("a,b\rc,d", &[&["a", "b"], &["c", "d"]]);
        check("a,", &[&["a", ""]]);
        check(",\n", &[&["", ""]]);
        check("", &[]);
    }

    #[test]
    fn a_blank_line_is_a_row_without_cells() {
        check("a\n\nb\n\r\n", &[&["a"], &[], &["b"], &[]]);
    }

    #[test]
    fn quotes_hold_delimiters_line_breaks_and_doubled_quotes() {
        check("\"a,b\",\"c\nd\"\n", &[&["a,b", "c\nd"]]);
        check("\"say \"\"hi\"\"\",\"\"\n", &[&["say \"hi\"", ""]]);
        check("12\" pipe,b\n", &[&["12\" pipe", "b"]]);
    }

    #[test]
    fn lines_are_counted_through_quotes() {
        let (tokens, rest) = cut(b"a\n\"b\r\nc\rd\"\ne\n", &Syntax::default(), true);
        assert_eq!(
            tokens.rows.iter().map(|row| row.line).collect::<Vec<_>>(),
            [1, 2, 5]
        );
        assert_eq!(rest.line, 6);
    }

    #[test]
    fn flaws_are_told_and_the_rest_is_still_cut() {
        let (tokens, _) = cut(b"\"a\"b,c\nd,e\n\"f,g\nh", &Syntax::default(), true);
        assert_eq!(tokens.rows.len(), 1);
        let flaws: Vec<_> = tokens
            .flaws
            .iter()
            .map(|(row, flaw)| (row.line, *flaw))
            .collect();
        assert_eq!(
            flaws,
            [
                (1, Flaw::TextAfterQuote(3)),
                (3, Flaw::QuoteNeverClosed(11))
            ]
        );
    }

    #[test]
    fn an_unfinished_row_waits_for_more_bytes() {
        for (bytes, consumed, open_quote) in [
            (&b"a,b\nc,"[..], 4, None),
            (b"a,b\nc", 4, None),
            (b"a,b\r", 0, None),
            (b"a\n\"b", 2, Some(2)),
            (b"a\n\"b\"", 2, Some(2)),
        ] {
            let (tokens, rest) = cut(bytes, &Syntax::default(), false);
            assert_eq!(
                (rest.consumed, rest.open_quote),
                (consumed, open_quote),
                "{bytes:?}"
            );
            assert_eq!(
                tokens.cells.len() as u32,
                tokens.rows.iter().map(|row| row.cell_count).sum::<u32>()
            );
        }
    }

    #[test]
    fn a_dialect_can_change_every_sign() {
        let syntax = Syntax {
            encoding: "UTF-8",
            delimiter: b';',
            quote: Some(b'\''),
            double_quote: false,
            escape: Some(b'\\'),
            comment: Some(b'#'),
            skip_initial_space: true,
        };
        let csv = b"# a; comment\n'a;\\'b'; c\\;d\n";
        assert_eq!(texts(csv, &syntax), [["a;'b", "c;d"]]);
    }

    /// The same bytes through `csv-core`, which skips blank lines.
    fn reference(bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv_core::Reader::new();
        let (mut rows, mut at) = (Vec::new(), 0);
        let (mut output, mut ends) = (vec![0; bytes.len() + 1], vec![0; bytes.len() + 1]);
        loop {
            let (mut written, mut found) = (0, 0);
            loop {
                let (result, read, wrote, ended) =
                    reader.read_record(&bytes[at..], &mut output[written..], &mut ends[found..]);
                (at, written, found) = (at + read, written + wrote, found + ended);
                match result {
                    csv_core::ReadRecordResult::Record => break,
                    csv_core::ReadRecordResult::End => return rows,
                    _ => {}
                }
            }
            let starts = std::iter::once(&0).chain(&ends[..found]);
            let cells = starts.zip(&ends[..found]);
            rows.push(
                cells
                    .map(|(start, end)| String::from_utf8(output[*start..*end].to_vec()).unwrap())
                    .collect(),
            );
        }
    }

    proptest! {
        #[test]
        fn agrees_with_csv_core(csv in "[ab,\"\n\r]{0,24}") {
            let (tokens, _) = cut(csv.as_bytes(), &Syntax::default(), true);
            prop_assume!(tokens.flaws.is_empty());
            let mut rows = texts(csv.as_bytes(), &Syntax::default());
            rows.retain(|row| !row.is_empty());
            prop_assert_eq!(rows, reference(csv.as_bytes()));
        }
    }
}
