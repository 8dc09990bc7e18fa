//! Builds the DataFusion session: configuration, catalog, functions, optimizer rules.

use std::fs::File;
use std::sync::Arc;

use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::FairSpillPool;
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::physical_optimizer::PhysicalOptimizerRule;
use datafusion::prelude::{SessionConfig, SessionContext};
use kouan_functions::{PlaceCatalogue, PlaceSource};
use kouan_fused::{FuseAggregates, FusedOptions};
use kouan_schema::Package;

use super::settings::Settings;
use super::window_frames::OffsetsAreNotNegative;
use crate::catalog::converted::Converted;
use crate::catalog::file_sets::with_files_as_tables;
use crate::catalog::names::{CATALOG, PLACES};
use crate::catalog::packages::Packages;
use crate::error::EngineError;

/// A session over packages; the first one's schema is where bare names are looked up.
pub(crate) fn session(
    packages: &Packages,
    converted: &Arc<Converted>,
    settings: &Settings,
) -> Result<SessionContext, EngineError> {
    let catalog = packages.catalog();
    let packages = packages.all();
    let default_schema = packages.first().map_or("public", |package| package.name());
    let mut config = SessionConfig::new()
        .with_default_catalog_and_schema(CATALOG, default_schema)
        .with_create_default_catalog_and_schema(false)
        .with_information_schema(true)
        .with_option_extension(FusedOptions::default());
    let options = config.options_mut();
    options.sql_parser.collect_spans = true;
    // Largest first must not begin with the unknown.
    options.sql_parser.default_null_ordering = "nulls_last".to_string();
    // Without one, TIMESTAMPTZ would be a type without a zone, and offsets be taken off in silence.
    options.execution.time_zone = Some("UTC".to_string());
    // A line break in quotes must not be taken for the end of a row where a file is cut (apache/datafusion 11472).
    options.catalog.newlines_in_values = true;
    if let Some(bytes) = settings.memory {
        // What a sort keeps back to merge with must leave it room to sort.
        let reserved = &mut options.execution.sort_spill_reservation_bytes;
        *reserved = (*reserved).min(bytes / 16);
    }

    let rules = kouan_functions::with_optimizer_rules(kouan_semantics::optimizer_rules());
    let runtime = runtime(settings).map_err(EngineError::session)?;
    let fused = FuseAggregates::new(runtime.cache_manager.get_file_metadata_cache());
    let fused = Arc::new(fused) as Arc<dyn PhysicalOptimizerRule + Send + Sync>;
    let physical = kouan_scan::physical_optimizer_rules([fused]);
    let physical = kouan_semantics::with_physical_optimizer_rules(physical);
    let mut builder = SessionStateBuilder::new_with_default_features();
    let planners = builder.expr_planners().get_or_insert_default();
    planners.splice(0..0, kouan_semantics::expr_planners());
    planners.insert(0, Arc::new(OffsetsAreNotNegative));
    kouan_scan::with_sound_formats(builder.file_formats().get_or_insert_default());
    kouan_scan::with_ordered_tables(builder.table_factories().get_or_insert_default());
    for rule in kouan_semantics::analyzer_rules() {
        builder = builder.with_analyzer_rule(rule);
    }
    let mut state = builder
        .with_config(config)
        .with_runtime_env(runtime)
        .with_optimizer_rules(rules)
        .with_physical_optimizer_rules(physical)
        .build();
    kouan_semantics::register(&mut state).map_err(EngineError::session)?;
    let places = places(&packages, converted);
    kouan_functions::register(&mut state, &places).map_err(EngineError::session)?;
    let context = SessionContext::new_with_state(state);
    context.register_catalog(CATALOG, catalog);
    Ok(with_files_as_tables(context, converted))
}

/// Memory and the folder for what does not fit in it.
fn runtime(settings: &Settings) -> Result<Arc<RuntimeEnv>> {
    let spill = DiskManagerMode::Directories(vec![settings.temporary.clone()]);
    let builder = RuntimeEnvBuilder::new()
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(spill));
    let builder = match settings.memory {
        // Shared evenly among those that can go to disk, so that one sort does not starve another.
        Some(bytes) => builder.with_memory_pool(Arc::new(FairSpillPool::new(bytes))),
        None => builder,
    };
    builder.build_arc()
}

/// The first package with a table of places lends it to `nearest_city`, read at first use.
fn places(packages: &[Arc<Package>], converted: &Arc<Converted>) -> PlaceSource {
    let package = packages
        .iter()
        .find(|package| package.table(PLACES).is_some());
    let Some(package) = package.map(Arc::clone) else {
        return PlaceSource::none();
    };
    let converted = Arc::clone(converted);
    PlaceSource::new(move || read_places(&package, &converted))
}

fn read_places(package: &Package, converted: &Converted) -> Result<PlaceCatalogue> {
    let external =
        |error: Box<dyn std::error::Error + Send + Sync>| DataFusionError::External(error);
    let Some(table) = package.table(PLACES) else {
        return PlaceCatalogue::try_new(&[]);
    };
    let path = converted
        .ensure(package, table)
        .map_err(|error| external(Box::new(error)))?;
    let file = File::open(path)?;
    let batches = ParquetRecordBatchReaderBuilder::try_new(file)?.build()?;
    PlaceCatalogue::try_new(&batches.collect::<std::result::Result<Vec<_>, _>>()?)
}
