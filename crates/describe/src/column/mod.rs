//! What one column holds: the forms that all of its cells have, its missing values, its range, its few different texts.

mod doubts;
mod missing;

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, RandomState};

use kouan_schema::Value;
use serde_json::{Map, Value as Json, json};

use crate::forms::{Form, SURE_DIGITS};
use crate::marks::{Marks, Taken};
pub(crate) use missing::stands_for_missing;
use missing::{NULL, missing};

/// Words in the name of a column that holds points on the globe.
const PLACES: [&str; 9] = [
    "point",
    "coordinates",
    "coordinate",
    "coords",
    "location",
    "position",
    "lonlat",
    "geopoint",
    "geo",
];

/// A text column with no more different values than this, each often, has an enum.
const FEW: usize = 12;
/// Rows for each value of an enum, on average.
const OFTEN: u64 = 8;
/// Values that are remembered to see whether one comes twice; beyond it nobody can say.
const REMEMBERED: usize = 8_000_000;

/// What is known of a column.
#[derive(Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// The forms that every cell so far has, by their places in the list.
    possible: Vec<usize>,
    /// Whether all of them take whole numbers as they are mostly written, and whether all take such numbers with a point.
    takes: (bool, bool),
    /// Keys, ranges and lists of values are wanted.
    is_full: bool,
    /// The least and the greatest value in each of them, as they stand in the file.
    ranges: Vec<Option<Range>>,
    values: u64,
    pub(crate) missing: u64,
    /// Cells that are not empty and may mean a missing value.
    missing_texts: u64,
    /// Cells that may mean a missing value, by their texts.
    stands_for_missing: BTreeSet<&'static str>,
    texts: Option<BTreeSet<String>>,
    seen: Option<HashSet<u64>>,
    hasher: RandomState,
    examples: Vec<String>,
    has_digit: bool,
    /// A number such as `1E5`, which may be a code.
    code: Option<String>,
    spoiler: Option<Spoiler>,
    chosen: Option<usize>,
    /// Forms that would read other values.
    rivals: Vec<usize>,
    /// Why a column that could be numbers is text.
    reason: Option<&'static str>,
}

/// The cell that made a column text.
#[derive(Debug)]
struct Spoiler {
    line: u64,
    text: String,
    /// The form that the cells before it had.
    form: usize,
    /// The cells that have it.
    fitting: u64,
}

