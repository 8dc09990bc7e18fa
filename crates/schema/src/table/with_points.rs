//! A table's columns with its marked points as columns of their own.

use crate::table::constraints::Constraints;
use crate::table::field::Field;
use crate::table::table_schema::TableSchema;
use crate::types::field_type::FieldType;
use crate::types::geo::PointFormat;

impl TableSchema {
    /// The columns as files written for others have them: each marked point is one more, of type geopoint, behind the others.
    #[must_use]
    pub fn with_points(&self) -> Self {
        let mut written = self.clone();
        for point in std::mem::take(&mut written.points) {
            let is_required = [&point.longitude, &point.latitude].map(|name| {
                self.field(name)
                    .is_some_and(|(_, field)| self.is_required(field))
            });
            written.fields.push(Field {
                description: Some(format!(
                    "The point of {} and {}.",
                    point.longitude, point.latitude
                )),
                name: point.name,
                title: None,
                unit: None,
                kind: FieldType::Point(PointFormat::Default),
                constraints: Constraints {
                    required: is_required == [true, true],
                    ..Constraints::default()
                },
                categories: None,
                missing_values: None,
            });
        }
        written
    }
}
