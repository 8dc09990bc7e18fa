//! Where saved queries are looked for, and which of several files of one name is meant.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use std::{fs, io};

use super::file::header::{self, QueryFile, stem};
use super::file::saved_query::SavedQuery;
use crate::catalog::embedded;
use crate::catalog::near::nearest;
use crate::error::{EngineError, QueryProblem, Result};

/// Where saved queries are looked for.
#[derive(Debug, Clone)]
pub enum QueryFolder {
    /// The folder of the package that the binary carries.
    Embedded,
    /// A folder on disk; one that does not exist holds no queries.
    Disk(PathBuf),
}

/// All saved queries that were found, by topic and name.
#[derive(Debug, Default)]
pub struct Queries {
    queries: Vec<SavedQuery>,
    /// Queries that are not run because a nearer folder has one of the same name.
    pub hidden: Vec<Hidden>,
    /// Files that are not understood. They do not keep the others from running.
    pub problems: Vec<QueryProblem>,
}

/// A query file that another one hides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hidden {
    /// The name of both.
    pub name: String,
    /// The file that is not run.
    pub path: String,
    /// The file that is run instead.
    pub by: String,
}

impl Queries {
    /// Reads every `.sql` file below the folders. A name in an earlier folder hides the
    /// same name in a later one; twice within one folder is a problem.
    pub fn load(folders: &[QueryFolder]) -> Self {
        let mut found = Self::default();
        for folder in folders {
            match folder.files() {
                Ok(files) => found.add(files),
                Err(error) => found.problems.push(error),
            }
        }
        found
            .queries
            .sort_by(|a, b| (&a.topic, &a.name).cmp(&(&b.topic, &b.name)));
        found
    }

    /// The queries by topic and name.
    pub fn iter(&self) -> impl Iterator<Item = &SavedQuery> {
        self.queries.iter()
    }

    /// The query of this name.
    ///
    /// # Errors
    /// [`EngineError::UnknownQuery`] with the nearest name, or what is wrong with its file.
    pub fn find(&self, name: &str) -> Result<&SavedQuery> {
        if let Some(query) = self.queries.iter().find(|query| query.name == name) {
            return Ok(query);
        }
        let is_its_file =
            |problem: &&QueryProblem| problem.path().is_some_and(|path| stem(path) == name);
        if let Some(problem) = self.problems.iter().find(is_its_file) {
            return Err(problem.clone().into());
        }
        let near = nearest(name, self.queries.iter().map(|query| query.name.as_str()));
        Err(EngineError::UnknownQuery {
            name: name.to_string(),
            near: near.map(str::to_string),
        })
    }

    fn add(&mut self, files: Vec<Result<QueryFile, QueryProblem>>) {
        let first_of_folder = self.queries.len();
        for file in files {
            let query = match file.and_then(header::read) {
                Ok(query) => query,
                Err(problem) => {
                    self.problems.push(problem);
                    continue;
                }
            };
            let same_name = |other: &SavedQuery| other.name == query.name;
            match self.queries.iter().position(same_name) {
                None => self.queries.push(query),
                Some(nearer) if nearer < first_of_folder => self.hidden.push(Hidden {
                    path: query.path().to_string(),
                    by: self.queries[nearer].path().to_string(),
                    name: query.name,
                }),
                Some(twin) => self.problems.push(QueryProblem::Twice {
                    first: self.queries[twin].path().to_string(),
                    second: query.path().to_string(),
                    name: query.name,
                }),
            }
        }
    }
}

/// The queries of some folders, read anew when a file has changed.
#[derive(Debug)]
pub(crate) struct Library {
    folders: Vec<QueryFolder>,
    read: Mutex<Option<(Vec<Stamp>, Arc<Queries>)>>,
}

/// What changes when a file does.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    path: PathBuf,
    bytes: u64,
    modified: Option<SystemTime>,
}

impl Library {
    pub(crate) fn new(folders: Vec<QueryFolder>) -> Self {
        Self {
            folders,
            read: Mutex::default(),
        }
    }

    /// The queries as their files are now.
    pub(crate) fn queries(&self) -> Arc<Queries> {
        let stamps: Vec<Stamp> = self.folders.iter().flat_map(QueryFolder::stamps).collect();
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((as_of, queries)) = &*read
            && *as_of == stamps
        {
            return Arc::clone(queries);
        }
        let queries = Arc::new(Queries::load(&self.folders));
        *read = Some((stamps, Arc::clone(&queries)));
        queries
    }
}

