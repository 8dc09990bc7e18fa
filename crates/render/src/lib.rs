//! Writes record batches as text or as files of other programs: one file per output format, one row each in [`FORMATS`].
//!
//! A [`Renderer`] takes the schema, then batches, then the end, and writes to any
//! [`Write`](std::io::Write). It keeps only what it must: the text formats for programs hold
//! one batch, Parquet a row group, the formats for people the rows they will show.
//!
//! ```
//! use std::sync::Arc;
//! use arrow::array::{ArrayRef, Int64Array, RecordBatch};
//! use kouan_render::{Settings, format};
//!
//! let ports: ArrayRef = Arc::new(Int64Array::from(vec![Some(95), None]));
//! let batch = RecordBatch::try_from_iter([("ports", ports)])?;
//!
//! let csv = format("csv").ok_or("no such format")?;
//! let mut renderer = csv.renderer(&Settings::default());
//! let mut out = Vec::new();
//! renderer.begin(&batch.schema(), &mut out)?;
//! renderer.batch(&batch, &mut out)?;
//! let summary = renderer.finish(&mut out)?;
//!
//! assert_eq!(String::from_utf8(out)?, "ports\n95\n\n");
//! assert_eq!(summary.to_string(), "2 rows");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cell;
mod chart;
mod encoders;
mod error;
mod escape;
mod formats;
mod grid;
mod layout;
mod object;
mod plan;
mod renderer;
mod table_or_vertical;
mod types;
mod window;

#[cfg(test)]
mod testing;

pub use chart::chart;
pub use error::{RenderError, Result};
pub use escape::{cut, visible};
pub use formats::{FORMATS, Format, format, format_for_path};
pub use plan::measured::{draw_measured_plan, measured_plan_schema};
pub use plan::text::PlanText;
pub use renderer::{Renderer, Settings, Summary};
pub use table_or_vertical::table_or_vertical;
pub use types::type_name;
