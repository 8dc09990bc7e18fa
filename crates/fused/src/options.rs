//! The settings of this crate: `SET kouan.fused = true`.

use datafusion::common::config::ConfigExtension;
use datafusion::common::extensions_options;

extensions_options! {
    /// Whether aggregations over Parquet files are fused with their scans.
    pub struct FusedOptions {
        /// Answer aggregations over Parquet files from the dictionary codes of their pages, where that is faster
        pub fused: bool, default = false
        /// Say in plans why an aggregation was not fused with its scan
        pub fused_reasons: bool, default = false
    }
}

impl ConfigExtension for FusedOptions {
    const PREFIX: &'static str = "kouan";
}
