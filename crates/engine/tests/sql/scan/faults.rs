//! One test for each way in which a footer misleads.

use std::fs::File;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    UInt32Array,
};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::data_type::ByteArray;
use datafusion::parquet::file::metadata::{KeyValue, SortingColumn};
use datafusion::parquet::file::properties::EnabledStatistics;
use datafusion::parquet::file::statistics::{Statistics, ValueStatistics};
use datafusion::prelude::{SessionConfig, SessionContext};
use kouan_scan::{FLOAT_BOUNDS_KEY, FLOAT_BOUNDS_WITHOUT_NAN, sound_footer};
use libtest_mimic::Failed;

use super::files::{TestFile, read_footer};
use super::{Test, expect, still_wrong, text};
use crate::session::{self, Session};

/// Expected values are counted by hand from the rows that each test writes.
pub(super) const TESTS: &[(&str, Test)] = &[
    ("nan_is_not_left_out", nan_is_not_left_out),
    ("nan_in_pages_is_not_left_out", nan_in_pages_is_not_left_out),
    (
        "nan_of_singles_is_not_left_out",
        nan_of_singles_is_not_left_out,
    ),
    ("marked_floats_prune", marked_floats_prune),
    ("untold_nulls_are_not_none", untold_nulls_are_not_none),
    ("old_parquet_rs_told_no_zero", old_parquet_rs_told_no_zero),
    ("untold_row_groups_count", untold_row_groups_count),
    ("wrong_rows_of_the_file", wrong_rows_of_the_file),
    ("wrong_rows_of_a_row_group", wrong_rows_of_a_row_group),
    ("impossible_nulls", impossible_nulls),
    ("deprecated_bounds", deprecated_bounds),
    ("bounds_that_contradict", bounds_that_contradict),
    ("cut_bounds", cut_bounds),
    (
        "sorted_row_groups_are_no_sorted_file",
        sorted_row_groups_are_no_sorted_file,
    ),
    ("bloom_filters_of_zero", bloom_filters_of_zero),
    ("zeros_are_not_constant", zeros_are_not_constant),
    (
        "grouping_sets_give_each_group_once",
        grouping_sets_give_each_group_once,
    ),
    ("copied_floats_have_no_bounds", copied_floats_have_no_bounds),
    ("columns_of_one_name", columns_of_one_name),
];

fn doubles(values: &[f64]) -> ArrayRef {
    Arc::new(Float64Array::from(values.to_vec()))
}

fn integers(values: &[i32]) -> ArrayRef {
    Arc::new(Int32Array::from(values.to_vec()))
}

/// apache/datafusion 15812: bounds leave NaN out, so that a column with one other value was taken for a constant.
fn nan_is_not_left_out(session: &Session) -> Result<(), Failed> {
    let file = TestFile::new(&[doubles(&[1.0, f64::NAN]), doubles(&[1.0, 1.0])])?;
    let path = &file.path;
    expect(session, path, "SELECT x FROM {}", "1.0 NaN 1.0 1.0")?;
    expect(
        session,
        path,
        "SELECT x, count(*) FROM {} GROUP BY x ORDER BY 2",
        "NaN,1 1.0,3",
    )?;
    expect(session, path, "SELECT count(*) FROM {} WHERE x <> 1", "1")?;
    expect(session, path, "SELECT count(*) FROM {} WHERE x > 10", "1")?;
    expect(
        session,
        path,
        "SELECT count(*) FROM {} WHERE x = 'NaN'::double",
        "1",
    )?;
    expect(
        session,
        path,
        "SELECT x FROM {} ORDER BY x DESC LIMIT 1",
        "NaN",
    )?;
    expect(session, path, "SELECT max(x), min(x) FROM {}", "NaN,1.0")?;
    let question = "SELECT count(*) FROM {} WHERE x <> 1";
    still_wrong(session, path, question, "1", "apache/datafusion 15812")
}

fn nan_in_pages_is_not_left_out(session: &Session) -> Result<(), Failed> {
    let rows = doubles(&[1.0, 2.0, f64::NAN, 3.0, 4.0, 20.0]);
    let file = TestFile::with(&[rows], |properties| {
        properties
            .set_statistics_enabled(EnabledStatistics::Page)
            .set_write_batch_size(2)
            .set_data_page_row_count_limit(2)
    })?;
    expect(
        session,
        &file.path,
        "SELECT count(*) FROM {} WHERE x > 10",
        "2",
    )
}

fn nan_of_singles_is_not_left_out(session: &Session) -> Result<(), Failed> {
    let rows: ArrayRef = Arc::new(Float32Array::from(vec![1.0, f32::NAN]));
    let file = TestFile::new(&[rows])?;
    expect(session, &file.path, "SELECT x FROM {}", "1.0 NaN")
}

