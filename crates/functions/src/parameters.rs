//! What a function takes: names, kinds, which may be left out. One declaration gives the signature, the
//! coercion of arguments and the words of the errors.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields, TimeUnit};
use datafusion_common::{
    DataFusionError, Result, ScalarValue, exec_err, plan_datafusion_err, plan_err,
};
use datafusion_expr::{ReturnFieldArgs, Signature, TypeSignature, Volatility};

use crate::domain::Domain;

/// What an argument means, whatever its width or encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A DOUBLE; every numeric type is accepted.
    Number,
    /// An INTEGER (32 bits); every integer width is accepted.
    Integer,
    /// A VARCHAR in any encoding.
    Text,
    /// A name of something: a VARCHAR, or an integer or BOOLEAN read as one.
    Label,
    /// A place in an order: a number, a DATE or a TIMESTAMP.
    Position,
    /// A BOOLEAN.
    Boolean,
    /// A year, a date, a timestamp or text that says one of them.
    Moment,
    /// A list of BIGINT.
    Integers,
    /// A list of DOUBLE.
    Numbers,
    /// A list of VARCHAR.
    Texts,
    /// A square matrix of DOUBLE as a list of rows, or the rows of `transition_matrix`.
    Matrix,
    /// Points (lon, lat) as a list of pairs or of STRUCT(lon, lat).
    Ring,
}

impl Kind {
    /// The type the function computes with, `None` if `given` has another meaning.
    fn coerce(self, given: &DataType) -> Option<DataType> {
        let given = plain(given);
        match self {
            Self::Number => is_number(given).then_some(DataType::Float64),
            Self::Integer => (given.is_integer() || given.is_null()).then_some(DataType::Int32),
            Self::Text => (text(given) || given.is_null()).then_some(DataType::Utf8View),
            Self::Label => label(given).then_some(DataType::Utf8View),
            Self::Position => position(given),
            Self::Boolean => {
                matches!(given, DataType::Boolean | DataType::Null).then_some(DataType::Boolean)
            }
            Self::Moment => moment(given),
            Self::Integers => list(given, DataType::Int64, |item| {
                item.is_integer() || item.is_null()
            }),
            Self::Numbers => list(given, DataType::Float64, is_number),
            Self::Texts => list(given, DataType::Utf8View, |item| {
                text(item) || item.is_null()
            }),
            Self::Matrix => matrix(given),
            Self::Ring => ring(given),
        }
    }

    fn wanted(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Integer => "an INTEGER",
            Self::Text => "a VARCHAR",
            Self::Label => "a VARCHAR, an INTEGER or a BOOLEAN",
            Self::Position => "a number, a DATE or a TIMESTAMP",
            Self::Boolean => "a BOOLEAN",
            Self::Moment => "a year (INTEGER), a DATE, a TIMESTAMP or ISO text",
            Self::Integers => "a list of INTEGER such as [1950, 1980, 2000]",
            Self::Numbers => "a list of numbers such as [10, 100]",
            Self::Texts => "a list of VARCHAR such as ['early', 'late']",
            Self::Matrix => {
                "the answer of transition_matrix or a matrix such as [[0.9, 0.1], [0.2, 0.8]]"
            }
            Self::Ring => {
                "the ring of convex_hull or a list of [lon, lat] such as [[73, 35], [96, 35], [96, 49]]"
            }
        }
    }
}

/// One parameter of a function.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    optional: bool,
    /// Whether NULL means the default, which `name => value` gives for the parameters before it that a
    /// call leaves out.
    pub(crate) null_is_default: bool,
    /// Which values of its type it takes.
    pub(crate) domain: Domain,
    /// What help and the manual say of it.
    pub(crate) describes: &'static str,
}

impl Parameter {
    /// The same under other words.
    pub(crate) const fn describes(self, describes: &'static str) -> Self {
        Self { describes, ..self }
    }

    /// Takes only values of a domain.
    pub(crate) const fn within(self, domain: Domain) -> Self {
        Self { domain, ..self }
    }

    /// Takes only 0 and more.
    pub(crate) const fn non_negative(self) -> Self {
        self.numbers("a number of at least 0", |number| number >= 0.0)
    }

    /// Takes only the numbers that fit, which errors call `wanted`.
    pub(crate) const fn numbers(self, wanted: &'static str, fits: fn(f64) -> bool) -> Self {
        Self {
            domain: Domain::Numbers { wanted, fits },
            ..self
        }
    }

