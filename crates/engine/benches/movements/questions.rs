//! What is asked of movements: ten questions of one table, and five with joins to ports and functions of the field.

/// One question.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
    /// The same in plain SQL, where `sql` uses functions that only kouan has.
    pub(crate) plain: Option<&'static str>,
}

const fn plain(name: &'static str, sql: &'static str) -> Question {
    Question {
        name,
        sql,
        plain: None,
    }
}

/// Questions of `movements` alone.
pub(crate) const ONE_TABLE: [Question; 10] = [
    plain(
        "stage_group",
        "SELECT CASE WHEN opened_year < 1950 THEN 'pre-1949' WHEN opened_year < 1980 THEN '1950-1979'
                     WHEN opened_year < 2000 THEN '1980-1999' ELSE 'post-2000' END AS stage,
                count(*), sum(tonnes)
         FROM movements GROUP BY 1",
    ),
    plain(
        "stage_filter",
        "SELECT count(*), sum(tonnes) FROM movements
         WHERE CASE WHEN opened_year < 1950 THEN 'pre-1949' WHEN opened_year < 1980 THEN '1950-1979'
                    WHEN opened_year < 2000 THEN '1980-1999' ELSE 'post-2000' END = '1950-1979'",
    ),
    plain(
        "country_direction",
        "SELECT country, direction, sum(tonnes), sum(persons) FROM movements GROUP BY 1, 2",
    ),
    plain(
        "port_month",
        "SELECT port_id, CAST(date_trunc('month', crossed_on) AS DATE) AS month, sum(tonnes)
         FROM movements GROUP BY 1, 2",
    ),
    plain(
        "concentration_by_year",
        "SELECT year, sum(t * t) / (sum(t) * sum(t))
         FROM (SELECT extract(year FROM crossed_on) AS year, port_id, sum(tonnes) AS t
               FROM movements GROUP BY 1, 2)
         GROUP BY 1",
    ),
    plain(
        "distinct_vehicles",
        "SELECT country, count(DISTINCT vehicle_id) FROM movements GROUP BY 1",
    ),
    plain(
        "one_year",
        "SELECT port_id, sum(tonnes) FROM movements
         WHERE crossed_on BETWEEN date '2012-01-01' AND date '2012-12-31' GROUP BY 1",
    ),
    plain(
        "largest",
        "SELECT * FROM movements ORDER BY tonnes DESC, vehicle_id, crossed_on LIMIT 10",
    ),
    plain(
        "busiest_vehicles",
        "SELECT vehicle_id, count(*), sum(tonnes) FROM movements GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10",
    ),
    plain(
        "largest_growth",
        "SELECT * FROM (
             SELECT port_id, year, t, t - lag(t) OVER (PARTITION BY port_id ORDER BY year) AS growth
             FROM (SELECT port_id, extract(year FROM crossed_on) AS year, sum(tonnes) AS t
                   FROM movements GROUP BY 1, 2))
         ORDER BY growth DESC LIMIT 5",
    ),
];

/// Questions with functions of the field and joins to their ports.
pub(crate) const JOINS_AND_FUNCTIONS: [Question; 5] = [
    Question {
        name: "port_stage",
        sql: "SELECT port_stage(opened_year), count(*), sum(tonnes) FROM movements GROUP BY 1",
        plain: Some(
            "SELECT CASE WHEN opened_year < 1950 THEN 'pre-1949' WHEN opened_year < 1980 THEN '1950-1979'
                         WHEN opened_year < 2000 THEN '1980-1999' WHEN opened_year >= 2000 THEN 'post-2000' END,
                    count(*), sum(tonnes)
             FROM movements GROUP BY 1",
        ),
    },
    Question {
        name: "hhi",
        sql: "SELECT year, hhi(t)
              FROM (SELECT extract(year FROM crossed_on) AS year, country, sum(tonnes) AS t
                    FROM movements GROUP BY 1, 2)
              GROUP BY 1",
        plain: Some(
            "SELECT year, sum(t * t) / (sum(t) * sum(t))
             FROM (SELECT extract(year FROM crossed_on) AS year, country, sum(tonnes) AS t
                   FROM movements GROUP BY 1, 2)
             GROUP BY 1",
        ),
    },
    plain(
        "join_region",
        "SELECT region, count(*), sum(tonnes), sum(persons)
         FROM movements JOIN movement_ports USING (port_id) GROUP BY 1",
    ),
    Question {
        name: "join_mode",
        sql: "SELECT port_mode(own_km, foreign_km), extract(year FROM crossed_on), sum(persons)
              FROM movements JOIN movement_ports USING (port_id) GROUP BY 1, 2",
        plain: Some(
            "SELECT CASE WHEN own_km <= 20 AND foreign_km <= 20 THEN 'CC' WHEN own_km <= 20 THEN 'CPC'
                         WHEN foreign_km <= 20 THEN 'CPPC'
                         WHEN own_km <= 150 AND foreign_km <= 150 THEN 'CPPC' ELSE 'PP' END,
                    extract(year FROM crossed_on), sum(persons)
             FROM movements JOIN movement_ports USING (port_id) GROUP BY 1, 2",
        ),
    },
    Question {
        name: "join_near_urumqi",
        sql: "SELECT direction, count(*), sum(tonnes) FROM movements JOIN movement_ports USING (port_id)
              WHERE geodesic_km(lon, lat, 87.617, 43.793) < 600 GROUP BY 1",
        // On a sphere; no port lies within two per cent of the limit.
        plain: Some(
            "SELECT direction, count(*), sum(tonnes) FROM movements JOIN movement_ports USING (port_id)
             WHERE 2 * 6371.009 * asin(sqrt(power(sin(radians(lat - 43.793) / 2), 2)
                   + cos(radians(lat)) * cos(radians(43.793)) * power(sin(radians(lon - 87.617) / 2), 2))) < 600
             GROUP BY 1",
        ),
    },
];
