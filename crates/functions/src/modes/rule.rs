//! The mode rule of Wang, Cheng and Mo (2014) as predicates over distances and populations.
//!
//! Each side of the border is in one of three situations. What is unknown leaves several possible; the
//! mode is known if all of them agree. That table is made once for the settings, so a row costs a few
//! comparisons and one look-up.

/// A mode of development.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Port without a city.
    Pp,
    /// City as hinterland, port apart from it.
    Cppc,
    /// Port inside a city on one side.
    Cpc,
    /// Port inside cities on both sides.
    Cc,
}

impl Mode {
    /// Labels by discriminant.
    pub(super) const LABELS: [&str; 4] = ["PP", "CPPC", "CPC", "CC"];

    pub(super) fn label(self) -> &'static str {
        Self::LABELS[self as usize]
    }
}

/// On which sides a city must be near for its hinterland to count.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Require {
    #[default]
    Both,
    Own,
    Either,
}

impl Require {
    /// As a call writes it.
    pub(super) fn named(word: &str) -> Option<Self> {
        match word {
            "both" => Some(Self::Both),
            "own" => Some(Self::Own),
            "either" => Some(Self::Either),
            _ => None,
        }
    }
}

/// The thresholds of the rule. Radii and populations are not negative, and `urban_km <= hinterland_km`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ModeSettings {
    pub(super) urban_km: f64,
    pub(super) hinterland_km: f64,
    pub(super) min_city_pop: f64,
    pub(super) hinterland_min_pop: f64,
    pub(super) require: Require,
    pub(super) reverse: bool,
    pub(super) strict_pop: bool,
}

impl Default for ModeSettings {
    fn default() -> Self {
        Self {
            urban_km: 20.0,
            hinterland_km: 150.0,
            min_city_pop: 20_000.0,
            hinterland_min_pop: 20_000.0,
            require: Require::default(),
            reverse: false,
            strict_pop: false,
        }
    }
}

/// One side of the border: the nearest city and its people, where known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Side {
    /// Infinite if there is no city at all.
    pub(super) km: Option<f64>,
    pub(super) population: Option<f64>,
}

/// How a side stands to its city. The second and third differ only where no side is a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Situation {
    /// The port lies in a city.
    City,
    /// A city is near enough to be the hinterland.
    Hinterland,
    /// Neither.
    Apart,
}

/// The situations that are possible for a side, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Possible(u8);

const SITUATIONS: [Situation; 3] = [Situation::City, Situation::Hinterland, Situation::Apart];

impl Possible {
    const fn only(situation: Situation) -> Self {
        Self(1 << situation as u8)
    }

    fn contains(self, situation: Situation) -> bool {
        self.0 & Self::only(situation).0 != 0
    }

    fn situations(self) -> impl Iterator<Item = Situation> {
        SITUATIONS
            .into_iter()
            .filter(move |situation| self.contains(*situation))
    }
}

/// Whether something holds: true, false or unknown.
pub(super) type Known = Option<bool>;

impl ModeSettings {
    /// Whether the population test passes. An unknown population passes unless `strict_pop`.
    fn large(&self, population: Option<f64>, least: f64) -> bool {
        population.map_or(!self.strict_pop, |people| people >= least)
    }

    /// The situations `side` can be in.
    #[inline]
    pub(super) fn possible(&self, side: Side) -> Possible {
        let city = self.large(side.population, self.min_city_pop);
        let hinterland = self.large(side.population, self.hinterland_min_pop);
        let Some(km) = side.km else {
            // Inside a city there is no ring left for the hinterland if the two radii are equal.
            let ring = self.hinterland_km > self.urban_km || !city;
            let mut possible = Possible::only(Situation::Apart).0;
            if city {
                possible |= Possible::only(Situation::City).0;
            }
            if hinterland && ring {
                possible |= Possible::only(Situation::Hinterland).0;
            }
            return Possible(possible);
        };
        // Without branches: distances come in no order, and a wrong guess costs more than the rest.
        let city = city & within(km, self.urban_km);
        let hinterland = hinterland & within(km, self.hinterland_km);
        let steps = u8::from(city | hinterland) + u8::from(city);
        Possible(Possible::only(Situation::Apart).0 >> steps)
    }

