//! Every test that runs SQL: sqllogictest files, documented examples, benchmarks, fused aggregations,
//! answers recorded of DuckDB, misleading footers. One case each, named after its file. Saved queries have `kouan test`, which `shell` runs.

mod benchmarks;
mod examples;
mod fused;
mod peer;
mod recorded;
mod scan;
mod session;
mod slt;
mod syntax;
mod upstream;

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Trial};
use session::Session;

fn main() -> std::io::Result<ExitCode> {
    let arguments = Arguments::from_args();
    let session = Arc::new(Session::open()?);
    let trials: Vec<Trial> = slt::trials(&session)
        .into_iter()
        .chain(examples::trials(&session))
        .chain(benchmarks::trials(&session))
        .chain(fused::trials(&session))
        .chain(syntax::trials(&session))
        .chain(recorded::trials(&session))
        .chain(scan::trials(&session))
        .chain(upstream::trials(&session))
        .chain(peer::trials(&session)?)
        .collect();
    let conclusion = libtest_mimic::run(&arguments, trials);
    peer::say_counts();
    Ok(conclusion.exit_code())
}
