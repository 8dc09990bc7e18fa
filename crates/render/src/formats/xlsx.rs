//! `xlsx`: a workbook of one sheet, for Excel and LibreOffice.
//!
//! Cells are numbers, dates and truth values where Excel keeps them exactly, else text as in `csv`: Excel holds 15
//! digits, milliseconds, no date before 1900, no time zone and no NaN. Rows wait in a temporary file, since a
//! workbook is a zip archive that ends with its table of contents.

use std::io::Write;

use arrow::array::RecordBatch;
use arrow::datatypes::{DataType, Schema};
use kouan_words::width;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::cell::Cells;
use crate::object::nested_as_text;
use crate::types::decoded;
use crate::{RenderError, Renderer, Result, Settings, Summary};

/// Rows of a sheet, the header included.
const MOST_ROWS: u64 = 1_048_576;
/// Digits that Excel keeps of a number.
const DIGITS: usize = 15;
/// Columns are as wide as their widest value, within these numbers of characters.
const WIDTHS: (usize, usize) = (8, 60);

pub(crate) fn renderer(_: &Settings) -> Box<dyn Renderer> {
    Box::new(Xlsx::default())
}

#[derive(Default)]
struct Xlsx {
    workbook: Workbook,
    columns: Vec<Column>,
    summary: Summary,
}

struct Column {
    kind: Kind,
    format: Format,
    width: usize,
}

/// What the cells of a column are in a sheet.
enum Kind {
    Boolean,
    /// Integers and decimals, exact up to Excel's digits.
    Exact,
    Float,
    Moment,
    Text,
}

impl Renderer for Xlsx {
    fn begin(&mut self, schema: &Schema, _: &mut dyn Write) -> Result<()> {
        self.summary = Summary::new(schema);
        self.workbook = Workbook::new();
        let properties = DocProperties::new();
        // The same answer gives the same bytes; 1980 is where the calendar of zip archives begins.
        let epoch = ExcelDateTime::from_ymd(1980, 1, 1).map_err(RenderError::file)?;
        self.workbook
            .set_properties(&properties.set_creation_datetime(&epoch));
        let sheet = self.workbook.add_worksheet_with_constant_memory();
        let sheet = sheet.map_err(RenderError::file)?;
        let bold = Format::new().set_bold();
        sheet.set_freeze_panes(1, 0).map_err(RenderError::file)?;
        self.columns = schema
            .fields()
            .iter()
            .map(|field| Column::new(field.data_type()))
            .collect();
        for (place, (field, column)) in (0..).zip(schema.fields().iter().zip(&mut self.columns)) {
            column.widen(field.name());
            let written = sheet.write_string_with_format(0, place, field.name(), &bold);
            written.map_err(RenderError::file)?;
        }
        Ok(())
    }

