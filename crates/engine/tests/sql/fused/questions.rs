//! Random questions: aggregations with keys, filters and small joins, and first rows in an order.

use fastrand::Rng;

use super::grammar::{COLUMNS_OF_T, Grammar, KINDS, Kind};

const KEYS: [&str; 12] = [
    "port",
    "year",
    "day",
    "is_open",
    "date_trunc('month', day)",
    "extract(year from day)",
    "CASE WHEN year < 1980 THEN 'old' WHEN year >= 2000 THEN 'new' END",
    "port_stage(year)",
    "upper(port)",
    "year - year % 10",
    "coalesce(port, 'none')",
    "big",
];

const FILTERS: [&str; 14] = [
    "port LIKE 'p1%'",
    "port IN ('p1', 'p3', 'none')",
    "year >= 1980",
    "day BETWEEN date '1996-02-01' AND date '1996-04-01'",
    "is_open",
    "NOT is_open",
    "port IS NULL",
    "tonnes > 500",
    "tonnes IS NOT NULL",
    "persons < 30 OR persons IS NULL",
    "year % 2 = 0",
    "value > 10.5",
    "persons + year > 2000",
    "port = 'p1' OR port = 'p2'",
];

const AGGREGATES: [&str; 34] = [
    "count(*)",
    "count(tonnes)",
    "sum(tonnes)",
    "avg(tonnes)",
    "sum(persons)",
    "avg(persons)",
    "min(persons)",
    "max(persons)",
    "sum(value)",
    "avg(value)",
    "min(value)",
    "max(value)",
    "min(day)",
    "max(moment)",
    "min(moment)",
    "count(DISTINCT persons)",
    "count(DISTINCT port)",
    "var_pop(tonnes)",
    "stddev(tonnes)",
    "sum(big)",
    "max(big)",
    "count(*) FILTER (WHERE is_open)",
    "sum(persons) FILTER (WHERE year > 1980)",
    "sum(tonnes * persons)",
    "sum(CASE WHEN year > 1980 THEN persons ELSE 0 END)",
    "count(port)",
    "hhi(tonnes)",
    "hhi(persons) FILTER (WHERE is_open)",
    "hhi_normalized(big)",
    "theil_t(persons)",
    "entropy_w(persons, 2)",
    "grubel_lloyd(persons, year) FILTER (WHERE port <> 'p1')",
    "corr(tonnes, persons)",
    "bool_or(is_open)",
];

/// Small tables: keys there once, NULL among them; keys there twice; floats.
pub(super) const SMALL_TABLES: [&str; 3] = [
    "CREATE TABLE places AS SELECT * FROM (VALUES
         ('p0', 'north', 1.5), ('p1', 'south', 2.5), ('p2', 'north', NULL), ('p3', NULL, 4.0), (NULL, 'none', 5.0),
         ('p99', 'east', 6.0)) AS places(port, region, weight)",
    "CREATE TABLE eras AS SELECT * FROM (VALUES
         (1990, 'late', 1.0), (1991, 'late', 2.0), (1991, 'later', 3.0), (1950, NULL, 4.0)) AS eras(year, region, weight)",
    "CREATE TABLE levels AS SELECT * FROM (VALUES
         (0.0, 'zero', 1.0), (CAST('NaN' AS DOUBLE), 'NaN', NULL), (1.5, NULL, 3.0), (NULL, 'none', 4.0)) AS levels(level, region, weight)",
];

/// What is asked together with a small table's columns.
const SOURCES: [&str; 4] = [
    "t JOIN places USING (port)",
    "t LEFT JOIN places USING (port)",
    "t JOIN eras USING (year)",
    "t LEFT JOIN (SELECT DISTINCT year, 'x' AS region, 1.0 AS weight FROM eras) AS e USING (year)",
];

const OF_SMALL_TABLES: [&str; 4] = [
    "region",
    "upper(region)",
    "weight > 2",
    "coalesce(region, 'unknown')",
];

/// Filters that become joins.
const SEMI_JOINS: [&str; 3] = [
    "port IN (SELECT port FROM places WHERE weight > 2)",
    "NOT EXISTS (SELECT 1 FROM places WHERE places.port = t.port)",
    "EXISTS (SELECT 1 FROM eras WHERE eras.year = t.year)",
];

/// Every column, so that an order by them leaves no choice between rows that differ.
const COLUMNS: &str = "port, year, day, is_open, tonnes, persons, value, moment, big, share, level, grade, number, fee, \
     toll, worth";

const ORDERS: [&str; 14] = [
    "tonnes",
    "port",
    "year",
    "day",
    "persons",
    "value",
    "moment",
    "big",
    "is_open",
    "date_trunc('month', day)",
    "port_stage(year)",
    "tonnes * persons",
    "year % 10",
    "upper(port)",
];

fn pick<'a>(random: &mut Rng, list: &[&'a str], count: usize) -> Vec<&'a str> {
    let mut list = list.to_vec();
    random.shuffle(&mut list);
    list.truncate(count);
    list
}

