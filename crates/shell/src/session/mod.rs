//! A session: its engine, its threads, and who watches over what runs.

pub(crate) mod interrupt;
pub(crate) mod open;
mod rows;
pub(crate) mod shell;
pub(crate) mod watch;
mod workers;
