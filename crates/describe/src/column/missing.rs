//! Texts that stand for a missing value.

/// Texts that stand for a missing value among cells that are no text.
const MISSING: [&str; 34] = [
    "-", "--", "—", "–", ".", "..", "...", "…", ":", "?", "*", "NA", "N/A", "n/a", "na", "n.a.",
    "N.A.", "<NA>", "#N/A", "null", "NULL", "Null", "(null)", "None", "nan", "NaN", "\\N",
    "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "NaT",
];

/// Bytes of the longest text that stands for a missing value.
const LONGEST_MISSING: usize = 7;

/// How MySQL and PostgreSQL write NULL into files; no text either.
pub(super) const NULL: &str = "\\N";

/// Whether a text may stand for a missing value.
pub(crate) fn stands_for_missing(text: &str) -> bool {
    missing(text).is_some()
}

/// The text of the list that a cell is, if it may stand for a missing value; hardly any cell needs a look at the list.
pub(super) fn missing(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    let is_value = bytes.len() > LONGEST_MISSING || bytes.iter().any(u8::is_ascii_digit);
    if is_value && text != "#DIV/0!" {
        return None;
    }
    MISSING.into_iter().find(|known| *known == text)
}
