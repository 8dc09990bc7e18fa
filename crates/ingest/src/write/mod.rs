//! From the values of a row group to a sealed file, or a folder of them, that takes its place in one step.

pub(crate) mod column_values;
pub(crate) mod encode;
pub(crate) mod footer;
pub(crate) mod in_order;
pub(crate) mod leftovers;
pub(crate) mod output;
pub(crate) mod parquet_file;
pub(crate) mod partition;
pub(crate) mod point_columns;
pub(crate) mod properties;
pub(crate) mod seal;
