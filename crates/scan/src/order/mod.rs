//! The order of rows: that of the file, whatever the number of threads.
//!
//! DataFusion merges the partitions of a scan in the order of their arrival, lets idle ones take files from others, and
//! may begin a `LIMIT` in the middle of a file. SQL allows it, but a person who looks at a file wants its beginning, and
//! the same answer each time.

mod exec;
mod external;
mod memory;
mod rule;
mod window;

pub use external::with_ordered_tables;
pub use memory::MemoryInOrder;
pub use rule::RowsInOrder;
