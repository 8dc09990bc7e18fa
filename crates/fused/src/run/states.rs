//! From sums to the answer: the states of DataFusion's own functions, which then say what they come to.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    UInt32Array, UInt64Array, make_array,
};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{exec_datafusion_err, internal_err, not_impl_err};
use datafusion::error::Result;
use datafusion::logical_expr::EmitTo;

use crate::kernel::{KeyDictionaries, OpState, Table};
use crate::plan::{Aggregate, AggregateState, Query};

/// The groups that have rows, with their keys and aggregates.
pub(crate) fn finish(
    query: &Query,
    key_dictionaries: &KeyDictionaries,
    groups: usize,
    mut table: Table,
) -> Result<RecordBatch> {
    // Without keys there is one group, whether it has rows or not.
    let present = (0..groups).filter(|group| query.keys == 0 || table.rows(*group) > 0);
    let present: Vec<usize> = present.collect();
    let mut columns = Vec::new();
    let mut stride = 1;
    for (key_part, key_dictionary) in query.key_parts[..query.keys]
        .iter()
        .zip(&key_dictionaries.keys)
    {
        let number = |group: &usize| (group / stride % key_dictionary.size) as u32;
        let numbers = UInt32Array::from_iter_values(present.iter().map(number));
        columns.push(key_dictionary.take(&numbers, &key_part.computation.data_type)?);
        stride *= key_dictionary.size;
    }
    for aggregate in &query.aggregates {
        columns.push(evaluate(aggregate, query, &mut table, &present)?);
    }
    let columns = columns
        .into_iter()
        .zip(query.schema.fields())
        .map(|(column, field)| {
            if column.data_type() == field.data_type() {
                Ok(column)
            } else {
                cast(&column, field.data_type())
            }
        });
    let columns = columns.collect::<std::result::Result<Vec<_>, _>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(present.len()));
    Ok(RecordBatch::try_new_with_options(
        Arc::clone(&query.schema),
        columns,
        &options,
    )?)
}

fn evaluate(
    aggregate: &Aggregate,
    query: &Query,
    table: &mut Table,
    present: &[usize],
) -> Result<ArrayRef> {
    if let [AggregateState::Accumulated(index)] = aggregate.states[..] {
        return table.accumulated[index].evaluate(present);
    }
    let Some(function) = &aggregate.function else {
        return match aggregate.states[..] {
            [state] => distinct(state, table, present),
            _ => internal_err!("a distinct count of nothing"),
        };
    };
    let mut states = Vec::new();
    for (state, field) in aggregate.states.iter().zip(function.state_fields()?) {
        states.push(column(*state, query, table, present, field.data_type())?);
    }
    let groups: Vec<usize> = (0..present.len()).collect();
    let mut accumulator = function.create_groups_accumulator()?;
    accumulator.merge_batch(&states, &groups, present.len())?;
    accumulator.evaluate(EmitTo::All)
}

fn distinct(state: AggregateState, table: &Table, present: &[usize]) -> Result<ArrayRef> {
    let AggregateState::Value(input, op) = state else {
        return internal_err!("a distinct count without a set");
    };
    let OpState::Distinct { words, bits } = &table.inputs[input].ops[op] else {
        return internal_err!("a distinct count without a set");
    };
    let count = |group: &usize| {
        let set = &bits[group * words..(group + 1) * words];
        set.iter()
            .map(|word| i64::from(word.count_ones()))
            .sum::<i64>()
    };
    Ok(Arc::new(Int64Array::from_iter_values(
        present.iter().map(count),
    )))
}

/// One column of a function's state.
fn column(
    state: AggregateState,
    query: &Query,
    table: &Table,
    present: &[usize],
    data_type: &DataType,
) -> Result<ArrayRef> {
    match state {
        AggregateState::Count(input) => {
            let counts = present.iter().map(|group| table.rows_of(input, *group));
            Ok(cast(&UInt64Array::from_iter_values(counts), data_type)?)
        }
        AggregateState::CountOrNull(input) => {
            let counts = present.iter().map(|group| table.rows_of(input, *group));
            let counts: UInt64Array = counts.map(|count| (count > 0).then_some(count)).collect();
            Ok(cast(&counts, data_type)?)
        }
        AggregateState::Value(input, op) => {
            let has_rows = |group: &usize| table.rows_of(input, *group) > 0;
            numbers(&table.inputs[input].ops[op], present, has_rows, data_type)
        }
        AggregateState::Accumulated(_) => {
            internal_err!("a function's own state is not one of numbers")
        }
        AggregateState::Moment(input, op, moment) => {
            let OpState::Moments(moments) = &table.inputs[input].ops[op] else {
                return internal_err!("moments of {:?}", query.inputs[input].ops[op]);
            };
            let moments = present.iter().map(|group| &moments[*group]);
            Ok(match moment {
                0 => Arc::new(UInt64Array::from_iter_values(
                    moments.map(|moments| moments.count),
                )),
                1 => Arc::new(Float64Array::from_iter_values(
                    moments.map(|moments| moments.mean),
                )),
                _ => Arc::new(Float64Array::from_iter_values(
                    moments.map(|moments| moments.squares),
                )),
            })
        }
    }
}

