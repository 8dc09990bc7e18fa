//! Arguments that each function answers without an error.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray,
};
use arrow::datatypes::{DataType, Field, Float64Type, Int64Type};
use kouan_functions::{PlaceCatalogue, PlaceSource};

pub(crate) const ROWS: usize = 4;

fn integers(values: [i64; ROWS]) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn numbers(values: [f64; ROWS]) -> ArrayRef {
    Arc::new(Float64Array::from_iter_values(values))
}

fn texts(values: [&str; ROWS]) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn booleans(values: [bool; ROWS]) -> ArrayRef {
    Arc::new(BooleanArray::from(values.to_vec()))
}

/// A list column: rows 0 and 1 alike, rows 2 and 3 alike.
fn number_lists(first: [f64; 2], second: [f64; 2]) -> ArrayRef {
    let rows = [first, first, second, second];
    let rows = rows.map(|row| Some(row.map(Some)));
    Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(rows))
}

fn year_lists(first: [i64; 2], second: [i64; 2]) -> ArrayRef {
    let rows = [first, first, second, second];
    let rows = rows.map(|row| Some(row.map(Some)));
    Arc::new(ListArray::from_iter_primitive::<Int64Type, _, _>(rows))
}

/// A column of matrices of two states: the same in rows 0 and 1, and in 2 and 3.
fn matrices(first: [f64; 4], second: [f64; 4]) -> ArrayRef {
    let cells = [first, first, second, second].concat();
    let rows = cells
        .chunks(2)
        .map(|row| Some(row.iter().copied().map(Some)));
    let rows = ListArray::from_iter_primitive::<Float64Type, _, _>(rows);
    let field = Arc::new(Field::new_list_field(rows.data_type().clone(), true));
    let offsets = arrow::buffer::OffsetBuffer::from_lengths([2; ROWS]);
    Arc::new(ListArray::new(field, offsets, Arc::new(rows), None))
}

/// A column of triangles: corners as pairs, or as STRUCT(lon, lat).
fn triangles(corners: [[f64; 2]; 3 * ROWS], named: bool) -> ArrayRef {
    let corners: ArrayRef = if named {
        let degrees = |axis: usize| -> ArrayRef {
            let degrees = corners.iter().map(|corner| corner[axis]);
            Arc::new(Float64Array::from_iter_values(degrees))
        };
        let columns = ["lon", "lat"]
            .into_iter()
            .zip([degrees(0), degrees(1)])
            .map(|(name, column)| (Field::new(name, DataType::Float64, true), column));
        let columns: Vec<_> = columns
            .map(|(field, column)| (Arc::new(field), column))
            .collect();
        Arc::new(StructArray::from(columns))
    } else {
        let pairs = corners.map(|corner| Some(corner.map(Some)));
        Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(pairs))
    };
    let field = Arc::new(Field::new_list_field(corners.data_type().clone(), true));
    let offsets = arrow::buffer::OffsetBuffer::from_lengths([3; ROWS]);
    Arc::new(ListArray::new(field, offsets, corners, None))
}

fn text_lists(labels: [&str; 3]) -> ArrayRef {
    let labels = StringArray::from_iter_values(labels.iter().cycle().take(3 * ROWS));
    let field = Arc::new(Field::new_list_field(DataType::Utf8, true));
    let offsets = arrow::buffer::OffsetBuffer::from_lengths([3; ROWS]);
    Arc::new(ListArray::new(field, offsets, Arc::new(labels), None))
}

