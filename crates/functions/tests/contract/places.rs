//! A catalogue for the functions that ask one.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use kouan_functions::{PlaceCatalogue, PlaceSource};

/// Three cities, one without population and one without rank.
pub(crate) fn places() -> PlaceSource {
    let columns: [(&str, ArrayRef); 7] = [
        (
            "name",
            Arc::new(StringArray::from(vec!["Kashgar", "Naryn", "Bishkek"])),
        ),
        (
            "country",
            Arc::new(StringArray::from(vec!["China", "Kyrgyzstan", "Kyrgyzstan"])),
        ),
        (
            "country_code",
            Arc::new(StringArray::from(vec!["CN", "KG", "KG"])),
        ),
        (
            "lon",
            Arc::new(Float64Array::from(vec![75.99, 76.0, 74.59])),
        ),
        (
            "lat",
            Arc::new(Float64Array::from(vec![39.47, 41.43, 42.87])),
        ),
        (
            "population",
            Arc::new(Int64Array::from(vec![Some(500_000), None, Some(900_000)])),
        ),
        (
            "rank",
            Arc::new(Int64Array::from(vec![Some(3), Some(4), None])),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    PlaceCatalogue::try_new(&[batch]).unwrap().into()
}
