//! How the columns of a file are written.

use arrow::datatypes::{DataType, Field, Schema};
use kouan_schema::{FileLayout, Storage, Table};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::errors::Result;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder};
use parquet::schema::types::ColumnPath;

use crate::write::encode::Clustering;
use crate::write::footer;

/// More effort makes the files hardly smaller: what is left to compress is codes and numbers.
const ZSTD_LEVEL: i32 = 1;

/// How the columns of a file are written. Nothing here may depend on the time or the machine: the same input gives the same bytes.
pub(crate) struct Properties {
    layout: FileLayout,
    level: ZstdLevel,
    pub(crate) clustering: Clustering,
}

impl Properties {
    /// `layout` goes before the one of the schema.
    pub(crate) fn new(table: &Table, layout: Option<FileLayout>) -> Result<Self> {
        let definition = &table.definition;
        let storage = Storage {
            layout: layout.unwrap_or(definition.storage.layout),
            ..definition.storage.clone()
        };
        Ok(Self {
            layout: storage.layout,
            level: ZstdLevel::try_new(ZSTD_LEVEL)?,
            clustering: Clustering::of(definition, &storage),
        })
    }

    /// The level at which columns of few different values are compressed.
    ///
    /// In the fast layout sorting has made most of them small, and others are random.
    pub(crate) fn level_of_codes(&self) -> Option<ZstdLevel> {
        match self.layout {
            FileLayout::Compact => Some(self.level),
            FileLayout::Fast => None,
        }
    }

    /// What the `parquet` crate's writer has to know, which writes columns of many different values.
    pub(crate) fn of_writer(&self, table: &Table, schema: &Schema) -> WriterProperties {
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(self.level))
            .set_statistics_enabled(EnabledStatistics::Page)
            .set_max_row_group_row_count(None)
            .set_dictionary_enabled(false)
            .set_key_value_metadata(Some(footer::entries(table, self.layout)));
        let fields = schema.fields().iter();
        fields
            .fold(properties, |properties, field| {
                self.of_column(properties, field, is_key(table, field))
            })
            .build()
    }

    fn of_column(
        &self,
        mut properties: WriterPropertiesBuilder,
        field: &Field,
        is_key: bool,
    ) -> WriterPropertiesBuilder {
        let path = || ColumnPath::new(vec![field.name().clone()]);
        let kind = field.data_type();
        if kind.is_primitive() && self.layout == FileLayout::Fast {
            // To undo the compression of numbers takes longer than to read them.
            properties = properties.set_column_compression(path(), Compression::UNCOMPRESSED);
        }
        if matches!(kind, DataType::Int32 | DataType::Int64) {
            // Many different integers lie close together more often than they repeat.
            properties = properties.set_column_encoding(path(), Encoding::DELTA_BINARY_PACKED);
        }
        if let DataType::List(item) = kind {
            let item = vec![field.name().clone(), "list".into(), item.name().clone()];
            properties = properties.set_column_dictionary_enabled(ColumnPath::new(item), true);
        }
        if is_key && (kind.is_primitive() || *kind == DataType::Utf8) {
            // Whoever looks for one row needs not look into row groups whose bounds only happen to lie around it.
            properties = properties.set_column_bloom_filter_enabled(path(), true);
        }
        properties
    }
}

/// Whether no two rows have the same value of a field.
fn is_key(table: &Table, field: &Field) -> bool {
    table
        .definition
        .is_unique(std::slice::from_ref(field.name()))
}