/// A writer that says that it gives no bounds beside NaN is believed.
fn marked_floats_prune(_: &Session) -> Result<(), Failed> {
    let rows = [doubles(&[1.0, 2.0])];
    let mark = KeyValue::new(
        FLOAT_BOUNDS_KEY.to_string(),
        FLOAT_BOUNDS_WITHOUT_NAN.to_string(),
    );
    let marked = TestFile::with(&rows, |properties| {
        properties.set_key_value_metadata(Some(vec![mark]))
    })?;
    let footer = Arc::new(read_footer(&marked.path)?);
    if !Arc::ptr_eq(&sound_footer(Arc::clone(&footer))?, &footer) {
        return Err("a marked footer has lost something".into());
    }
    let footer = sound_footer(Arc::new(read_footer(&TestFile::new(&rows)?.path)?))?;
    let told = footer.row_group(0).column(0).statistics();
    if told.is_none_or(|told| told.min_bytes_opt().is_some() || told.null_count_opt() != Some(0)) {
        return Err("bounds without a mark were kept, or the number of NULLs lost".into());
    }
    Ok(())
}

/// Row groups 0 1 2, NULL 100 101, 200 201 202, the second of which tells bounds and no number of NULLs.
fn with_untold_nulls() -> Result<TestFile, Failed> {
    let groups = [
        vec![Some(0), Some(1), Some(2)],
        vec![None, Some(100), Some(101)],
        vec![Some(200), Some(201), Some(202)],
    ];
    let groups = groups.map(|group| Arc::new(Int32Array::from(group)) as ArrayRef);
    TestFile::new(&groups)?.with_chunks(|number, chunk| match number {
        1 => (chunk.into_builder())
            .set_statistics(Statistics::int32(Some(100), Some(101), None, None, false))
            .build(),
        _ => Ok(chunk),
    })
}

/// apache/datafusion 25239: a number of NULLs that is not told was taken for none.
fn untold_nulls_are_not_none(session: &Session) -> Result<(), Failed> {
    let file = with_untold_nulls()?;
    let path = &file.path;
    expect(
        session,
        path,
        "SELECT count(*) FROM {} WHERE x IS NULL",
        "1",
    )?;
    expect(session, path, "SELECT count(x), count(*) FROM {}", "8,9")?;
    expect(
        session,
        path,
        "SELECT x FROM {} ORDER BY x NULLS FIRST LIMIT 1",
        "NULL",
    )?;
    expect(
        session,
        path,
        "SELECT x FROM {} WHERE x > 150",
        "200 201 202",
    )?;
    let question = "SELECT count(*) FROM {} WHERE x IS NULL";
    still_wrong(session, path, question, "1", "apache/datafusion 25239")
}

/// apache/arrow-rs 6490: before 53.1 it wrote no number where there were no NULLs.
fn old_parquet_rs_told_no_zero(_: &Session) -> Result<(), Failed> {
    for (writer, is_kept) in [
        ("parquet-rs version 52.2.0", true),
        ("parquet-rs version 53.0.0", true),
        ("parquet-rs version 53.1.0", false),
        ("parquet-mr version 1.8.0", false),
    ] {
        let file = TestFile::with(&[integers(&[1, 2])], |properties| {
            properties.set_created_by(writer.to_string())
        })?;
        let file = file.with_chunks(|_, chunk| {
            let told = Statistics::int32(Some(1), Some(2), None, None, false);
            chunk.into_builder().set_statistics(told).build()
        })?;
        let footer = sound_footer(Arc::new(read_footer(&file.path)?))?;
        if footer.row_group(0).column(0).statistics().is_some() != is_kept {
            return Err(format!("{writer}: statistics kept is not {is_kept}").into());
        }
    }
    Ok(())
}

/// DataFusion took the bounds of the row groups that tell some for those of the file.
fn untold_row_groups_count(session: &Session) -> Result<(), Failed> {
    let file = TestFile::new(&[integers(&[5, 5]), integers(&[1, 9])])?;
    let file = file.with_chunks(|number, chunk| match number {
        1 => chunk.into_builder().clear_statistics().build(),
        _ => Ok(chunk),
    })?;
    let path = &file.path;
    expect(
        session,
        path,
        "SELECT min(x), max(x), count(x) FROM {}",
        "1,9,4",
    )?;
    expect(session, path, "SELECT x FROM {}", "5 5 1 9")?;
    expect(session, path, "SELECT x FROM {} WHERE x <> 5", "1 9")?;
    let question = "SELECT min(x) FROM {}";
    expect(session, path, question, "1")?;
    still_wrong(
        session,
        path,
        question,
        "1",
        "taking bounds of some row groups for those of a file",
    )
}

