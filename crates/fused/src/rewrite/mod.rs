//! What becomes of a plan: fused, left alone with the reason, or grouped before it computes.

mod declined;
mod group_first;
mod rule;

pub use rule::FuseAggregates;