    /// Takes only the texts that fit, which errors call `wanted`.
    pub(crate) const fn texts(self, wanted: &'static str, fits: fn(&str) -> bool) -> Self {
        Self {
            domain: Domain::Texts { wanted, fits },
            ..self
        }
    }
}

/// A parameter every call must give.
pub(crate) const fn required(name: &'static str, kind: Kind, describes: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        optional: false,
        null_is_default: false,
        domain: Domain::Any,
        describes,
    }
}

/// A number that every call must give.
pub(crate) const fn number(name: &'static str, describes: &'static str) -> Parameter {
    required(name, Kind::Number, describes)
}

/// A parameter that may be left out.
pub(crate) const fn optional(name: &'static str, kind: Kind, describes: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        optional: true,
        null_is_default: false,
        domain: Domain::Any,
        describes,
    }
}

/// A parameter that may be left out or NULL, either of which means its default. Of an aggregate: one that says
/// how to compute and holds for all rows, while NULL in any other makes it skip the row.
pub(crate) const fn setting(name: &'static str, kind: Kind, describes: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        optional: true,
        null_is_default: true,
        domain: Domain::Any,
        describes,
    }
}

/// All parameters of one function, in order, the optional ones last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Parameters {
    pub(crate) function: &'static str,
    pub(crate) list: &'static [Parameter],
}

impl Parameters {
    /// Coercion is ours, so that a wrong call is answered in our words; names allow `name => value`.
    pub(crate) fn signature(&self, volatility: Volatility) -> Signature {
        let names = self.list.iter().map(|parameter| parameter.name.to_owned());
        Signature {
            parameter_names: Some(names.collect()),
            ..Signature::new(TypeSignature::UserDefined, volatility)
        }
    }

    /// A call as the manual shows it, with what may be left out in brackets.
    pub(crate) fn call(&self) -> String {
        let names = |optional: bool| {
            let list = self.list.iter().filter(move |one| one.optional == optional);
            list.map(|parameter| parameter.name).collect::<Vec<_>>()
        };
        let (required, optional) = (names(false), names(true));
        // A setting can be passed over with NULL or by name, any other needs the ones before it.
        let settings = self
            .list
            .iter()
            .all(|one| !one.optional || one.null_is_default);
        let optional = match (optional.as_slice(), settings) {
            ([], _) => String::new(),
            (names, true) => format!("[, {}]", names.join(", ")),
            (names, false) => format!("[, {}{}", names.join("[, "), "]".repeat(names.len())),
        };
        format!("{}({}{optional})", self.function, required.join(", "))
    }

    /// The types to cast arguments to. What does not fit is left as it is: [`Self::check`] names it,
    /// while an error from here would be wrapped in words about coercion.
    pub(crate) fn coerce(&self, given: &[DataType]) -> Vec<DataType> {
        given
            .iter()
            .enumerate()
            .map(|(position, data_type)| {
                self.list
                    .get(position)
                    .and_then(|parameter| parameter.kind.coerce(data_type))
                    .unwrap_or_else(|| data_type.clone())
            })
            .collect()
    }

