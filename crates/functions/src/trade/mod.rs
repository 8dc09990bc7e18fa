//! Trade and change: balance of flows, specialisation, growth, seasons.

mod cagr;
mod directionality;
mod growth;
mod grubel_lloyd;
mod location_quotient;
mod months;
mod seasonality_index;
mod seasonality_vector;
mod shift_share;

use std::sync::Arc;

use arrow::array::Float64Array;
use arrow::datatypes::{DataType, Field, FieldRef};
use datafusion_common::{Result, exec_err};
use datafusion_expr::{ColumnarValue, ReturnFieldArgs, ScalarFunctionArgs};

use crate::function::{Function, Group};
use crate::parameters::{Parameters, non_negative};
use crate::support::{Column, evaluate, numbers};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group {
        name: "trade",
        question: "How does trade balance, specialise and change?",
        functions: vec![
            Function::scalar(directionality::Directionality::default()),
            Function::aggregate(grubel_lloyd::GrubelLloyd),
            Function::scalar(location_quotient::LocationQuotient::default()),
            Function::scalar(shift_share::ShiftShare::default()),
            Function::scalar(growth::Growth::default()),
            Function::scalar(cagr::Cagr::default()),
            Function::aggregate(seasonality_index::SeasonalityIndex),
            Function::aggregate(seasonality_vector::SeasonalityVector),
        ],
    }
}

/// The field a call answers with; it can be NULL even where no argument is.
fn answer_field(
    parameters: &Parameters,
    args: &ReturnFieldArgs,
    data_type: DataType,
) -> Result<FieldRef> {
    parameters.check(args)?;
    Ok(Arc::new(Field::new(parameters.function, data_type, true)))
}

/// The finite numbers of one row; NULL if any argument is NULL.
fn row_of_numbers<const N: usize>(
    parameters: &Parameters,
    columns: &[Column<Float64Array>],
    row: usize,
) -> Result<Option<[f64; N]>> {
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
    Ok(Some(given))
}

/// A function of `N` finite numbers that may have no answer, row by row.
fn computed<const N: usize>(
    parameters: &Parameters,
    args: &ScalarFunctionArgs,
    kernel: impl Fn([f64; N]) -> Result<Option<f64>>,
) -> Result<ColumnarValue> {
    let columns = columns::<N>(args)?;
    evaluate(args, |rows| {
        let answers = (0..rows).map(|row| match row_of_numbers(parameters, &columns, row)? {
            Some(given) => kernel(given),
            None => Ok(None),
        });
        Ok(Arc::new(answers.collect::<Result<Float64Array>>()?))
    })
}

fn columns<const N: usize>(args: &ScalarFunctionArgs) -> Result<Vec<Column<Float64Array>>> {
    (0..N).map(|position| numbers(args, position)).collect()
}

/// Refuses amounts below 0, by name.
fn all_non_negative(parameters: &Parameters, given: &[f64]) -> Result<()> {
    for (parameter, value) in parameters.list.iter().zip(given) {
        non_negative(parameters.function, parameter.name, *value)?;
    }
    Ok(())
}
