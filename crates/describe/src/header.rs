//! Whether the first row of a table names its columns, or is one of its rows.

use std::collections::HashSet;

use crate::column::stands_for_missing;
use crate::doubt::Doubt;
use crate::forms::Form;

/// What the first row is, and what to say where the cells do not settle it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FirstRow {
    pub(crate) has_names: bool,
    pub(crate) doubt: Option<HeaderDoubt>,
}

/// Why it is uncertain whether the first row names the columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderDoubt {
    AllText,
    Repeated,
    LikeData,
    NamesLikeData,
}

impl From<HeaderDoubt> for Doubt {
    fn from(doubt: HeaderDoubt) -> Self {
        match doubt {
            HeaderDoubt::AllText => Self::of_description(
                "every column is text, so the first row is taken for the names of the columns; \
                 if it is data, write `\"header\": false` in the dialect",
            ),
            HeaderDoubt::Repeated => Self::plain(
                "texts of the first row come again in their columns, so it is taken for data; \
                 the columns are called column_1, column_2 …",
            ),
            HeaderDoubt::LikeData => Self::plain(
                "the first row looks like data, so the columns are called column_1, column_2 …",
            ),
            HeaderDoubt::NamesLikeData => Self::of_description(
                "some names in the first row look like data; if the row is data, \
                 write `\"header\": false` in the dialect",
            )
            .or_of_file(
                "the first row is taken for the names of the columns, though some look like data",
            ),
        }
    }
}

impl FirstRow {
    const NAMES: Self = Self {
        has_names: true,
        doubt: None,
    };

    const fn names_but(doubt: HeaderDoubt) -> Self {
        Self {
            has_names: true,
            doubt: Some(doubt),
        }
    }

    const fn data(doubt: HeaderDoubt) -> Self {
        Self {
            has_names: false,
            doubt: Some(doubt),
        }
    }

    /// Judges by what stands below: a text over numbers is a name, a number over numbers is none.
    ///
    /// An empty cell, or one that stands for a missing value, says nothing. Where nothing tells and the row could be
    /// data, it is taken for data, which loses no row; but a row of texts over texts names the columns, as it mostly does.
    pub(crate) fn judge(first: &[String], body: &[&Vec<String>], forms: &[Form]) -> Self {
        // The same row again is a row that came twice, or a header that came twice.
        let others: Vec<&Vec<String>> = body.iter().filter(|row| **row != first).copied().collect();
        let signs = Signs::of(first, &others, forms);
        let comes_again = others.len() < body.len();
        if others.is_empty() {
            return if comes_again || signs.values > 0 {
                Self::data(HeaderDoubt::LikeData)
            } else {
                Self::names_but(HeaderDoubt::AllText)
            };
        }
        let against = signs.resemble + signs.repeated;
        if signs.differ > 0 && against == 0 {
            return Self::NAMES;
        }
        if signs.differ > against || (counts(first) && signs.repeated == 0) {
            return Self::names_but(HeaderDoubt::NamesLikeData);
        }
        if signs.resemble > 0 || signs.differ > 0 {
            return Self::data(HeaderDoubt::LikeData);
        }
        if signs.repeated > 0 || comes_again {
            return Self::data(HeaderDoubt::Repeated);
        }
        let names: HashSet<&String> = first.iter().collect();
        let empty = first.iter().filter(|name| name.trim().is_empty()).count();
        let is_index = empty == 1 && first[0].trim().is_empty() && numbers_rows(&others);
        if names.len() == first.len() && (empty == 0 || is_index) {
            Self::names_but(HeaderDoubt::AllText)
        } else {
            Self::data(HeaderDoubt::LikeData)
        }
    }
}

/// What speaks for names and for data, in columns.
#[derive(Debug, Default)]
struct Signs {
    /// The first row has what the column has not.
    differ: usize,
    /// The first row has what the column has.
    resemble: usize,
    /// A text that the column has again.
    repeated: usize,
    /// Cells of the first row that are no mere text.
    values: usize,
}

impl Signs {
    fn of(first: &[String], others: &[&Vec<String>], forms: &[Form]) -> Self {
        let mut signs = Self::default();
        for (column, name) in first.iter().enumerate() {
            if name.trim().is_empty() || stands_for_missing(name) {
                continue;
            }
            let is_value = forms.iter().any(|form| form.read(name).is_some());
            signs.values += usize::from(is_value);
            let cells = || {
                let cells = others.iter().map(|row| row[column].as_str());
                cells.filter(|cell| !cell.is_empty() && !stands_for_missing(cell))
            };
            let all = |form: &&Form| {
                cells().next().is_some() && cells().all(|cell| form.read(cell).is_some())
            };
            match forms.iter().find(all) {
                Some(_) if is_year(name) && !cells().all(is_year) => signs.differ += 1,
                Some(form) if has_no_letter(name) => {
                    // Months and days over numbers are names; `0104` and `1.5` over whole numbers are data.
                    let is_day = forms
                        .iter()
                        .find(|form| form.read(name).is_some())
                        .is_some_and(|form| !form.is_numeric());
                    let differs = is_day && form.is_numeric();
                    signs.differ += usize::from(differs);
                    signs.resemble += usize::from(!differs);
                }
                Some(form) if form.read(name).is_none() => signs.differ += 1,
                Some(_) => signs.resemble += 1,
                None => signs.repeated += usize::from(cells().any(|cell| cell == name)),
            }
        }
        signs
    }
}