    /// Refuses a wrong number of arguments and an argument of another meaning, while planning.
    pub(crate) fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        let function = self.function;
        let given = args.arg_fields.len();
        let least = self
            .list
            .iter()
            .filter(|parameter| !parameter.optional)
            .count();
        let most = self.list.len();
        if !(least..=most).contains(&given) {
            let count = if least == most {
                most.to_string()
            } else {
                format!("{least} to {most}")
            };
            let names: Vec<_> = self.list.iter().map(|parameter| parameter.name).collect();
            return plan_err!(
                "{function} takes {count} arguments ({}), got {given}",
                names.join(", ")
            );
        }
        for (parameter, field) in self.list.iter().zip(args.arg_fields) {
            if parameter.kind.coerce(field.data_type()).is_none() {
                return plan_err!(
                    "{function} takes {} as {}, got {}",
                    parameter.kind.wanted(),
                    parameter.name,
                    sql_name(field.data_type())
                );
            }
        }
        Ok(())
    }

    /// The arguments known while planning, cast to the types they will be computed with.
    ///
    /// A literal that cannot be cast is an error here rather than a row later.
    pub(crate) fn literals(&self, args: &ReturnFieldArgs) -> Result<Vec<Option<ScalarValue>>> {
        let mut known = vec![None; self.list.len()];
        for (position, parameter) in self.list.iter().enumerate() {
            let Some(Some(literal)) = args.scalar_arguments.get(position) else {
                continue;
            };
            let Some(data_type) = parameter.kind.coerce(&literal.data_type()) else {
                continue;
            };
            known[position] = Some(literal.cast_to(&data_type)?);
        }
        Ok(known)
    }

    /// Refuses literals outside the domains of their parameters.
    pub(crate) fn check_literals(&self, literals: &[Option<&ScalarValue>]) -> Result<()> {
        for (parameter, literal) in self.list.iter().zip(literals) {
            let Some(literal) = literal else { continue };
            let Some(data_type) = parameter.kind.coerce(&literal.data_type()) else {
                continue;
            };
            let value = literal.cast_to(&data_type)?;
            let checked = parameter
                .domain
                .check(self.function, parameter.name, &value);
            checked.map_err(while_planning)?;
        }
        Ok(())
    }

    /// Whether any of the arguments given can be NULL.
    pub(crate) fn any_nullable(args: &ReturnFieldArgs) -> bool {
        args.arg_fields.iter().any(|field| field.is_nullable())
    }
}

/// A distance, a number of people: 0 or more, not NaN.
pub(crate) fn non_negative(function: &str, name: &str, value: f64) -> Result<f64> {
    if value >= 0.0 {
        return Ok(value);
    }
    exec_err!("{function} takes a number of at least 0 as {name}, got {value}")
}

/// The same mistake, found while planning instead of in a row.
pub(crate) fn while_planning(error: DataFusionError) -> DataFusionError {
    match error {
        DataFusionError::Execution(message) => plan_datafusion_err!("{message}"),
        other => other,
    }
}

/// The type below dictionary and run-end encodings.
fn plain(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, values) => plain(values),
        DataType::RunEndEncoded(_, values) => plain(values.data_type()),
        other => other,
    }
}

fn is_number(data_type: &DataType) -> bool {
    data_type.is_numeric() || data_type.is_null()
}

fn text(data_type: &DataType) -> bool {
    matches!(
        data_type,
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    )
}

fn label(data_type: &DataType) -> bool {
    text(data_type)
        || data_type.is_integer()
        || matches!(data_type, DataType::Boolean | DataType::Null)
}

fn position(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => {
            Some(DataType::Timestamp(TimeUnit::Microsecond, None))
        }
        DataType::UInt64 => Some(DataType::Float64),
        integer if integer.is_integer() => Some(DataType::Int64),
        other => is_number(other).then_some(DataType::Float64),
    }
}

fn matrix(data_type: &DataType) -> Option<DataType> {
    let rows = match items(data_type) {
        Some(field) => field.data_type(),
        None if data_type.is_null() => data_type,
        None => return None,
    };
    match rows {
        DataType::Struct(fields) => {
            let accepted = |field: &Field| match field.name().as_str() {
                "from_state" | "to_state" => text(plain(field.data_type())),
                _ => is_number(plain(field.data_type())),
            };
            let given = fields.iter().map(|field| field.name());
            let fits = given.eq(transition_fields().iter().map(|field| field.name()))
                && fields.iter().all(|field| accepted(field));
            fits.then(|| {
                let transition = DataType::Struct(transition_fields());
                DataType::List(Arc::new(Field::new_list_field(transition, true)))
            })
        }
        row => {
            let row = list(row, DataType::Float64, is_number)?;
            Some(DataType::List(Arc::new(Field::new_list_field(row, true))))
        }
    }
}

fn ring(data_type: &DataType) -> Option<DataType> {
    let point = match items(data_type) {
        Some(field) => field.data_type(),
        None if data_type.is_null() => data_type,
        None => return None,
    };
    let point = match point {
        DataType::Struct(fields) => {
            let accepted = |(field, name): (&FieldRef, &str)| {
                field.name() == name && is_number(plain(field.data_type()))
            };
            let fits = fields.len() == 2 && fields.iter().zip(["lon", "lat"]).all(accepted);
            fits.then(|| {
                let degrees = |name: &str| Field::new(name, DataType::Float64, true);
                DataType::Struct(Fields::from(vec![degrees("lon"), degrees("lat")]))
            })
        }
        pair => list(pair, DataType::Float64, is_number),
    }?;
    Some(DataType::List(Arc::new(Field::new_list_field(point, true))))
}

