//! A division into stages: where each begins and what it is called.

use std::fmt::Display;
use std::ops::{Range, RangeInclusive};

use arrow::array::{Array, ArrayRef, ArrowPrimitiveType, AsArray, new_null_array};
use arrow::compute::concat;
use arrow::datatypes::{DataType, Float64Type, Int64Type};
use datafusion_common::{Result, ScalarValue, exec_err};
use datafusion_expr::ScalarFunctionArgs;

use crate::support::{array, lists};

/// Years that stages may begin in and integer values may name.
pub(super) const YEARS: RangeInclusive<i64> = 1000..=9999;

/// Stages in order. Stage 0 lies below the first boundary; a boundary belongs to the stage it opens.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Definition<B> {
    boundaries: Vec<B>,
    labels: Vec<String>,
}

/// Stages of the calendar, their boundaries in years.
pub(super) type Calendar = Definition<i64>;

impl<B: Copy + PartialOrd + Display> Definition<B> {
    /// Boundaries must increase strictly, and there is one label more than boundaries.
    fn try_new(function: &str, boundaries: Vec<B>, labels: Vec<String>) -> Result<Self> {
        if boundaries.is_empty() {
            return exec_err!("{function} needs at least one boundary");
        }
        let unordered = boundaries
            .windows(2)
            .find(|pair| pair[0].partial_cmp(&pair[1]) != Some(std::cmp::Ordering::Less));
        if let Some(pair) = unordered {
            return exec_err!(
                "boundaries of {function} must increase, got {} after {}",
                pair[1],
                pair[0]
            );
        }
        let wanted = boundaries.len() + 1;
        if labels.len() != wanted {
            return exec_err!(
                "{} boundaries of {function} need {wanted} labels, got {}",
                boundaries.len(),
                labels.len()
            );
        }
        let repeated = (1..labels.len()).find(|&later| labels[..later].contains(&labels[later]));
        if let Some(later) = repeated {
            return exec_err!(
                "labels of {function} must differ, got '{}' twice",
                labels[later]
            );
        }
        Ok(Self { boundaries, labels })
    }

    pub(super) fn boundaries(&self) -> &[B] {
        &self.boundaries
    }

    pub(super) fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The stage called `label`.
    pub(super) fn stage(&self, label: &str) -> Option<usize> {
        self.labels.iter().position(|known| known == label)
    }
}

impl Calendar {
    /// The four stages of Wang, Cheng and Mo (2014), section 2.1.
    ///
    /// The printed labels leave 1949 and 2000 open; the text says "before 1949" and "after 2000". Half-open
    /// intervals that agree with 1950-1979 and 1980-1999 put 1949 into the first and 2000 into the last.
    pub(super) fn paper() -> Self {
        Self {
            boundaries: vec![1950, 1980, 2000],
            labels: ["pre-1949", "1950-1979", "1980-1999", "post-2000"]
                .map(str::to_owned)
                .to_vec(),
        }
    }

    /// First and last year of a stage; `None` where it is open.
    pub(super) fn years(&self, stage: usize) -> (Option<i64>, Option<i64>) {
        let first = stage.checked_sub(1).map(|before| self.boundaries[before]);
        let last = self.boundaries.get(stage).map(|next| next - 1);
        (first, last)
    }

    fn from_lists(
        function: &str,
        boundaries: &dyn Array,
        labels: Option<&dyn Array>,
    ) -> Result<Self> {
        let boundaries = items::<Int64Type>(function, boundaries)?;
        if let Some(year) = boundaries.iter().find(|year| !YEARS.contains(year)) {
            return exec_err!("boundaries of {function} are years from 1000 to 9999, got {year}");
        }
        let labels = match labels {
            Some(labels) => words(function, labels)?,
            None => generated_labels(&boundaries),
        };
        Self::try_new(function, boundaries, labels)
    }

    /// The stages that constant arguments describe: the paper's without any, `None` if one is NULL or
    /// is not a constant.
    pub(super) fn from_constants(
        function: &str,
        given: &[Option<ScalarValue>],
    ) -> Result<Option<Self>> {
        let Some((Some(ScalarValue::List(boundaries)), labels)) = given.split_first() else {
            return Ok(given.is_empty().then(Self::paper));
        };
        let labels = match labels.first() {
            None => None,
            Some(Some(ScalarValue::List(labels))) if labels.is_valid(0) => Some(labels.value(0)),
            Some(_) => return Ok(None),
        };
        if boundaries.is_null(0) {
            return Ok(None);
        }
        Self::from_lists(function, &boundaries.value(0), labels.as_deref()).map(Some)
    }
}

impl Definition<f64> {
    fn from_lists(function: &str, boundaries: &dyn Array, labels: &dyn Array) -> Result<Self> {
        let boundaries = items::<Float64Type>(function, boundaries)?;
        if boundaries.iter().any(|boundary| boundary.is_nan()) {
            return exec_err!("boundaries of {function} must be numbers, got NaN");
        }
        Self::try_new(function, boundaries, words(function, labels)?)
    }

    /// The buckets that constant arguments describe; `None` if one is NULL or is not a constant.
    pub(super) fn from_constants(
        function: &str,
        given: &[Option<ScalarValue>],
    ) -> Result<Option<Self>> {
        let [
            Some(ScalarValue::List(boundaries)),
            Some(ScalarValue::List(labels)),
        ] = given
        else {
            return Ok(None);
        };
        if boundaries.is_null(0) || labels.is_null(0) {
            return Ok(None);
        }
        Self::from_lists(function, &boundaries.value(0), &labels.value(0)).map(Some)
    }
}

