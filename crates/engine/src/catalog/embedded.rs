//! The default package: schemas, data and saved queries that the binary carries.

/// Package-relative paths and contents, sorted by path.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/package_files.rs"));

/// The package's files, for [`kouan_schema::Package::open`].
pub(crate) fn files() -> kouan_schema::Embedded {
    kouan_schema::Embedded::new(FILES)
}

/// The saved queries: path below `queries/` and text.
pub(crate) fn queries() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter_map(|(path, bytes)| {
        let below = path
            .strip_prefix("queries/")
            .filter(|path| path.ends_with(".sql"))?;
        Some((below, std::str::from_utf8(bytes).ok()?))
    })
}
