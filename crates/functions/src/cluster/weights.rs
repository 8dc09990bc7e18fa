//! Who is whose neighbour: the words of the `weights` argument.

use datafusion_common::{Result, exec_err};

use crate::parameters::{Kind, Parameter, required};

/// The parameter that says who is whose neighbour.
pub(super) const WEIGHTS: Parameter = required(
    "weights",
    Kind::Text,
    "Who is whose neighbour: 'knn:K' for the K nearest, 'band:D' for all within D km (on a plane within D of its unit); \
    the same for all rows of a group or partition.",
).texts(
    "'knn:K' (the K nearest) or 'band:D' (all within the distance D)",
    |words| Weights::named(words).is_some(),
);

/// The neighbours of a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Weights {
    /// So many nearest others.
    Nearest(u32),
    /// All others within a distance, km on the earth.
    Band(f64),
}

impl Weights {
    /// The neighbours that an argument for [`WEIGHTS`] names.
    pub(super) fn named(words: &str) -> Option<Self> {
        let (kind, number) = words.split_once(':')?;
        let number = number.trim();
        match kind.trim() {
            "knn" => {
                let count = number.parse().ok().filter(|count| *count > 0);
                count.map(Self::Nearest)
            }
            "band" => {
                let reach = number.parse().ok();
                let reach = reach.filter(|reach: &f64| *reach > 0.0 && reach.is_finite());
                reach.map(Self::Band)
            }
            _ => None,
        }
    }

    /// As a number, to travel between partitions: a band as its distance, a count as a negative one.
    pub(super) fn code(self) -> f64 {
        match self {
            Self::Nearest(count) => -f64::from(count),
            Self::Band(reach) => reach,
        }
    }

    /// The neighbours of a code.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a negative code is the negative of a u32"
    )]
    pub(super) fn from_code(code: f64) -> Self {
        if code < 0.0 {
            Self::Nearest(-code as u32)
        } else {
            Self::Band(code)
        }
    }

    /// Joins what two rows or parts say about one group.
    pub(super) fn agree(function: &str, own: &mut Option<Self>, other: Option<Self>) -> Result<()> {
        let Some(other) = other else { return Ok(()) };
        let known = *own.get_or_insert(other);
        if known == other {
            return Ok(());
        }
        exec_err!("{function} takes one weights for all rows of a group, got {known} and {other}")
    }
}

impl std::fmt::Display for Weights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nearest(count) => write!(f, "'knn:{count}'"),
            Self::Band(reach) => write!(f, "'band:{reach}'"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_or_refused() {
        assert_eq!(Weights::named("knn:4"), Some(Weights::Nearest(4)));
        assert_eq!(Weights::named("band: 300.5"), Some(Weights::Band(300.5)));
        for wrong in [
            "knn", "knn:0", "knn:2.5", "knn:-1", "band:0", "band:inf", "band:NaN", "rook:1", "",
        ] {
            assert_eq!(Weights::named(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_code_leads_back() {
        for weights in [Weights::Nearest(7), Weights::Band(0.25)] {
            assert_eq!(Weights::from_code(weights.code()), weights);
            assert_eq!(
                Weights::named(weights.to_string().trim_matches('\'')),
                Some(weights)
            );
        }
    }
}
