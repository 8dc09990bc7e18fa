//! `local_moran`: which places are the clusters, and which stand out from their neighbours.

use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, StringViewArray, StructArray};
use arrow::buffer::NullBuffer;
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::Result;

use super::shuffle;
use super::sites::{self, Layout, PERMUTATIONS, Sites, VALUE};
use super::weights::WEIGHTS;
use crate::aggregate::{Answer, Row};
use crate::documented::{Benchmark, Documented, Manual, Samples, benchmark};
use crate::parameters::Parameters;
use crate::partition::PartitionMeasure;
use crate::space::surface::{LAT, LON, SURFACE};

const PARAMETERS: Parameters = Parameters {
    function: "local_moran",
    list: &[VALUE, LON, LAT, WEIGHTS, SURFACE, PERMUTATIONS.describes("How often values are shuffled for p_sim, 0 to 99999 (default 999); always in the same way, so that answers repeat.")],
};

/// What esda takes; fewer cannot show a chance of 1 in 1000.
const USUAL_PERMUTATIONS: usize = 999;

#[derive(Debug)]
pub(super) struct LocalMoran;

impl Documented for LocalMoran {
    const PARAMETERS: Parameters = PARAMETERS;
    const MANUAL: Manual = Manual {
        text: "Of each place, whether it lies among its like (local Moran's I, LISA), STRUCT(i DOUBLE, quadrant VARCHAR, p_sim DOUBLE), a window function over whole partitions: \
        i = (n - 1) z_i * mean of the neighbours' z / sum(z²) of the deviations z from the mean of the partition. The quadrant is 'HH' for a value above the mean among neighbours above it, 'LL' for low among low, \
        'LH' for low among high and 'HL' for high among low. p_sim is the share of shuffles of the other values over the other places with an i as extreme on the same side: look at \
        quadrants of a p_sim of at most 0.05, and mind that of 100 places 5 have that by chance.\n\n\
        A place without neighbours has i 0, no quadrant and no p_sim. Of equally near places the western, then the southern one is the nearer. Rows with NULL in v, lon, lat or weights answer NULL and are nobody's neighbour; NULL as surface or permutations means its default. \
        All answer NULL if all values are the same, nobody has a neighbour, or a partition has K rows or fewer for 'knn:K'. The order and the frame of the window do not matter. \
        NaN, infinity, coordinates out of range (on the earth), other words as weights and settings that differ between rows of a partition are errors.\n\n\
        Source: Anselin (1995), Local Indicators of Spatial Association, Geographical Analysis 27(2), doi 10.1111/j.1538-4632.1995.tb00338.x, as in PySAL's esda.",
        example: "
> SELECT x, v, round(moran['i'], 3) AS i, moran['quadrant'] AS quadrant
  FROM (SELECT x, v, local_moran(v, x, 0, 'band:1', 'plane') OVER () AS moran FROM (VALUES (0, 9), (1, 8), (5, 1), (6, 2), (7, 9), (30, 1)) AS ports(x, v)) ORDER BY x;
+----+---+--------+----------+
| x  | v | i      | quadrant |
+----+---+--------+----------+
| 0  | 9 | 0.732  | HH       |
| 1  | 8 | 0.732  | HH       |
| 5  | 1 | 0.732  | LL       |
| 6  | 2 | 0.0    | LL       |
| 7  | 9 | -0.732 | HL       |
| 30 | 1 | 0.0    |          |
+----+---+--------+----------+
",
        related: &["moran_i", "getis_ord_gi_star"],
    };
    const SAMPLES: Samples = sites::SAMPLES;
    const BENCHMARK: Benchmark = benchmark::against(
        benchmark::SPREAD_OF_EACH,
        "SELECT local_moran(x, lon, lat, 'knn:4') OVER (PARTITION BY place) FROM some",
    );
}

impl PartitionMeasure for LocalMoran {
    type State = Sites;
    type Answer = LocalAnswer;

    fn update(state: &mut Sites, row: Row<'_>) -> Result<()> {
        state.update(row, &PARAMETERS)
    }

    fn evaluate(state: &Sites) -> Result<Vec<Option<LocalAnswer>>> {
        let layout = state.layout()?;
        let places = layout.as_ref().map(LocalAnswer::all).unwrap_or_default();
        Ok(state.in_order_of_rows(layout, places))
    }
}

/// A place among its neighbours.
#[derive(Debug)]
pub(super) struct LocalAnswer {
    i: f64,
    quadrant: Option<&'static str>,
    chance: Option<f64>,
}

impl LocalAnswer {
    fn all(layout: &Layout) -> Vec<Self> {
        let Layout { links, .. } = layout;
        let deviations = layout.deviations();
        let squares: f64 = deviations.iter().map(|z| z * z).sum();
        let scale = (deviations.len() - 1) as f64 / squares;
        let shuffles = layout.permutations.unwrap_or(USUAL_PERMUTATIONS);
        let chances = shuffle::local_chances(links, &deviations, shuffles);
        let place = |(place, chance): (usize, Option<f64>)| {
            let (own, around) = (deviations[place], links.mean(place, &deviations));
            let quadrant = match (own > 0.0, around > 0.0) {
                (true, true) => "HH",
                (false, true) => "LH",
                (false, false) => "LL",
                (true, false) => "HL",
            };
            Self {
                // Plus zero, lest a product of 0 be negative.
                i: scale * own * around + 0.0,
                quadrant: (!links.row(place).is_empty()).then_some(quadrant),
                chance,
            }
        };
        chances.into_iter().enumerate().map(place).collect()
    }
}

impl Answer for LocalAnswer {
    fn data_type() -> DataType {
        DataType::Struct(fields())
    }

    fn array(places: Vec<Option<Self>>) -> Result<ArrayRef> {
        let places = || places.iter().map(Option::as_ref);
        let valid: NullBuffer = places().map(|place| place.is_some()).collect();
        let values: Float64Array = places().map(|place| Some(place?.i)).collect();
        let quadrants: StringViewArray = places().map(|place| place?.quadrant).collect();
        let chances: Float64Array = places().map(|place| place?.chance).collect();
        let columns: Vec<ArrayRef> = vec![Arc::new(values), Arc::new(quadrants), Arc::new(chances)];
        let array = StructArray::try_new(fields(), columns, Some(valid))?;
        Ok(Arc::new(array))
    }
}

fn fields() -> Fields {
    Fields::from(vec![
        Field::new("i", DataType::Float64, true),
        Field::new("quadrant", DataType::Utf8View, true),
        Field::new("p_sim", DataType::Float64, true),
    ])
}
