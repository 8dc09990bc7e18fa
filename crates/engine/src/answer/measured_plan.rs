//! `EXPLAIN ANALYZE`: what each step of a plan did, once it has run to its end.

use std::sync::{Arc, LazyLock};
use std::time::Instant;

use arrow::array::{Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ExecutionPlan, displayable, execute_stream};
use futures::StreamExt;
use kouan_fused::FusedScan;

/// The columns of the answer.
static STEPS: LazyLock<SchemaRef> = LazyLock::new(|| {
    Arc::new(Schema::new(vec![
        Field::new("depth", DataType::Int64, false),
        Field::new("step", DataType::Utf8, false),
        Field::new("rows", DataType::Int64, true),
        Field::new("nanoseconds", DataType::Int64, false),
    ]))
});

/// Runs a plan to its end and answers what each step did: first the statement as a whole, with its rows and the
/// time that it took, then every step below the one that takes its rows, with the time of all threads together.
pub(super) fn measure(
    plan: Arc<dyn ExecutionPlan>,
    task: Arc<TaskContext>,
) -> SendableRecordBatchStream {
    let work = async move {
        let started = Instant::now();
        let mut answered = 0;
        let mut rows = execute_stream(Arc::clone(&plan), task)?;
        while let Some(batch) = rows.next().await {
            answered += batch?.num_rows();
        }
        let mut steps = vec![Step {
            depth: 0,
            name: "the statement".to_string(),
            rows: Some(answered),
            nanoseconds: started.elapsed().as_nanos(),
        }];
        collect(plan.as_ref(), 1, &mut steps);
        batch(&steps)
    };
    Box::pin(RecordBatchStreamAdapter::new(
        Arc::clone(&STEPS),
        futures::stream::once(work),
    ))
}

struct Step {
    depth: usize,
    name: String,
    rows: Option<usize>,
    nanoseconds: u128,
}

/// Adds a step and those below it, each before its own.
fn collect(plan: &dyn ExecutionPlan, depth: usize, steps: &mut Vec<Step>) {
    let metrics = plan.metrics();
    let computed = metrics
        .as_ref()
        .and_then(|metrics| metrics.elapsed_compute());
    let scanned = metrics
        .as_ref()
        .and_then(|metrics| metrics.sum_by_name("time_elapsed_processing"));
    let work = computed.max(scanned.map(|value| value.as_usize()));
    steps.push(Step {
        depth,
        name: plain(&displayable(plan).one_line().to_string()),
        rows: metrics.as_ref().and_then(|metrics| metrics.output_rows()),
        // Reading a file is not in the time that a scan computes.
        nanoseconds: work.unwrap_or(0) as u128,
    });
    if let Some(scanned) = FusedScan::by(plan) {
        steps.push(Step {
            depth: depth + 1,
            name: format!("DataSource: {}, file_type=parquet", scanned.files.join(" ")),
            rows: Some(scanned.rows),
            nanoseconds: 0,
        });
    }
    for child in plan.children() {
        collect(child.as_ref(), depth + 1, steps);
    }
}

fn batch(steps: &[Step]) -> Result<RecordBatch> {
    let number = |number: u128| i64::try_from(number).unwrap_or(i64::MAX);
    let count = |rows: usize| number(rows as u128);
    let depths = steps.iter().map(|step| count(step.depth));
    let names = steps.iter().map(|step| step.name.as_str());
    let rows = steps.iter().map(|step| step.rows.map(count));
    let times = steps.iter().map(|step| number(step.nanoseconds));
    let columns: Vec<arrow::array::ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(depths)),
        Arc::new(StringArray::from_iter_values(names)),
        Arc::new(Int64Array::from_iter(rows)),
        Arc::new(Int64Array::from_iter_values(times)),
    ];
    Ok(RecordBatch::try_new(Arc::clone(&STEPS), columns)?)
}

/// A step as people read it: without `Exec`, the places of columns (`@1`), and folders of files.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line.trim();
    if let Some(end) = rest.find("Exec") {
        text.push_str(&rest[..end]);
        rest = &rest[end + "Exec".len()..];
    }
    while let Some(at) = rest.find('@') {
        let digits = rest[at + 1..]
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        text.push_str(&rest[..if digits == 0 { at + 1 } else { at }]);
        rest = &rest[at + 1 + digits..];
    }
    text.push_str(rest);
    without_folders(&text)
}

/// `file_groups={1 group: [[a/b/ports-1f.parquet]]}` becomes `ports-1f.parquet`.
fn without_folders(text: &str) -> String {
    let Some((before, rest)) = text.split_once("file_groups={") else {
        return text.to_string();
    };
    let Some((groups, after)) = rest.split_once('}') else {
        return text.to_string();
    };
    let files = groups.split_once('[').map_or(groups, |(_, files)| files);
    let mut names: Vec<&str> = files
        .split([',', '[', ']'])
        .map(|path| path.rsplit('/').next().unwrap_or(path).trim())
        .map(|name| name.split(':').next().unwrap_or(name))
        .filter(|name| !name.is_empty())
        .collect();
    names.dedup();
    format!("{before}{}{after}", names.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_read_plainly() {
        for (line, seen) in [
            (
                "SortExec: expr=[n@1 DESC], preserve_partitioning=[true]",
                "Sort: expr=[n DESC], preserve_partitioning=[true]",
            ),
            ("FilterExec: mail@0 = a@b", "Filter: mail = a@b"),
            (
                "DataSourceExec: file_groups={1 group: [[a/b/ports-1f.parquet:0..99, a/c.parquet]]}, file_type=parquet",
                "DataSource: ports-1f.parquet c.parquet, file_type=parquet",
            ),
            ("CooperativeExec", "Cooperative"),
        ] {
            assert_eq!(plain(line), seen);
        }
    }
}
