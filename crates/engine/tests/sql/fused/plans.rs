//! What plans say of fused operators, damaged files, and answers that nobody waits for.

use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use datafusion::parquet::arrow::ArrowWriter;
use fastrand::Rng;
use kouan_engine::{Engine, Piece, Source, Values, split};
use libtest_mimic::Failed;
use tempfile::TempDir;

use super::answer;
use super::questions::SMALL_TABLES;
use super::tables::rows;
use crate::session::{self, Session};

/// One file with dictionaries, as table `t` of a fresh engine.
async fn table(session: &Session, folder: &TempDir) -> Result<Arc<Engine>, Failed> {
    let mut random = Rng::with_seed(3);
    let batch = rows(&mut random, 4000);
    let path = folder.path().join("t.parquet");
    let mut writer = ArrowWriter::try_new(File::create(&path)?, batch.schema(), None)?;
    writer.write(&batch)?;
    writer.close()?;
    let engine = session.engine()?;
    session::run(&engine, "SET kouan.fused = true").await?;
    session::run(
        &engine,
        &format!(
            "CREATE EXTERNAL TABLE t STORED AS PARQUET LOCATION '{}'",
            path.display()
        ),
    )
    .await?;
    Ok(engine)
}

/// Plans name the operator, it answers without falling back, and says why it left a plan alone.
pub(super) fn plans_say_so(session: &Session) -> Result<(), Failed> {
    let folder = TempDir::new()?;
    session.runtime.block_on(async {
        let engine = table(session, &folder).await?;
        let text = async |sql: &str| -> Result<String, Failed> {
            Ok(answer(&engine, sql)
                .await?
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n"))
        };
        let sql =
            "SELECT port_stage(year), count(*), sum(tonnes) FROM t WHERE port <> 'p1' GROUP BY 1";
        let plan = text(&format!("EXPLAIN {sql}")).await?;
        if !plan.contains("FusedAggregateExec") {
            return Err(plan.into());
        }
        let measured = text(&format!("EXPLAIN ANALYZE VERBOSE {sql}")).await?;
        if !measured.contains("rows_scanned=4.00 K") || !measured.contains("fell_back=0") {
            return Err(measured.into());
        }
        session::run(&engine, SMALL_TABLES[0]).await?;
        let joined = "SELECT region, count(*) FROM t JOIN places USING (port) GROUP BY 1";
        let plan = text(&format!("EXPLAIN {joined}")).await?;
        if !plan.contains("FusedAggregateExec: gby=[region[") {
            return Err(plan.into());
        }
        let measured = text(&format!("EXPLAIN ANALYZE VERBOSE {joined}")).await?;
        if !measured.contains("fell_back=0") {
            return Err(measured.into());
        }
        session::run(&engine, "SET kouan.fused_reasons = true").await?;
        let steps = answer(&engine, &format!("EXPLAIN ANALYZE {sql}")).await?;
        let reads =
            |step: &Vec<String>| step[1].starts_with("DataSource: t.parquet") && step[2] == "4000";
        if !steps.iter().any(reads) {
            return Err(format!("{steps:?}").into());
        }
        let first =
            text("EXPLAIN SELECT * FROM t WHERE port <> 'p1' ORDER BY tonnes DESC LIMIT 5").await?;
        if !first.contains("FusedTopRowsExec: TopK(fetch=5)") {
            return Err(first.into());
        }
        let declined = text("EXPLAIN SELECT tonnes, count(*) FROM t GROUP BY 1").await?;
        if !declined.contains("NotFusedExec: tonnes@4 has type Float64") {
            return Err(declined.into());
        }
        session::run(&engine, "CREATE TABLE in_memory AS SELECT * FROM t").await?;
        let computed_first = "EXPLAIN SELECT port_stage(year), count(*) FROM in_memory GROUP BY 1";
        let plan = text(computed_first).await?;
        if !plan.contains("gby=[year@0 as year]") {
            return Err(plan.into());
        }
        // Of moments nobody knows how many there are.
        let too_many =
            "EXPLAIN SELECT extract(year FROM moment), count(*) FROM in_memory GROUP BY 1";
        let plan = text(too_many).await?;
        if plan.contains("gby=[moment") {
            return Err(plan.into());
        }
        session::run(&engine, "SET kouan.fused = false").await?;
        let plan = text(computed_first).await?;
        if plan.contains("gby=[year@0 as year]") {
            return Err(plan.into());
        }
        let plain = text(&format!("EXPLAIN {sql}")).await?;
        if plain.contains("Fused") {
            return Err(plain.into());
        }
        Ok(())
    })
}

/// A file whose bytes are changed or missing gives the error that DataFusion gives, or the same answer.
pub(super) fn damaged_files_are_errors(session: &Session) -> Result<(), Failed> {
    let folder = TempDir::new()?;
    let path = folder.path().join("t.parquet");
    let sql = "SELECT port, year, count(*), sum(tonnes), max(persons) FROM t GROUP BY 1, 2";
    session.runtime.block_on(async {
        let engine = table(session, &folder).await?;
        let whole = std::fs::read(&path)?;
        let mut random = Rng::with_seed(5);
        let mut errors = 0;
        for _ in 0..60 {
            let mut bytes = whole.clone();
            for _ in 0..random.usize(1..20) {
                let at = random.usize(4..bytes.len() - 3000);
                bytes[at] = random.u8(..);
            }
            std::fs::write(&path, &bytes)?;
            session::run(&engine, "SET kouan.fused = true").await?;
            let fused = answer(&engine, sql).await;
            session::run(&engine, "SET kouan.fused = false").await?;
            let plain = answer(&engine, sql).await;
            errors += usize::from(fused.is_err());
            if fused.is_err() != plain.is_err() {
                return Err(format!("fused {fused:?}\nplain {plain:?}").into());
            }
        }
        std::fs::write(&path, &whole[..whole.len() / 2])?;
        session::run(&engine, "SET kouan.fused = true").await?;
        if errors == 0 || answer(&engine, sql).await.is_ok() {
            return Err("damage was not noticed".into());
        }
        Ok(())
    })
}

/// An answer that nobody waits for any more is not worked on: no more rows are read, long before all are.
pub(super) fn cancelled_queries_stop(session: &Session) -> Result<(), Failed> {
    let folder = TempDir::new()?;
    let statement = |sql: &str| {
        split(&Source::typed(sql))
            .into_iter()
            .find_map(|piece| match piece {
                Piece::Statement(statement) => Some(statement),
                _ => None,
            })
    };
    session.runtime.block_on(async {
        let engine = table(session, &folder).await?;
        let many = folder.path().join("many");
        std::fs::create_dir(&many)?;
        for file in 0..400 {
            let path = many.join(format!("{file}.parquet"));
            std::fs::hard_link(folder.path().join("t.parquet"), path)?;
        }
        let place = many.display();
        let sql = format!("CREATE EXTERNAL TABLE many STORED AS PARQUET LOCATION '{place}/'");
        session::run(&engine, &sql).await?;
        for sql in [
            "SELECT port, year, sum(tonnes), max(value), min(persons + year) FROM many GROUP BY 1, 2",
            "SELECT * FROM many ORDER BY persons * year, moment LIMIT 3",
        ] {
            let statement = statement(sql).ok_or("no statement")?;
            let started = Instant::now();
            session::run(&engine, sql).await?;
            let whole = started.elapsed();
            let mut answer = engine.run(&statement, &Values::new()).await?;
            let progress = answer.progress().ok_or("no progress")?;
            let soon = tokio::time::timeout(whole / 20, answer.next()).await;
            if soon.is_ok() {
                return Err(format!("{sql}: answered in a twentieth of {whole:?}").into());
            }
            drop(answer);
            tokio::time::sleep(whole / 10).await;
            let read = progress.rows_read();
            tokio::time::sleep(whole / 2).await;
            if progress.rows_read() != read || Some(read) >= progress.rows_in_all() {
                let (now, all) = (progress.rows_read(), progress.rows_in_all());
                return Err(format!("{sql}: {read} rows, then {now} of {all:?}").into());
            }
        }
        Ok(())
    })
}
