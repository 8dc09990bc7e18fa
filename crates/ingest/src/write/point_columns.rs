//! The points that a table's schema marks, made of the two columns of each.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, Float64Array, StructArray};
use arrow::buffer::NullBuffer;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, Float64Type};
use arrow::error::ArrowError;
use kouan_schema::{FieldType, PointFormat, Table};

use crate::write::column_values::{ColumnValues, flat};

/// The columns that are a point's longitude and latitude, for each point.
#[derive(Debug, Default)]
pub(crate) struct PointColumns(Vec<(usize, usize)>);

impl PointColumns {
    pub(crate) fn of(table: &Table) -> Self {
        let place = |name: &str| Some(table.definition.field(name)?.0);
        let points = table.definition.points.iter();
        let points =
            points.filter_map(|point| Some((place(&point.longitude)?, place(&point.latitude)?)));
        Self(points.collect())
    }

    /// Adds a column for each point behind the others. Without a longitude or a latitude there is no point.
    pub(crate) fn append(&self, columns: &mut Vec<ColumnValues>) -> Result<(), ArrowError> {
        for (longitude, latitude) in &self.0 {
            let point = point(&flat(&columns[*longitude])?, &flat(&columns[*latitude])?)?;
            columns.push(ColumnValues::Plain(point));
        }
        Ok(())
    }
}

fn point(longitude: &ArrayRef, latitude: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let degrees = [longitude, latitude].map(|column| cast(column, &DataType::Float64));
    let [longitude, latitude] = degrees;
    let (longitude, latitude) = (longitude?, latitude?);
    let nulls = NullBuffer::union(longitude.nulls(), latitude.nulls());
    let part = |column: &ArrayRef| -> ArrayRef {
        let column = column.as_primitive::<Float64Type>();
        let degrees = column.iter().map(Option::unwrap_or_default);
        Arc::new(Float64Array::from_iter_values(degrees))
    };
    let fields = match FieldType::Point(PointFormat::Default).arrow_type() {
        DataType::Struct(fields) => fields,
        other => vec![Field::new("point", other, true)].into(),
    };
    let parts = vec![part(&longitude), part(&latitude)];
    Ok(Arc::new(StructArray::try_new(fields, parts, nulls)?))
}
