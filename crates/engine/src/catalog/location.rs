//! Where a package comes from.

use std::path::PathBuf;
use std::sync::Arc;

use kouan_schema::{Folder, Package};

use super::embedded;
use crate::error::Result;

/// Where a package comes from.
#[derive(Debug, Clone)]
pub enum PackageLocation {
    /// The package that the binary carries.
    Embedded,
    /// A folder that holds `datapackage.json`.
    Folder(PathBuf),
}

impl PackageLocation {
    /// Reads the package's description and schemas, not its data.
    ///
    /// # Errors
    /// [`EngineError::Package`](crate::EngineError::Package): a file is missing or not understood.
    pub fn open(&self) -> Result<Package> {
        let package = match self {
            Self::Embedded => Package::open(Arc::new(embedded::files())),
            Self::Folder(folder) => Package::open(Arc::new(Folder::new(folder))),
        };
        Ok(package?)
    }
}
