//! Numbers of things, as people read them.

/// A count and its noun: `1 row`, `1,000 rows`.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// A count with its thousands apart: `1,000,000`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_agree_with_their_nouns() {
        for (count, text) in [
            (0, "0 rows"),
            (1, "1 row"),
            (999, "999 rows"),
            (1_000, "1,000 rows"),
            (1_234_567, "1,234,567 rows"),
            (u64::MAX, "18,446,744,073,709,551,615 rows"),
        ] {
            assert_eq!(counted(count, "row"), text);
        }
    }
}
