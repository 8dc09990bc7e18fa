//! The cities `nearest_city` searches: a catalogue given from outside, loaded on first use.

use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

use arrow::array::{Array, AsArray, Float64Array, Int32Array, RecordBatch, StringViewArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, Float64Type, Int32Type};
use datafusion_common::{Result, plan_datafusion_err, plan_err};
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::earth::{check_latitude, check_longitude, geodesic_km, least_possible_km, unit_vector};

/// Where the catalogue of places comes from. Cheap to clone; clones share what was loaded.
#[derive(Clone)]
pub struct PlaceSource {
    inner: Arc<Inner>,
}

type Load = dyn Fn() -> Result<PlaceCatalogue> + Send + Sync;

struct Inner {
    load: Box<Load>,
    loaded: OnceLock<PlaceCatalogue>,
}

impl PlaceSource {
    /// A source that calls `load` when a place is first looked up, also while planning.
    ///
    /// `load` runs on the thread that asks and must not wait for the session that is asking.
    /// A failure is reported to the query and tried again by the next one.
    pub fn new(load: impl Fn() -> Result<PlaceCatalogue> + Send + Sync + 'static) -> Self {
        Self {
            inner: Arc::new(Inner {
                load: Box::new(load),
                loaded: OnceLock::new(),
            }),
        }
    }

    /// A source without places: `nearest_city` is known and documented, but a call is an error.
    pub fn none() -> Self {
        Self::new(|| {
            plan_err!(
                "nearest_city has no catalogue of places: open a package that has a table `cities`"
            )
        })
    }

    /// The catalogue, loading it if this is the first use.
    pub(crate) fn catalogue(&self) -> Result<&PlaceCatalogue> {
        if let Some(catalogue) = self.inner.loaded.get() {
            return Ok(catalogue);
        }
        let catalogue = (self.inner.load)()?;
        Ok(self.inner.loaded.get_or_init(|| catalogue))
    }
}

impl From<PlaceCatalogue> for PlaceSource {
    fn from(catalogue: PlaceCatalogue) -> Self {
        Self {
            inner: Arc::new(Inner {
                load: Box::new(|| plan_err!("the catalogue of places is already loaded")),
                loaded: OnceLock::from(catalogue),
            }),
        }
    }
}

impl fmt::Debug for PlaceSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlaceSource")
            .field("loaded", &self.inner.loaded.get().is_some())
            .finish()
    }
}

// Two functions are the same function if they look places up in the same source.
impl PartialEq for PlaceSource {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }
}

impl Eq for PlaceSource {}

impl Hash for PlaceSource {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.inner).cast::<()>().hash(state);
    }
}

/// A place of the catalogue.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) name: String,
    longitude: f64,
    latitude: f64,
    /// Persons; `None` is unknown.
    pub(crate) population: Option<f64>,
    /// 0 village to 4 prefecture-level city; `None` is unknown.
    pub(crate) rank: Option<i32>,
}

impl Place {
    /// Unknown is not enough: a place without a population never passes a limit on it.
    fn passes(&self, limits: Limits) -> bool {
        let large = limits
            .min_population
            .is_none_or(|least| self.population.is_some_and(|known| known >= least));
        let high = limits
            .min_rank
            .is_none_or(|least| self.rank.is_some_and(|known| known >= least));
        large && high
    }

    /// Whether this place is preferred to another at the same distance: larger, then first by name.
    fn preferred_to(&self, other: &Self) -> bool {
        let size = |place: &Self| place.population.unwrap_or(f64::NEG_INFINITY);
        size(self)
            .total_cmp(&size(other))
            .then_with(|| other.name.cmp(&self.name))
            .is_gt()
    }
}

/// What a place must have to count as a city; `None` is no limit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Limits {
    pub(crate) min_population: Option<f64>,
    pub(crate) min_rank: Option<i32>,
}

/// A point on the unit sphere and its place's position in the catalogue.
type IndexedPoint = GeomWithData<[f64; 3], usize>;

/// Places by country, each country in a search tree on the unit sphere.
pub struct PlaceCatalogue {
    places: Vec<Place>,
    /// By country name and by country code, both in lower case.
    countries: HashMap<String, RTree<IndexedPoint>>,
    has_rank: bool,
}

impl fmt::Debug for PlaceCatalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlaceCatalogue")
            .field("places", &self.places.len())
            .finish()
    }
}

