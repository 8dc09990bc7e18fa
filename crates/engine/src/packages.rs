//! The packages of a session: each is one or more SQL schemas, which come and go with it.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use datafusion::catalog::CatalogProvider;
use kouan_schema::Package;

use crate::catalog::{PackageSchema, PackageTable};
use crate::error::{EngineError, Result};
use crate::near::nearest;
use crate::tables::Converted;
use crate::{Engine, PackageLocation};

/// The open packages; the first is the default, and stays.
#[derive(Debug)]
pub(crate) struct Packages(RwLock<Vec<Arc<Package>>>);

impl Packages {
    pub(crate) fn new(packages: Vec<Arc<Package>>) -> Self {
        Self(RwLock::new(packages))
    }

    pub(crate) fn all(&self) -> Vec<Arc<Package>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Arc<Package>>)) {
        change(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
    }
}

impl Engine {
    /// Opens a package beside the others: its tables are `name.table`, by its own name or the one given. Its
    /// saved queries, which name tables without a schema, stay with it.
    ///
    /// # Errors
    /// The package cannot be read, or one of its SQL schemas is there already.
    pub fn attach(&self, location: &PackageLocation, name: Option<&str>) -> Result<Arc<Package>> {
        let package = location.open()?;
        let package = match name {
            Some(name) => {
                let renamed = package.renamed(name);
                renamed.map_err(|reason| EngineError::BadName {
                    name: name.to_string(),
                    reason,
                })?
            }
            None => package,
        };
        let package = Arc::new(package);
        add_schemas(&*self.catalog, &package, &self.converted)?;
        self.packages
            .change(|packages| packages.push(Arc::clone(&package)));
        Ok(package)
    }

    /// Takes a package that was attached out of the session, with the tables made in its SQL schemas.
    ///
    /// # Errors
    /// No package of this name was attached.
    pub fn detach(&self, name: &str) -> Result<()> {
        let attached = self.packages.all().split_off(1);
        let Some(package) = attached.iter().find(|package| package.name() == name) else {
            let near = nearest(name, attached.iter().map(|package| package.name()));
            let near = near.map(str::to_string);
            return Err(EngineError::NotAttached {
                name: name.to_string(),
                near,
            });
        };
        for schema in tables_by_schema(package).into_keys() {
            let removed = self.catalog.deregister_schema(&schema, true);
            removed.map_err(EngineError::session)?;
        }
        self.packages
            .change(|packages| packages.retain(|other| other.name() != name));
        Ok(())
    }
}

/// Makes the SQL schemas of a package, all or none.
pub(crate) fn add_schemas(
    catalog: &dyn CatalogProvider,
    package: &Arc<Package>,
    converted: &Arc<Converted>,
) -> Result<()> {
    let schemas = tables_by_schema(package);
    if let Some(taken) = schemas.keys().find(|name| catalog.schema(name).is_some()) {
        return Err(EngineError::SchemaTaken {
            name: taken.clone(),
            package: package.name().to_string(),
        });
    }
    for (name, places) in schemas {
        let tables = places
            .into_iter()
            .map(|place| PackageTable::new(package, place, converted));
        let schema = Arc::new(PackageSchema::new(tables));
        catalog
            .register_schema(&name, schema)
            .map_err(EngineError::session)?;
    }
    Ok(())
}

/// The places of a package's tables by their SQL schemas; its own is there even if it has no table.
fn tables_by_schema(package: &Package) -> BTreeMap<String, Vec<usize>> {
    let mut schemas = BTreeMap::from([(package.name().to_string(), Vec::new())]);
    for (place, table) in package.tables().iter().enumerate() {
        schemas
            .entry(package.schema_of(table).to_string())
            .or_default()
            .push(place);
    }
    schemas
}
