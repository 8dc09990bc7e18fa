//! The name that a misspelt or shortened one was probably meant to be.

/// The nearest of the names, if it is near enough to be a slip of the fingers.
///
/// Damerau–Levenshtein distance without regard to case; a third of the letters may differ,
/// and never more than three.
pub fn nearest_spelling<'n>(
    name: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
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

/// The nearest of the names: a slip of the fingers, else one that shares a word with it.
pub fn nearest<'n>(
    name: &str,
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> Option<&'n str> {
    nearest_spelling(name, names.clone()).or_else(|| sharing_a_word(name, names))
}

/// The shortest name that begins like this one, or has it among its words.
fn sharing_a_word<'n>(name: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    const SHORTEST: usize = 3;
    let name = name.to_lowercase();
    let shares =
        |other: &str| other.starts_with(&name) || other.split('_').any(|word| word == name);
    names
        .into_iter()
        .filter(|other| name.len() >= SHORTEST && shares(&other.to_lowercase()))
        .min_by_key(|other| other.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_near_and_other_words_are_not() {
        let near = |name| nearest_spelling(name, ["maximum", "minimum", "enum", "pattern"]);
        assert_eq!(near("maximun"), Some("maximum"));
        assert_eq!(near("Minimum"), Some("minimum"));
        assert_eq!(near("neum"), Some("enum"));
        assert_eq!(near("unit"), None);
        assert_eq!(nearest_spelling("a", []), None);
        // Compared letter by letter this would take gigabytes.
        assert_eq!(near(&"maximum".repeat(1_000_000)), None);
    }

    #[test]
    fn slips_and_shared_words() {
        let columns = ["port_id", "place", "opened_year", "neighbour_country"];
        for (typed, meant) in [
            ("opend_year", Some("opened_year")),
            ("PLACE", Some("place")),
            ("palce", Some("place")),
            ("opened", Some("opened_year")),
            ("country", Some("neighbour_country")),
            ("tonnes", None),
            ("x", None),
        ] {
            assert_eq!(nearest(typed, columns), meant, "{typed}");
        }
    }
}
