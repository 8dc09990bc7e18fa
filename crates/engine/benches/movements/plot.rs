//! Ratios as bars of text.

/// Characters of a ratio of 1.
const ONE: f64 = 5.0;

/// The longest bar; longer ones end with an arrow.
const LONGEST: usize = 60;

/// A line for each name, with a mark where both sides are equally fast.
pub(crate) fn plot(title: &str, ratios: &[(&str, f64)]) -> String {
    let width = ratios.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut lines = vec![format!("{title}, | is 1")];
    for (name, ratio) in ratios.iter().filter(|(_, ratio)| ratio.is_finite()) {
        let length = (ratio * ONE).round() as usize;
        let mut bar: Vec<char> = vec!['█'; length.min(LONGEST)];
        bar.resize(bar.len().max(ONE as usize), ' ');
        bar.insert(ONE as usize, '|');
        if length > LONGEST {
            bar.push('→');
        }
        let bar: String = bar.into_iter().collect();
        lines.push(format!("{name:width$} {bar} {ratio:.2}"));
    }
    lines.join("\n")
}
