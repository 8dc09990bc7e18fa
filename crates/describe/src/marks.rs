//! Which sign a file has for its decimal point: what `1,234` or `2,2` means is told by the columns beside it.

use crate::forms::Form;

/// What the columns of a file say together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks {
    delimiter: u8,
    /// A column has decimal points, and can have nothing else.
    point: bool,
    /// A column has decimal commas, and can have nothing else.
    comma: bool,
}

/// What a column of numbers is taken for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// The form at this place of the list; it could also be those.
    Form(usize, Vec<usize>),
    /// A text, for this reason.
    Text(&'static str),
}

const LIST: &str = "may be several values or one with a decimal comma";
const LIST_BESIDE_POINTS: &str = "may be several values, since other columns have decimal points";
const THOUSANDS: &str = "may have a mark of thousands or of decimals";

impl Marks {
    /// `possible` are the forms that each column may have, by their places in the list.
    pub(crate) fn of<'a>(
        possible: impl Iterator<Item = &'a [usize]>,
        delimiter: u8,
        forms: &[Form],
    ) -> Self {
        let mut marks = Self {
            delimiter,
            point: false,
            comma: false,
        };
        for possible in possible {
            let numeric = numeric(possible, forms);
            match sure_mark(&numeric, forms) {
                Some('.') => marks.point = true,
                // In a file whose cells end at commas, only a mark of thousands beside it makes a decimal comma sure.
                Some(_) if delimiter != b',' || all_grouped(&numeric, forms) => marks.comma = true,
                _ => {}
            }
        }
        marks
    }

    /// Chooses among the forms of a column that could be numbers.
    pub(crate) fn choose(self, possible: &[usize], forms: &[Form]) -> Taken {
        let numeric = numeric(possible, forms);
        let sure = sure_mark(&numeric, forms);
        let is_plain = |place: &usize| forms[*place].decimal_mark().is_none();
        if numeric.iter().any(is_plain) {
            return Taken::Form(numeric[0], Vec::new());
        }
        let of_mark = |mark: char| {
            let places = numeric.iter().copied();
            let of_mark = places.filter(|place| forms[*place].decimal_mark() == Some(mark));
            of_mark.collect::<Vec<usize>>()
        };
        let split = |places: Vec<usize>, text: &'static str| match places.split_first() {
            Some((first, rest)) => Taken::Form(*first, rest.to_vec()),
            None => Taken::Text(text),
        };
        match (sure, self.point, self.comma) {
            (_, true, false) => split(of_mark('.'), LIST_BESIDE_POINTS),
            (_, false, true) => split(of_mark(','), THOUSANDS),
            (Some('.'), ..) => split(of_mark('.'), THOUSANDS),
            (Some(_), ..) if self.delimiter == b',' && !all_grouped(&numeric, forms) => {
                Taken::Text(LIST)
            }
            (Some(_), ..) => split(of_mark(','), THOUSANDS),
            (None, true, true) => Taken::Text(THOUSANDS),
            (None, false, false) if self.delimiter == b';' && is_grouped(&numeric, forms) => {
                Taken::Text(THOUSANDS)
            }
            // Where semicolons separate the cells, commas are mostly decimal; elsewhere a point is one.
            (None, false, false)
                if forms[numeric[0]].group().is_none() && self.delimiter != b';' =>
            {
                split(of_mark('.'), THOUSANDS)
            }
            (None, false, false) => split(numeric, THOUSANDS),
        }
    }
}

fn numeric(possible: &[usize], forms: &[Form]) -> Vec<usize> {
    let places = possible.iter().copied();
    places.filter(|place| forms[*place].is_numeric()).collect()
}

/// The decimal mark that every form has which a column may have.
fn sure_mark(numeric: &[usize], forms: &[Form]) -> Option<char> {
    let mut marks = numeric.iter().map(|place| forms[*place].decimal_mark());
    let first = marks.next()??;
    marks.all(|mark| mark == Some(first)).then_some(first)
}

/// Whether a mark of thousands has been seen.
fn all_grouped(numeric: &[usize], forms: &[Form]) -> bool {
    numeric.iter().all(|place| forms[*place].group().is_some())
}

/// Whether the first reading is one with commas between thousands.
fn is_grouped(numeric: &[usize], forms: &[Form]) -> bool {
    let first = numeric.first().and_then(|place| forms[*place].group());
    first == Some(',')
}
