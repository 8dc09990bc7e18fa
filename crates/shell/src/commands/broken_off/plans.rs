//! Whatever stands between the table and the answer, the break is told.

use super::{Fault, How, Place, Tested, assert_broke_off, faults, run};

/// Statements whose operators hand on rows in different ways: from hand to hand, through channels between tasks,
/// sorted, hashed, kept for another side, asked again.
const PLANS: &[&str] = &[
    "SELECT i FROM broken",
    "SELECT i FROM broken ORDER BY i",
    "SELECT i FROM broken ORDER BY i DESC LIMIT 2000",
    "SELECT DISTINCT i FROM broken",
    "SELECT i % 7 AS g, count(*) AS n FROM broken GROUP BY g",
    "SELECT sum(i) AS s FROM broken",
    "SELECT a.i FROM broken a JOIN sound b ON a.i = b.i",
    "SELECT a.i FROM sound a LEFT JOIN broken b ON a.i = b.i",
    "SELECT count(*) AS n FROM broken a CROSS JOIN (SELECT i FROM sound LIMIT 3) b",
    "SELECT count(*) AS n FROM broken a JOIN sound b ON a.i < b.i - 1790",
    "SELECT i, row_number() OVER (ORDER BY i) AS n FROM broken",
    "SELECT i, sum(i) OVER (PARTITION BY i % 5 ORDER BY i) AS n FROM broken",
    "SELECT i FROM sound UNION ALL SELECT i FROM broken",
    "SELECT i FROM sound EXCEPT SELECT i FROM broken",
    "SELECT i FROM sound WHERE i IN (SELECT i FROM broken)",
    "SELECT i FROM sound WHERE i NOT IN (SELECT i FROM broken)",
    "SELECT (SELECT max(i) FROM broken) AS m",
    "WITH c AS (SELECT i FROM broken) SELECT a.i FROM c a JOIN c b ON a.i = b.i",
    "WITH RECURSIVE r AS (SELECT min(i) AS i FROM broken UNION ALL SELECT i + 1 FROM r WHERE i < 9) SELECT i FROM r",
    "SUMMARIZE broken",
    "EXPLAIN ANALYZE SELECT i FROM broken ORDER BY i",
    "EXPLAIN ANALYZE VERBOSE SELECT i FROM broken",
    "CREATE TABLE kept AS SELECT i FROM broken",
    "CREATE TABLE kept AS SELECT i FROM sound; INSERT INTO kept SELECT i FROM broken",
];

#[test]
fn every_plan_tells_of_the_break() -> Tested {
    for (seed, sql) in PLANS.iter().enumerate() {
        for fault in faults(seed as u64) {
            let place = Place::new()?;
            let out = place.path("answers.csv");
            let mut shell = place.shell(fault, Some(&out), None)?;
            assert_broke_off(run(&mut shell, sql).err(), fault, sql);
            // The session lives on, and nothing is left of a table.
            run(&mut shell, "SELECT count(*) AS n FROM sound")?;
            let is_created = sql.starts_with("CREATE TABLE kept AS SELECT i FROM broken");
            if is_created && fault.how != How::LostTask {
                assert!(run(&mut shell, "SELECT * FROM kept").is_err(), "{fault:?}");
            }
        }
    }
    Ok(())
}

#[test]
fn the_same_plans_answer_when_nothing_breaks() -> Tested {
    for sql in PLANS {
        let place = Place::new()?;
        let fault = Fault {
            how: How::Panic,
            partition: 0,
            batch: 0,
        };
        let out = place.path("answers.csv");
        let mut shell = place.shell(fault, Some(&out), None)?;
        run(&mut shell, &sql.replace("broken", "sound"))?;
    }
    Ok(())
}
