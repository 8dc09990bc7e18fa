//! Cuts bytes into rows and cells, leaving every byte where it is.
//!
//! Written for this crate because a ready tokeniser does not tell where a cell starts, which quote was never
//! closed, or that a line was blank; `csv-core`, which never fails, is the yardstick in the tests.

use super::Syntax;

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

/// Why a row could not be cut.
enum OutOfBytes {
    InRow,
    InQuote(usize),
}

impl Tokens {
    /// Cuts `bytes`, which start on `line` with row number `record`, up to the end of the last whole row.
    ///
    /// `last` says that nothing follows, so that the last row needs no line break. A row ends at LF, CR LF or CR.
    pub(crate) fn cut(
        bytes: &[u8],
        syntax: &Syntax,
        (line, record): (u64, u64),
        last: bool,
    ) -> (Self, Rest) {
        let mut cutter = Cutter {
            bytes,
            syntax,
            last,
            at: 0,
            flaw: None,
            tokens: Self::default(),
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
        (cutter.tokens, rest)
    }
}

/// The number of line breaks in some bytes: LF, CR LF or CR.
pub(crate) fn line_breaks(bytes: &[u8]) -> usize {
    let alone = |index: usize| bytes.get(index + 1) != Some(&b'\n');
    let is_break = |(index, byte): (usize, &u8)| *byte == b'\n' || (*byte == b'\r' && alone(index));
    bytes
        .iter()
        .enumerate()
        .filter(|&item| is_break(item))
        .count()
}

struct Cutter<'a> {
    bytes: &'a [u8],
    syntax: &'a Syntax,
    last: bool,
    at: usize,
    flaw: Option<Flaw>,
    tokens: Tokens,
}

