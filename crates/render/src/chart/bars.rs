//! Bars and stacked bars, one line each.

use super::short::short;
use kouan_words::{cut, width};

use crate::cell::NULL;

/// More lines are a table, not a chart.
const MOST_BARS: usize = 100;
const WIDEST_LABEL: usize = 24;
/// The last block of a bar, by eighths.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
/// What the parts of a stacked bar are filled with.
const FILLS: [&str; 6] = ["█", "▓", "▒", "░", "▚", "─"];

/// One bar a row: label, number, bar.
pub(super) fn bars(
    labels: &[String],
    values: &[Option<f64>],
    room: usize,
) -> Result<String, String> {
    check(labels.len(), values)?;
    let frame = Frame::new(
        labels,
        values.iter().map(|value| number(*value)).collect(),
        room,
    );
    let most = values.iter().flatten().copied().fold(0.0, f64::max);
    let lines = values.iter().enumerate().map(|(row, value)| {
        let share = value.map_or(0.0, |value| if most > 0.0 { value / most } else { 0.0 });
        let eighths = (share * frame.bar as f64 * 8.0).round() as usize;
        frame.line(
            row,
            &format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8]),
        )
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// One bar a label, of parts in the order in which they come first.
pub(super) fn stacked(
    labels: &[String],
    parts: &[String],
    values: &[Option<f64>],
    room: usize,
) -> Result<String, String> {
    let (bars, kinds) = (in_order(labels), in_order(parts));
    check(bars.len(), values)?;
    if kinds.len() > FILLS.len() {
        return Err(format!(
            "a stacked bar shows at most {} parts, and the second column has {} values",
            FILLS.len(),
            kinds.len()
        ));
    }
    let sum = |label: &String, part: Option<&String>| -> f64 {
        let rows = labels.iter().zip(parts).zip(values);
        rows.filter(|((other, kind), _)| *other == label && part.is_none_or(|part| part == *kind))
            .filter_map(|(_, value)| *value)
            .sum()
    };
    let totals: Vec<f64> = bars.iter().map(|label| sum(label, None)).collect();
    let most = totals.iter().copied().fold(0.0, f64::max);
    let frame = Frame::new(
        &bars,
        totals.iter().map(|total| short(*total)).collect(),
        room,
    );
    let legend = kinds
        .iter()
        .zip(FILLS)
        .map(|(kind, fill)| format!("{fill} {kind}"));
    let mut lines = vec![cut(&legend.collect::<Vec<_>>().join("  "), room).into_owned()];
    for (row, label) in bars.iter().enumerate() {
        let (mut upto, mut drawn, mut bar) = (0.0, 0, String::new());
        for (kind, fill) in kinds.iter().zip(FILLS) {
            // Ends are rounded, not lengths, so that parts sum up to the whole.
            upto += sum(label, Some(kind));
            let end = if most > 0.0 {
                (upto / most * frame.bar as f64).round() as usize
            } else {
                0
            };
            bar.push_str(&fill.repeat(end.saturating_sub(drawn)));
            drawn = drawn.max(end);
        }
        lines.push(frame.line(row, &bar));
    }
    Ok(lines.join("\n"))
}

/// The labels and numbers at the left of the bars.
struct Frame {
    labels: Vec<String>,
    numbers: Vec<String>,
    label: usize,
    number: usize,
    /// Columns of the longest bar.
    bar: usize,
}

impl Frame {
    fn new(labels: &[String], numbers: Vec<String>, room: usize) -> Self {
        let most = WIDEST_LABEL.min(room / 3);
        let labels: Vec<String> = labels
            .iter()
            .map(|label| cut(label, most).into_owned())
            .collect();
        let widest = |texts: &[String]| texts.iter().map(|text| width(text)).max().unwrap_or(0);
        let (label, number) = (widest(&labels), widest(&numbers));
        Self {
            bar: room.saturating_sub(label + number + 2).max(1),
            labels,
            numbers,
            label,
            number,
        }
    }

    fn line(&self, row: usize, bar: &str) -> String {
        let (label, number) = (&self.labels[row], &self.numbers[row]);
        let blanks = " ".repeat(self.label - width(label));
        let line = format!("{label}{blanks} {number:>0$} {bar}", self.number);
        line.trim_end().to_string()
    }
}

fn check(bars: usize, values: &[Option<f64>]) -> Result<(), String> {
    if bars > MOST_BARS {
        return Err(format!(
            "{bars} bars are more than a screen holds; choose up to {MOST_BARS} with ORDER BY and LIMIT"
        ));
    }
    match values.iter().flatten().find(|value| **value < 0.0) {
        Some(negative) => Err(format!(
            "a bar has no length below 0, and there is {}",
            short(*negative)
        )),
        None => Ok(()),
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NULL.to_string(), short)
}

fn in_order(texts: &[String]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    texts
        .iter()
        .filter(|text| seen.insert(*text))
        .cloned()
        .collect()
}
