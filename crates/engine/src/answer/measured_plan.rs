//! `EXPLAIN ANALYZE`: the plan as a tree with rows and time, its slowest step marked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::SchemaRef;
use datafusion::error::Result;
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{ExecutionPlan, displayable, execute_stream};
use futures::StreamExt;
use kouan_fused::FusedScan;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a line; a prompt may indent it by two on a terminal of 80.
const WIDEST: usize = 78;
const SLOWEST: &str = " ◄ slowest";

/// Runs a plan to its end and answers what each step did, in one row.
pub(crate) fn measure(
    plan: Arc<dyn ExecutionPlan>,
    task: Arc<TaskContext>,
) -> SendableRecordBatchStream {
    let schema = LogicalPlan::explain_schema();
    let answer_schema = Arc::clone(&schema);
    let work = async move {
        let started = Instant::now();
        let mut rows = execute_stream(Arc::clone(&plan), task)?;
        while let Some(batch) = rows.next().await {
            batch?;
        }
        let text = draw(&steps(plan.as_ref()), started.elapsed());
        row(answer_schema, &text)
    };
    Box::pin(RecordBatchStreamAdapter::new(
        schema,
        futures::stream::once(work),
    ))
}

fn row(schema: SchemaRef, text: &str) -> Result<RecordBatch> {
    let columns = ["Plan with rows and time", text];
    let arrays = columns.map(|text| Arc::new(StringArray::from(vec![text])) as _);
    Ok(RecordBatch::try_new(schema, arrays.to_vec())?)
}

/// One step of a plan, in the order of the drawing.
#[derive(Debug, Default)]
struct Step {
    /// The lines of the tree before its name.
    branch: String,
    name: String,
    rows: Option<usize>,
    /// Nanoseconds of work, of all threads together.
    work: u64,
}

fn steps(plan: &dyn ExecutionPlan) -> Vec<Step> {
    let mut steps = Vec::new();
    walk(plan, "", "", &mut steps);
    steps
}

fn walk(plan: &dyn ExecutionPlan, branch: &str, below: &str, steps: &mut Vec<Step>) {
    let metrics = plan.metrics();
    let computed = metrics
        .as_ref()
        .and_then(|metrics| metrics.elapsed_compute());
    let scanned = metrics
        .as_ref()
        .and_then(|metrics| metrics.sum_by_name("time_elapsed_processing"));
    let work = computed.max(scanned.map(|value| value.as_usize()));
    steps.push(Step {
        branch: branch.to_string(),
        name: plain(&displayable(plan).one_line().to_string()),
        rows: metrics.as_ref().and_then(|metrics| metrics.output_rows()),
        // Reading a file is not in the time that a scan computes.
        work: work.unwrap_or(0) as u64,
    });
    if let Some(scanned) = FusedScan::by(plan) {
        steps.push(Step {
            branch: format!("{below}└─ "),
            name: format!("DataSource: {}, file_type=parquet", scanned.files.join(" ")),
            rows: Some(scanned.rows),
            work: 0,
        });
    }
    let children = plan.children();
    for (index, child) in children.iter().enumerate() {
        let (mark, line) = if index + 1 == children.len() {
            ("└─ ", "   ")
        } else {
            ("├─ ", "│  ")
        };
        let branch = format!("{below}{mark}");
        walk(child.as_ref(), &branch, &format!("{below}{line}"), steps);
    }
}

fn draw(steps: &[Step], elapsed: Duration) -> String {
    let total: u64 = steps.iter().map(|step| step.work).sum();
    let slowest = (0..steps.len())
        .max_by_key(|index| steps[*index].work)
        .filter(|index| steps[*index].work > 0);
    let mut lines = vec![format!("{:>13}   time  step", "rows")];
    for (index, step) in steps.iter().enumerate() {
        let rows = step.rows.map(thousands).unwrap_or_default();
        let share = 100.0 * step.work as f64 / total.max(1) as f64;
        let mark = if slowest == Some(index) { SLOWEST } else { "" };
        let head = format!("{rows:>13} {share:>4.0} %  ");
        let tree = format!("{}{}", step.branch, step.name);
        let room = WIDEST - head.width() - mark.width();
        lines.push(format!("{head}{}{mark}", cut(&tree, room)));
    }
    lines.push(format!(
        "{} elapsed, {} of work; EXPLAIN ANALYZE VERBOSE shows every metric",
        duration(elapsed),
        duration(Duration::from_nanos(total))
    ));
    lines.join("\n")
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

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn duration(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{:.1} ms", seconds * 1e3)
    }
}

/// The text in at most `room` columns of a terminal.
fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_string();
    }
    let mut used = 0;
    let fits = |character: &char| {
        used += character.width().unwrap_or(0);
        used < room
    };
    let kept: String = text.chars().take_while(fits).collect();
    kept + "…"
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

    #[test]
    fn lines_fit_and_the_slowest_is_marked() {
        let step = |branch: &str, rows, work| Step {
            branch: branch.to_string(),
            name: "Filter: 口岸 = 'x' AND ".repeat(9),
            rows: Some(rows),
            work,
        };
        let steps = [step("", 7, 1_000), step("└─ ", 1_234_567, 3_000)];
        let text = draw(&steps, Duration::from_millis(2));
        let lines: Vec<&str> = text.lines().collect();
        assert!(
            lines[1].starts_with("            7   25 %  Filter"),
            "{text}"
        );
        assert!(
            lines[2].starts_with("    1,234,567   75 %  └─ Filter"),
            "{text}"
        );
        assert!(
            lines[2].ends_with("… ◄ slowest") && !lines[1].contains('◄'),
            "{text}"
        );
        assert!(lines.iter().all(|line| line.width() <= WIDEST), "{text}");
    }
}
