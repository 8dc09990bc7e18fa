//! What DataFusion itself still answers wrongly. A case that fails says which work-around an upgrade made needless.

use std::sync::Arc;

use arrow::util::display::array_value_to_string;
use datafusion::error::Result;
use datafusion::prelude::SessionContext;
use libtest_mimic::{Failed, Trial};

use crate::session::Session;

/// A fault, the question that shows it, DataFusion's answer, and what can go when that changes.
struct Fault {
    name: &'static str,
    sql: &'static str,
    answer: &'static str,
    work_around: &'static str,
}

const FAULTS: &[Fault] = &[
    Fault {
        name: "apache/datafusion 3520, 17539: operators wrap",
        sql: "SELECT a + b FROM (VALUES (2147483647::INT, 1::INT)) t(a, b)",
        answer: "-2147483648",
        work_around: "kouan-semantics: CheckArithmetic",
    },
    Fault {
        name: "sum wraps",
        sql: "SELECT sum(v) FROM (VALUES (9223372036854775807), (1)) t(v)",
        answer: "-9223372036854775808",
        work_around: "kouan-semantics: Sum",
    },
    Fault {
        name: "sum of narrow decimals keeps their width",
        sql: "SELECT sum(arrow_cast(99999, 'Decimal32(9,4)')) FROM generate_series(1, 3)",
        answer: "-12949.9729",
        work_around: "kouan-semantics: Sum",
    },
    Fault {
        name: "max by group begins at the least finite number",
        sql: "SELECT max(x) FROM (VALUES (1, '-inf'::DOUBLE)) t(g, x) GROUP BY g",
        answer: "-1.7976931348623157e308",
        work_around: "kouan-semantics: Min, Max",
    },
    Fault {
        name: "apache/datafusion 25186: lists of floats compare bits",
        sql: "SELECT count(*) FROM (VALUES (-0.0::DOUBLE), (0.0::DOUBLE)) t(x) WHERE x IN (0.0, 5.0, 6.0, 7.0)",
        answer: "1",
        work_around: "kouan-semantics: FloatsInLists",
    },
    Fault {
        name: "corr by group is blurred by large offsets",
        sql: "SELECT corr(x, y) FROM (VALUES (1, 1e9 + 1, 1.0), (1, 1e9 + 2, 2.0), (1, 1e9 + 3, 3.5)) t(g, x, y) GROUP BY g",
        answer: "",
        work_around: "kouan-semantics: PairMeasure",
    },
    Fault {
        name: "apache/datafusion 25165: AT TIME ZONE is a cast",
        sql: "SELECT arrow_typeof(arrow_cast(0, 'Timestamp(Nanosecond, Some(\"UTC\"))') AT TIME ZONE 'Asia/Shanghai')",
        answer: "Timestamp(ns, \"Asia/Shanghai\")",
        work_around: "kouan-semantics: AtTimeZone",
    },
];

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let trial = |fault: &'static Fault| {
        let session = Arc::clone(session);
        Trial::test(format!("upstream/{}", fault.name), move || {
            let given = session.runtime.block_on(answer(fault.sql));
            let given = given.map_err(|error| Failed::from(error.to_string()))?;
            if given == fault.answer {
                return Ok(());
            }
            let message = format!(
                "DataFusion answers {given}, no longer {}; {} may go",
                fault.answer, fault.work_around
            );
            Err(Failed::from(message))
        })
    };
    FAULTS.iter().map(trial).collect()
}

/// The first value that DataFusion answers, without anything of ours.
async fn answer(sql: &str) -> Result<String> {
    let batches = SessionContext::new().sql(sql).await?.collect().await?;
    let first = batches.iter().find(|batch| batch.num_rows() > 0);
    match first {
        Some(batch) => Ok(array_value_to_string(batch.column(0), 0)?),
        None => Ok("no rows".to_string()),
    }
}
