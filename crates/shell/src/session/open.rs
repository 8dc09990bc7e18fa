//! Chooses the package and opens the engine on it.

use std::path::{Path, PathBuf};

use kouan_engine::{Engine, PackageLocation, QueryFolder, Settings};

use crate::arguments::Options;
use crate::environment::Environment;
use crate::exit::Failure;

const DESCRIPTOR: &str = "datapackage.json";

/// Each `--package`, else the current folder's package, else the one in the binary.
pub(crate) fn locations(options: &Options) -> Result<Vec<PackageLocation>, Failure> {
    match options.package.as_slice() {
        [] if Path::new(DESCRIPTOR).is_file() => {
            Ok(vec![PackageLocation::Folder(PathBuf::from("."))])
        }
        [] => Ok(vec![PackageLocation::Embedded]),
        folders => folders.iter().map(|folder| package_at(folder)).collect(),
    }
}

/// The one package that a command is about.
pub(crate) fn location(options: &Options) -> Result<PackageLocation, Failure> {
    let mut locations = locations(options)?.into_iter();
    match (locations.next(), locations.next()) {
        (Some(location), None) => Ok(location),
        _ => Err(Failure::usage("this command takes one --package")),
    }
}

/// The package in a folder, named by itself or by its `datapackage.json`.
pub(crate) fn package_at(path: &Path) -> Result<PackageLocation, Failure> {
    if path.is_dir() {
        return Ok(PackageLocation::Folder(path.to_path_buf()));
    }
    if path.is_file() && path.file_name().is_some_and(|name| name == DESCRIPTOR) {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let folder = parent.unwrap_or_else(|| Path::new("."));
        return Ok(PackageLocation::Folder(folder.to_path_buf()));
    }
    Err(Failure::Usage(
        format!("there is no package at {}", path.display()),
        Some(format!("a package is a folder that holds {DESCRIPTOR}")),
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
    let packages = locations(options)?;
    let packages = packages.iter().map(PackageLocation::open);
    Ok(Engine::open(packages.collect::<Result<_, _>>()?, settings)?)
}

/// Where saved queries are looked for: as asked, here, in the first package, among the person's own.
pub(crate) fn query_folders(
    options: &Options,
    environment: &Environment,
) -> Result<Vec<QueryFolder>, Failure> {
    let of_package = locations(options)?
        .into_iter()
        .next()
        .map(|first| match first {
            PackageLocation::Embedded => QueryFolder::Embedded,
            PackageLocation::Folder(folder) => QueryFolder::Disk(folder.join("queries")),
        });
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
    for folder in asked.chain([here]).chain(of_package).chain(own) {
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
