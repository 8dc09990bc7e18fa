//! Tests that an answer whose rows break off is an error everywhere: whatever the plan, and wherever it goes.
//!
//! The table that breaks is of the test's own making, so that these tests outlive any mended panic of a library.

mod outputs;
mod plans;
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Once;

use kouan_engine::{Engine, PackageLocation, QueryFolder, Settings, Source};
use kouan_render::Format;
use tempfile::TempDir;

use crate::environment::Environment;
use crate::exit::{Exit, Failure};
use crate::meta;
use crate::session::shell::{Flow, Shell};
use crate::show::output::Output;
use crate::show::panics;
use table::{BATCHES, BROKEN, Fault, How, PARTITIONS};

type Tested = Result<(), Failure>;

const HOWS: [How; 4] = [How::Error, How::Panic, How::ThreadPanics, How::LostTask];

/// Each way to fail at a batch drawn by a fixed seed, and at the first or the last one.
fn faults(seed: u64) -> impl Iterator<Item = Fault> {
    let mut random = fastrand::Rng::with_seed(seed);
    let edge = [(0, 0), (PARTITIONS - 1, BATCHES - 1)][seed as usize % 2];
    HOWS.into_iter().flat_map(move |how| {
        let drawn = (random.usize(..PARTITIONS), random.usize(..BATCHES));
        [edge, drawn].map(|(partition, batch)| Fault {
            how,
            partition,
            batch,
        })
    })
}

/// A session with tables `broken` and `sound`, a folder of its own, and saved queries of them.
struct Place {
    folder: TempDir,
    environment: Environment,
}

impl Place {
    fn new() -> std::io::Result<Self> {
        quiet();
        let folder = TempDir::new()?;
        let environment = Environment {
            stdin_is_terminal: false,
            stdout_is_terminal: false,
            color: false,
            message_color: false,
            stderr_is_terminal: false,
            stderr_takes_lines_back: false,
            cache: None,
            temporary: folder.path().join("temporary"),
            ..Environment::read()
        };
        fs::create_dir(&environment.temporary)?;
        let queries = folder.path().join("queries/topic");
        fs::create_dir_all(&queries)?;
        for name in ["broken", "sound"] {
            let text = format!("-- name: all_{name}\nSELECT i FROM {name} ORDER BY i\n");
            fs::write(queries.join(format!("all_{name}.sql")), text)?;
        }
        Ok(Self {
            folder,
            environment,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn shell(
        &self,
        fault: Fault,
        output: Option<&Path>,
        format: Option<&'static Format>,
    ) -> Result<Shell, Failure> {
        let settings = Settings {
            cache: None,
            temporary: self.environment.temporary.clone(),
            memory: None,
            query_folders: vec![QueryFolder::Disk(self.path("queries"))],
            type_name: kouan_render::type_name,
        };
        let engine = Engine::open(vec![PackageLocation::Embedded.open()?], settings)?;
        for (name, fault) in [("broken", Some(fault)), ("sound", None)] {
            let made = table::table(fault).map_err(|error| Failure::usage(error.to_string()))?;
            engine.register_table(name, made)?;
        }
        let output = Output::new(output, format, &self.environment)?;
        Shell::new(engine, &self.environment, output, meta::run)
    }
}

fn run(shell: &mut Shell, sql: &str) -> Result<Flow, Failure> {
    shell.run_source(&Source::typed(sql))
}

/// A failure that ends with exit code 1 and says what happened, and no more.
fn assert_broke_off(failure: Option<Failure>, fault: Fault, about: &str) {
    let failure = failure.unwrap_or_else(|| panic!("{about}, {fault:?}: taken for whole"));
    assert_eq!(
        failure.exit(),
        Exit::Failed,
        "{about}, {fault:?}: {failure:?}"
    );
    let said = format!("{failure:?}");
    // What a lost task said is lost, too; that it was lost is not.
    let lost = fault.how == How::LostTask && said.contains("a part of it panicked");
    assert!(said.contains(BROKEN) || lost, "{about}, {fault:?}: {said}");
}

/// Panics of these tests' own are counted, and not printed.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panics::keep_quiet(|info| {
            let said = info.payload_as_str().unwrap_or_default();
            said != BROKEN && !said.starts_with("inner future panicked")
        });
    });
}
