//! Chooses the package and opens the engine on it.

use std::path::{Path, PathBuf};

use kouan_engine::{Engine, PackageLocation, QueryFolder, Settings};

use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::Failure;

const DESCRIPTOR: &str = "datapackage.json";

/// `--package`, else the current folder's package, else the one in the binary.
pub(crate) fn location(options: &Options) -> Result<PackageLocation, Failure> {
    match &options.package {
        Some(path) => Ok(PackageLocation::Folder(package_folder(path)?)),
        None if Path::new(DESCRIPTOR).is_file() => Ok(PackageLocation::Folder(PathBuf::from("."))),
        None => Ok(PackageLocation::Embedded),
    }
}

/// The folder of a package, named by itself or by its `datapackage.json`.
fn package_folder(path: &Path) -> Result<PathBuf, Failure> {
    if path.is_dir() {
        return Ok(path.to_path_buf());
    }
    if path.is_file() && path.file_name().is_some_and(|name| name == DESCRIPTOR) {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        return Ok(parent.unwrap_or_else(|| Path::new(".")).to_path_buf());
    }
    Err(Failure::Usage(
        format!("there is no package at {}", path.display()),
        Some(format!("--package takes a folder that holds {DESCRIPTOR}")),
    ))
}

/// Opens the engine: package, cache, and where saved queries are looked for.
pub(crate) fn engine(options: &Options, environment: &Environment) -> Result<Engine, Failure> {
    let location = location(options)?;
    let own_queries = match &location {
        PackageLocation::Embedded => QueryFolder::Embedded,
        PackageLocation::Folder(folder) => QueryFolder::Disk(folder.join("queries")),
    };
    let here = Path::new("queries");
    let mut query_folders = Vec::new();
    if !matches!(&own_queries, QueryFolder::Disk(folder) if is_same(folder, here)) {
        query_folders.push(QueryFolder::Disk(here.to_path_buf()));
    }
    query_folders.push(own_queries);
    let settings = Settings {
        cache: environment.cache.clone(),
        temporary: environment.temporary.clone(),
        memory: options.memory,
        query_folders,
        type_name: kouan_render::type_name,
    };
    Ok(Engine::open(vec![location.open()?], settings)?)
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
