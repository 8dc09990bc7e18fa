//! Object stores that write under another name, and the names that files get in the end.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use datafusion::common::not_impl_err;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreRegistry;
use datafusion::object_store::path::Path;
use datafusion::object_store::{
    self, CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore,
    ObjectStoreExt, PutMultipartOptions, PutOptions, PutPayload, PutResult,
};
use futures::stream::BoxStream;
use tokio::runtime::Handle;
use url::Url;

/// A file of one store under the name it has now, and the one it is to get.
struct Move {
    store: Arc<dyn ObjectStore>,
    from: Path,
    to: Path,
}

/// The files of one statement.
#[derive(Default)]
struct Moves {
    files: Mutex<Vec<Move>>,
    /// What a store said when it failed first; DataFusion says only that files were not finished.
    failed: Mutex<Option<String>>,
}

impl Moves {
    fn files(&self) -> MutexGuard<'_, Vec<Move>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failed(&self) -> MutexGuard<'_, Option<String>> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Vec<Move> {
        std::mem::take(&mut self.files())
    }

    fn noted<T>(&self, done: object_store::Result<T>) -> object_store::Result<T> {
        if let Err(error) = &done {
            self.failed().get_or_insert_with(|| error.to_string());
        }
        done
    }
}

/// Gives out the stores of another registry, to be written to under other names.
#[derive(Clone)]
pub(super) struct StagingStores {
    stores: Arc<dyn ObjectStoreRegistry>,
    moves: Arc<Moves>,
}

impl StagingStores {
    pub(super) fn new(stores: Arc<dyn ObjectStoreRegistry>) -> Self {
        Self {
            stores,
            moves: Arc::default(),
        }
    }

    /// What is written from here on.
    pub(super) fn written(&self) -> Written {
        Written(Arc::clone(&self.moves))
    }
}

impl fmt::Debug for StagingStores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StagingStores").field(&self.stores).finish()
    }
}

impl ObjectStoreRegistry for StagingStores {
    fn register_store(&self, _: &Url, _: Arc<dyn ObjectStore>) -> Option<Arc<dyn ObjectStore>> {
        None
    }

    fn deregister_store(&self, _: &Url) -> Result<Arc<dyn ObjectStore>> {
        not_impl_err!("stores belong to the session")
    }

    fn get_store(&self, url: &Url) -> Result<Arc<dyn ObjectStore>> {
        Ok(Arc::new(StagingStore {
            store: self.stores.get_store(url)?,
            moves: Arc::clone(&self.moves),
        }))
    }
}

/// Files of a statement that are not in their places yet. Dropped, it takes them away.
pub(super) struct Written(Arc<Moves>);

impl Written {
    /// Gives all files the names they were written for.
    pub(super) async fn move_to_their_places(self) -> Result<()> {
        for Move { store, from, to } in self.0.take() {
            store.rename(&from, &to).await?;
        }
        Ok(())
    }

    /// An error in the person's own names of files.
    pub(super) fn by_their_places(&self, error: DataFusionError) -> DataFusionError {
        let Some(said) = self.0.failed().take() else {
            return error;
        };
        let name = |path: &Path| path.filename().unwrap_or_default().to_string();
        let files = self.0.files();
        let own = files.iter().fold(said, |said, file| {
            said.replace(&name(&file.from), &name(&file.to))
        });
        DataFusionError::Execution(own)
    }

    pub(super) async fn take_away(self) {
        take_away(self.0.take()).await;
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let left = self.0.take();
        if let (false, Ok(runtime)) = (left.is_empty(), Handle::try_current()) {
            drop(runtime.spawn(take_away(left)));
        }
    }
}

/// What cannot be taken away has a name that no pattern of files matches.
async fn take_away(files: Vec<Move>) {
    for Move { store, from, .. } in files {
        let _ = store.delete(&from).await;
    }
}

#[derive(Debug)]
struct StagingStore {
    store: Arc<dyn ObjectStore>,
    moves: Arc<Moves>,
}

impl StagingStore {
    /// Another name for a file, in the same folder, hidden and without its ending.
    fn elsewhere(&self, place: &Path) -> Path {
        let mut files = self.moves.files();
        let mut parts: Vec<_> = place.parts().collect();
        let name = parts.pop();
        let name = name.as_ref().map_or("", |name| name.as_ref());
        let number = files.len();
        let process = std::process::id();
        let hidden = format!(".kouan-{process}-{number}-{name}.part");
        let from = Path::from_iter(parts.into_iter().chain([hidden.into()]));
        files.push(Move {
            store: Arc::clone(&self.store),
            from: from.clone(),
            to: place.clone(),
        });
        from
    }
}

impl fmt::Debug for Moves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Moves")
    }
}

impl fmt::Display for StagingStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.store.fmt(f)
    }
}

#[async_trait]
impl ObjectStore for StagingStore {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> object_store::Result<PutResult> {
        let place = self.elsewhere(location);
        let done = self.store.put_opts(&place, payload, options).await;
        self.moves.noted(done)
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        let place = self.elsewhere(location);
        let done = self.store.put_multipart_opts(&place, options).await;
        self.moves.noted(done)
    }

    async fn get_opts(
        &self,
        location: &Path,
        options: GetOptions,
    ) -> object_store::Result<GetResult> {
        self.store.get_opts(location, options).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, object_store::Result<Path>>,
    ) -> BoxStream<'static, object_store::Result<Path>> {
        self.store.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.store.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> object_store::Result<ListResult> {
        self.store.list_with_delimiter(prefix).await
    }

    async fn copy_opts(
        &self,
        from: &Path,
        to: &Path,
        options: CopyOptions,
    ) -> object_store::Result<()> {
        self.store.copy_opts(from, to, options).await
    }
}
