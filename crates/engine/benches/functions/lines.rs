//! What is timed: one line per function, and what some of them are compared with.

/// One timed statement.
pub(crate) struct Line {
    /// The function it times.
    pub(crate) function: &'static str,
    /// The statement.
    pub(crate) sql: &'static str,
    /// The same work, or the nearest to it, without the function.
    pub(crate) against: Option<Peer>,
}

/// A statement to compare with.
pub(crate) struct Peer {
    /// What it is, in a word or two.
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// Statements that make the tables, for a number of rows and of groups.
///
/// Rows come in no order of their groups. Values are spread by multiplication with primes, so that every
/// run sees the same ones.
pub(crate) fn tables(rows: usize, groups: usize) -> [String; 3] {
    [
        format!(
            "CREATE TABLE many AS SELECT
                CAST(1905 + value * 7919 % 113 AS INT) AS year,
                CAST(value * 104729 % {groups} AS INT) AS place,
                CAST(value * 15485863 % 1000003 AS DOUBLE) AS x,
                CAST(value * 32452843 % 4001 AS DOUBLE) / 10 AS own_km,
                CAST(value * 49979687 % 4003 AS DOUBLE) / 10 AS foreign_km
             FROM generate_series(1, {rows})"
        ),
        format!(
            "CREATE TABLE some AS SELECT
                CAST(value * 104729 % {some_groups} AS INT) AS place,
                CAST(value * 7919 % 997 AS INT) AS id,
                CAST(1950 + value * 6101 % 64 AS INT) AS year,
                CAST(1 + value * 5303 % 12 AS INT) AS month,
                CAST(1 + value * 15485863 % 100003 AS DOUBLE) AS x,
                CAST(1 + value * 32452843 % 99991 AS DOUBLE) AS y,
                CAST(value * 49979687 % 360001 AS DOUBLE) / 1000 - 180 AS lon,
                CAST(value * 67867967 % 160001 AS DOUBLE) / 1000 - 80 AS lat,
                CAST(value * 86028121 % 360007 AS DOUBLE) / 1001 - 180 AS lon2,
                CAST(value * 22801763 % 160009 AS DOUBLE) / 1001 - 80 AS lat2,
                CASE value * 7907 % 3 WHEN 0 THEN 'PP' WHEN 1 THEN 'CPC' ELSE 'CC' END AS label,
                CASE value * 7901 % 4 WHEN 0 THEN 'PP' WHEN 1 THEN 'CPC' ELSE 'CC' END AS rule
             FROM generate_series(1, {some})",
            some = rows.div_ceil(10),
            some_groups = groups.div_ceil(100),
        ),
        "CREATE TABLE matrices AS SELECT place, transition_matrix(id, year, label, true) AS matrix
         FROM some GROUP BY place"
            .to_owned(),
    ]
}

const STAGES: Option<Peer> = Some(Peer {
    name: "CASE",
    sql:
        "SELECT CASE WHEN year < 1950 THEN 'pre-1949' WHEN year < 1980 THEN '1950-1979'
                 WHEN year < 2000 THEN '1980-1999' WHEN year >= 2000 THEN 'post-2000' END FROM many",
});

const STAGE_NUMBERS: Option<Peer> = Some(Peer {
    name: "CASE",
    sql: "SELECT CASE WHEN year < 1950 THEN 1 WHEN year < 1980 THEN 2
                 WHEN year < 2000 THEN 3 WHEN year >= 2000 THEN 4 END FROM many",
});

const MODES: Option<Peer> = Some(Peer {
    name: "CASE",
    sql: "SELECT CASE WHEN own_km <= 20 AND foreign_km <= 20 THEN 'CC'
                 WHEN own_km <= 20 THEN 'CPC'
                 WHEN own_km <= 150 AND foreign_km <= 150 THEN 'CPPC'
                 WHEN own_km IS NOT NULL AND foreign_km IS NOT NULL THEN 'PP' END FROM many",
});

const SPREAD_OF_EACH: Option<Peer> = Some(Peer {
    name: "stddev",
    sql: "SELECT stddev(lon) OVER (PARTITION BY place) FROM some",
});

const SPREAD_OF_MANY: Option<Peer> = Some(Peer {
    name: "stddev",
    sql: "SELECT stddev(x) FROM many GROUP BY place",
});

const SPREAD: Option<Peer> = Some(Peer {
    name: "stddev",
    sql: "SELECT stddev(x) FROM some GROUP BY place",
});

const CORRELATION: Option<Peer> = Some(Peer {
    name: "corr",
    sql: "SELECT corr(x, y) FROM some GROUP BY place",
});

const DIVISION: Option<Peer> = Some(Peer {
    name: "(x - y) / (x + y)",
    sql: "SELECT (x - y) / (x + y) FROM some",
});

const fn line(function: &'static str, sql: &'static str, against: Option<Peer>) -> Line {
    Line {
        function,
        sql,
        against,
    }
}

/// Every function, in the order of the lists that register them.
pub(crate) const LINES: &[Line] = &[
    line("port_stage", "SELECT port_stage(year) FROM many", STAGES),
    line(
        "port_stage_no",
        "SELECT port_stage_no(year) FROM many",
        STAGE_NUMBERS,
    ),
    line(
        "port_stage_bounds",
        "SELECT port_stage_bounds(year) FROM many",
        STAGES,
    ),
    line(
        "try_port_stage",
        "SELECT try_port_stage(year) FROM many",
        STAGES,
    ),
    line(
        "stage_bucket",
        "SELECT stage_bucket(year, [1950, 1980, 2000], ['pre-1949', '1950-1979', '1980-1999', 'post-2000']) FROM many",
        STAGES,
    ),
    line(
        "port_mode",
        "SELECT port_mode(own_km, foreign_km) FROM many",
        MODES,
    ),
    line(
        "port_mode_side",
        "SELECT port_mode_side(own_km, foreign_km) FROM many",
        MODES,
    ),
    line(
        "port_mode_explain",
        "SELECT port_mode_explain(own_km, foreign_km) FROM many",
        MODES,
    ),
    line(
        "geodesic_km",
        "SELECT geodesic_km(lon, lat, lon2, lat2) FROM some",
        None,
    ),
    line(
        "great_circle_km",
        "SELECT great_circle_km(lon, lat, lon2, lat2) FROM some",
        None,
    ),
    line(
        "azimuth_deg",
        "SELECT azimuth_deg(lon, lat, lon2, lat2) FROM some",
        None,
    ),
    line(
        "nearest_city",
        "SELECT nearest_city(lon, lat, 'China', 20000) FROM some",
        None,
    ),
    line(
        "mean_center",
        "SELECT mean_center(lon, lat) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "weighted_mean_center",
        "SELECT weighted_mean_center(lon, lat, x) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "median_center",
        "SELECT median_center(lon, lat) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "std_distance",
        "SELECT std_distance(lon, lat) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "std_ellipse",
        "SELECT std_ellipse(lon, lat) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "convex_hull",
        "SELECT convex_hull(lon, lat) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "nearest_neighbour_index",
        "SELECT nearest_neighbour_index(lon, lat) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "moran_i",
        "SELECT moran_i(x, lon, lat, 'knn:4') FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "geary_c",
        "SELECT geary_c(x, lon, lat, 'knn:4') FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "getis_ord_g",
        "SELECT getis_ord_g(x, lon, lat, 'knn:4') FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "local_moran",
        "SELECT local_moran(x, lon, lat, 'knn:4') OVER (PARTITION BY place) FROM some",
        SPREAD_OF_EACH,
    ),
    line(
        "getis_ord_gi_star",
        "SELECT getis_ord_gi_star(x, lon, lat, 'knn:4') OVER (PARTITION BY place) FROM some",
        SPREAD_OF_EACH,
    ),
    line(
        "point_in_region",
        "SELECT point_in_region(lon, lat, [[73, 35], [96, 35], [96, 49], [73, 49]]) FROM some",
        None,
    ),
    line(
        "hhi",
        "SELECT hhi(x) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "hhi_normalized",
        "SELECT hhi_normalized(x) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "effective_number",
        "SELECT effective_number(x) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "cr_k",
        "SELECT cr_k(x, 4) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "gini",
        "SELECT gini(x) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "theil_t",
        "SELECT theil_t(x) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "theil_decompose",
        "SELECT theil_decompose(x, label) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "entropy_w",
        "SELECT entropy_w(x) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "entropy_normalized",
        "SELECT entropy_normalized(x) FROM many GROUP BY place",
        SPREAD_OF_MANY,
    ),
    line(
        "hoover_index",
        "SELECT hoover_index(x, y) FROM some GROUP BY place",
        CORRELATION,
    ),
    line(
        "krugman_index",
        "SELECT krugman_index(x, y) FROM some GROUP BY place",
        CORRELATION,
    ),
    line(
        "atkinson",
        "SELECT atkinson(x, 0.5) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "rank_size",
        "SELECT rank_size(x) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "directionality",
        "SELECT directionality(x, y) FROM some",
        DIVISION,
    ),
    line(
        "grubel_lloyd",
        "SELECT grubel_lloyd(x, y) FROM some GROUP BY place",
        CORRELATION,
    ),
    line(
        "location_quotient",
        "SELECT location_quotient(x, y, x, y) FROM some",
        DIVISION,
    ),
    line(
        "shift_share",
        "SELECT shift_share(x, y, x, y, x, y) FROM some",
        DIVISION,
    ),
    line("growth", "SELECT growth(x, y) FROM some", DIVISION),
    line("cagr", "SELECT cagr(x, y, month) FROM some", DIVISION),
    line(
        "seasonality_index",
        "SELECT seasonality_index(x, month) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "seasonality_vector",
        "SELECT seasonality_vector(x, month) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "burst_periods",
        "SELECT burst_periods(year, month) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "bayesian_blocks",
        "SELECT bayesian_blocks(x) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "transition_matrix",
        "SELECT transition_matrix(id, year, label) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "steady_state",
        "SELECT steady_state(matrix) FROM matrices",
        None,
    ),
    line("mfpt", "SELECT mfpt(matrix) FROM matrices", None),
    line("mobility", "SELECT mobility(matrix) FROM matrices", None),
    line(
        "cohen_kappa",
        "SELECT cohen_kappa(label, rule) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "accuracy",
        "SELECT accuracy(label, rule) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "balanced_accuracy",
        "SELECT balanced_accuracy(label, rule) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "confusion",
        "SELECT confusion(label, rule) FROM some GROUP BY place",
        SPREAD,
    ),
    line(
        "spearman",
        "SELECT spearman(x, y) FROM some GROUP BY place",
        CORRELATION,
    ),
];