    /// The mode of two known situations.
    fn decide(&self, own: Situation, foreign: Situation) -> Mode {
        use Situation::{City, Hinterland};
        let hinterland = match self.require {
            Require::Both => own == Hinterland && foreign == Hinterland,
            Require::Own => own == Hinterland,
            Require::Either => own == Hinterland || foreign == Hinterland,
        };
        match (own, foreign) {
            (City, City) => Mode::Cc,
            (City, _) => Mode::Cpc,
            (_, City) if self.reverse => Mode::Cpc,
            (_, City) => Mode::Cppc,
            _ if hinterland => Mode::Cppc,
            _ => Mode::Pp,
        }
    }

    /// The mode for every pair of possibilities, `None` where it depends on what is unknown.
    pub(super) fn table(&self) -> ModeTable {
        let mut modes = [[None; 8]; 8];
        for own in 1..8 {
            for foreign in 1..8 {
                modes[own as usize][foreign as usize] =
                    self.agreed(Possible(own), Possible(foreign));
            }
        }
        ModeTable { modes }
    }

    fn agreed(&self, own: Possible, foreign: Possible) -> Option<Mode> {
        let mut modes = own.situations().flat_map(|own| {
            foreign
                .situations()
                .map(move |foreign| self.decide(own, foreign))
        });
        let first = modes.next()?;
        modes.all(|mode| mode == first).then_some(first)
    }

    /// The mode of one row.
    pub(super) fn mode(&self, own: Side, foreign: Side) -> Option<Mode> {
        self.agreed(self.possible(own), self.possible(foreign))
    }

    /// Whether the port lies in a city on this side.
    pub(super) fn city(&self, side: Side) -> Known {
        let large = self.large(side.population, self.min_city_pop);
        near(side.km, self.urban_km, large)
    }

    /// Whether a city of this side is near enough to be the hinterland, the port's own city included.
    pub(super) fn hinterland(&self, side: Side) -> Known {
        let large = self.large(side.population, self.hinterland_min_pop);
        near(side.km, self.hinterland_km, large)
    }

    /// The smallest relative change of one distance or population that changes the mode (or makes it
    /// unknown); infinite if none does, `None` if the mode is unknown.
    pub(super) fn margin(&self, own: Side, foreign: Side) -> Option<f64> {
        let mode = self.mode(own, foreign)?;
        let flips = |own: Side, foreign: Side| self.mode(own, foreign) != Some(mode);
        let of_own = self.changes(own).filter(|(_, own)| flips(*own, foreign));
        let of_foreign = self
            .changes(foreign)
            .filter(|(_, foreign)| flips(own, *foreign));
        let changes = of_own.chain(of_foreign).map(|(change, _)| change);
        Some(changes.fold(f64::INFINITY, f64::min))
    }

    /// A side moved just across each threshold, with the relative change that takes.
    fn changes(&self, side: Side) -> impl Iterator<Item = (f64, Side)> + use<> {
        let distances = [self.urban_km, self.hinterland_km]
            .into_iter()
            .filter_map(move |limit| {
                let km = side.km?;
                let across = if within(km, limit) {
                    limit.next_up()
                } else {
                    limit
                };
                Some((
                    change(km, limit)?,
                    Side {
                        km: Some(across),
                        ..side
                    },
                ))
            });
        let sizes = [self.min_city_pop, self.hinterland_min_pop];
        let populations = sizes.into_iter().filter_map(move |least| {
            let people = side.population?;
            let across = if people >= least {
                least.next_down()
            } else {
                least
            };
            Some((
                change(people, least)?,
                Side {
                    population: Some(across),
                    ..side
                },
            ))
        });
        distances.chain(populations)
    }
}

/// "No city at all" is at no distance, however far one looks.
fn within(km: f64, limit: f64) -> bool {
    (km <= limit) & km.is_finite()
}

/// `km` within `limit` and the city large enough; a city too small is none, wherever it lies.
fn near(km: Option<f64>, limit: f64, large: bool) -> Known {
    if !large {
        return Some(false);
    }
    km.map(|km| within(km, limit))
}

/// How far `value` is from `limit`, relative to `value`. Nothing scales 0 or infinity.
fn change(value: f64, limit: f64) -> Option<f64> {
    let possible = value > 0.0 && value.is_finite() && limit.is_finite();
    possible.then(|| (limit - value).abs() / value)
}

/// Modes by what is possible on either side.
#[derive(Debug)]
pub(super) struct ModeTable {
    modes: [[Option<Mode>; 8]; 8],
}

