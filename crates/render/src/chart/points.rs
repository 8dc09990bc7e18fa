//! Charts of points with two numbers: a line, and a rough map.

use super::canvas::Canvas;
use super::short::short;

/// Lines of a drawing.
const HEIGHT: usize = 16;
const TALLEST_MAP: usize = 30;

/// A line through the points in the order of `x`.
pub(super) fn line(x: &[Option<f64>], y: &[Option<f64>], room: usize) -> Result<String, String> {
    let mut points = pairs(x, y)?;
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (across, up) = (Range::of(&points, |p| p.0), Range::of(&points, |p| p.1));
    let (top, bottom) = (short(up.high), short(up.low));
    let margin = top.len().max(bottom.len());
    let mut canvas = Canvas::new(room.saturating_sub(margin + 2).max(1), HEIGHT);
    let (width, height) = canvas.dots();
    let place = |point: &(f64, f64)| {
        (
            across.dot(point.0, width),
            height - 1 - up.dot(point.1, height),
        )
    };
    let mut before = place(&points[0]);
    for point in &points {
        let at = place(point);
        canvas.connect(before, at);
        before = at;
    }
    let mut lines = Vec::with_capacity(HEIGHT + 1);
    for (row, line) in canvas.lines().iter().enumerate() {
        let label = match row {
            0 => top.as_str(),
            row if row == HEIGHT - 1 => bottom.as_str(),
            _ => "",
        };
        let axis = if label.is_empty() { "│" } else { "┤" };
        lines.push(format!("{label:>margin$} {axis}{line}"));
    }
    let (left, right) = (short(across.low), short(across.high));
    let blanks = room
        .saturating_sub(margin + 2 + left.len() + right.len())
        .max(1);
    lines.push(format!(
        "{}{left}{}{right}",
        " ".repeat(margin + 2),
        " ".repeat(blanks)
    ));
    Ok(lines.join("\n"))
}

/// A dot for each point, a degree as wide as it is in the middle of the map.
pub(super) fn map(lon: &[Option<f64>], lat: &[Option<f64>], room: usize) -> Result<String, String> {
    let points = pairs(lon, lat)?;
    if let Some((lon, lat)) = points
        .iter()
        .find(|(lon, lat)| lon.abs() > 360.0 || lat.abs() > 90.0)
    {
        return Err(format!("lon {lon}, lat {lat} is not a position in degrees"));
    }
    let (across, up) = (Range::of(&points, |p| p.0), Range::of(&points, |p| p.1));
    let middle = f64::midpoint(up.low, up.high).to_radians().cos().max(0.1);
    // Dots are as high as they are wide on most terminals.
    let tall = up.span() / (across.span() * middle) * room as f64 / 2.0;
    let mut canvas = Canvas::new(room, (tall.ceil() as usize).clamp(1, TALLEST_MAP));
    let (width, height) = canvas.dots();
    for (lon, lat) in &points {
        canvas.set(across.dot(*lon, width), height - 1 - up.dot(*lat, height));
    }
    let mut lines = canvas.lines();
    lines.push(format!(
        "{} of {} points; lon {} to {}, lat {} to {}",
        points.len(),
        lon.len(),
        short(across.low),
        short(across.high),
        short(up.low),
        short(up.high)
    ));
    Ok(lines.join("\n"))
}

fn pairs(x: &[Option<f64>], y: &[Option<f64>]) -> Result<Vec<(f64, f64)>, String> {
    let points: Vec<(f64, f64)> = x
        .iter()
        .zip(y)
        .filter_map(|(x, y)| Some(((*x)?, (*y)?)))
        .collect();
    if points.is_empty() {
        return Err("no row has both numbers".to_string());
    }
    Ok(points)
}

/// The values that an axis spans.
struct Range {
    low: f64,
    high: f64,
}

impl Range {
    fn of(points: &[(f64, f64)], value: fn(&(f64, f64)) -> f64) -> Self {
        let values = points.iter().map(value);
        Self {
            low: values.clone().fold(f64::INFINITY, f64::min),
            high: values.fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// Never zero, so that one value has a place too.
    fn span(&self) -> f64 {
        (self.high - self.low).max(f64::EPSILON)
    }

    fn dot(&self, value: f64, dots: usize) -> usize {
        ((value - self.low) / self.span() * (dots - 1) as f64).round() as usize
    }
}
