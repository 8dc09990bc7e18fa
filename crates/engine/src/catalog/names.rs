//! The names in the catalog that mean something to the program.

/// The catalog that every package's schemas are in.
pub(crate) const CATALOG: &str = "kouan";

/// The schema whose tables are the saved queries.
pub const QUERIES: &str = "queries";

/// The table that holds the rows of the last answer.
pub const LAST: &str = "_";

/// The table that `nearest_city` searches.
pub(crate) const PLACES: &str = "cities";
