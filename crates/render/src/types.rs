//! How the values of a type want to stand in a grid.

use arrow::datatypes::DataType;

/// The type of the values, whatever the encoding.
pub(crate) fn decoded(data_type: &DataType) -> &DataType {
    match data_type {
        DataType::Dictionary(_, values) => decoded(values),
        DataType::RunEndEncoded(_, values) => decoded(values.data_type()),
        other => other,
    }
}

/// Numbers stand at the right, so that their digits line up.
pub(crate) fn is_numeric(data_type: &DataType) -> bool {
    decoded(data_type).is_numeric()
}

/// A shortened text is still of use; a shortened number or date says something else.
pub(crate) fn is_whole(data_type: &DataType) -> bool {
    let data_type = decoded(data_type);
    data_type.is_numeric() || data_type.is_temporal() || data_type == &DataType::Boolean
}

/// Text may read `NULL` without being it.
pub(crate) fn is_text(data_type: &DataType) -> bool {
    matches!(
        decoded(data_type),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
    )
}

/// Lists, structs, maps and unions.
pub(crate) fn is_nested(data_type: &DataType) -> bool {
    decoded(data_type).is_nested()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_does_not_change_how_values_stand() {
        let numbers = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Int64));
        assert!(is_numeric(&numbers) && is_whole(&numbers));
        assert!(!is_numeric(&DataType::Date32) && is_whole(&DataType::Date32));
        assert!(is_text(&DataType::Utf8View) && !is_whole(&DataType::Utf8View));
    }
}
