//! What the cases share: one cache of converted tables, a fresh engine each, and answers as text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use kouan_engine::{
    Answer, Engine, EngineError, PackageLocation, Piece, QueryFolder, Settings, Source,
    StatementError, Values, split,
};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// The repository's root, where `tests` and `queries` are.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The runtime and the cache that all cases share.
pub(crate) struct Session {
    pub(crate) runtime: Runtime,
    cache: TempDir,
}

/// A whole answer.
pub(crate) struct Rows {
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
}

impl Session {
    pub(crate) fn open() -> std::io::Result<Self> {
        Ok(Self {
            runtime: Runtime::new()?,
            cache: TempDir::new()?,
        })
    }

    /// An engine of its own for a case, so that tables it creates disturb no other.
    pub(crate) fn engine(&self) -> Result<Arc<Engine>, EngineError> {
        let package = PackageLocation::Embedded.open()?;
        let settings = Settings {
            cache: Some(self.cache.path().to_path_buf()),
            temporary: std::env::temp_dir(),
            memory: None,
            query_folders: vec![QueryFolder::Embedded],
        };
        Ok(Arc::new(Engine::open(vec![package], settings)?))
    }
}

/// Runs one statement to its end.
pub(crate) async fn run(engine: &Arc<Engine>, sql: &str) -> Result<Rows, Box<StatementError>> {
    let statement = split(&Source::typed(sql))
        .into_iter()
        .find_map(|piece| match piece {
            Piece::Statement(statement) => Some(Ok(statement)),
            Piece::Broken(error) => Some(Err(error)),
            Piece::Command { .. } => None,
        });
    let statement =
        statement.unwrap_or_else(|| Err(Box::new(StatementError::new("no statement"))))?;
    collect(engine.run(&statement, &Values::new()).await?).await
}

/// Takes all rows of an answer.
pub(crate) async fn collect(mut answer: Answer) -> Result<Rows, Box<StatementError>> {
    let mut batches = Vec::new();
    while let Some(batch) = answer.next().await {
        batches.push(batch?);
    }
    Ok(Rows {
        schema: Arc::clone(answer.schema()),
        batches,
    })
}