/// Whether a text is of digits and signs only, as hardly any name is.
fn has_no_letter(text: &str) -> bool {
    text.chars().any(|character| character.is_ascii_digit())
        && !text.chars().any(char::is_alphabetic)
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && matches!(text.parse(), Ok(1_800..=2_100))
}

/// Whether the numbers among some names count years, or from 0 or 1.
fn counts(names: &[String]) -> bool {
    let numbers: Vec<u16> = names.iter().filter_map(|name| name.parse().ok()).collect();
    let steps = numbers
        .windows(2)
        .all(|pair| pair[0].checked_add(1) == Some(pair[1]));
    let years = names.iter().filter(|name| is_year(name)).count();
    let are_years = years > 1 && years == numbers.len();
    let has_text = numbers.len() < names.len();
    let from_one = numbers.len() > 2 && numbers[0] < 2 && steps && has_text;
    let ascend = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    (are_years && ascend) || from_one
}

/// Whether the first column numbers the rows, as the index that pandas and R write.
fn numbers_rows(rows: &[&Vec<String>]) -> bool {
    let numbers = rows.iter().map(|row| row[0].parse::<u64>().ok());
    let numbers: Option<Vec<u64>> = numbers.collect();
    numbers.is_some_and(|numbers| {
        numbers.first().is_some_and(|first| *first < 2)
            && numbers
                .windows(2)
                .all(|pair| pair[0].checked_add(1) == Some(pair[1]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::forms;

    /// Whether the first of these rows was taken for names, and whether that was said to be uncertain.
    fn judged(text: &str) -> (bool, bool) {
        let row = |line: &str| line.split(',').map(str::to_string).collect::<Vec<String>>();
        let rows: Vec<Vec<String>> = text.lines().map(row).collect();
        let body: Vec<&Vec<String>> = rows[1..].iter().collect();
        let judged = FirstRow::judge(&rows[0], &body, &forms().unwrap());
        (judged.has_names, judged.doubt.is_some())
    }

    #[test]
    fn names_and_data_are_told_apart() {
        for (text, expected) in [
            ("port,tons\nErenhot,5\nHeihe,6", (true, false)),
            // Data with an empty cell, or a missing value, over numbers.
            (
                "2B,410,AER,,0\nSU,300,KZN,Y,1\nCA,200,PEK,Y,0",
                (false, true),
            ),
            ("Erenhot,,5\nManzhouli,7,6\nHeihe,9,8", (false, true)),
            ("82.5,,1990\n45.1,3,1991", (false, true)),
            ("Erenhot,NA,5\nManzhouli,7,6", (false, true)),
            // A header without a name for the index, and with an empty name over a number.
            (",port\n0,Erenhot\n1,Manzhouli", (true, true)),
            (",v,\n1,2,3\n4,5,6", (true, false)),
            // Texts over texts.
            ("port,kind\nErenhot,rail\nHeihe,road", (true, true)),
            ("Erenhot,rail\nHeihe,road\nManzhouli,rail", (false, true)),
            ("Erenhot,rail\nErenhot,rail\nHeihe,road", (false, true)),
            // Numbers as names.
            ("port,1990,1991\nErenhot,5,6\nHeihe,7,8", (true, false)),
            ("port,2012\nErenhot,5\nHeihe,7", (true, false)),
            ("port,1,2,3\nErenhot,5,6,7\nHeihe,7,8,9", (true, true)),
            ("1,2\n3,4\n5,6", (false, true)),
            ("1956,2\n1957,4", (false, true)),
            // A header that came twice over numbers.
            ("port,tons\nErenhot,5\nport,tons\nHeihe,6", (true, false)),
            // One row, and one row twice.
            ("port,tons", (true, true)),
            ("Erenhot,5", (false, true)),
            ("5,6\n5,6", (false, true)),
            // Numbers and dates of another form than those below.
            ("1.5\n2\n3", (false, true)),
            ("0104,x\n1101,y\n1102,x", (false, true)),
            (
                "31.01.2014\n2014-09-30 12:00\n2014-09-30 13:00",
                (false, true),
            ),
            (
                "port,2014-01,2014-02\nErenhot,5,6\nHeihe,7,8",
                (true, false),
            ),
            // A text in a column of numbers beside others that agree.
            ("unknown,5,6\n4,7,8\n5,9,1", (false, true)),
        ] {
            assert_eq!(judged(text), expected, "{text:?}");
        }
    }
}
