//! Finds the name a person most likely meant, among names of several words.

/// The nearest of the names: a slip of the fingers, else one that shares a word.
pub fn nearest<'n>(
    name: &str,
    names: impl IntoIterator<Item = &'n str> + Clone,
) -> Option<&'n str> {
    kouan_schema::nearest(name, names.clone()).or_else(|| sharing_a_word(name, names))
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
    use super::nearest;

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