impl PlaceCatalogue {
    /// Reads places from batches of one schema.
    ///
    /// Columns, found by name, others ignored: `name` text; `country` text or `country_code` text, or
    /// both; `lon` and `lat`, degrees WGS84; optional `population`, persons, and `rank`, 0 to 4.
    /// A row without name, coordinates or any country is left out: nothing could find it.
    ///
    /// # Errors
    /// A missing column, a column of the wrong type, coordinates out of range.
    pub fn try_new(batches: &[RecordBatch]) -> Result<Self> {
        let mut builder = Builder::default();
        for batch in batches {
            builder.add(batch)?;
        }
        Ok(builder.finish())
    }

    /// Whether ranks are known at all, so that a limit on them makes sense.
    pub(crate) fn has_rank(&self) -> bool {
        self.has_rank
    }

    /// The nearest place of `country` (name or code, any case) that passes `limits`, and its distance in km.
    ///
    /// The tree orders by the sphere, the answer is the least distance on the ellipsoid: candidates are
    /// taken until even the flattest line to the next one would be longer than the best so far.
    pub(crate) fn nearest(
        &self,
        longitude: f64,
        latitude: f64,
        country: &str,
        limits: Limits,
    ) -> Option<(&Place, f64)> {
        let tree = self.countries.get(&country.to_lowercase())?;
        let mut best: Option<(&Place, f64)> = None;
        let by_sphere =
            tree.nearest_neighbor_iter_with_distance_2(&unit_vector(longitude, latitude));
        for (entry, chord_squared) in by_sphere {
            if best.is_some_and(|(_, km)| least_possible_km(chord_squared) > km) {
                break;
            }
            let place = &self.places[entry.data];
            if !place.passes(limits) {
                continue;
            }
            let km = geodesic_km(longitude, latitude, place.longitude, place.latitude);
            let closer = best.is_none_or(|(other, least)| {
                km < least || (km == least && place.preferred_to(other))
            });
            if closer {
                best = Some((place, km));
            }
        }
        best
    }
}

#[derive(Default)]
struct Builder {
    places: Vec<Place>,
    countries: HashMap<String, Vec<IndexedPoint>>,
    has_rank: bool,
}

impl Builder {
    fn add(&mut self, batch: &RecordBatch) -> Result<()> {
        let name = required(text(batch, "name")?, "name")?;
        let longitude = required(floats(batch, "lon")?, "lon")?;
        let latitude = required(floats(batch, "lat")?, "lat")?;
        let country = text(batch, "country")?;
        let code = text(batch, "country_code")?;
        if country.is_none() && code.is_none() {
            return plan_err!("a catalogue of places needs a column `country` or `country_code`");
        }
        let population = floats(batch, "population")?;
        let rank = integers(batch, "rank")?;
        self.has_rank |= rank.is_some();

        for row in 0..batch.num_rows() {
            let country = country.as_ref().and_then(|column| text_at(column, row));
            let code = code.as_ref().and_then(|column| text_at(column, row));
            let (Some(name), Some(longitude), Some(latitude)) = (
                text_at(&name, row),
                float_at(&longitude, row),
                float_at(&latitude, row),
            ) else {
                continue;
            };
            let place = Place {
                name: name.to_owned(),
                longitude: check_longitude("the catalogue of places", "lon", longitude)?,
                latitude: check_latitude("the catalogue of places", "lat", latitude)?,
                population: population.as_ref().and_then(|column| float_at(column, row)),
                rank: rank
                    .as_ref()
                    .and_then(|column| column.is_valid(row).then(|| column.value(row))),
            };
            self.insert(place, country, code);
        }
        Ok(())
    }

    /// Puts a place into the tree of its country's name and into that of its code, so that rows
    /// which know only one of the two are found by it.
    fn insert(&mut self, place: Place, country: Option<&str>, code: Option<&str>) {
        let position = unit_vector(place.longitude, place.latitude);
        let name = country.map(str::to_lowercase);
        let code = code
            .map(str::to_lowercase)
            .filter(|code| Some(code) != name.as_ref());
        for key in [name, code].into_iter().flatten() {
            self.countries
                .entry(key)
                .or_default()
                .push(GeomWithData::new(position, self.places.len()));
        }
        self.places.push(place);
    }

    fn finish(self) -> PlaceCatalogue {
        let countries = self.countries.into_iter();
        PlaceCatalogue {
            places: self.places,
            countries: countries
                .map(|(key, members)| (key, RTree::bulk_load(members)))
                .collect(),
            has_rank: self.has_rank,
        }
    }
}

