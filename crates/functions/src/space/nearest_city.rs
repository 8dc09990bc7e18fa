//! `nearest_city`: the nearest city of a country, out of the catalogue of places.

use std::sync::{Arc, LazyLock};

use arrow::array::{
    ArrayRef, Float64Array, Int32Array, NullBufferBuilder, StringViewArray, StructArray,
};
use arrow::datatypes::{DataType, Field, Fields};
use datafusion_common::{Result, ScalarValue, exec_err};
use datafusion_expr::{ReturnFieldArgs, ScalarFunctionArgs, Volatility};

use super::earth::{LATITUDES, LONGITUDES, check_latitude, check_longitude};
use super::places::{Limits, Place};
use super::{PlaceCatalogue, PlaceSource};
use crate::documented::{Benchmark, Documented, Manual, Sample, Samples, benchmark};
use crate::parameters::{
    Kind, Parameters, non_negative, number, required, setting, while_planning,
};
use crate::scalar::Scalar;
use crate::support::{integers, numbers, texts};

#[derive(Debug)]
pub(super) struct NearestCity {
    places: PlaceSource,
}

impl Documented for NearestCity {
    const PARAMETERS: Parameters = Parameters {
        function: "nearest_city",
        list: &[
            number("lon", "Longitude of the point, degrees, east positive.").within(LONGITUDES),
            number(
                "lat",
                "Latitude of the point, degrees, north positive, -90 to 90.",
            )
            .within(LATITUDES),
            required(
                "country",
                Kind::Text,
                "Name of the country or its two-letter code, as in the table, any case.",
            ),
            setting(
                "min_pop",
                Kind::Number,
                "Least population, persons. NULL (default): any.",
            )
            .non_negative(),
            setting(
                "min_rank",
                Kind::Integer,
                "Least rank, 0 to 4. NULL (default): any.",
            ),
        ],
    };
    const MANUAL: Manual = Manual {
        text: "The city of a country nearest to a point, as STRUCT(name VARCHAR, km DOUBLE, population DOUBLE, rank INTEGER), \
        out of the package's table `cities`. km is the WGS84 geodesic. At equal distance the larger population wins, then the name.\n\n\
        With min_pop, min_rank or both only places that reach them count; a place whose population or rank is unknown does not. \
        If no place counts, or the catalogue has none of that country, km is +infinity and the rest NULL: `port_mode` reads that as no city. \
        NULL as lon, lat or country gives NULL; NULL as a limit means no limit. \
        Coordinates out of range, a negative limit, a package without cities and min_rank where ranks are not known are errors.\n\n\
        Ranks: 0 village or township, 1 town or settlement, 2 county seat or district centre, 3 county-level city or city, \
        4 prefecture-level city or oblast centre.\n\n\
        Source: definition of \"city\" in Wang, Cheng and Mo (2014), section 3; geodesic by Karney (2013).",
        example: "
> SELECT city.name, round(city.km, 1) AS km
  FROM (SELECT nearest_city(75.39, 40.55, 'CN', 20000) AS city);
+------------+-------+
| city[name] | km    |
+------------+-------+
| Artux      | 115.2 |
+------------+-------+
",
        related: &["geodesic_km", "port_mode"],
    };
    const SAMPLES: Samples = &[
        &[
            Sample::Numbers([75.39, 75.39, 0.0, 180.0]),
            Sample::Numbers([40.55, 40.55, 90.0, 65.0]),
            Sample::Texts(["China", "kg", "Kyrgyzstan", "Nowhere"]),
        ],
        &[
            Sample::Numbers([75.39, 75.39, 0.0, 180.0]),
            Sample::Numbers([40.55, 40.55, 90.0, 65.0]),
            Sample::Texts(["China", "kg", "Kyrgyzstan", "Nowhere"]),
            Sample::Integers([20_000, 1_000_000, 0, 0]),
            Sample::Integers([3, 3, 4, 0]),
        ],
    ];
    const BENCHMARK: Benchmark =
        benchmark::alone("SELECT nearest_city(lon, lat, 'China', 20000) FROM some");
}

impl NearestCity {
    pub(super) fn new(places: PlaceSource) -> Self {
        Self { places }
    }
}

impl Scalar for NearestCity {
    fn data_type(&self) -> DataType {
        DataType::Struct(FIELDS.clone())
    }

    /// The catalogue holds still for a query, not for ever.
    fn volatility(&self) -> Volatility {
        Volatility::Stable
    }

