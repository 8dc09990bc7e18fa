//! Ranks with ties, and how well two rankings agree.

/// The rank of each value, from 1; equal values share the mean of their ranks.
pub(super) fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_unstable_by(|&left, &right| values[left].total_cmp(&values[right]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0;
    // `==` and not `total_cmp`: 0 and -0 are a tie.
    for tied in order.chunk_by(|&left, &right| values[left] == values[right]) {
        let after = before + tied.len();
        let rank = (before + after + 1) as f64 / 2.0;
        tied.iter().for_each(|&place| ranks[place] = rank);
        before = after;
    }
    ranks
}

/// Pearson's correlation of two rankings of the same things; `None` if one of them is all ties.
pub(super) fn agreement(left: &[f64], right: &[f64]) -> Option<f64> {
    let mean = (left.len() as f64 + 1.0) / 2.0;
    let product = |one: &[f64], other: &[f64]| -> f64 {
        let pairs = one.iter().zip(other);
        pairs.map(|(a, b)| (a - mean) * (b - mean)).sum()
    };
    let (spread_left, spread_right) = (product(left, left), product(right, right));
    if spread_left == 0.0 || spread_right == 0.0 {
        return None;
    }
    let correlation = product(left, right) / (spread_left * spread_right).sqrt();
    Some(correlation.clamp(-1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(ranks(&[3.0, -0.0, 7.0, 0.0]), [3.0, 1.5, 4.0, 1.5]);
    }

    #[test]
    fn a_ranking_of_ties_says_nothing() {
        assert_eq!(agreement(&[1.5, 1.5], &[1.0, 2.0]), None);
        assert_eq!(agreement(&[], &[]), None);
    }

    // By hand: ranks 1 2 3 against 1 3 2 give 1 - 6 * 2 / (3 * 8) = 0.5.
    #[test]
    fn one_swap_of_three_is_a_half() {
        let found = agreement(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).unwrap();
        assert_eq!(found, 0.5);
    }
}
