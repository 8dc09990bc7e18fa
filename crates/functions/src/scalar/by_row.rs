//! Rules from the arguments of one row, and how those are read.

use std::fmt::Debug;

use arrow::array::{ArrayRef, Float64Array};
use arrow::datatypes::DataType;
use datafusion_common::{Result, exec_err};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs};

use super::Scalar;
use crate::aggregate::Answer;
use crate::documented::Documented;
use crate::parameters::Parameters;
use crate::support::{Column, numbers};

/// The rule of a scalar function, for one row.
pub(crate) trait ByRow: Documented + Debug + Send + Sync + 'static {
    /// How the arguments are read.
    type Arguments: Arguments;
    /// What a row answers.
    type Answer: Answer;

    /// The answer to a row without a NULL, `None` for NULL.
    fn answer(arguments: Self::Arguments) -> Result<Option<Self::Answer>>;
}

/// All arguments of one row.
pub(crate) trait Arguments: Sized {
    /// The columns they come from.
    type Columns;

    fn columns(args: &ScalarFunctionArgs) -> Result<Self::Columns>;

    /// The arguments in `row`, each within the domain of its parameter; `None` if one is NULL.
    fn read(parameters: &Parameters, columns: &Self::Columns, row: usize) -> Result<Option<Self>>;

    /// Refuses literals that every row would refuse, while planning.
    fn check(_: &Parameters, _: &ReturnFieldArgs) -> Result<()> {
        Ok(())
    }
}

impl<F: ByRow> Scalar for F {
    fn data_type(&self) -> DataType {
        F::Answer::data_type()
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        F::Arguments::check(&F::PARAMETERS, args)
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let columns = F::Arguments::columns(args)?;
        let answers =
            (0..rows).map(
                |row| match F::Arguments::read(&F::PARAMETERS, &columns, row)? {
                    Some(arguments) => F::answer(arguments),
                    None => Ok(None),
                },
            );
        F::Answer::collect(answers)
    }
}

/// Numbers of any size; their domains are checked in literals too, before a row is read.
impl<const N: usize> Arguments for [f64; N] {
    type Columns = Vec<Column<Float64Array>>;

    fn columns(args: &ScalarFunctionArgs) -> Result<Self::Columns> {
        (0..N).map(|position| numbers(args, position)).collect()
    }

    #[inline]
    fn read(parameters: &Parameters, columns: &Self::Columns, row: usize) -> Result<Option<Self>> {
        let mut given = [0.0; N];
        for (value, column) in given.iter_mut().zip(columns) {
            let Some(known) = column.get(row) else {
                return Ok(None);
            };
            *value = known;
        }
        in_domain(parameters, &given)?;
        Ok(Some(given))
    }

    fn check(parameters: &Parameters, args: &ReturnFieldArgs) -> Result<()> {
        parameters.check_literals(args.scalar_arguments)
    }
}

/// Numbers without NaN and infinity.
pub(crate) struct Finite<const N: usize>(pub(crate) [f64; N]);

impl<const N: usize> Arguments for Finite<N> {
    type Columns = Vec<Column<Float64Array>>;

    fn columns(args: &ScalarFunctionArgs) -> Result<Self::Columns> {
        (0..N).map(|position| numbers(args, position)).collect()
    }

    #[inline]
    fn read(parameters: &Parameters, columns: &Self::Columns, row: usize) -> Result<Option<Self>> {
        let mut given = [0.0; N];
        for ((value, column), parameter) in given.iter_mut().zip(columns).zip(parameters.list) {
            let Some(known) = column.get(row) else {
                return Ok(None);
            };
            if !known.is_finite() {
                let (function, name) = (parameters.function, parameter.name);
                return exec_err!("{function} takes a finite number as {name}, got {known}");
            }
            *value = known;
        }
        in_domain(parameters, &given)?;
        Ok(Some(Self(given)))
    }
}

#[inline]
fn in_domain(parameters: &Parameters, given: &[f64]) -> Result<()> {
    for (parameter, value) in parameters.list.iter().zip(given) {
        parameter
            .domain
            .check_number(parameters.function, parameter.name, *value)?;
    }
    Ok(())
}