/// Columns confirm the row groups; what the file says besides is not read.
fn wrong_rows_of_the_file(session: &Session) -> Result<(), Failed> {
    let file = TestFile::new(&[integers(&[1, 2]), integers(&[3])])?.with_rows(99)?;
    expect(
        session,
        &file.path,
        "SELECT count(*), sum(x) FROM {}",
        "3,6",
    )
}

fn wrong_rows_of_a_row_group(session: &Session) -> Result<(), Failed> {
    let file = TestFile::new(&[integers(&[1, 2])])?
        .with_groups(|_, group| group.into_builder().set_num_rows(5).build())?;
    let message = format!(
        "{}: the footer contradicts itself: row group 0 has 5 rows, its column 'x' 2 values; write the file anew",
        file.path.display()
    );
    expect(session, &file.path, "SELECT count(*) FROM {}", &message)
}

/// More NULLs than values, or bounds although all values are NULL.
fn impossible_nulls(session: &Session) -> Result<(), Failed> {
    for nulls in [2, 7] {
        let file = TestFile::new(&[integers(&[1, 2])])?;
        let file = file.with_chunks(|_, chunk| {
            let told = Statistics::int32(Some(1), Some(2), None, Some(nulls), false);
            chunk.into_builder().set_statistics(told).build()
        })?;
        expect(
            session,
            &file.path,
            "SELECT count(x), max(x) FROM {}",
            "2,2",
        )?;
        expect(session, &file.path, "SELECT x FROM {} WHERE x > 1", "2")?;
    }
    Ok(())
}

/// The fields `min` and `max` were compared as signed numbers and signed bytes.
fn deprecated_bounds(session: &Session) -> Result<(), Failed> {
    let rows: ArrayRef = Arc::new(UInt32Array::from(vec![1, 4_000_000_000]));
    let file = TestFile::new(&[rows])?.with_chunks(|_, chunk| {
        let (least, greatest) = (4_000_000_000_u32 as i32, 1);
        let told = Statistics::int32(Some(least), Some(greatest), None, Some(0), true);
        chunk.into_builder().set_statistics(told).build()
    })?;
    expect(
        session,
        &file.path,
        "SELECT x FROM {} WHERE x > 5",
        "4000000000",
    )?;
    expect(
        session,
        &file.path,
        "SELECT min(x), max(x) FROM {}",
        "1,4000000000",
    )?;
    let rows: ArrayRef = Arc::new(StringArray::from(vec!["a", "é"]));
    let file = TestFile::new(&[rows])?.with_chunks(|_, chunk| {
        let bound = |text: &str| Some(ByteArray::from(text));
        let told = ValueStatistics::new(bound("é"), bound("a"), None, Some(0), true);
        let told = Statistics::ByteArray(told);
        chunk.into_builder().set_statistics(told).build()
    })?;
    expect(session, &file.path, "SELECT x FROM {} WHERE x > 'b'", "é")?;
    // Those of signed numbers had the same order.
    let file = TestFile::new(&[integers(&[-1, 1])])?.with_chunks(|_, chunk| {
        let told = Statistics::int32(Some(-1), Some(1), None, Some(0), true);
        chunk.into_builder().set_statistics(told).build()
    })?;
    let footer = sound_footer(Arc::new(read_footer(&file.path)?))?;
    let told = footer.row_group(0).column(0).statistics();
    if told.and_then(Statistics::min_bytes_opt).is_none() {
        return Err("sound bounds were lost".into());
    }
    Ok(())
}

fn bounds_that_contradict(session: &Session) -> Result<(), Failed> {
    let file = TestFile::new(&[integers(&[1, 8])])?.with_chunks(|_, chunk| {
        let told = Statistics::int32(Some(8), Some(1), None, Some(0), false);
        chunk.into_builder().set_statistics(told).build()
    })?;
    expect(session, &file.path, "SELECT min(x), max(x) FROM {}", "1,8")?;
    expect(session, &file.path, "SELECT x FROM {} WHERE x > 5", "8")
}

/// Texts longer than 64 bytes have bounds that are no values.
fn cut_bounds(session: &Session) -> Result<(), Failed> {
    let long = "z".repeat(70);
    let texts = [format!("{long}a"), format!("{long}b")];
    let rows: ArrayRef = Arc::new(StringArray::from(texts.to_vec()));
    let file = TestFile::new(&[rows])?;
    let expected = texts.join(",");
    expect(
        session,
        &file.path,
        "SELECT min(x), max(x) FROM {}",
        &expected,
    )?;
    let question = format!("SELECT count(*) FROM {{}} WHERE x = '{}'", texts[1]);
    expect(session, &file.path, &question, "1")
}

