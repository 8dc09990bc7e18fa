//! The settings of this crate: `SET kouan.fused = false`.

use datafusion::common::config::ConfigExtension;
use datafusion::common::extensions_options;

extensions_options! {
    /// Whether aggregations and first rows in an order are fused with scans of Parquet files.
    pub struct FusedOptions {
        /// Answer aggregations and ORDER BY … LIMIT over Parquet files from the dictionary codes of their pages
        pub fused: bool, default = true
        /// Say in plans why an aggregation or a sort was not fused with its scan
        pub fused_reasons: bool, default = false
    }
}

impl ConfigExtension for FusedOptions {
    const PREFIX: &'static str = "kouan";
}
