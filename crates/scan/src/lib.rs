//! How files are scanned: which statistics are believed, and in which order rows come.

mod bounds;
mod file_statistics;
mod footer;
mod grouping_sets;
mod order;
mod parquet_format;
mod read_footer;

use std::sync::Arc;

use datafusion::common::GetExt;
use datafusion::datasource::file_format::FileFormatFactory;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::physical_optimizer::optimizer::PhysicalOptimizer;

pub use bounds::{FLOAT_BOUNDS_KEY, FLOAT_BOUNDS_WITHOUT_NAN};
pub use footer::{FooterError, sound_footer};
pub use grouping_sets::GroupingSetsWithoutOrder;
pub use order::{MemoryInOrder, RowsInOrder, with_ordered_tables};
pub use parquet_format::{SoundParquet, SoundParquetFactory};

/// DataFusion's physical optimizer rules with ours at their places, and others before the one that orders rows.
pub fn physical_optimizer_rules(
    others: impl IntoIterator<Item = Arc<dyn PhysicalOptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn PhysicalOptimizerRule + Send + Sync>> {
    let mut rules = PhysicalOptimizer::new().rules;
    rules.insert(0, Arc::new(GroupingSetsWithoutOrder));
    rules.insert(1, Arc::new(MemoryInOrder));
    rules.extend(others);
    rules.push(Arc::new(RowsInOrder));
    rules
}

/// Puts [`SoundParquetFactory`] in the place of DataFusion's factory.
pub fn with_sound_formats(formats: &mut Vec<Arc<dyn FileFormatFactory>>) {
    let sound = SoundParquetFactory;
    formats.retain(|format| format.get_ext() != sound.get_ext());
    formats.push(Arc::new(sound));
}