#[derive(Debug, Clone)]
struct Range {
    least: (Value<'static>, String),
    greatest: (Value<'static>, String),
}

impl Column {
    /// A column of which nothing has been seen; ranges and equal values are remembered if `is_full`.
    pub(crate) fn new(name: String, forms: &[Form], is_full: bool) -> Self {
        Self {
            name,
            possible: (0..forms.len()).collect(),
            takes: (false, false),
            is_full,
            ranges: vec![None; forms.len()],
            values: 0,
            missing: 0,
            missing_texts: 0,
            stands_for_missing: BTreeSet::new(),
            texts: Some(BTreeSet::new()),
            seen: is_full.then(HashSet::new),
            hasher: RandomState::new(),
            examples: Vec::new(),
            has_digit: false,
            code: None,
            spoiler: None,
            chosen: None,
            rivals: Vec::new(),
            reason: None,
        }
    }

    /// Takes one cell in, which stands on a line.
    pub(crate) fn see(&mut self, text: &str, line: u64, forms: &[Form]) {
        if text.is_empty() {
            self.missing += 1;
            return;
        }
        self.values += 1;
        self.remember(text);
        if let Some(known) = missing(text) {
            self.stands_for_missing.insert(known);
            self.missing_texts += 1;
            return;
        }
        if self.examples.len() < 3 && !self.examples.iter().any(|known| known == text) {
            self.examples.push(text.to_string());
        }
        if self.possible.is_empty() {
            if let Some(spoiler) = &mut self.spoiler
                && forms[spoiler.form].read(text).is_some()
            {
                spoiler.fitting += 1;
            }
            return;
        }
        if !self.is_full && self.takes_plain(text) {
            self.has_digit = true;
            return;
        }
        self.has_digit = self.has_digit || text.bytes().any(|byte| byte.is_ascii_digit());
        if self.code.is_none() && is_like_a_code(text) {
            self.code = Some(text.to_string());
        }
        let ranges = &mut self.ranges;
        let first = self.possible[0];
        self.possible
            .retain(|&place| match forms[place].read(text) {
                Some(value) => {
                    if self.is_full && forms[place].has_range() {
                        Range::widen(&mut ranges[place], value, text);
                    }
                    true
                }
                None => false,
            });
        let all =
            |takes: fn(&Form) -> bool| self.possible.iter().all(|place| takes(&forms[*place]));
        self.takes = (all(Form::is_numeric), all(Form::takes_points));
        if self.possible.is_empty() && self.fitting() > 1 {
            self.spoiler = Some(Spoiler {
                line,
                text: text.to_string(),
                form: first,
                fitting: self.fitting() - 1,
            });
        }
    }

    /// Whether a cell is a number of a kind that every possible form reads.
    fn takes_plain(&self, text: &str) -> bool {
        match PlainNumber::of(text) {
            Some(PlainNumber::Whole) => self.takes.0,
            Some(PlainNumber::WithPoint) => self.takes.1,
            None => false,
        }
    }

    /// The cells that surely have a value.
    fn fitting(&self) -> u64 {
        self.values - self.missing_texts
    }

    /// The forms that every cell has, with what is known from the other cells of the column.
    pub(crate) fn possible(&self) -> &[usize] {
        if self.examples.is_empty() {
            &[]
        } else {
            &self.possible
        }
    }

    /// Decides what the column is.
    pub(crate) fn settle(&mut self, marks: Marks, forms: &[Form]) {
        let texts = self.texts.as_ref();
        let holds =
            |one: &[String]| texts.is_none_or(|texts| one.iter().any(|text| texts.contains(text)));
        let name = self.name.to_lowercase();
        let is_place = name
            .split(|character: char| !character.is_alphanumeric())
            .any(|word| PLACES.contains(&word));
        let has_digit = self.has_digit;
        let is_likely = |form: &Form| {
            let has_both = form
                .needs_both()
                .is_none_or(|(yes, no)| holds(yes) && holds(no));
            has_both && (has_digit || !form.is_numeric()) && (is_place || !form.is_point())
        };
        let possible = self.possible().iter().copied();
        let likely: Vec<usize> = possible.filter(|place| is_likely(&forms[*place])).collect();
        let Some(first) = likely.first().copied() else {
            return;
        };
        if forms[first].is_numeric() {
            match marks.choose(&likely, forms) {
                Taken::Form(place, rivals) => (self.chosen, self.rivals) = (Some(place), rivals),
                Taken::Text(reason) => self.reason = Some(reason),
            }
        } else {
            let others = likely[1..].iter().copied();
            let same_type =
                others.filter(|place| forms[*place].type_name() == forms[first].type_name());
            (self.chosen, self.rivals) = (Some(first), same_type.collect());
        }
    }

    /// Whether later rows cannot give the column another form, unless a cell does not fit the one that it has.
    pub(crate) fn is_decided(&self, delimiter: u8, forms: &[Form]) -> bool {
        if self.examples.is_empty() {
            return false;
        }
        let Some((place, form)) = self.form(forms) else {
            return self.possible.is_empty();
        };
        let takes = |place: &usize| !forms[*place].is_point() || forms[*place].is_numeric();
        let is_first = self.possible.iter().find(|place| takes(place)) == Some(&place);
        if !form.is_numeric() {
            // Which of two dates `03/04/2014` is, a later row may tell.
            return is_first && self.rivals.is_empty();
        }
        let mut numeric = self
            .possible
            .iter()
            .filter(|place| forms[**place].is_numeric());
        let is_plain = form.decimal_mark().is_none();
        // The mark of decimals is certain by this column alone, whatever those beside it hold.
        let is_sure = match form.decimal_mark() {
            Some(',') if delimiter == b',' => false,
            mark => numeric.all(|place| forms[*place].decimal_mark() == mark),
        };
        is_first && (is_plain || is_sure)
    }

    /// Whether a cell is as the form that the column has asks for; every text but that of NULL is.
    pub(crate) fn holds(&self, text: &str, forms: &[Form]) -> bool {
        match self.form(forms) {
            Some((_, form)) => missing(text).is_none() && form.read(text).is_some(),
            None => text != NULL,
        }
    }

    fn remember(&mut self, text: &str) {
        if let Some(seen) = &mut self.seen
            && (!seen.insert(self.hasher.hash_one(text)) || seen.len() > REMEMBERED)
        {
            self.seen = None;
        }
        if let Some(texts) = &mut self.texts
            && !texts.contains(text)
        {
            texts.insert(text.to_string());
            if texts.len() > FEW {
                self.texts = None;
            }
        }
    }

    /// The form that the column has; nothing for text.
    fn form<'f>(&self, forms: &'f [Form]) -> Option<(usize, &'f Form)> {
        self.chosen.map(|place| (place, &forms[place]))
    }

    /// Whether each row has a value of its own.
    pub(crate) fn is_unique(&self) -> bool {
        self.missing == 0
            && self.values > 1
            && self.seen.is_some()
            && self.stands_for_missing.is_empty()
    }

    /// Whether the column can be a part of a key.
    pub(crate) fn may_identify(&self, forms: &[Form]) -> bool {
        let is_full = self.missing == 0
            && !self.has_null()
            && (self.stands_for_missing.is_empty() || self.form(forms).is_none());
        is_full && self.values > 0 && self.form(forms).is_none_or(|(_, form)| form.may_identify())
    }

    /// Whether its name says that it tells rows apart.
    pub(crate) fn is_called_key(&self) -> bool {
        let name = self.name.to_lowercase();
        let last = name
            .rsplit(|character: char| !character.is_alphanumeric())
            .next()
            .unwrap_or_default();
        ["id", "code", "key", "no", "number", "编号", "代码"].contains(&last)
            || name.ends_with("编号")
    }

    pub(crate) fn is_text(&self, forms: &[Form]) -> bool {
        self.form(forms).is_none()
    }

    /// The column as a field of a Table Schema.
    pub(crate) fn field(&self, forms: &[Form], is_in_key: bool) -> Json {
        let mut field = Map::new();
        field.insert("name".to_string(), self.name.clone().into());
        let Some((place, form)) = self.form(forms) else {
            self.insert_text(&mut field);
            insert_constraints(&mut field, self.text_constraints(is_in_key));
            return Json::Object(field);
        };
        let range = self.ranges[place].as_ref();
        if self.is_year(form, range) {
            field.insert("type".to_string(), "year".into());
        } else {
            field.extend(form.properties.clone());
        }
        let missing = self.missing_texts_of(form);
        if missing.len() > 1 {
            field.insert("missingValues".to_string(), missing.clone().into());
        }
        let mut constraints = Map::new();
        if self.missing == 0 && missing.len() == 1 && !is_in_key {
            constraints.insert("required".to_string(), true.into());
        }
        // What is not a number lies between no bounds.
        let has_nan = self.not_a_number(form).is_some();
        if let Some(range) = range.filter(|range| range.is_bounded() && !has_nan) {
            constraints.insert("minimum".to_string(), bound(&range.least));
            constraints.insert("maximum".to_string(), bound(&range.greatest));
        }
        insert_constraints(&mut field, constraints);
        Json::Object(field)
    }

    /// A text such as `nan`, which may stand for a missing value and is one of the form.
    fn not_a_number(&self, form: &Form) -> Option<&'static str> {
        let mut texts = self.stands_for_missing.iter().copied();
        texts.find(|text| form.read(text).is_some())
    }

