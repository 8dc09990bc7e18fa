//! The statements that time functions, and what some are compared with.
//!
//! They ask tables `many`, `some` and `matrices`, which `engine/benches/functions/tables.rs` makes.

/// How a function is timed.
#[derive(Debug, Clone, Copy)]
pub struct Benchmark {
    /// The statement.
    pub sql: &'static str,
    /// The same work, or the nearest to it, without the function.
    pub peer: Option<Peer>,
}

/// A statement to compare with.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// What it is, in a word or two.
    pub name: &'static str,
    /// The statement.
    pub sql: &'static str,
}

/// A statement that nothing of DataFusion's can be compared with.
pub(crate) const fn alone(sql: &'static str) -> Benchmark {
    Benchmark { sql, peer: None }
}

/// A statement and what it is compared with.
pub(crate) const fn against(peer: Peer, sql: &'static str) -> Benchmark {
    Benchmark {
        sql,
        peer: Some(peer),
    }
}

/// The labels of stages by hand.
pub(crate) const STAGES: Peer = Peer {
    name: "CASE",
    sql:
        "SELECT CASE WHEN year < 1950 THEN 'pre-1949' WHEN year < 1980 THEN '1950-1979'
                 WHEN year < 2000 THEN '1980-1999' WHEN year >= 2000 THEN 'post-2000' END FROM many",
};

/// The numbers of stages by hand.
pub(crate) const STAGE_NUMBERS: Peer = Peer {
    name: "CASE",
    sql: "SELECT CASE WHEN year < 1950 THEN 1 WHEN year < 1980 THEN 2
                 WHEN year < 2000 THEN 3 WHEN year >= 2000 THEN 4 END FROM many",
};

/// The rule of modes by hand, of distances alone.
pub(crate) const MODES: Peer = Peer {
    name: "CASE",
    sql: "SELECT CASE WHEN own_km <= 20 AND foreign_km <= 20 THEN 'CC'
                 WHEN own_km <= 20 THEN 'CPC'
                 WHEN own_km <= 150 AND foreign_km <= 150 THEN 'CPPC'
                 WHEN own_km IS NOT NULL AND foreign_km IS NOT NULL THEN 'PP' END FROM many",
};

/// A statistic of large groups that keeps three numbers a group.
pub(crate) const SPREAD_OF_MANY: Peer = Peer {
    name: "stddev",
    sql: "SELECT stddev(x) FROM many GROUP BY place",
};

/// The same of fewer rows.
pub(crate) const SPREAD: Peer = Peer {
    name: "stddev",
    sql: "SELECT stddev(x) FROM some GROUP BY place",
};

/// The same for each row.
pub(crate) const SPREAD_OF_EACH: Peer = Peer {
    name: "stddev",
    sql: "SELECT stddev(lon) OVER (PARTITION BY place) FROM some",
};

/// A statistic of two columns.
pub(crate) const CORRELATION: Peer = Peer {
    name: "corr",
    sql: "SELECT corr(x, y) FROM some GROUP BY place",
};

/// Arithmetic of two columns.
pub(crate) const DIVISION: Peer = Peer {
    name: "(x - y) / (x + y)",
    sql: "SELECT (x - y) / (x + y) FROM some",
};
