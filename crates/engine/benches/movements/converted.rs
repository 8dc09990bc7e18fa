//! The table as `kouan convert` writes it from CSV.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kouan_engine::{Engine, Values};
use kouan_ingest::Options;
use kouan_schema::{FileLayout, Folder, Package};

use super::statement::statement;

const PACKAGE: &str = r#"{"name": "bench", "resources": [{"name": "movements", "path": "movements.csv", "schema": {"fields": [
    {"name": "port_id", "type": "string", "constraints": {"required": true}},
    {"name": "crossed_on", "type": "date", "constraints": {"required": true}},
    {"name": "direction", "type": "string", "constraints": {"enum": ["entry", "exit"]}},
    {"name": "transport", "type": "string", "constraints": {"required": true}},
    {"name": "country", "type": "string", "constraints": {"required": true}},
    {"name": "opened_year", "type": "year", "constraints": {"minimum": 1800}},
    {"name": "tonnes", "type": "number", "constraints": {"minimum": 0}},
    {"name": "persons", "type": "integer", "constraints": {"minimum": 0}},
    {"name": "vehicle_id", "type": "integer", "constraints": {"minimum": 0}}]}}]}"#;

/// Writes the table of a file as CSV and converts that, unless it was done before; says where the new file is.
pub(crate) async fn converted(
    engine: &Arc<Engine>,
    movements: &Path,
    layout: FileLayout,
) -> Result<PathBuf, Box<dyn Error>> {
    let target = movements.with_extension(format!("{}.parquet", layout.name()));
    if target.exists() {
        return Ok(target);
    }
    let folder = movements.with_extension("package");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("datapackage.json"), PACKAGE)?;
    // Several partitions would be written in turns, and the rows leave the order of their days.
    run(engine, "SET datafusion.execution.target_partitions = 1").await?;
    let copy = format!(
        "COPY (SELECT * FROM '{}') TO '{}' STORED AS CSV OPTIONS (has_header true)",
        movements.display(),
        folder.join("movements.csv").display()
    );
    run(engine, &copy).await?;
    let package = Package::open(Arc::new(Folder::new(&folder)))?;
    let options = Options {
        layout: Some(layout),
        ..Options::default()
    };
    kouan_ingest::convert(&package, &package.tables()[0], &target, &options)?;
    fs::remove_dir_all(folder)?;
    Ok(target)
}

async fn run(engine: &Arc<Engine>, sql: &str) -> Result<(), Box<dyn Error>> {
    let answer = engine.run(&statement(sql)?, &Values::new()).await?;
    answer.collect().await?;
    Ok(())
}
