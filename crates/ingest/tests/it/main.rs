//! Whole tables through the crate's public functions, from packages in memory.

#![expect(clippy::unwrap_used, reason = "a step that fails fails its test")]

mod bad_input;
mod cache;
mod corpus;
mod dataset;
mod files;
mod fuzz;
mod geo;
mod good_input;
mod keys;
mod opening;
mod parquet;
mod partitions;
mod rejects;
mod round_trip;
mod support;
mod threads;