fn numbers(
    op: &OpState,
    present: &[usize],
    has_rows: impl Fn(&usize) -> bool,
    data_type: &DataType,
) -> Result<ArrayRef> {
    fn each<T>(
        present: &[usize],
        has_rows: impl Fn(&usize) -> bool,
        value: impl Fn(usize) -> T,
    ) -> impl Iterator<Item = Option<T>> {
        present
            .iter()
            .map(move |group| has_rows(group).then(|| value(*group)))
    }
    use crate::kernel::fold;
    match op {
        OpState::SumFloat(sums) => floats(
            each(present, has_rows, |group| {
                sums.get(group, |one, two| one + two)
            }),
            data_type,
        ),
        OpState::ExtremeFloat(found, true) => floats(
            each(present, has_rows, |group| {
                found.get(group, fold::most_float)
            }),
            data_type,
        ),
        OpState::ExtremeFloat(found, false) => floats(
            each(present, has_rows, |group| {
                found.get(group, fold::least_float)
            }),
            data_type,
        ),
        OpState::SumWhole(sums) => whole(
            each(present, has_rows, |group| {
                sums.get(group, i64::wrapping_add)
            }),
            data_type,
        ),
        OpState::ExtremeWhole(found, true) => whole(
            each(present, has_rows, |group| found.get(group, fold::most)),
            data_type,
        ),
        OpState::ExtremeWhole(found, false) => whole(
            each(present, has_rows, |group| found.get(group, fold::least)),
            data_type,
        ),
        OpState::SumWide(sums) => wide(
            each(present, has_rows, |group| {
                sums.get(group, i128::wrapping_add)
            }),
            data_type,
        ),
        OpState::ExtremeWide(found, true) => wide(
            each(present, has_rows, |group| found.get(group, fold::most)),
            data_type,
        ),
        OpState::ExtremeWide(found, false) => wide(
            each(present, has_rows, |group| found.get(group, fold::least)),
            data_type,
        ),
        OpState::Moments(_) | OpState::Distinct { .. } => internal_err!("{data_type} of a set"),
    }
}

fn floats(values: impl Iterator<Item = Option<f64>>, data_type: &DataType) -> Result<ArrayRef> {
    Ok(cast(&values.collect::<Float64Array>(), data_type)?)
}

/// 64-bit numbers as the type that they are of.
fn whole(values: impl Iterator<Item = Option<i64>>, data_type: &DataType) -> Result<ArrayRef> {
    use DataType::{
        Date32, Decimal32, Decimal64, Decimal128, Duration, Int32, Time32, Time64, Timestamp,
        UInt64,
    };
    if let Decimal128(..) = data_type {
        return wide(values.map(|value| value.map(i128::from)), data_type);
    }
    let values: ArrayRef = Arc::new(values.collect::<Int64Array>());
    let values = match data_type {
        Date32 | Time32(_) | Decimal32(..) => cast(&values, &Int32)?,
        Timestamp(..) | Time64(_) | Duration(_) | Decimal64(..) | UInt64 => values,
        number if number.is_integer() => return Ok(cast(&values, data_type)?),
        other => return not_impl_err!("whole numbers as {other}"),
    };
    Ok(make_array(
        values
            .to_data()
            .into_builder()
            .data_type(data_type.clone())
            .build()?,
    ))
}

/// 128-bit numbers as the type that they are of; an error when that does not hold one of them.
fn wide(values: impl Iterator<Item = Option<i128>>, data_type: &DataType) -> Result<ArrayRef> {
    use DataType::{Decimal32, Decimal64, Decimal128, UInt64};
    match data_type {
        Decimal128(precision, scale) => {
            let values = values.collect::<Decimal128Array>();
            let array = values
                .into_data()
                .into_builder()
                .data_type(Decimal128(*precision, *scale))
                .build()?;
            Ok(make_array(array))
        }
        UInt64 => {
            let values = narrowed(values, |value| u64::try_from(value).ok())?;
            Ok(Arc::new(UInt64Array::from(values)))
        }
        Decimal64(..) => {
            let values = narrowed(values, |value| i64::try_from(value).ok())?;
            whole(values.into_iter(), data_type)
        }
        Decimal32(..) => {
            let values = narrowed(values, |value| i32::try_from(value).map(i64::from).ok())?;
            whole(values.into_iter(), data_type)
        }
        other => not_impl_err!("128-bit numbers as {other}"),
    }
}

fn narrowed<T>(
    values: impl Iterator<Item = Option<i128>>,
    narrow: impl Fn(i128) -> Option<T>,
) -> Result<Vec<Option<T>>> {
    let narrow = |value: i128| {
        narrow(value).ok_or_else(|| exec_datafusion_err!("{value} is beyond its type"))
    };
    values.map(|value| value.map(narrow).transpose()).collect()
}