impl Cutter<'_> {
    /// Cuts one row, blank line or comment, and tells how many lines it takes.
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
        let row = Row {
            start: offset(start),
            line,
            record,
            first_cell: offset(first_cell),
            cell_count: offset(self.tokens.cells.len() - first_cell),
        };
        match self.flaw.take() {
            None => self.tokens.rows.push(row),
            Some(flaw) => self.tokens.flaws.push((row, flaw)),
        }
        Ok(lines as u64)
    }

    fn row(&mut self) -> Result<Kind, OutOfBytes> {
        self.flaw = None;
        if self.peek().is_some() && self.peek() == self.syntax.comment {
            self.at += self.find(|byte| matches!(byte, b'\n' | b'\r'))?;
            self.line_break()?;
            return Ok(Kind::Comment);
        }
        if matches!(self.peek(), Some(b'\n' | b'\r')) {
            self.line_break()?;
            return Ok(Kind::Row { spans_lines: false });
        }
        let mut spans_lines = false;
        loop {
            if self.syntax.skip_initial_space {
                self.at += self.find(|byte| byte != b' ')?;
            }
            let cell = if self.peek().is_some() && self.peek() == self.syntax.quote {
                self.quoted_cell()?
            } else {
                self.bare_cell()?
            };
            spans_lines |= cell.quoted || cell.escaped;
            self.tokens.cells.push(cell);
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

    fn bare_cell(&mut self) -> Result<Cell, OutOfBytes> {
        let start = self.at;
        let mut escaped = false;
        loop {
            self.at += self.find(|byte| self.syntax.ends_bare_run(byte))?;
            if self.peek().is_none() || self.peek() != self.syntax.escape {
                break;
            }
            escaped = true;
            self.escape()?;
        }
        Ok(Cell {
            start: offset(start),
            end: offset(self.at),
            quoted: false,
            escaped,
        })
    }

    fn quoted_cell(&mut self) -> Result<Cell, OutOfBytes> {
        let open = self.at;
        self.at += 1;
        let mut escaped = false;
        let end = loop {
            let run = self.bytes[self.at..]
                .iter()
                .position(|&byte| self.syntax.ends_quoted_run(byte));
            let Some(run) = run else {
                return self.never_closed(open);
            };
            self.at += run;
            if self.peek() == self.syntax.escape {
                escaped = true;
                self.escape().map_err(|_| OutOfBytes::InQuote(open))?;
                continue;
            }
            let end = self.at;
            self.at += 1;
            if self.at == self.bytes.len() && !self.last {
                return Err(OutOfBytes::InQuote(open));
            }
            if !(self.syntax.double_quote && self.peek() == self.syntax.quote) {
                break end;
            }
            escaped = true;
            self.at += 1;
        };
        let after = self.find(|byte| self.syntax.ends_cell(byte))?;
        if after > 0 {
            let flaw = Flaw::TextAfterQuote(offset(self.at));
            self.flaw.get_or_insert(flaw);
            self.at += after;
        }
        Ok(Cell {
            start: offset(open + 1),
            end: offset(end),
            quoted: true,
            escaped,
        })
    }

    fn never_closed(&mut self, open: usize) -> Result<Cell, OutOfBytes> {
        if !self.last {
            return Err(OutOfBytes::InQuote(open));
        }
        self.at = self.bytes.len();
        self.flaw = Some(Flaw::QuoteNeverClosed(offset(open)));
        Ok(Cell {
            start: offset(open + 1),
            end: offset(self.at),
            quoted: true,
            escaped: false,
        })
    }

    /// Steps over an escape and the byte that it protects.
    fn escape(&mut self) -> Result<(), OutOfBytes> {
        if self.at + 1 >= self.bytes.len() && !self.last {
            return Err(OutOfBytes::InRow);
        }
        self.at = (self.at + 2).min(self.bytes.len());
        Ok(())
    }

    /// Steps over a line break, or the end of the file.
    fn line_break(&mut self) -> Result<(), OutOfBytes> {
        match self.peek() {
            None if self.last => {}
            Some(b'\n') => self.at += 1,
            // What follows tells whether the line break is one byte or two.
            Some(b'\r') if self.last || self.at + 1 < self.bytes.len() => {
                self.at += 1;
                self.at += usize::from(self.peek() == Some(b'\n'));
            }
            _ => return Err(OutOfBytes::InRow),
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// The distance to the first byte that is wanted, or to the end of the file.
    fn find(&self, wanted: impl Fn(u8) -> bool) -> Result<usize, OutOfBytes> {
        let rest = &self.bytes[self.at..];
        match rest.iter().position(|&byte| wanted(byte)) {
            Some(distance) => Ok(distance),
            None if self.last => Ok(rest.len()),
            None => Err(OutOfBytes::InRow),
        }
    }
}

enum Kind {
    Comment,
    Row {
        /// May hold line breaks.
        spans_lines: bool,
    },
}

/// Blocks are far smaller than 4 GiB (see `BlockReader`), so an offset fits.
fn offset(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(bytes: &[u8], syntax: &Syntax) -> Vec<Vec<String>> {
        let (tokens, rest) = Tokens::cut(bytes, syntax, (1, 1), true);
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
        let (tokens, rest) =
            Tokens::cut(b"a\n\"b\r\nc\rd\"\ne\n", &Syntax::default(), (1, 1), true);
        assert_eq!(
            tokens.rows.iter().map(|row| row.line).collect::<Vec<_>>(),
            [1, 2, 5]
        );
        assert_eq!(rest.line, 6);
    }

    #[test]
    fn flaws_are_told_and_the_rest_is_still_cut() {
        let (tokens, _) = Tokens::cut(b"\"a\"b,c\nd,e\n\"f,g\nh", &Syntax::default(), (1, 1), true);
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
            let (tokens, rest) = Tokens::cut(bytes, &Syntax::default(), (1, 1), false);
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
            let (tokens, _) = Tokens::cut(csv.as_bytes(), &Syntax::default(), (1, 1), true);
            prop_assume!(tokens.flaws.is_empty());
            let mut rows = texts(csv.as_bytes(), &Syntax::default());
            rows.retain(|row| !row.is_empty());
            prop_assert_eq!(rows, reference(csv.as_bytes()));
        }
    }
}