/// Answers `rows` values, argument 0, under the stages that arguments 1 and 2 describe, which may differ by row.
///
/// `kernel` gets a definition and the values it holds for; a NULL definition answers NULL.
pub(super) fn by_calendar(
    function: &str,
    args: &ScalarFunctionArgs,
    rows: usize,
    kernel: impl Fn(&Calendar, &ArrayRef) -> Result<ArrayRef>,
) -> Result<ArrayRef> {
    let given = args.args.len();
    if given == 1 {
        return kernel(&Calendar::paper(), &array(args, 0, rows)?);
    }
    let boundaries = lists(args, 1)?;
    let labels = lists(args, 2)?;
    let read = |row: usize| {
        let (boundaries, labels) = (boundaries.get(row), labels.get(row));
        match (boundaries, labels) {
            (Some(boundaries), labels) if given == 2 || labels.is_some() => {
                Calendar::from_lists(function, &boundaries, labels.as_deref()).map(Some)
            }
            _ => Ok(None),
        }
    };
    let constant = boundaries.is_constant() && labels.is_constant();
    by_definition(args, rows, constant, read, kernel)
}

/// As [`by_calendar`], for buckets of numbers.
pub(super) fn by_buckets(
    function: &str,
    args: &ScalarFunctionArgs,
    rows: usize,
    kernel: impl Fn(&Definition<f64>, &ArrayRef) -> Result<ArrayRef>,
) -> Result<ArrayRef> {
    let boundaries = lists(args, 1)?;
    let labels = lists(args, 2)?;
    let read = |row: usize| match (boundaries.get(row), labels.get(row)) {
        (Some(boundaries), Some(labels)) => {
            Definition::<f64>::from_lists(function, &boundaries, &labels).map(Some)
        }
        _ => Ok(None),
    };
    let constant = boundaries.is_constant() && labels.is_constant();
    by_definition(args, rows, constant, read, kernel)
}

/// One call of `kernel` for each run of rows with the same definition.
fn by_definition<B: PartialEq>(
    args: &ScalarFunctionArgs,
    rows: usize,
    constant: bool,
    read: impl Fn(usize) -> Result<Option<Definition<B>>>,
    kernel: impl Fn(&Definition<B>, &ArrayRef) -> Result<ArrayRef>,
) -> Result<ArrayRef> {
    let data_type: &DataType = args.return_field.data_type();
    let values = array(args, 0, rows)?;
    let answer = |definition: &Option<Definition<B>>, run: Range<usize>| match definition {
        Some(definition) => kernel(definition, &values.slice(run.start, run.len())),
        None => Ok(new_null_array(data_type, run.len())),
    };
    if rows == 0 {
        return Ok(new_null_array(data_type, 0));
    }
    let mut current = read(0)?;
    if constant {
        return answer(&current, 0..rows);
    }
    let mut start = 0;
    let mut parts = Vec::new();
    for row in 1..rows {
        let next = read(row)?;
        if next != current {
            parts.push(answer(&current, start..row)?);
            (current, start) = (next, row);
        }
    }
    parts.push(answer(&current, start..rows)?);
    let parts: Vec<&dyn Array> = parts.iter().map(AsRef::as_ref).collect();
    Ok(concat(&parts)?)
}

fn items<T: ArrowPrimitiveType>(function: &str, list: &dyn Array) -> Result<Vec<T::Native>> {
    let list = list.as_primitive::<T>();
    if list.null_count() > 0 {
        return exec_err!("boundaries of {function} must not be NULL");
    }
    Ok(list.values().to_vec())
}

fn words(function: &str, list: &dyn Array) -> Result<Vec<String>> {
    let list = list.as_string_view();
    if list.null_count() > 0 {
        return exec_err!("labels of {function} must not be NULL");
    }
    Ok(list.iter().flatten().map(str::to_owned).collect())
}

/// `before 1978`, `1978-1991`, `from 1992`.
fn generated_labels(boundaries: &[i64]) -> Vec<String> {
    let before = boundaries.first().map(|first| format!("before {first}"));
    let between = boundaries.windows(2).map(|pair| match pair[1] - 1 {
        last if last <= pair[0] => pair[0].to_string(),
        last => format!("{}-{last}", pair[0]),
    });
    let from = boundaries.last().map(|last| format!("from {last}"));
    before.into_iter().chain(between).chain(from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defined(boundaries: &[i64], labels: &[&str]) -> Result<Calendar> {
        let labels = labels.iter().map(|&label| label.to_owned()).collect();
        Definition::try_new("port_stage", boundaries.to_vec(), labels)
    }

    #[test]
    fn boundaries_increase_and_labels_are_one_more() {
        assert!(defined(&[1950, 1980], &["a", "b", "c"]).is_ok());
        for (boundaries, labels, words) in [
            (
                &[1980, 1950][..],
                &["a", "b", "c"][..],
                "must increase, got 1950 after 1980",
            ),
            (
                &[1950, 1950],
                &["a", "b", "c"],
                "must increase, got 1950 after 1950",
            ),
            (
                &[1950],
                &["a"],
                "1 boundaries of port_stage need 2 labels, got 1",
            ),
            (&[1950], &["a", "a"], "must differ, got 'a' twice"),
            (&[], &["a"], "at least one boundary"),
        ] {
            let message = defined(boundaries, labels).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }

    #[test]
    fn labels_are_made_from_boundaries() {
        assert_eq!(
            generated_labels(&[1978, 1992, 1993, 2013]),
            ["before 1978", "1978-1991", "1992", "1993-2012", "from 2013"]
        );
    }

    #[test]
    fn years_of_the_stages_of_the_paper() {
        let paper = Calendar::paper();
        assert_eq!(paper.years(0), (None, Some(1949)));
        assert_eq!(paper.years(1), (Some(1950), Some(1979)));
        assert_eq!(paper.years(3), (Some(2000), None));
    }
}
