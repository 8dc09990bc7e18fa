//! Parquet files whose footers mislead DataFusion: the engine answers by the rows, with aggregations fused and not.
//!
//! Where a fault is DataFusion's, the test also asks DataFusion itself: when that answers right, the work-around that the
//! message names can go.

mod faults;
mod files;

use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::prelude::{ParquetReadOptions, SessionContext};
use libtest_mimic::{Failed, Trial};

use crate::session::{self, Session};

type Test = fn(&Session) -> Result<(), Failed>;

pub(crate) fn trials(session: &Arc<Session>) -> Vec<Trial> {
    let trials = faults::TESTS.iter().map(|(name, test): &(&str, Test)| {
        let (session, test) = (Arc::clone(session), *test);
        Trial::test(format!("scan::{name}"), move || test(&session))
    });
    trials.collect()
}

/// Asks a file, named `{}` in the question, and compares with what its rows say.
fn expect(session: &Session, file: &Path, sql: &str, expected: &str) -> Result<(), Failed> {
    let sql = sql.replace("{}", &format!("'{}'", file.display()));
    for fused in [false, true] {
        let engine = session.engine()?;
        let answer = session.runtime.block_on(async {
            session::run(&engine, &format!("SET kouan.fused = {fused}")).await?;
            session::run(&engine, &sql).await
        });
        let answer = match answer {
            Ok(rows) => text(&rows.batches)?,
            Err(error) => error.message,
        };
        if answer != expected {
            return Err(format!("{sql}, fused = {fused}: {answer}, not {expected}").into());
        }
    }
    Ok(())
}

/// Fails when DataFusion alone answers as it should: then what works around `issue` can go.
fn still_wrong(
    session: &Session,
    file: &Path,
    sql: &str,
    right: &str,
    issue: &str,
) -> Result<(), Failed> {
    let answer = session.runtime.block_on(async {
        let context = SessionContext::new();
        let path = file.to_str().unwrap_or_default();
        context
            .register_parquet("t", path, ParquetReadOptions::default())
            .await?;
        context.sql(&sql.replace("{}", "t")).await?.collect().await
    });
    if text(&answer?)? == right {
        return Err(format!("{issue} is mended: see what works around it in kouan-scan").into());
    }
    Ok(())
}

fn text(batches: &[RecordBatch]) -> Result<String, Failed> {
    let options = FormatOptions::new().with_null("NULL");
    let mut rows = Vec::new();
    for batch in batches {
        let columns = batch.columns().iter();
        let columns = columns.map(|column| ArrayFormatter::try_new(column, &options));
        let columns: Vec<_> = columns.collect::<Result<_, _>>()?;
        for row in 0..batch.num_rows() {
            let cells = columns.iter().map(|column| column.value(row).to_string());
            rows.push(cells.collect::<Vec<_>>().join(","));
        }
    }
    Ok(rows.join(" "))
}