/// A row of `transition_matrix`.
pub(crate) fn transition_fields() -> Fields {
    Fields::from(vec![
        Field::new("from_state", DataType::Utf8View, false),
        Field::new("to_state", DataType::Utf8View, false),
        Field::new("n", DataType::Int64, false),
        Field::new("p", DataType::Float64, false),
    ])
}

fn moment(data_type: &DataType) -> Option<DataType> {
    match data_type {
        DataType::Null => Some(DataType::Int32),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Some(data_type.clone()),
        integer if integer.is_integer() => Some(integer.clone()),
        other => text(other).then_some(DataType::Utf8View),
    }
}

fn list(
    data_type: &DataType,
    item: DataType,
    accepts: impl Fn(&DataType) -> bool,
) -> Option<DataType> {
    let accepted = match items(data_type) {
        Some(field) => accepts(plain(field.data_type())),
        None => data_type.is_null(),
    };
    accepted.then(|| DataType::List(Arc::new(Field::new_list_field(item, true))))
}

/// What a list of any encoding holds.
fn items(data_type: &DataType) -> Option<&FieldRef> {
    match data_type {
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::ListView(field)
        | DataType::LargeListView(field)
        | DataType::FixedSizeList(field, _) => Some(field),
        _ => None,
    }
}

/// A type as SQL writes it, for messages.
fn sql_name(data_type: &DataType) -> String {
    match plain(data_type) {
        DataType::Boolean => "BOOLEAN".to_owned(),
        DataType::Float16 | DataType::Float32 => "REAL".to_owned(),
        DataType::Float64 => "DOUBLE".to_owned(),
        DataType::Int64 => "BIGINT".to_owned(),
        integer if integer.is_integer() => "INTEGER".to_owned(),
        string if text(string) => "VARCHAR".to_owned(),
        DataType::Date32 | DataType::Date64 => "DATE".to_owned(),
        DataType::Timestamp(..) => "TIMESTAMP".to_owned(),
        DataType::Time32(_) | DataType::Time64(_) => "TIME".to_owned(),
        DataType::Interval(_) => "INTERVAL".to_owned(),
        DataType::Decimal128(precision, scale) => format!("DECIMAL({precision}, {scale})"),
        DataType::Struct(_) => "a STRUCT".to_owned(),
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => {
            format!("a list of {}", sql_name(item.data_type()))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: Parameters = Parameters {
        function: "sample",
        list: &[
            required("x", Kind::Number, "A number."),
            optional("names", Kind::Texts, "Names."),
        ],
    };

    fn checked(types: &[DataType]) -> Result<()> {
        let fields: Vec<_> = SAMPLE
            .coerce(types)
            .into_iter()
            .map(|data_type| Arc::new(Field::new("argument", data_type, true)))
            .collect();
        SAMPLE.check(&ReturnFieldArgs {
            arg_fields: &fields,
            scalar_arguments: &vec![None; fields.len()],
        })
    }

    #[test]
    fn numbers_of_every_width_become_doubles() {
        for given in [
            DataType::UInt8,
            DataType::Float32,
            DataType::Decimal128(10, 2),
            DataType::Null,
            DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Int64)),
        ] {
            assert_eq!(SAMPLE.coerce(&[given]), [DataType::Float64]);
        }
    }

    #[test]
    fn a_wrong_call_is_named_in_our_words() {
        let message = checked(&[]).unwrap_err().strip_backtrace();
        assert_eq!(
            message,
            "Error during planning: sample takes 1 to 2 arguments (x, names), got 0"
        );
        let message = checked(&[DataType::Boolean]).unwrap_err().strip_backtrace();
        assert_eq!(
            message,
            "Error during planning: sample takes a number as x, got BOOLEAN"
        );
        let numbers = DataType::new_list(DataType::Int64, true);
        let message = checked(&[DataType::Int8, numbers])
            .unwrap_err()
            .strip_backtrace();
        assert_eq!(
            message,
            "Error during planning: sample takes a list of VARCHAR such as ['early', 'late'] as names, \
             got a list of BIGINT"
        );
    }
}