/// Calls of the function, some short, some long; none for an unknown name.
pub(crate) fn samples(name: &str) -> Vec<Vec<ArrayRef>> {
    let years = integers([1881, 1949, 1983, 2000]);
    let dates = texts(["1881", "1949-12", "1983-05-01", "post-2000"]);
    let boundaries = year_lists([1950, 1980], [1978, 1992]);
    let labels = text_lists(["early", "in between them", "post-2000"]);
    match name {
        "port_stage" | "try_port_stage" | "port_stage_no" | "port_stage_bounds" => vec![
            vec![Arc::clone(&years)],
            vec![Arc::clone(&years), Arc::clone(&boundaries)],
            vec![years, Arc::clone(&boundaries), Arc::clone(&labels)],
            vec![Arc::clone(&dates)],
            vec![dates, boundaries, labels],
        ],
        "stage_bucket" => vec![vec![
            numbers([-1.0, 0.0, 9.5, f64::INFINITY]),
            number_lists([0.0, 10.0], [-5.5, 5.5]),
            labels,
        ]],
        "port_mode" | "port_mode_side" | "port_mode_explain" => vec![
            vec![
                numbers([2.0, 0.0, 110.0, f64::INFINITY]),
                numbers([3.0, 180.0, 130.0, 300.0]),
            ],
            vec![
                numbers([2.0, 0.0, 110.0, 20.0]),
                numbers([3.0, 180.0, 130.0, 5.0]),
                integers([19_000, 40_000, 500_000, 7]),
                integers([1, 20_000, 30_000, 2_000_000]),
                numbers([20.0, 25.0, 0.0, 20.0]),
                numbers([150.0, 50.0, 150.0, 20.0]),
                integers([20_000, 0, 20_000, 20_000]),
                integers([20_000, 20_000, 100_000, 1]),
                texts(["both", "own", "either", "both"]),
                booleans([false, true, true, false]),
                booleans([false, true, false, true]),
            ],
        ],
        "geodesic_km" | "great_circle_km" | "azimuth_deg" => vec![vec![
            numbers([82.57, 0.0, 179.9, 10.0]),
            numbers([45.17, 0.0, 0.0, 10.0]),
            numbers([76.95, 179.7, -179.9, 10.0]),
            numbers([43.25, 0.2, 0.0, 10.0]),
        ]],
        "mean_center" | "median_center" | "std_distance" | "std_ellipse" | "convex_hull" => vec![
            vec![
                numbers([75.39, 127.5, 179.9, 100.0]),
                numbers([40.55, 50.25, 60.0, 21.5]),
            ],
            vec![
                integers([0, 40, 40, 7]),
                integers([0, 0, 300, 120]),
                texts(["plane"; ROWS]),
            ],
        ],
        "nearest_neighbour_index" => vec![
            vec![
                numbers([75.39, 127.5, 179.9, 100.0]),
                numbers([40.55, 50.25, 60.0, 21.5]),
            ],
            vec![
                integers([0, 40, 40, 7]),
                integers([0, 0, 300, 120]),
                numbers([2_500.0; ROWS]),
                texts(["plane"; ROWS]),
            ],
        ],
        "moran_i" | "geary_c" | "getis_ord_g" | "local_moran" | "getis_ord_gi_star" => {
            let mut on_a_plane = vec![
                integers([7, 5, 0, 2]),
                numbers([0.0, 40.0, 40.0, 7.0]),
                numbers([0.0, 0.0, 30.0, 20.0]),
                texts(["band:30.5"; ROWS]),
                texts(["plane"; ROWS]),
            ];
            if name != "getis_ord_gi_star" {
                on_a_plane.push(integers([99; ROWS]));
            }
            let on_earth = vec![
                numbers([1.0, 0.5, 3.0, 9.0]),
                numbers([75.39, 127.5, 179.9, 100.0]),
                numbers([40.55, 50.25, 60.0, 21.5]),
                texts(["knn:2"; ROWS]),
            ];
            vec![on_earth, on_a_plane]
        }
        "point_in_region" => {
            let (small, large) = (
                [[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]],
                [[170.0, -80.0], [190.0, 0.0], [170.0, 80.0]],
            );
            let corners = [small, large, small, large].concat();
            let corners: [[f64; 2]; 3 * ROWS] = corners.try_into().unwrap();
            let call = |named: bool| {
                vec![
                    numbers([2.0, -175.0, 3.0, 4.0]),
                    integers([2, 0, 2, 3]),
                    triangles(corners, named),
                ]
            };
            let mut with_edges = call(true);
            with_edges.push(texts([
                "great_circle",
                "straight",
                "straight",
                "great_circle",
            ]));
            vec![call(false), call(true), with_edges]
        }
        "weighted_mean_center" => vec![
            vec![
                numbers([75.39, 127.5, 179.9, 100.0]),
                numbers([40.55, 50.25, 60.0, 21.5]),
                integers([10, 0, 7, 1]),
            ],
            vec![
                integers([0, 40, 40, 7]),
                integers([0, 0, 300, 120]),
                numbers([0.5, 2.0, 1.0, 0.0]),
                texts(["plane"; ROWS]),
            ],
        ],
        "nearest_city" => vec![
            vec![
                numbers([75.39, 75.39, 0.0, 180.0]),
                numbers([40.55, 40.55, 90.0, 65.0]),
                texts(["China", "kg", "Kyrgyzstan", "Nowhere"]),
            ],
            vec![
                numbers([75.39, 75.39, 0.0, 180.0]),
                numbers([40.55, 40.55, 90.0, 65.0]),
                texts(["China", "kg", "Kyrgyzstan", "Nowhere"]),
                integers([20_000, 1_000_000, 0, 0]),
                integers([3, 3, 4, 0]),
            ],
        ],
        "steady_state" | "mfpt" | "mobility" => vec![vec![matrices(
            [0.5, 0.5, 0.25, 0.75],
            [1.0, 0.0, 0.125, 0.875],
        )]],
        "burst_periods" => {
            let years = integers([1950, 1980, 1981, 1999]);
            vec![
                vec![Arc::clone(&years), integers([1; ROWS])],
                vec![
                    years,
                    integers([1, 20, 17, 1]),
                    numbers([0.1; ROWS]),
                    numbers([2.0; ROWS]),
                    numbers([0.2; ROWS]),
                ],
            ]
        }
        "bayesian_blocks" => vec![
            vec![numbers([0.0, 10.0, 10.5, 11.0])],
            vec![numbers([0.0, 10.0, 10.5, 11.0]), numbers([0.1; ROWS])],
        ],
        "transition_matrix" => vec![
            vec![
                integers([1, 2, 1, 1]),
                integers([2014, 1990, 1990, 2000]),
                texts(["CC", "PP", "PP", "CPC"]),
            ],
            vec![
                texts(["a", "b", "a", "b"]),
                numbers([2.5, 1.0, 0.0, -1.0]),
                integers([1, 2, 2, 1]),
                booleans([true; ROWS]),
            ],
        ],
        "cohen_kappa" | "accuracy" | "balanced_accuracy" | "confusion" => vec![
            vec![
                texts(["PP", "CC", "CPC", "PP"]),
                texts(["PP", "CPC", "CPC", "CPPC"]),
            ],
            vec![integers([1, 2, 2, 1]), integers([1, 2, 1, 1])],
            vec![
                booleans([true, false, true, true]),
                booleans([true, true, false, true]),
            ],
        ],
        "spearman" => vec![vec![
            numbers([1.0, 2.0, 2.0, 4.0]),
            numbers([4.0, 3.5, 3.0, -1.0]),
        ]],
        "hhi" | "hhi_normalized" | "effective_number" | "theil_t" | "gini"
        | "entropy_normalized" => {
            vec![
                vec![numbers([31_783.0, 3_513.5, 0.0, 4_655.0])],
                vec![integers([50, 30, 20, 7])],
            ]
        }
        "entropy_w" => vec![
            vec![numbers([0.1, 0.2, 0.3, 0.4])],
            vec![numbers([0.1, 0.2, 0.3, 0.4]), integers([2; ROWS])],
        ],
        "cr_k" => vec![vec![integers([5, 9, 7, 9]), integers([2; ROWS])]],
        "theil_decompose" => vec![vec![
            numbers([50.0, 30.0, 20.0, 0.5]),
            texts(["NE", "SW", "SW", "NE"]),
        ]],
        "hoover_index" | "krugman_index" => vec![vec![
            numbers([50.0, 30.0, 0.0, 20.5]),
            integers([1, 2, 3, 4]),
        ]],
        "atkinson" => vec![
            vec![numbers([50.0, 30.0, 20.0, 0.5]), numbers([0.5; ROWS])],
            vec![integers([50, 30, 20, 1]), integers([1; ROWS])],
        ],
        "rank_size" => vec![
            vec![integers([60, 31, 20, 12])],
            vec![
                numbers([60.0, 31.0, 0.0, 12.0]),
                texts(["log_rank_minus_half_on_log_size"; ROWS]),
            ],
        ],
        "directionality" | "growth" => vec![vec![
            numbers([620_000.0, 0.5, 3.0, 7.0]),
            integers([580_000, 1_200, 0, 7]),
        ]],
        "grubel_lloyd" => vec![vec![
            numbers([620_000.0, 0.5, 3.0, 7.0]),
            integers([580_000, 1_200, 0, 7]),
        ]],
        "location_quotient" => vec![vec![
            integers([14, 0, 3, 1]),
            integers([49, 18, 20, 0]),
            integers([16, 16, 16, 1]),
            numbers([95.0, 95.0, 95.5, 1.0]),
        ]],
        "shift_share" => vec![vec![
            numbers([100.0, 466.0, 0.0, 1.0]),
            integers([150, 520, 10, 1]),
            integers([1_000, 45_000, 10, 0]),
            numbers([1_200.0, 47_000.0, 20.0, 1.0]),
            integers([10_000, 121_766, 100, 1]),
            integers([11_000, 130_000, 90, 1]),
        ]],
        "cagr" => vec![vec![
            numbers([72.2, 14.0, 0.0, 2.0]),
            numbers([121.4, 46.0, 1.0, 0.0]),
            integers([7, 40, 1, 2]),
        ]],
        "seasonality_index" | "seasonality_vector" => vec![vec![
            numbers([80.0, 70.0, 95.5, 60.0]),
            integers([1, 2, 7, 7]),
        ]],
        // Named by a test of its own.
        _ => Vec::new(),
    }
}

/// Three cities, one without population and one without rank.
pub(crate) fn places() -> PlaceSource {
    let columns: [(&str, ArrayRef); 7] = [
        (
            "name",
            Arc::new(StringArray::from(vec!["Kashgar", "Naryn", "Bishkek"])),
        ),
        (
            "country",
            Arc::new(StringArray::from(vec!["China", "Kyrgyzstan", "Kyrgyzstan"])),
        ),
        (
            "country_code",
            Arc::new(StringArray::from(vec!["CN", "KG", "KG"])),
        ),
        (
            "lon",
            Arc::new(Float64Array::from(vec![75.99, 76.0, 74.59])),
        ),
        (
            "lat",
            Arc::new(Float64Array::from(vec![39.47, 41.43, 42.87])),
        ),
        (
            "population",
            Arc::new(Int64Array::from(vec![Some(500_000), None, Some(900_000)])),
        ),
        (
            "rank",
            Arc::new(Int64Array::from(vec![Some(3), Some(4), None])),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    PlaceCatalogue::try_new(&[batch]).unwrap().into()
}
