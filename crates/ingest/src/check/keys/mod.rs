//! Keys: rows that must be unlike each other, and rows that must be found in another table.
//!
//! A key is known by a seeded hash of 128 bits, so that a table of any size is checked in bounded memory. That two
//! different keys of a billion have one hash is less likely than one in 10^20, and no problem is told before
//! the keys themselves have been compared.

mod encoder;
mod known;
mod ledger;
mod place;
mod references;
mod second_look;
mod unique;

pub(crate) use encoder::KeyHasher;
pub(crate) use ledger::Budget;
pub(crate) use place::{KeyProblem, KeyProblems, Locator};
pub(crate) use references::{ReferenceCheck, References};
pub(crate) use second_look::SecondLook;
pub(crate) use unique::{UniqueCheck, UniqueKey};