fn column_as(
    batch: &RecordBatch,
    name: &str,
    data_type: &DataType,
) -> Result<Option<arrow::array::ArrayRef>> {
    let Some(column) = batch.column_by_name(name) else {
        return Ok(None);
    };
    let cast = cast(column, data_type).map_err(|error| {
        plan_datafusion_err!("column `{name}` of the catalogue of places: {error}")
    })?;
    Ok(Some(cast))
}

fn text(batch: &RecordBatch, name: &str) -> Result<Option<StringViewArray>> {
    Ok(column_as(batch, name, &DataType::Utf8View)?.map(|column| column.as_string_view().clone()))
}

fn floats(batch: &RecordBatch, name: &str) -> Result<Option<Float64Array>> {
    Ok(column_as(batch, name, &DataType::Float64)?
        .map(|column| column.as_primitive::<Float64Type>().clone()))
}

fn integers(batch: &RecordBatch, name: &str) -> Result<Option<Int32Array>> {
    Ok(column_as(batch, name, &DataType::Int32)?
        .map(|column| column.as_primitive::<Int32Type>().clone()))
}

fn required<A>(column: Option<A>, name: &str) -> Result<A> {
    column.ok_or_else(|| plan_datafusion_err!("a catalogue of places needs a column `{name}`"))
}

fn text_at(column: &StringViewArray, row: usize) -> Option<&str> {
    column.is_valid(row).then(|| column.value(row))
}