    fn batch(&mut self, batch: &RecordBatch, _: &mut dyn Write) -> Result<()> {
        let first_row = self.summary.count(batch)?;
        if self.summary.rows >= MOST_ROWS {
            return Err(RenderError::File(format!(
                "a sheet holds {} rows under its header; write csv or parquet, or ask for fewer rows",
                MOST_ROWS - 1
            )));
        }
        let sheet = self
            .workbook
            .worksheet_from_index(0)
            .map_err(RenderError::file)?;
        let batch = nested_as_text(batch)?;
        let cells = Cells::new(&batch, first_row)?;
        let mut text = String::new();
        for (row, place) in (0..batch.num_rows()).zip(first_row as u32..) {
            for (index, column) in self.columns.iter_mut().enumerate() {
                if cells.is_null(row, index) {
                    continue;
                }
                text.clear();
                cells.write(row, index, &mut text)?;
                column.widen(&text);
                let written = column.write(sheet, place, index as u16, &text);
                written.map_err(|error| {
                    let name = batch.schema_ref().field(index).name();
                    RenderError::File(format!(
                        "column \"{name}\", row {place} of the result: {error}"
                    ))
                })?;
            }
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut dyn Write) -> Result<Summary> {
        let mut workbook = std::mem::take(&mut self.workbook);
        let sheet = workbook
            .worksheet_from_index(0)
            .map_err(RenderError::file)?;
        for (place, column) in (0..).zip(&self.columns) {
            let width = column.width.clamp(WIDTHS.0, WIDTHS.1) as f64;
            sheet
                .set_column_width(place, width)
                .map_err(RenderError::file)?;
        }
        out.write_all(&workbook.save_to_buffer().map_err(RenderError::file)?)?;
        out.flush()?;
        Ok(std::mem::take(&mut self.summary))
    }

    fn needs_all_rows(&self) -> bool {
        true
    }
}

impl Column {
    fn new(data_type: &DataType) -> Self {
        let data_type = decoded(data_type);
        let (kind, format) = match data_type {
            DataType::Boolean => (Kind::Boolean, None),
            DataType::Decimal32(_, scale)
            | DataType::Decimal64(_, scale)
            | DataType::Decimal128(_, scale)
            | DataType::Decimal256(_, scale)
                if *scale > 0 =>
            {
                (
                    Kind::Exact,
                    Some(format!("0.{}", "0".repeat(*scale as usize))),
                )
            }
            kind if kind.is_floating() => (Kind::Float, None),
            kind if kind.is_numeric() => (Kind::Exact, None),
            DataType::Date32 | DataType::Date64 => (Kind::Moment, Some("yyyy-mm-dd".to_string())),
            DataType::Time32(_) | DataType::Time64(_) => {
                (Kind::Moment, Some("hh:mm:ss".to_string()))
            }
            DataType::Timestamp(_, None) => (Kind::Moment, Some("yyyy-mm-dd hh:mm:ss".to_string())),
            _ => (Kind::Text, None),
        };
        let format = format.map(|format| Format::new().set_num_format(format));
        Self {
            kind,
            format: format.unwrap_or_default(),
            width: 0,
        }
    }

    fn widen(&mut self, text: &str) {
        if self.width < WIDTHS.1 {
            self.width = self.width.max(width(text) + 1);
        }
    }

    /// Writes a value as what it is, or as its text where Excel would not keep it.
    fn write(
        &self,
        sheet: &mut Worksheet,
        row: u32,
        column: u16,
        text: &str,
    ) -> Result<(), XlsxError> {
        let format = &self.format;
        match self.kind {
            Kind::Boolean => sheet.write_boolean(row, column, text == "true"),
            Kind::Exact | Kind::Float => match self.number(text) {
                Some(number) => sheet.write_number_with_format(row, column, number, format),
                None => sheet.write_string(row, column, text),
            },
            Kind::Moment => match moment(text) {
                Some(moment) => sheet.write_datetime_with_format(row, column, &moment, format),
                None => sheet.write_string(row, column, text),
            },
            Kind::Text => sheet.write_string(row, column, text),
        }
        .map(drop)
    }

