//! Words that every message and table of the workspace is made of: names of types, names that were meant, counts, and text
//! that fits a terminal.
//!
//! Nothing here knows what the words are about, so every crate may use it.
//!
//! ```
//! use arrow::datatypes::DataType;
//! use kouan_words::{counted, cut, nearest, type_name};
//!
//! assert_eq!(type_name(&DataType::Int64), "bigint");
//! assert_eq!(nearest("palce", ["port_id", "place"]), Some("place"));
//! assert_eq!(counted(1_000, "row"), "1,000 rows");
//! assert_eq!(cut("阿拉山口", 7), "阿拉山…");
//! ```

mod counts;
mod near;
mod terminal;
mod types;

pub use counts::{counted, grouped};
pub use near::{nearest, nearest_spelling};
pub use terminal::{cut, visible, width};
pub use types::type_name;