fn float_at(column: &Float64Array, row: usize) -> Option<f64> {
    column.is_valid(row).then(|| column.value(row))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use arrow::array::{ArrayRef, StringArray};

    use super::*;

    type Row<'a> = (&'a str, &'a str, f64, f64, Option<f64>, Option<i32>);

    fn catalogue(rows: &[Row]) -> PlaceCatalogue {
        let columns: [(&str, ArrayRef); 6] = [
            (
                "name",
                Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.0))),
            ),
            (
                "country",
                Arc::new(StringArray::from_iter_values(rows.iter().map(|row| row.1))),
            ),
            (
                "lon",
                Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.2))),
            ),
            (
                "lat",
                Arc::new(Float64Array::from_iter_values(rows.iter().map(|row| row.3))),
            ),
            (
                "population",
                Arc::new(Float64Array::from_iter(rows.iter().map(|row| row.4))),
            ),
            (
                "rank",
                Arc::new(Int32Array::from_iter(rows.iter().map(|row| row.5))),
            ),
        ];
        PlaceCatalogue::try_new(&[RecordBatch::try_from_iter(columns).unwrap()]).unwrap()
    }

    fn nearest(places: &PlaceCatalogue, point: (f64, f64), limits: Limits) -> Option<(&str, f64)> {
        let found = places.nearest(point.0, point.1, "Here", limits)?;
        Some((&found.0.name, found.1))
    }

    #[test]
    fn equal_distance_goes_to_the_larger_then_to_the_first_name() {
        let tied = |left: Row<'static>, right: Row<'static>| {
            let places = catalogue(&[left, right]);
            let found = places.nearest(0.0, 0.0, "here", Limits::default());
            found.unwrap().0.name.clone()
        };
        let (west, east) = (-1.0, 1.0);
        let row = |name, longitude, people| (name, "Here", longitude, 0.0, people, None);
        assert_eq!(
            tied(row("a", west, Some(5.0)), row("b", east, Some(9.0))),
            "b"
        );
        assert_eq!(
            tied(row("b", west, Some(9.0)), row("a", east, Some(9.0))),
            "a"
        );
        assert_eq!(tied(row("a", west, None), row("b", east, Some(0.0))), "b");
    }

    #[test]
    fn unknown_never_passes_a_limit() {
        let places = catalogue(&[
            ("near", "Here", 0.1, 0.0, None, None),
            ("small", "Here", 0.2, 0.0, Some(19_999.0), Some(4)),
            ("large", "Here", 0.3, 0.0, Some(20_000.0), Some(2)),
            ("abroad", "There", 0.0, 0.0, Some(1e6), Some(4)),
        ]);
        let name = |min_population, min_rank| {
            let limits = Limits {
                min_population,
                min_rank,
            };
            nearest(&places, (0.0, 0.0), limits).map(|found| found.0)
        };
        assert_eq!(name(None, None), Some("near"));
        assert_eq!(name(Some(0.0), None), Some("small"));
        assert_eq!(name(Some(20_000.0), None), Some("large"));
        assert_eq!(name(None, Some(3)), Some("small"));
        assert_eq!(name(Some(20_000.0), Some(3)), None);
        assert!(
            places
                .nearest(0.0, 0.0, "Nowhere", Limits::default())
                .is_none()
        );
    }

    /// On the sphere (5, 0) is nearer than (0, 5.02), on the ellipsoid the other way round: a degree of
    /// longitude at the equator is 111.32 km, one of latitude 110.57.
    #[test]
    fn the_ellipsoid_decides_not_the_sphere() {
        let places = catalogue(&[
            ("east", "Here", 5.0, 0.0, None, None),
            ("north", "Here", 0.0, 5.02, None, None),
        ]);
        let (name, km) = nearest(&places, (0.0, 0.0), Limits::default()).unwrap();
        assert_eq!(name, "north");
        assert!(great_circle_is_longer(km));
        fn great_circle_is_longer(km: f64) -> bool {
            super::super::earth::great_circle_km(0.0, 0.0, 0.0, 5.02) > km
        }
    }

    #[test]
    fn agrees_with_a_search_of_all() {
        // A lattice that crosses the antimeridian and the pole, jittered by a fixed rule.
        let jitter = |number: i32| f64::from(number * 7919 % 1000) / 700.0;
        let points: Vec<(String, f64, f64)> = (0..400)
            .map(|number| {
                let longitude = -180.0 + f64::from(number % 20) * 18.0 + jitter(number);
                let latitude = -90.0 + f64::from(number / 20) * 9.0 + jitter(number + 400);
                (format!("p{number}"), longitude, latitude)
            })
            .collect();
        let rows: Vec<Row> = points
            .iter()
            .map(|(name, longitude, latitude)| {
                (name.as_str(), "Here", *longitude, *latitude, None, None)
            })
            .collect();
        let places = catalogue(&rows);
        for number in 0..200 {
            let point = (
                f64::from(number) * 1.8 - 180.0,
                f64::from(number * 37 % 181) - 90.0,
            );
            let (_, km) = nearest(&places, point, Limits::default()).unwrap();
            let least = points
                .iter()
                .map(|(_, longitude, latitude)| {
                    geodesic_km(point.0, point.1, *longitude, *latitude)
                })
                .fold(f64::INFINITY, f64::min);
            assert_eq!(km, least, "{point:?}");
        }
    }

    #[test]
    fn a_country_is_found_by_name_and_by_code() {
        let batch = |column: &str, value: &str, name: &str| {
            let columns: [(&str, ArrayRef); 4] = [
                ("name", Arc::new(StringArray::from(vec![name]))),
                (column, Arc::new(StringArray::from(vec![value]))),
                ("lon", Arc::new(Float64Array::from(vec![0.0]))),
                ("lat", Arc::new(Float64Array::from(vec![0.0]))),
            ];
            RecordBatch::try_from_iter(columns).unwrap()
        };
        let batches = [
            batch("country", "China", "by name"),
            batch("country_code", "CN", "by code"),
        ];
        let places = PlaceCatalogue::try_new(&batches).unwrap();
        let found = |country| {
            let found = places.nearest(1.0, 1.0, country, Limits::default());
            found.map(|(place, _)| place.name.as_str())
        };
        assert_eq!(found("china"), Some("by name"));
        assert_eq!(found("cn"), Some("by code"));
        assert!(!places.has_rank());
        let missing = PlaceCatalogue::try_new(&[batch("province", "Jilin", "Hunchun")]);
        assert!(
            missing
                .unwrap_err()
                .to_string()
                .contains("`country` or `country_code`")
        );
    }

    #[test]
    fn a_source_loads_once_and_tries_again_after_a_failure() {
        static CALLS: AtomicUsize = AtomicUsize::new(0);
        let source = PlaceSource::new(|| match CALLS.fetch_add(1, Ordering::Relaxed) {
            0 => plan_err!("not yet"),
            _ => PlaceCatalogue::try_new(&[]),
        });
        assert!(source.catalogue().is_err());
        assert!(source.catalogue().is_ok());
        assert!(source.clone().catalogue().is_ok());
        assert_eq!(CALLS.load(Ordering::Relaxed), 2);
        let message = PlaceSource::none().catalogue().unwrap_err().to_string();
        assert!(message.contains("a package that has a table `cities`"));
    }
}
