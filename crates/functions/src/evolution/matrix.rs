//! Reads the matrix argument of functions about Markov chains, and what those functions share.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray};
use arrow::datatypes::Float64Type;
use datafusion_common::{DataFusionError, Result, exec_datafusion_err, exec_err, internal_err};
use datafusion_expr::ScalarFunctionArgs;

use super::markov::{Chain, MOST_STATES, NoChain};
use crate::documented::{Sample, Samples};
use crate::names::Names;
use crate::parameters::{Kind, Parameter, Parameters, required};
use crate::scalar::Arguments;
use crate::support::{Column, lists};

/// The parameter of all of them.
pub(super) const MATRIX: &[Parameter] = &[required(
    "matrix",
    Kind::Matrix,
    "Probabilities: the answer of transition_matrix, or a list of rows such as [[0.9, 0.1], [0.2, 0.8]] whose states are called 1, 2, ...",
)];

pub(super) const MATRIX_SAMPLES: Samples = &[&[Sample::Tables([MIXED, MIXED, STAYING, STAYING])]];
const MIXED: &[&[f64]] = &[&[0.5, 0.5], &[0.25, 0.75]];
const STAYING: &[&[f64]] = &[&[1.0, 0.0], &[0.125, 0.875]];

/// A chain and the names of its states, in the order of its rows.
pub(super) struct NamedChain {
    pub(super) states: Vec<Arc<str>>,
    pub(super) chain: Chain,
}

/// A matrix that is NULL or not wholly known gives NULL.
impl Arguments for NamedChain {
    type Columns = Column<ListArray>;

    fn columns(args: &ScalarFunctionArgs) -> Result<Self::Columns> {
        lists(args, 0)
    }

    fn read(parameters: &Parameters, columns: &Self::Columns, row: usize) -> Result<Option<Self>> {
        match columns.get(row) {
            Some(matrix) => named_chain(parameters.function, &matrix),
            None => Ok(None),
        }
    }
}

/// `None` if a value is NULL or a row is all 0.
fn named_chain(function: &str, matrix: &ArrayRef) -> Result<Option<NamedChain>> {
    let read = match matrix.as_struct_opt() {
        Some(transitions) => of_transitions(function, transitions)?,
        None => of_rows(function, matrix)?,
    };
    let Some((states, rows)) = read else {
        return Ok(None);
    };
    let chain = Chain::new(rows).map_err(|NoChain { wanted, got }| {
        exec_datafusion_err!("{function} takes {wanted} as matrix, got {got}")
    })?;
    Ok(chain.map(|chain| NamedChain { states, chain }))
}

type NamedRows = (Vec<Arc<str>>, Vec<Vec<f64>>);

/// Rows as a list of lists; the states are called 1, 2, 3.
fn of_rows(function: &str, matrix: &ArrayRef) -> Result<Option<NamedRows>> {
    let Some(lists) = matrix.as_list_opt::<i32>() else {
        return internal_err!("{function} got a matrix of {}", matrix.data_type());
    };
    few_enough(function, lists.len())?;
    let row = |list: Option<ArrayRef>| -> Option<Vec<f64>> {
        let list = list?;
        list.as_primitive_opt::<Float64Type>()?.iter().collect()
    };
    let rows: Option<Vec<_>> = lists.iter().map(row).collect();
    let states = (1..=lists.len()).map(|state| state.to_string().into());
    Ok(rows.map(|rows| (states.collect(), rows)))
}

/// Rows as `transition_matrix` gives them; a pair that is not there has probability 0.
fn of_transitions(function: &str, transitions: &StructArray) -> Result<Option<NamedRows>> {
    let [from_states, to_states, _, probabilities] = transitions.columns() else {
        return internal_err!("{function} got transitions of {}", transitions.data_type());
    };
    let columns = [from_states, to_states, probabilities];
    if transitions.null_count() > 0 || columns.iter().any(|column| column.null_count() > 0) {
        return Ok(None);
    }
    let (from_states, to_states) = (from_states.as_string_view(), to_states.as_string_view());
    let probabilities = probabilities.as_primitive::<Float64Type>();
    let mut names: Names = from_states
        .iter()
        .chain(to_states.iter())
        .flatten()
        .collect();
    few_enough(function, names.len())?;
    let order = names.sorted();
    let mut place = vec![0; order.len()];
    order
        .iter()
        .enumerate()
        .for_each(|(row, code)| place[*code] = row);
    let mut rows = vec![vec![0.0; order.len()]; order.len()];
    for pair in 0..transitions.len() {
        let from = place[names.code(from_states.value(pair))];
        let to = place[names.code(to_states.value(pair))];
        rows[from][to] += probabilities.value(pair);
    }
    let states = order.iter().map(|code| Arc::clone(names.name(*code)));
    Ok(Some((states.collect(), rows)))
}

fn few_enough(function: &str, states: usize) -> Result<(), DataFusionError> {
    if states <= MOST_STATES {
        return Ok(());
    }
    exec_err!("{function} takes up to {MOST_STATES} states as matrix, got {states}")
}
