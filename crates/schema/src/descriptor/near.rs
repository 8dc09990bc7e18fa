//! The name that a misspelt one was probably meant to be.

/// The nearest of the names, if it is near enough to be a slip of the fingers.
///
/// Damerau–Levenshtein distance without regard to case; a third of the letters may differ,
/// and never more than three.
pub fn nearest<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let lower = name.to_lowercase();
    let length = lower.chars().count();
    let within_reach = |other: &str| {
        let other = other.to_lowercase();
        let others = other.chars().count();
        let reach = (others / 3).clamp(1, 3);
        // No slip adds more letters than may differ; and comparing takes time and memory of both lengths multiplied.
        if length.abs_diff(others) > reach {
            return None;
        }
        Some(strsim::damerau_levenshtein(&lower, &other)).filter(|distance| *distance <= reach)
    };
    names
        .into_iter()
        .filter_map(|other| Some((within_reach(other)?, other)))
        .min()
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let near = |name| nearest(name, ["maximum", "minimum", "enum", "pattern"]);
        assert_eq!(near("maximun"), Some("maximum"));
        assert_eq!(near("Minimum"), Some("minimum"));
        assert_eq!(near("neum"), Some("enum"));
        assert_eq!(near("unit"), None);
        assert_eq!(nearest("a", []), None);
        // Compared letter by letter this would take gigabytes.
        assert_eq!(near(&"maximum".repeat(1_000_000)), None);
    }
}
