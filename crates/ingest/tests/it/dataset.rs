//! The border ports themselves.

use std::sync::Arc;

use kouan_ingest::{Cache, Options};
use kouan_schema::{Folder, Package};

use crate::support::read;

#[test]
fn every_table_is_clean_and_converts() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let package = Package::open(Arc::new(Folder::new(root))).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::new(folder.path().to_path_buf());
    assert!(package.table("ports").is_some());
    for table in package.tables() {
        let report = kouan_ingest::validate(&package, table, &Options::default()).unwrap();
        assert_eq!(report.problems, [], "{}", table.full_name());
        let path = cache.ensure(&package, table).unwrap();
        assert_eq!(
            read(&path).num_rows() as u64,
            report.rows,
            "{}",
            table.full_name()
        );
    }
}
