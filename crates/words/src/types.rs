//! What a type is called.

use arrow::datatypes::DataType;

/// The type as SQL names it, in lower case: `bigint`, `varchar`, `struct(name varchar, km double)[]`.
///
/// Simple names can be used in `CAST`. How a value is encoded (dictionary, view, large
/// offsets) and the unit of a timestamp are not part of the name.
pub fn type_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Null => "null".into(),
        DataType::Boolean => "boolean".into(),
        DataType::Int8 => "tinyint".into(),
        DataType::Int16 => "smallint".into(),
        DataType::Int32 => "integer".into(),
        DataType::Int64 => "bigint".into(),
        DataType::UInt8 => "tinyint unsigned".into(),
        DataType::UInt16 => "smallint unsigned".into(),
        DataType::UInt32 => "integer unsigned".into(),
        DataType::UInt64 => "bigint unsigned".into(),
        DataType::Float16 => "float16".into(),
        DataType::Float32 => "real".into(),
        DataType::Float64 => "double".into(),
        DataType::Decimal32(precision, scale)
        | DataType::Decimal64(precision, scale)
        | DataType::Decimal128(precision, scale)
        | DataType::Decimal256(precision, scale) => format!("decimal({precision},{scale})"),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => "varchar".into(),
        DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::FixedSizeBinary(_) => "bytea".into(),
        DataType::Date32 | DataType::Date64 => "date".into(),
        DataType::Time32(_) | DataType::Time64(_) => "time".into(),
        DataType::Timestamp(_, None) => "timestamp".into(),
        DataType::Timestamp(_, Some(_)) => "timestamptz".into(),
        DataType::Interval(_) => "interval".into(),
        DataType::Duration(_) => "duration".into(),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item) => format!("{}[]", type_name(item.data_type())),
        DataType::FixedSizeList(item, length) => {
            format!("{}[{length}]", type_name(item.data_type()))
        }
        DataType::Struct(fields) => format!("struct({})", members(fields.iter())),
        DataType::Union(fields, _) => {
            format!("union({})", members(fields.iter().map(|(_, field)| field)))
        }
        DataType::Map(entries, _) => match entries.data_type() {
            DataType::Struct(fields) => {
                let types: Vec<String> = fields
                    .iter()
                    .map(|field| type_name(field.data_type()))
                    .collect();
                format!("map({})", types.join(", "))
            }
            other => format!("map({})", type_name(other)),
        },
        DataType::Dictionary(_, values) => type_name(values),
        DataType::RunEndEncoded(_, values) => type_name(values.data_type()),
    }
}

fn members<'a>(fields: impl Iterator<Item = &'a arrow::datatypes::FieldRef>) -> String {
    let members: Vec<String> = fields
        .map(|field| format!("{} {}", field.name(), type_name(field.data_type())))
        .collect();
    members.join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::{Field, Fields, TimeUnit};

    use super::*;

    #[test]
    fn names_are_those_of_sql_whatever_the_encoding() {
        let text = Arc::new(Field::new("name", DataType::Utf8View, true));
        let distance = Arc::new(Field::new("km", DataType::Float64, true));
        let city = DataType::Struct(Fields::from(vec![text, distance]));
        let dictionary =
            DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::LargeUtf8));
        for (data_type, name) in [
            (DataType::Int64, "bigint"),
            (DataType::Decimal128(10, 2), "decimal(10,2)"),
            (dictionary, "varchar"),
            (DataType::Timestamp(TimeUnit::Second, None), "timestamp"),
            (
                DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
                "timestamptz",
            ),
            (city.clone(), "struct(name varchar, km double)"),
            (
                DataType::new_list(city, true),
                "struct(name varchar, km double)[]",
            ),
            (
                DataType::new_fixed_size_list(DataType::Float64, 2, true),
                "double[2]",
            ),
        ] {
            assert_eq!(type_name(&data_type), name);
        }
    }
}