    fn check(&self, args: &ReturnFieldArgs) -> Result<()> {
        Self::PARAMETERS.check_literals(args.scalar_arguments)?;
        let known = Self::PARAMETERS.literals(args)?;
        if let Some(ScalarValue::Int32(rank @ Some(_))) = known[4] {
            let catalogue = self.places.catalogue().map_err(while_planning)?;
            limits(catalogue, None, rank).map_err(while_planning)?;
        }
        Ok(())
    }

    /// NULL as a limit means that there is none.
    fn is_strict(&self) -> bool {
        false
    }

    fn is_nullable(&self, args: &ReturnFieldArgs) -> bool {
        let point_and_country = args.arg_fields.iter().take(3);
        point_and_country
            .into_iter()
            .any(|field| field.is_nullable())
    }

    fn array(&self, args: &ScalarFunctionArgs, rows: usize) -> Result<ArrayRef> {
        let function = Self::PARAMETERS.function;
        let catalogue = self.places.catalogue()?;
        let (longitudes, latitudes) = (numbers(args, 0)?, numbers(args, 1)?);
        let countries = texts(args, 2)?;
        let (populations, ranks) = (numbers(args, 3)?, integers(args, 4)?);
        let mut answers = NearestCities::default();
        for row in 0..rows {
            let limits = limits(catalogue, populations.get(row), ranks.get(row))?;
            let point = (longitudes.get(row), latitudes.get(row), countries.get(row));
            let (Some(longitude), Some(latitude), Some(country)) = point else {
                answers.push_null();
                continue;
            };
            check_longitude(function, "lon", longitude)?;
            check_latitude(function, "lat", latitude)?;
            answers.push(catalogue.nearest(longitude, latitude, country, limits));
        }
        answers.finish()
    }
}

static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    Fields::from(vec![
        Field::new("name", DataType::Utf8View, true),
        Field::new("km", DataType::Float64, true),
        Field::new("population", DataType::Float64, true),
        Field::new("rank", DataType::Int32, true),
    ])
});

/// The limits of a row, which the catalogue must be able to answer.
fn limits(
    catalogue: &PlaceCatalogue,
    min_population: Option<f64>,
    min_rank: Option<i32>,
) -> Result<Limits> {
    if let Some(least) = min_population {
        non_negative(NearestCity::PARAMETERS.function, "min_pop", least)?;
    }
    match min_rank {
        Some(rank) if !(0..=4).contains(&rank) => {
            exec_err!("nearest_city takes a rank from 0 to 4 as min_rank, got {rank}")
        }
        Some(_) if !catalogue.has_rank() => exec_err!(
            "nearest_city has no ranks to compare with min_rank: the catalogue of places has no column `rank`"
        ),
        _ => Ok(Limits {
            min_population,
            min_rank,
        }),
    }
}

/// The columns of the answer, row by row.
struct NearestCities {
    names: Vec<Option<String>>,
    kilometres: Vec<Option<f64>>,
    populations: Vec<Option<f64>>,
    ranks: Vec<Option<i32>>,
    known: NullBufferBuilder,
}

impl Default for NearestCities {
    fn default() -> Self {
        Self {
            names: Vec::new(),
            kilometres: Vec::new(),
            populations: Vec::new(),
            ranks: Vec::new(),
            known: NullBufferBuilder::new(0),
        }
    }
}

impl NearestCities {
    fn push_null(&mut self) {
        self.push_fields(None, None);
        self.known.append_null();
    }

    fn push(&mut self, nearest: Option<(&Place, f64)>) {
        match nearest {
            Some((place, km)) => self.push_fields(Some(place), Some(km)),
            None => self.push_fields(None, Some(f64::INFINITY)),
        }
        self.known.append_non_null();
    }

    fn push_fields(&mut self, place: Option<&Place>, km: Option<f64>) {
        self.names.push(place.map(|place| place.name.clone()));
        self.kilometres.push(km);
        self.populations
            .push(place.and_then(|place| place.population));
        self.ranks.push(place.and_then(|place| place.rank));
    }

    fn finish(mut self) -> Result<ArrayRef> {
        let length = self.kilometres.len();
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.names.into_iter().collect::<StringViewArray>()),
            Arc::new(Float64Array::from(self.kilometres)),
            Arc::new(Float64Array::from(self.populations)),
            Arc::new(Int32Array::from(self.ranks)),
        ];
        let known = self.known.finish();
        let cities = StructArray::try_new_with_length(FIELDS.clone(), columns, known, length)?;
        Ok(Arc::new(cities))
    }
}