    /// The column as a field that says nothing but how its cells are read.
    pub(crate) fn bare_field(&self, forms: &[Form]) -> Json {
        let mut field = Map::new();
        field.insert("name".to_string(), self.name.clone().into());
        let Some((_, form)) = self.form(forms) else {
            self.insert_text(&mut field);
            return Json::Object(field);
        };
        field.extend(form.properties.clone());
        let missing = self.missing_texts_of(form);
        if missing.len() > 1 {
            field.insert("missingValues".to_string(), missing.into());
        }
        Json::Object(field)
    }

    /// The texts, other than none, that are read as a missing value.
    pub(crate) fn missing_texts(&self, forms: &[Form]) -> Vec<&str> {
        match self.form(forms) {
            Some((_, form)) => self.missing_texts_of(form).split_off(1),
            None => self.has_null().then_some(NULL).into_iter().collect(),
        }
    }

    /// The type of a column of text, and how NULL is written in it.
    fn insert_text(&self, field: &mut Map<String, Json>) {
        field.insert("type".to_string(), "string".into());
        if self.has_null() {
            field.insert("missingValues".to_string(), json!(["", NULL]));
        }
    }

    fn has_null(&self) -> bool {
        self.stands_for_missing.contains(NULL)
    }

    /// The texts that stand for a missing value in a column of a form.
    fn missing_texts_of(&self, form: &Form) -> Vec<&str> {
        let texts = self.stands_for_missing.iter().copied();
        let missing = texts.filter(|text| form.read(text).is_none());
        [""].into_iter().chain(missing).collect()
    }