impl ModeTable {
    /// The mode if it is known.
    #[inline]
    pub(super) fn mode(&self, own: Possible, foreign: Possible) -> Option<Mode> {
        self.modes[usize::from(own.0 & 7)][usize::from(foreign.0 & 7)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAR: f64 = f64::INFINITY;

    fn side(km: impl Into<Option<f64>>, population: impl Into<Option<f64>>) -> Side {
        Side {
            km: km.into(),
            population: population.into(),
        }
    }

    fn label(own: Side, foreign: Side) -> Option<&'static str> {
        ModeSettings::default().mode(own, foreign).map(Mode::label)
    }

    /// The examples of the paper: Torugart more than 100 km from cities on both sides (3.2), Alashankou a
    /// city of 40,000 with nothing opposite (3.3), Heihe and Blagoveshchensk face to face (3.4), Pulan
    /// without cities (3.1).
    #[test]
    fn examples_of_the_paper() {
        assert_eq!(label(side(110.0, None), side(130.0, None)), Some("CPPC"));
        assert_eq!(label(side(0.0, 40_000.0), side(180.0, None)), Some("CPC"));
        assert_eq!(label(side(2.0, None), side(3.0, None)), Some("CC"));
        assert_eq!(label(side(FAR, None), side(300.0, None)), Some("PP"));
    }

    #[test]
    fn limits_are_inclusive() {
        assert_eq!(
            label(side(20.0, 20_000.0), side(20.0, 20_000.0)),
            Some("CC")
        );
        assert_eq!(label(side(20.0, 19_999.0), side(20.0, None)), Some("CPPC"));
        assert_eq!(label(side(150.0, None), side(150.0, None)), Some("CPPC"));
        assert_eq!(
            label(side(150.0, None), side(150.0_f64.next_up(), None)),
            Some("PP")
        );
    }

    #[test]
    fn unknown_is_not_none() {
        // CC or CPC.
        assert_eq!(label(side(2.0, None), side(None, None)), None);
        // CPPC or PP.
        assert_eq!(label(side(100.0, None), side(None, None)), None);
        assert_eq!(label(side(FAR, None), side(None, None)), None);
        // Too small to be a city or a hinterland, wherever it lies.
        assert_eq!(label(side(FAR, None), side(None, 5.0)), Some("PP"));
        let own = ModeSettings {
            require: Require::Own,
            ..ModeSettings::default()
        };
        // A hinterland on the own side is enough, and a city opposite would say the same.
        let mode = own.mode(side(100.0, None), side(None, None));
        assert_eq!(mode, Some(Mode::Cppc));
        let strict = ModeSettings {
            strict_pop: true,
            ..ModeSettings::default()
        };
        assert_eq!(
            strict.mode(side(2.0, None), side(None, None)),
            Some(Mode::Pp)
        );
    }

    #[test]
    fn preset_calibrated() {
        let calibrated = ModeSettings {
            urban_km: 25.0,
            hinterland_km: 50.0,
            require: Require::Own,
            ..ModeSettings::default()
        };
        // DOMAIN: the best free fit loses Torugart.
        assert_eq!(
            calibrated.mode(side(110.0, None), side(130.0, None)),
            Some(Mode::Pp)
        );
        assert_eq!(
            calibrated.mode(side(24.0, None), side(FAR, None)),
            Some(Mode::Cpc)
        );
    }

    /// The rule as the CASE expression it is given by, over what is known.
    fn by_case(settings: &ModeSettings, own: Side, foreign: Side) -> Mode {
        let test = |side: Side, km: f64, people: f64| {
            let large = side
                .population
                .map_or(!settings.strict_pop, |known| known >= people);
            large
                && side
                    .km
                    .is_some_and(|known| known <= km && known < f64::INFINITY)
        };
        let city = |side| test(side, settings.urban_km, settings.min_city_pop);
        let near = |side| test(side, settings.hinterland_km, settings.hinterland_min_pop);
        let (a, b, ha, hb) = (city(own), city(foreign), near(own), near(foreign));
        let hinterland = match settings.require {
            Require::Both => ha && hb,
            Require::Own => ha,
            Require::Either => ha || hb,
        };
        match (a, b) {
            (true, true) => Mode::Cc,
            (true, false) => Mode::Cpc,
            (false, true) if settings.reverse => Mode::Cpc,
            (false, true) => Mode::Cppc,
            _ if hinterland => Mode::Cppc,
            _ => Mode::Pp,
        }
    }

    fn every_setting() -> impl Iterator<Item = ModeSettings> {
        [Require::Both, Require::Own, Require::Either]
            .into_iter()
            .flat_map(|require| {
                [(false, false), (false, true), (true, false), (true, true)]
                    .into_iter()
                    .flat_map(move |(reverse, strict_pop)| {
                        [150.0, 20.0].into_iter().flat_map(move |hinterland_km| {
                            [10_000.0, 30_000.0]
                                .into_iter()
                                .map(move |hinterland_min_pop| ModeSettings {
                                    require,
                                    reverse,
                                    strict_pop,
                                    hinterland_km,
                                    hinterland_min_pop,
                                    ..ModeSettings::default()
                                })
                        })
                    })
            })
    }

    /// One distance within each threshold and one beyond: whatever an unknown distance is, it is like one.
    const DISTANCES: [f64; 4] = [10.0, 100.0, 500.0, FAR];
    const PEOPLE: [Option<f64>; 4] = [None, Some(5_000.0), Some(15_000.0), Some(50_000.0)];

    fn sides() -> impl Iterator<Item = Side> {
        DISTANCES
            .into_iter()
            .map(Some)
            .chain([None])
            .flat_map(|km| {
                PEOPLE
                    .into_iter()
                    .map(move |population| Side { km, population })
            })
    }

    /// A side with an unknown distance as all the sides it may be.
    fn worlds(side: Side) -> impl Iterator<Item = Side> + Clone {
        DISTANCES
            .into_iter()
            .filter(move |km| side.km.is_none_or(|known| known == *km))
            .map(move |km| Side {
                km: Some(km),
                ..side
            })
    }

    #[test]
    fn the_table_is_the_case_expression_in_every_possible_world() {
        for settings in every_setting() {
            let table = settings.table();
            for own in sides() {
                for foreign in sides() {
                    let mut modes = worlds(own).flat_map(|own| {
                        worlds(foreign).map(move |foreign| by_case(&settings, own, foreign))
                    });
                    let first = modes.next();
                    let expected = first.filter(|first| modes.all(|mode| mode == *first));
                    let found = table.mode(settings.possible(own), settings.possible(foreign));
                    assert_eq!(found, expected, "{settings:?} {own:?} {foreign:?}");
                    assert_eq!(settings.mode(own, foreign), expected);
                }
            }
        }
    }

    #[test]
    fn the_margin_is_the_nearest_way_to_another_mode() {
        let margin = |own, foreign| ModeSettings::default().margin(own, foreign);
        // 120 km grow by a quarter to leave the 150; 100 km would have to grow by half.
        assert_eq!(margin(side(100.0, None), side(120.0, None)), Some(0.25));
        // 16 km grow by a quarter to leave the city, 25,000 people shrink by a fifth.
        assert_eq!(margin(side(16.0, None), side(FAR, None)), Some(0.25));
        assert_eq!(margin(side(16.0, 25_000.0), side(FAR, None)), Some(0.2));
        // From outside: 160 km shrink to 150.
        assert_eq!(margin(side(160.0, None), side(120.0, None)), Some(0.0625));
        // Nothing scales no city, and one side alone makes no mode.
        assert_eq!(
            margin(side(FAR, None), side(FAR, None)),
            Some(f64::INFINITY)
        );
        assert_eq!(
            margin(side(FAR, None), side(160.0, None)),
            Some(0.125 * 7.0)
        );
        assert_eq!(margin(side(2.0, None), side(None, None)), None);
    }

    /// Against a search in small steps: no smaller change flips, and a little more than the margin does.
    #[test]
    fn no_smaller_change_flips_the_mode() {
        let settings = ModeSettings::default();
        let (own, foreign) = (side(35.0, 30_000.0), side(90.0, 26_000.0));
        let mode = settings.mode(own, foreign);
        let margin = settings.margin(own, foreign).unwrap();
        let flipped = |change: f64| {
            [1.0 - change, 1.0 + change].into_iter().any(|factor| {
                let scaled = |value: Option<f64>| value.map(|value| value * factor);
                [
                    (
                        Side {
                            km: scaled(own.km),
                            ..own
                        },
                        foreign,
                    ),
                    (
                        Side {
                            population: scaled(own.population),
                            ..own
                        },
                        foreign,
                    ),
                    (
                        own,
                        Side {
                            km: scaled(foreign.km),
                            ..foreign
                        },
                    ),
                    (
                        own,
                        Side {
                            population: scaled(foreign.population),
                            ..foreign
                        },
                    ),
                ]
                .into_iter()
                .any(|(own, foreign)| settings.mode(own, foreign) != mode)
            })
        };
        // 26,000 people shrink to 20,000.
        assert!((margin - 6.0 / 26.0).abs() < 1e-12);
        assert!(!(1..1000).any(|step| flipped(margin * f64::from(step) / 1000.0 - 1e-9)));
        assert!(flipped(margin + 1e-9));
    }
}
