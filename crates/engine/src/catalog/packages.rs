//! The packages of a session: each is one or more SQL schemas, which come and go with it.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use datafusion::catalog::{CatalogProvider, MemoryCatalogProvider, MemorySchemaProvider};
use kouan_schema::Package;

use super::converted::Converted;
use super::names::QUERIES;
use super::near::nearest;
use super::package_tables::{PackageSchema, PackageTable};
use crate::error::{EngineError, Result};

/// The open packages; the first is the default, and stays.
#[derive(Debug)]
pub(crate) struct Packages {
    open: RwLock<Vec<Arc<Package>>>,
    /// What the session's catalog is made of; the session itself gives no schema back.
    catalog: Arc<MemoryCatalogProvider>,
    converted: Arc<Converted>,
}

impl Packages {
    /// Makes a catalog with the SQL schemas of all packages, and one for saved queries.
    ///
    /// # Errors
    /// [`EngineError::SchemaTaken`]: names clash.
    pub(crate) fn open(packages: Vec<Arc<Package>>, converted: &Arc<Converted>) -> Result<Self> {
        let catalog = MemoryCatalogProvider::new();
        let queries = Arc::new(MemorySchemaProvider::new());
        let added = catalog.register_schema(QUERIES, queries);
        added.map_err(EngineError::session)?;
        for package in &packages {
            add_schemas(&catalog, package, converted)?;
        }
        Ok(Self {
            open: RwLock::new(packages),
            catalog: Arc::new(catalog),
            converted: Arc::clone(converted),
        })
    }

    pub(crate) fn all(&self) -> Vec<Arc<Package>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.clone()
    }

    pub(crate) fn catalog(&self) -> Arc<MemoryCatalogProvider> {
        Arc::clone(&self.catalog)
    }

    /// Opens a package beside the others, under its own name or the one given.
    ///
    /// # Errors
    /// The name cannot be one, or one of its SQL schemas is there already.
    pub(crate) fn attach(&self, package: Package, name: Option<&str>) -> Result<Arc<Package>> {
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
        self.change(|packages| packages.push(Arc::clone(&package)));
        Ok(package)
    }

    /// Takes a package that was attached out of the session.
    ///
    /// # Errors
    /// No package of this name was attached.
    pub(crate) fn detach(&self, name: &str) -> Result<()> {
        let attached = self.all().split_off(1);
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
        self.change(|packages| packages.retain(|other| other.name() != name));
        Ok(())
    }

    fn change(&self, change: impl FnOnce(&mut Vec<Arc<Package>>)) {
        change(&mut self.open.write().unwrap_or_else(PoisonError::into_inner));
    }
}

/// Makes the SQL schemas of a package, all or none.
fn add_schemas(
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