pub(super) fn question(random: &mut Rng) -> String {
    match random.u8(..) {
        0..140 => return composed(random),
        140..170 => return first_rows(random),
        _ => {}
    }
    let (keys, aggregates, filters) = (random.usize(0..3), random.usize(1..5), random.usize(0..3));
    let keys = pick(random, &KEYS, keys);
    let (mut keys, mut source) = (keys, "t");
    let mut aggregates = pick(random, &AGGREGATES, aggregates);
    let mut filters = pick(random, &FILTERS, filters);
    match random.u8(..) {
        0..60 => {
            source = random.choice(SOURCES).unwrap_or(source);
            keys.extend(random.choice(OF_SMALL_TABLES));
            aggregates.push("sum(weight)");
        }
        60..90 => filters.extend(random.choice(SEMI_JOINS)),
        _ => {}
    }
    let mut columns = keys.clone();
    columns.extend(aggregates);
    let filters: Vec<_> = filters.iter().map(|filter| format!("({filter})")).collect();
    let mut sql = format!("SELECT {} FROM {source}", columns.join(", "));
    if !filters.is_empty() {
        sql += &format!(" WHERE {}", filters.join(" AND "));
    }
    if !keys.is_empty() {
        sql += &format!(" GROUP BY {}", keys.join(", "));
    }
    sql
}

/// Expressions of every form in every place: keys, arguments, filters, HAVING, the key of a join, an order.
fn composed(random: &mut Rng) -> String {
    let mut columns = COLUMNS_OF_T.to_vec();
    let joined = random.u8(..);
    let kind_of_key = match joined {
        0..50 => Some(Kind::Text),
        50..80 => Some(Kind::Whole),
        80..100 => Some(Kind::Float),
        _ => None,
    };
    let (small, is_first_rows) = (random.bool(), random.u8(..) < 40);
    let counts = [random.usize(0..3), random.usize(1..4), random.usize(0..2)];
    let has_having = random.u8(..) < 50;
    let join = random.choice(["JOIN", "LEFT JOIN"]).unwrap_or("JOIN");
    let limit = random.choice([1, 3, 10, 100]).unwrap_or(1);
    let key = kind_of_key.map(|kind| Grammar::new(random, columns.clone()).expression(kind));
    let source = match (kind_of_key.zip(key), is_first_rows) {
        (Some((kind, key)), false) => {
            columns.extend([("p.region", Kind::Text), ("p.weight", Kind::Float)]);
            let place = match kind {
                Kind::Text => "places AS p ON {} = p.port",
                Kind::Whole if small => "eras AS p ON {} = p.year",
                Kind::Whole => {
                    "(SELECT DISTINCT year, region, 1.0 AS weight FROM eras WHERE weight <> 2) AS p ON {} = p.year"
                }
                _ => "levels AS p ON {} = p.level",
            };
            format!("t {join} {}", place.replace("{}", &key))
        }
        _ => "t".to_string(),
    };
    let mut grammar = Grammar::new(random, columns);
    let filters: Vec<_> = (0..counts[2])
        .map(|_| grammar.expression(Kind::Truth))
        .collect();
    let filter = match &filters[..] {
        [] => String::new(),
        filters => format!(" WHERE {}", filters.join(" AND ")),
    };
    if is_first_rows {
        let keys: Vec<_> = (0..counts[1]).map(|_| grammar.one_of(&KINDS)).collect();
        let keys = keys.join(", ");
        return format!("SELECT * FROM {source}{filter} ORDER BY {keys}, {COLUMNS} LIMIT {limit}");
    }
    let of_keys = [
        Kind::Whole,
        Kind::Decimal,
        Kind::Text,
        Kind::Date,
        Kind::Truth,
    ];
    let keys: Vec<_> = (0..counts[0]).map(|_| grammar.one_of(&of_keys)).collect();
    let aggregates: Vec<_> = (0..counts[1]).map(|_| grammar.aggregate()).collect();
    let mut sql = format!(
        "SELECT {} FROM {source}{filter}",
        [&keys[..], &aggregates[..]].concat().join(", ")
    );
    if !keys.is_empty() {
        let places: Vec<_> = (1..=keys.len()).map(|place| place.to_string()).collect();
        sql += &format!(" GROUP BY {}", places.join(", "));
    }
    if has_having {
        let having = format!("coalesce({}, 1) > 0", grammar.aggregate_of_whole());
        sql += &format!(" HAVING {having}");
    }
    sql
}

/// The first rows in an order that leaves no choice between rows.
fn first_rows(random: &mut Rng) -> String {
    let keys = random.usize(1..3);
    let mut keys: Vec<_> = pick(random, &ORDERS, keys)
        .iter()
        .map(|key| {
            let direction = random.choice(["", " DESC"]).unwrap_or_default();
            let nulls = random
                .choice(["", " NULLS FIRST", " NULLS LAST"])
                .unwrap_or_default();
            (*key, format!("{key}{direction}{nulls}"))
        })
        .collect();
    let columns = match keys.len() {
        1 if random.bool() => keys[0].0,
        _ => {
            keys.push((COLUMNS, COLUMNS.to_string()));
            "*"
        }
    };
    let filters = random.usize(0..2);
    let filter = match pick(random, &FILTERS, filters)[..] {
        [filter] => format!(" WHERE {filter}"),
        _ => String::new(),
    };
    let keys: Vec<_> = keys.into_iter().map(|(_, key)| key).collect();
    let limit = random.choice([1, 3, 10, 100, 900]).unwrap_or(1);
    let keys = keys.join(", ");
    format!("SELECT {columns} FROM t{filter} ORDER BY {keys} LIMIT {limit}")
}