    fn text_constraints(&self, is_in_key: bool) -> Map<String, Json> {
        let mut constraints = Map::new();
        if self.missing == 0 && !self.has_null() && self.values > 0 && !is_in_key {
            constraints.insert("required".to_string(), true.into());
        }
        if let Some(texts) = &self.texts
            && !texts.is_empty()
            && self.values >= OFTEN * texts.len() as u64
        {
            let texts: Vec<&String> = texts.iter().filter(|text| *text != NULL).collect();
            constraints.insert("enum".to_string(), json!(texts));
        }
        constraints
    }

    fn is_year(&self, form: &Form, range: Option<&Range>) -> bool {
        let name = self.name.to_lowercase();
        let says_so = [
            "year", "yr", "jahr", "année", "annee", "año", "год", "年", "年份",
        ];
        let is_called_so = name
            .split(|character: char| !character.is_alphanumeric())
            .any(|word| says_so.contains(&word));
        let within = |value: &Value<'_>| matches!(value, Value::Integer(1_000..=2_200));
        let is_within =
            range.is_some_and(|range| within(&range.least.0) && within(&range.greatest.0));
        is_called_so && is_within && form.properties.len() == 1
    }
}

/// A number as it is mostly written, with few enough digits for a double.
#[derive(Debug, PartialEq, Eq)]
enum PlainNumber {
    Whole,
    WithPoint,
}

impl PlainNumber {
    fn of(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
        let point = digits.iter().position(|byte| *byte == b'.');
        let (whole, fraction) = match point {
            Some(point) => (&digits[..point], &digits[point + 1..]),
            None => (digits, &b"0"[..]),
        };
        let are_digits = |bytes: &[u8]| !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
        let is_plain = digits.len() <= SURE_DIGITS
            && are_digits(whole)
            && are_digits(fraction)
            && (whole[0] != b'0' || whole.len() == 1);
        is_plain.then_some(match point {
            Some(_) => Self::WithPoint,
            None => Self::Whole,
        })
    }
}

/// `1E5` or `12e3`: programs write a point, a sign or two digits in an exponent, people write codes.
fn is_like_a_code(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
        return false;
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_digits(mantissa) && is_digits(exponent)
}

impl Range {
    fn widen(range: &mut Option<Self>, value: Value<'_>, text: &str) {
        let entry = |value: Value<'_>| (value.into_owned(), text.to_string());
        match range {
            None => {
                let first = entry(value);
                *range = Some(Self {
                    least: first.clone(),
                    greatest: first,
                });
            }
            // What compares with nothing stays out of both, and is told by `is_bounded`.
            Some(range) if value < range.least.0 => range.least = entry(value),
            Some(range) if value > range.greatest.0 => range.greatest = entry(value),
            Some(range) if value.partial_cmp(&value).is_none() => range.least = entry(value),
            Some(_) => {}
        }
    }

    /// Whether every value lies between two that can be written.
    fn is_bounded(&self) -> bool {
        let is_finite =
            |value: &Value<'_>| !matches!(value, Value::Number(number) if !number.is_finite());
        is_finite(&self.least.0) && is_finite(&self.greatest.0)
    }
}

/// A bound as a schema writes it: a number, or the text of the cell in the field's own form.
fn bound((value, text): &(Value<'static>, String)) -> Json {
    match value {
        Value::Integer(integer) => (*integer).into(),
        Value::Number(number) => (*number).into(),
        _ => text.clone().into(),
    }
}

fn insert_constraints(field: &mut Map<String, Json>, constraints: Map<String, Json>) {
    if !constraints.is_empty() {
        field.insert("constraints".to_string(), constraints.into());
    }
}