impl QueryFolder {
    /// The folder's files; one that cannot be read does not keep the others away.
    fn files(&self) -> Result<Vec<Result<QueryFile, QueryProblem>>, QueryProblem> {
        let Self::Disk(folder) = self else {
            return Ok(embedded::queries().map(carried).map(Ok).collect());
        };
        let read = |(path, topic): (PathBuf, String)| {
            let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            Ok(QueryFile {
                path: path.display().to_string(),
                file: Some(path),
                topic,
                text,
            })
        };
        let mut paths = Vec::new();
        walk(folder, "", &mut paths)?;
        Ok(paths.into_iter().map(read).collect())
    }

    fn stamps(&self) -> Vec<Stamp> {
        let Self::Disk(folder) = self else {
            return Vec::new();
        };
        let mut paths = Vec::new();
        // A folder that cannot be read is told when the queries are.
        let _ = walk(folder, "", &mut paths);
        let stamp = |(path, _): (PathBuf, String)| {
            let about = fs::metadata(&path).ok();
            Stamp {
                bytes: about.as_ref().map_or(0, fs::Metadata::len),
                modified: about.and_then(|about| about.modified().ok()),
                path,
            }
        };
        paths.into_iter().map(stamp).collect()
    }
}

fn carried((path, text): (&str, &str)) -> QueryFile {
    let topic = path.rsplit_once('/').map_or("", |(topic, _)| topic);
    QueryFile {
        path: format!("embedded:queries/{path}"),
        file: None,
        topic: topic.to_string(),
        text: text.to_string(),
    }
}

/// The `.sql` files below a folder in the order of their names, each with its topic.
fn walk(
    folder: &Path,
    topic: &str,
    found: &mut Vec<(PathBuf, String)>,
) -> Result<(), QueryProblem> {
    if !folder.is_dir() {
        return Ok(());
    }
    let mut entries = fs::read_dir(folder)
        .and_then(Iterator::collect::<io::Result<Vec<_>>>)
        .map_err(|error| unreadable(folder, &error))?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            let topic = if topic.is_empty() {
                name
            } else {
                format!("{topic}/{name}")
            };
            walk(&path, &topic, found)?;
        } else if path.extension().is_some_and(|ending| ending == "sql") {
            found.push((path, topic.to_string()));
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &io::Error) -> QueryProblem {
    QueryProblem::Unreadable {
        path: path.display().to_string(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, name: &str, text: &str) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join(name), text)
    }

    #[test]
    fn a_nearer_folder_hides_a_farther_one() -> Result<(), Box<dyn std::error::Error>> {
        let place = tempfile::tempdir()?;
        let (near, far) = (place.path().join("near"), place.path().join("far"));
        write(&near, "a.sql", "SELECT 1")?;
        write(&far, "a.sql", "SELECT 2")?;
        write(&far.join("topic"), "b.sql", "SELECT 3")?;
        let folders = [near.clone(), far.clone()].map(QueryFolder::Disk);
        let queries = Queries::load(&folders);
        let names: Vec<_> = queries
            .iter()
            .map(|query| (query.topic.as_str(), query.name.as_str()))
            .collect();
        assert_eq!(names, [("", "a"), ("topic", "b")]);
        assert_eq!(&*queries.find("a")?.text.text, "SELECT 1");
        assert_eq!(queries.hidden.len(), 1);
        assert_eq!(
            queries.hidden[0].path,
            far.join("a.sql").display().to_string()
        );
        Ok(())
    }

    #[test]
    fn a_changed_file_is_read_anew() -> Result<(), Box<dyn std::error::Error>> {
        let place = tempfile::tempdir()?;
        write(place.path(), "a.sql", "SELECT 1")?;
        let library = Library::new(vec![QueryFolder::Disk(place.path().to_path_buf())]);
        let first = library.queries();
        assert!(Arc::ptr_eq(&first, &library.queries()));
        write(place.path(), "a.sql", "SELECT 22")?;
        write(place.path(), "b.sql", "SELECT 3")?;
        assert_eq!(&*library.queries().find("a")?.text.text, "SELECT 22");
        assert!(library.queries().find("b").is_ok());
        Ok(())
    }
}
