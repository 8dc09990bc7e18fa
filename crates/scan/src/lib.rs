//! How files are scanned: which statistics are believed, and in which order rows come.
