//! Numbers beside an axis.

/// A number with as many digits as a chart needs.
pub(super) fn short(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 {
        return format!("{number}");
    }
    let text = format!("{number:.3e}");
    text.parse::<f64>()
        .map_or(text, |rounded| rounded.to_string())
}
