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
    let settings = Settings {
        cache: environment.cache.clone(),
        temporary: environment.temporary.clone(),
        memory: options.memory,
        query_folders: query_folders(options, environment)?,
        type_name: kouan_render::type_name,
    };
    Ok(Engine::open(vec![location(options)?.open()?], settings)?)
}

/// Where saved queries are looked for: as asked, here, in the package, among the person's own.
pub(crate) fn query_folders(
    options: &Options,
    environment: &Environment,
) -> Result<Vec<QueryFolder>, Failure> {
    let of_package = match location(options)? {
        PackageLocation::Embedded => QueryFolder::Embedded,
        PackageLocation::Folder(folder) => QueryFolder::Disk(folder.join("queries")),
    };
    if let Some(missing) = options.queries.iter().find(|folder| !folder.is_dir()) {
        return Err(Failure::Usage(
            format!("there is no folder {}", missing.display()),
            Some("name a folder of .sql files".to_string()),
        ));
    }
    let asked = options.queries.iter().cloned().map(QueryFolder::Disk);
    let here = QueryFolder::Disk(PathBuf::from("queries"));
    let own = environment.config.as_ref();
    let own = own.map(|config| QueryFolder::Disk(config.join("queries")));
    let mut folders: Vec<QueryFolder> = Vec::new();
    for folder in asked.chain([here, of_package]).chain(own) {
        let is_known = |known: &QueryFolder| match (known, &folder) {
            (QueryFolder::Disk(known), QueryFolder::Disk(folder)) => is_same(known, folder),
            _ => false,
        };
        if !folders.iter().any(is_known) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