/// DataFusion takes the order within the first row group for that of the file.
fn sorted_row_groups_are_no_sorted_file(session: &Session) -> Result<(), Failed> {
    let order = SortingColumn {
        column_idx: 0,
        descending: false,
        nulls_first: false,
    };
    let groups: [ArrayRef; 2] = [
        Arc::new(Int64Array::from(vec![3, 4])),
        Arc::new(Int64Array::from(vec![1, 2])),
    ];
    let file = TestFile::with(&groups, |properties| {
        properties.set_sorting_columns(Some(vec![order]))
    })?;
    let question = "SELECT x FROM {} ORDER BY x";
    expect(session, &file.path, question, "1 2 3 4")?;
    expect(
        session,
        &file.path,
        "SELECT x FROM {} ORDER BY x LIMIT 1",
        "1",
    )?;
    still_wrong(
        session,
        &file.path,
        question,
        "1 2 3 4",
        "the order of row groups as that of a file",
    )
}

/// Zeros of either sign are equal, and lie at different places of a Bloom filter.
fn bloom_filters_of_zero(session: &Session) -> Result<(), Failed> {
    let file = TestFile::with(
        &[doubles(&[-0.0, 5.0]), doubles(&[0.0, 7.0])],
        |properties| properties.set_bloom_filter_enabled(true),
    )?;
    for zero in ["0.0", "-0.0"] {
        let question = format!("SELECT count(*) FROM {{}} WHERE x = {zero}");
        expect(session, &file.path, &question, "2")?;
    }
    Ok(())
}

/// A zero as a bound stands for both zeros, and a constant would have one of them.
fn zeros_are_not_constant(session: &Session) -> Result<(), Failed> {
    let file = TestFile::new(&[doubles(&[-0.0, 0.0])])?;
    expect(session, &file.path, "SELECT x FROM {}", "-0.0 0.0")
}

/// apache/datafusion 16965: on one thread a group was given out twice. `tests/slt/sql/scan/grouping_sets.slt` has more.
fn grouping_sets_give_each_group_once(session: &Session) -> Result<(), Failed> {
    let sql = "SELECT count(*) FROM (SELECT id FROM (SELECT 'id' AS id UNION ALL SELECT 'id' AS id ORDER BY id) \
               GROUP BY GROUPING SETS ((id), ()))";
    let config = SessionConfig::new().with_target_partitions(1);
    let answer = session.runtime.block_on(async {
        let context = SessionContext::new_with_config(config);
        context.sql(sql).await?.collect().await
    });
    if text(&answer?)? == "2" {
        return Err(
            "apache/datafusion 16965 is mended: grouping_sets.rs of kouan-scan can go".into(),
        );
    }
    let engine = session.engine()?;
    let rows = session.runtime.block_on(async {
        session::run(&engine, "SET datafusion.execution.target_partitions = 1").await?;
        session::run(&engine, sql).await
    });
    match text(&rows?.batches)?.as_str() {
        "2" => Ok(()),
        other => Err(format!("{other} groups, not 2").into()),
    }
}

/// DataFusion shows the first of them only.
fn columns_of_one_name(session: &Session) -> Result<(), Failed> {
    let folder = tempfile::TempDir::new()?;
    let path = folder.path().join("twice.parquet");
    let fields = ["x", "x"].map(|name| Field::new(name, DataType::Int32, true));
    let schema = Arc::new(Schema::new(fields.to_vec()));
    let columns = vec![integers(&[10]), integers(&[20])];
    let mut writer = ArrowWriter::try_new(File::create(&path)?, Arc::clone(&schema), None)?;
    writer.write(&RecordBatch::try_new(schema, columns)?)?;
    writer.close()?;
    let message = format!(
        "{}: two columns are named 'x'; write the file with different names",
        path.display()
    );
    expect(session, &path, "SELECT * FROM {}", &message)
}

/// What is written leads no other reader astray.
fn copied_floats_have_no_bounds(session: &Session) -> Result<(), Failed> {
    let folder = tempfile::TempDir::new()?;
    let path = folder.path().join("copy.parquet");
    let engine = session.engine()?;
    let copy = format!(
        "COPY (SELECT * FROM (VALUES (1.0, 1), ('NaN'::double, 2), (1.0, 3)) AS t(x, y)) TO '{}'",
        path.display()
    );
    session.runtime.block_on(session::run(&engine, &copy))?;
    let footer = read_footer(&path)?;
    let bounds = |column: usize| {
        let told = footer.row_group(0).column(column).statistics();
        told.and_then(Statistics::min_bytes_opt).is_some()
    };
    if bounds(0) || !bounds(1) {
        return Err("floats have bounds, or integers have none".into());
    }
    expect(session, &path, "SELECT x, y FROM {}", "1.0,1 NaN,2 1.0,3")
}