    fn number(&self, text: &str) -> Option<f64> {
        let digits = text.trim_start_matches(['-', '0', '.']);
        let digits = digits.bytes().filter(u8::is_ascii_digit).count();
        if matches!(self.kind, Kind::Exact) && digits > DIGITS {
            return None;
        }
        text.parse().ok().filter(|number: &f64| number.is_finite())
    }
}

/// A date, time or timestamp, if Excel has it to its last digit.
fn moment(text: &str) -> Option<ExcelDateTime> {
    let fraction = text.rsplit_once('.').map_or("", |(_, fraction)| fraction);
    let is_short = fraction.trim_end_matches('0').len() <= 3;
    is_short
        .then(|| ExcelDateTime::parse_from_str(text).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::io::{Cursor, Read};
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, TimestampMillisecondArray};
    use zip::ZipArchive;

    use crate::testing::{batch, kinds, nothing, numbers, render_bytes, tricky_text};

    /// The cells of a sheet as its XML holds them, styles left out: `A2 n 95`, with `b` for truth values and
    /// `inlineStr` for text.
    fn cells(batch: &RecordBatch) -> Result<Vec<String>, Box<dyn Error>> {
        let bytes = render_bytes("xlsx", batch, 1_000)?;
        assert_eq!(bytes, render_bytes("xlsx", batch, 1)?, "however rows come");
        let mut sheet = String::new();
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        archive
            .by_name("xl/worksheets/sheet1.xml")?
            .read_to_string(&mut sheet)?;
        let cells = sheet.split("<c ").skip(1).map(|cell| {
            let (attributes, value) = cell.split_once('>').unwrap_or_default();
            let attribute = |name: &str| {
                let (_, rest) = attributes.split_once(name)?;
                rest.split('"').nth(1)
            };
            let value = value.split_once("</c>").map_or("", |(value, _)| value);
            let text: Vec<&str> = value
                .split('<')
                .filter_map(|part| part.split_once('>'))
                .map(|(_, text)| text)
                .collect();
            let kind = attribute("t=").unwrap_or("n");
            format!(
                "{} {kind} {}",
                attribute("r=").unwrap_or_default(),
                text.concat()
            )
        });
        Ok(cells.collect())
    }

    #[test]
    fn values_of_every_kind() -> Result<(), Box<dyn Error>> {
        let cells = cells(&kinds())?;
        assert_eq!(cells[0], "A1 inlineStr flag");
        // Excel counts 1992-03-17 as day 33,680.
        assert_eq!(
            cells[11..],
            [
                "A2 b 1",
                "B2 n -1",
                "C2 inlineStr 9223372036854775807",
                "D2 n 0.1",
                "E2 n 1234.5",
                "F2 n 33680",
                "G2 inlineStr 1992-03-17T08:30:00.000250",
                "H2 inlineStr 00ff",
                "I2 inlineStr 1950-1979",
                "J2 inlineStr [1,null]",
                r#"K2 inlineStr {"name":"喀什","km":1.5}"#,
                "D3 inlineStr NaN",
            ]
        );
        Ok(())
    }

    #[test]
    fn texts_are_kept() -> Result<(), Box<dyn Error>> {
        let texts: Vec<String> = cells(&tricky_text())?
            .into_iter()
            .filter(|cell| cell.starts_with('A'))
            .collect();
        assert_eq!(
            texts,
            [
                "A1 inlineStr text",
                "A2 inlineStr plain",
                "A5 inlineStr NULL",
                "A6 inlineStr a,b",
                "A7 inlineStr say \"hi\"",
                "A8 inlineStr two\nlines",
                "A9 inlineStr tab\there|pipe\\slash",
            ]
        );
        assert_eq!(
            cells(&nothing())?,
            ["A1 inlineStr port_id", "B1 inlineStr opened_year"]
        );
        Ok(())
    }

    #[test]
    fn what_excel_would_not_keep_is_text() -> Result<(), Box<dyn Error>> {
        // The Treaty of Kulja opened Ili and Tarbagatai on 1851-08-06, 43,247 days before 1970.
        let day: ArrayRef = Arc::new(Date32Array::from(vec![-43_247, 8_111]));
        let moment: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![500, 43_200_000]));
        let digits: ArrayRef = Arc::new(Int64Array::from(vec![
            999_999_999_999_999,
            -1_000_000_000_000_000,
        ]));
        let cells = cells(&batch([
            ("day", day),
            ("moment", moment),
            ("digits", digits),
        ]))?;
        // 1970-01-01 is Excel's day 25,569.
        assert_eq!(
            cells[3..],
            [
                "A2 inlineStr 1851-08-06",
                "B2 n 25569.00000578704",
                "C2 n 999999999999999",
                "A3 n 33680",
                "B3 n 25569.5",
                "C3 inlineStr -1000000000000000",
            ]
        );
        Ok(())
    }

    #[test]
    fn more_rows_than_a_sheet_holds_are_refused() {
        let written = render_bytes("xlsx", &numbers(1_048_576), 1_048_576);
        assert_eq!(
            written.map(drop).map_err(|error| error.to_string()),
            Err("cannot write the result: a sheet holds 1048575 rows under its header; write csv or parquet, or ask \
                 for fewer rows"
                .to_string())
        );
    }
}
