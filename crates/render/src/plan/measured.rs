//! A measured plan drawn as a tree with rows and time, its slowest step marked.

use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;

use crate::escape::{cut, width};
use crate::renderer::grouped;
use crate::{RenderError, Result};

/// Columns of a line; a prompt may indent it by two on a terminal of 80.
const WIDEST: usize = 78;
const SLOWEST: &str = " ◄ slowest";

/// The columns of a plan that is drawn: its kind on the first line only, and the line.
pub fn measured_plan_schema() -> SchemaRef {
    let text = |name| Field::new(name, DataType::Utf8, true);
    Arc::new(Schema::new(vec![text("plan_type"), text("plan")]))
}

/// Draws the steps of a plan, one row a line. The columns of `steps` are `depth`, `step`, `rows`, `nanoseconds`;
/// its first row, of depth 0, is the statement as a whole.
///
/// # Errors
/// `steps` has other columns.
pub fn draw_measured_plan(steps: &RecordBatch) -> Result<RecordBatch> {
    let (statement, steps) = read(steps)
        .and_then(|mut steps| {
            let statement = (!steps.is_empty()).then(|| steps.remove(0))?;
            Some((statement, steps))
        })
        .ok_or_else(|| RenderError::Batch {
            source: ArrowError::SchemaError("these are not the steps of a plan".to_string()),
        })?;
    let lines = draw(&steps, statement.work);
    let kinds = (0..lines.len()).map(|line| (line == 0).then_some("Plan with rows and time"));
    let columns = vec![
        Arc::new(StringArray::from_iter(kinds)) as _,
        Arc::new(StringArray::from_iter_values(lines)) as _,
    ];
    RecordBatch::try_new(measured_plan_schema(), columns)
        .map_err(|source| RenderError::Batch { source })
}

/// One step of a plan, in the order of the drawing.
#[derive(Debug)]
struct Step {
    depth: i64,
    name: String,
    rows: Option<u64>,
    work: Duration,
}

fn read(steps: &RecordBatch) -> Option<Vec<Step>> {
    let numbers = |name| steps.column_by_name(name)?.as_primitive_opt::<Int64Type>();
    let (depths, rows, times) = (numbers("depth")?, numbers("rows")?, numbers("nanoseconds")?);
    let names = steps.column_by_name("step")?.as_string_opt::<i32>()?;
    let step = |row| {
        let count = rows.is_valid(row).then(|| rows.value(row));
        Some(Step {
            depth: depths.value(row),
            name: names.value(row).to_string(),
            rows: count.map(u64::try_from).transpose().ok()?,
            work: Duration::from_nanos(u64::try_from(times.value(row)).ok()?),
        })
    };
    (0..steps.num_rows()).map(step).collect()
}

fn draw(steps: &[Step], elapsed: Duration) -> Vec<String> {
    let total: Duration = steps.iter().map(|step| step.work).sum();
    let slowest = (0..steps.len())
        .max_by_key(|index| steps[*index].work)
        .filter(|index| !steps[*index].work.is_zero());
    let mut lines = vec![format!("{:>13}   time  step", "rows")];
    for ((index, step), branch) in steps.iter().enumerate().zip(branches(steps)) {
        let rows = step.rows.map(grouped).unwrap_or_default();
        let share = 100.0 * step.work.as_nanos() as f64 / total.as_nanos().max(1) as f64;
        let mark = if slowest == Some(index) { SLOWEST } else { "" };
        let head = format!("{rows:>13} {share:>4.0} %  ");
        let tree = format!("{branch}{}", step.name);
        let room = WIDEST.saturating_sub(width(&head) + width(mark));
        lines.push(format!("{head}{}{mark}", cut(&tree, room)));
    }
    lines.push(format!(
        "{} elapsed, {} of work; EXPLAIN ANALYZE VERBOSE shows every metric",
        written(elapsed),
        written(total)
    ));
    lines
}

/// The lines of the tree before each step's name; the steps of least depth have none.
fn branches(steps: &[Step]) -> Vec<String> {
    let least = steps.iter().map(|step| step.depth).min().unwrap_or(0);
    // Whether another step follows at each depth below the least, on the way to the present step.
    let mut goes_on: Vec<bool> = Vec::new();
    let branch = |(index, step): (usize, &Step)| {
        let level = usize::try_from(step.depth - least).unwrap_or(0);
        if level == 0 {
            goes_on.clear();
            return String::new();
        }
        let mut below = steps[index + 1..]
            .iter()
            .take_while(|other| other.depth >= step.depth);
        let has_next = below.any(|other| other.depth == step.depth);
        goes_on.truncate(level - 1);
        let mut branch = String::new();
        for goes_on in &goes_on {
            branch.push_str(if *goes_on { "│  " } else { "   " });
        }
        branch.push_str(if has_next { "├─ " } else { "└─ " });
        goes_on.push(has_next);
        branch
    };
    steps.iter().enumerate().map(branch).collect()
}

fn written(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds >= 1.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{:.1} ms", seconds * 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(depth: i64, name: &str, rows: u64, work: u64) -> Step {
        Step {
            depth,
            name: name.to_string(),
            rows: Some(rows),
            work: Duration::from_nanos(work),
        }
    }

    #[test]
    fn lines_fit_and_the_slowest_is_marked() {
        let name = "Filter: 口岸 = 'x' AND ".repeat(9);
        let steps = [step(1, &name, 7, 1_000), step(2, &name, 1_234_567, 3_000)];
        let lines = draw(&steps, Duration::from_millis(2));
        assert!(
            lines[1].starts_with("            7   25 %  Filter"),
            "{lines:?}"
        );
        assert!(
            lines[2].starts_with("    1,234,567   75 %  └─ Filter"),
            "{lines:?}"
        );
        assert!(
            lines[2].ends_with("… ◄ slowest") && !lines[1].contains('◄'),
            "{lines:?}"
        );
        assert!(lines.iter().all(|line| width(line) <= WIDEST), "{lines:?}");
        assert_eq!(
            lines[3],
            "2.0 ms elapsed, 0.0 ms of work; EXPLAIN ANALYZE VERBOSE shows every metric"
        );
    }

    #[test]
    fn branches_go_on_to_the_next_step_of_their_depth() {
        let depths = [1, 2, 3, 3, 4, 2, 3];
        let steps = depths.map(|depth| step(depth, "x", 0, 0));
        let expected = ["", "├─ ", "│  ├─ ", "│  └─ ", "│     └─ ", "└─ ", "   └─ "];
        assert_eq!(branches(&steps), expected);
    }

    #[test]
    fn other_rows_are_no_plan() {
        let empty = RecordBatch::new_empty(measured_plan_schema());
        assert!(draw_measured_plan(&empty).is_err());
    }
}
