//! Files with footers as other writers make them, or as none should.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use bytes_of_parquet::footer_starts;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::errors::Result;
use datafusion::parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, PageIndexPolicy, ParquetMetaData, ParquetMetaDataReader,
    ParquetMetaDataWriter, RowGroupMetaData,
};
use datafusion::parquet::file::properties::{WriterProperties, WriterPropertiesBuilder};
use libtest_mimic::Failed;
use tempfile::TempDir;

/// A file of one column, `x`, with an array for each row group.
pub(super) struct TestFile {
    _folder: TempDir,
    pub(super) path: PathBuf,
}

impl TestFile {
    pub(super) fn new(groups: &[ArrayRef]) -> std::result::Result<Self, Failed> {
        Self::with(groups, |properties| properties)
    }

    pub(super) fn with(
        groups: &[ArrayRef],
        properties: impl FnOnce(WriterPropertiesBuilder) -> WriterPropertiesBuilder,
    ) -> std::result::Result<Self, Failed> {
        let folder = TempDir::new()?;
        let path = folder.path().join("t.parquet");
        let batches = groups.iter().map(|group| {
            RecordBatch::try_from_iter_with_nullable([("x", Arc::clone(group), true)])
        });
        let batches: Vec<RecordBatch> = batches.collect::<std::result::Result<_, _>>()?;
        let properties = properties(WriterProperties::builder()).build();
        let file = std::fs::File::create(&path)?;
        let mut writer = ArrowWriter::try_new(file, batches[0].schema(), Some(properties))?;
        for batch in &batches {
            writer.write(batch)?;
            writer.flush()?;
        }
        writer.close()?;
        Ok(Self {
            _folder: folder,
            path,
        })
    }

    /// The same pages under another footer, without indexes of pages.
    pub(super) fn with_footer(
        self,
        change: impl FnOnce(ParquetMetaData) -> Result<ParquetMetaData>,
    ) -> std::result::Result<Self, Failed> {
        let bytes = std::fs::read(&self.path)?;
        let footer = read_footer(&self.path)?;
        let mut groups = footer.row_groups().to_vec();
        for chunk in groups.iter_mut().flat_map(RowGroupMetaData::columns_mut) {
            *chunk = (chunk.clone().into_builder())
                .set_column_index_offset(None)
                .set_column_index_length(None)
                .set_offset_index_offset(None)
                .set_offset_index_length(None)
                .build()?;
        }
        let footer = footer.into_builder().set_row_groups(groups).build();
        let mut changed = bytes[..footer_starts(&bytes)].to_vec();
        ParquetMetaDataWriter::new(&mut changed, &change(footer)?).finish()?;
        std::fs::write(&self.path, changed)?;
        Ok(self)
    }

    /// The same file with each chunk described otherwise; the first argument is the number of its row group.
    pub(super) fn with_chunks(
        self,
        change: impl Fn(usize, ColumnChunkMetaData) -> Result<ColumnChunkMetaData>,
    ) -> std::result::Result<Self, Failed> {
        self.with_groups(|number, mut group| {
            for chunk in group.columns_mut() {
                *chunk = change(number, chunk.clone())?;
            }
            Ok(group)
        })
    }

    pub(super) fn with_groups(
        self,
        change: impl Fn(usize, RowGroupMetaData) -> Result<RowGroupMetaData>,
    ) -> std::result::Result<Self, Failed> {
        self.with_footer(|footer| {
            let groups = footer.row_groups().iter().cloned().enumerate();
            let groups = groups.map(|(number, group)| change(number, group));
            let groups = groups.collect::<Result<_>>()?;
            Ok(footer.into_builder().set_row_groups(groups).build())
        })
    }

    /// The same file that tells another number of rows of all row groups.
    pub(super) fn with_rows(self, rows: i64) -> std::result::Result<Self, Failed> {
        self.with_footer(|footer| {
            let file = footer.file_metadata();
            let told = FileMetaData::new(
                file.version(),
                rows,
                file.created_by().map(str::to_string),
                file.key_value_metadata().cloned(),
                file.schema_descr_ptr(),
                file.column_orders().cloned(),
            );
            Ok(ParquetMetaData::new(told, footer.row_groups().to_vec()))
        })
    }
}

pub(super) fn read_footer(path: &Path) -> std::result::Result<ParquetMetaData, Failed> {
    let reader = ParquetMetaDataReader::new().with_page_index_policy(PageIndexPolicy::Skip);
    Ok(reader.parse_and_finish(&std::fs::File::open(path)?)?)
}

mod bytes_of_parquet {
    /// Where the footer begins: its length stands before the last four bytes.
    pub(super) fn footer_starts(bytes: &[u8]) -> usize {
        let end = bytes.len() - 8;
        let length: [u8; 4] = bytes[end..end + 4].try_into().unwrap_or_default();
        end - u32::from_le_bytes(length) as usize
    }
}
