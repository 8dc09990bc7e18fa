//! Files that are one table: those that a pattern matches, or that lie in folders named `field=value`.
//!
//! DataFusion reads single files, folders and patterns of one level; it leaves `field=value` out of paths before it holds them
//! against a pattern, and gives every value the type text.

mod agreement;
mod partitions;
mod table;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use datafusion::catalog::{DynamicFileCatalog, TableProvider, UrlTableFactory};
use datafusion::common::{plan_datafusion_err, plan_err};
use datafusion::datasource::dynamic_file::DynamicListTableFactory;
use datafusion::datasource::listing::{ListingTableConfig, ListingTableConfigExt, ListingTableUrl};
use datafusion::error::Result;
use datafusion::execution::SessionState;
use datafusion::prelude::SessionContext;
use glob::MatchOptions;

use super::converted::Converted;
use super::files::TextFiles;
use table::FileSet;

/// A session in which a table may be the name of a file, a pattern or a folder.
pub(crate) fn with_files_as_tables(
    context: SessionContext,
    converted: &Arc<Converted>,
) -> SessionContext {
    let factory = Arc::new(FileTables {
        texts: TextFiles::new(converted),
        listing: DynamicListTableFactory::default(),
    });
    let catalogs = Arc::clone(context.state_ref().read().catalog_list());
    let as_factory = Arc::clone(&factory) as Arc<dyn UrlTableFactory>;
    let catalogs = DynamicFileCatalog::new(catalogs, as_factory);
    let session = context.session_id();
    let state = context
        .into_state_builder()
        .with_session_id(session)
        .with_catalog_list(Arc::new(catalogs));
    let context = SessionContext::from(state.build());
    factory
        .listing
        .session_store()
        .with_state(context.state_weak_ref());
    context
}

/// Makes tables of names.
#[derive(Debug)]
struct FileTables {
    texts: TextFiles,
    listing: DynamicListTableFactory,
}

impl FileTables {
    fn state(&self) -> Result<SessionState> {
        let session = self.listing.session_store().get_session().upgrade();
        let state = session.and_then(|session| {
            let session = session.read();
            session.as_any().downcast_ref::<SessionState>().cloned()
        });
        state.ok_or_else(|| plan_datafusion_err!("the session has ended"))
    }

    async fn set_of(&self, files: Vec<PathBuf>) -> Result<Arc<dyn TableProvider>> {
        let state = self.state()?;
        let first = ListingTableUrl::parse(as_text(&files[0])?)?;
        let config = ListingTableConfig::new(first).infer_options(&state).await?;
        let options = config
            .options
            .ok_or_else(|| plan_datafusion_err!("the kind of file is not known"))?;
        let set = FileSet::open(&state, files, options.format).await?;
        Ok(Arc::new(set))
    }
}

#[async_trait]
impl UrlTableFactory for FileTables {
    async fn try_new(&self, name: &str) -> Result<Option<Arc<dyn TableProvider>>> {
        // A mistyped table must not become a folder that happens to lie here.
        if !is_path(name) {
            return Ok(None);
        }
        if let Some(table) = self.texts.table(name).await? {
            return Ok(Some(table));
        }
        match files_of(name)? {
            Some(files) if files.is_empty() => Ok(None),
            Some(files) => {
                let texts: Vec<PathBuf> = files
                    .iter()
                    .filter(|file| TextFiles::is_text(file))
                    .cloned()
                    .collect();
                let set = self.set_of(files).await?;
                self.texts.compare(name, &texts, &set.schema()).await?;
                Ok(Some(set))
            }
            None => self.listing.try_new(name).await,
        }
    }
}

/// The files that a pattern matches or that lie in a folder; `None` for any other name.
fn files_of(name: &str) -> Result<Option<Vec<PathBuf>>> {
    let files = if is_pattern(name) {
        matching(name)
    } else {
        let is_partitioned = |path: &PathBuf| !partitions::of(path).is_empty();
        let mut files = files_in(Path::new(name));
        if !files.iter().any(is_partitioned) {
            // Folders inside mean nothing that a column could show.
            files.retain(|file| file.parent() == Some(Path::new(name.trim_end_matches('/'))));
            let is_one_kind = files.iter().all(|file| kind(file) == kind(&files[0]));
            if files.is_empty() || !is_one_kind {
                return Ok(None);
            }
        }
        files
    };
    if let [first, others @ ..] = files.as_slice()
        && let Some(other) = others.iter().find(|other| kind(other) != kind(first))
    {
        return plan_err!(
            "'{name}' means files of several kinds, such as {} and {}; end it with /*.parquet or the like",
            first.display(),
            other.display()
        );
    }
    Ok(Some(files))
}

/// Whether a name is clearly a path: it has a folder, an ending or a pattern in it.
fn is_path(name: &str) -> bool {
    name.contains(['/', '\\', '.']) || is_pattern(name)
}

fn kind(path: &Path) -> Option<String> {
    let kind = path.extension()?;
    Some(kind.to_string_lossy().into_owned())
}

/// Whether a name is a pattern: `*`, `?` or `[…]` stand for other characters, `**` for any folders.
pub(crate) fn is_pattern(name: &str) -> bool {
    !name.contains("://") && name.contains(['*', '?', '['])
}

/// The files that a pattern matches, without hidden ones and empty ones, in the order of their names.
fn matching(pattern: &str) -> Vec<PathBuf> {
    let options = MatchOptions {
        require_literal_leading_dot: true,
        require_literal_separator: true,
        ..MatchOptions::default()
    };
    let paths = glob::glob_with(pattern, options);
    let paths = paths.into_iter().flatten().flatten();
    paths.filter(|path| is_data(path)).collect()
}

/// All files in a folder, without hidden ones and empty ones, in the order of their names.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Some(folder) = folder.to_str().filter(|_| folder.is_dir()) else {
        return Vec::new();
    };
    let pattern = format!(
        "{}/**/*",
        glob::Pattern::escape(folder.trim_end_matches('/'))
    );
    let mut files = matching(&pattern);
    // As in Hive and Spark, a name that begins so is of a log or a marker.
    files.retain(|file| {
        let name = file.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| !name.starts_with('_'))
    });
    files
}

fn is_data(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() > 0)
}

fn as_text(path: &Path) -> Result<&str> {
    path.to_str()
        .ok_or_else(|| plan_datafusion_err!("{} is not valid Unicode", path.display()))
}
