//! How values are stored: types that pages are decoded to, and encodings.

use arrow::datatypes::DataType;
use parquet::basic::{Encoding, PageType, Type as PhysicalType};
use parquet::file::metadata::ColumnChunkMetaData;

/// True when a file's type is the table's, texts in whatever layout.
pub(super) fn reads_as(own: &DataType, table: &DataType) -> bool {
    use DataType::{Binary, BinaryView, Dictionary, LargeBinary, LargeUtf8, Utf8, Utf8View};
    match (own, table) {
        (own, table) if own == table => true,
        (Dictionary(_, own), table) => reads_as(own, table),
        (own, Dictionary(_, table)) => reads_as(own, table),
        (Utf8 | LargeUtf8 | Utf8View, Utf8 | LargeUtf8 | Utf8View) => true,
        (Binary | LargeBinary | BinaryView, Binary | LargeBinary | BinaryView) => true,
        _ => false,
    }
}

/// True for the pairs of types that the pages are decoded to.
pub(super) fn is_decoded(physical: PhysicalType, data_type: &DataType) -> bool {
    use DataType::{
        Binary, BinaryView, Boolean, Date32, Decimal32, Decimal64, Decimal128, Dictionary,
        Duration, Float32, Float64, Int8, Int16, Int32, Int64, LargeBinary, LargeUtf8, Time32,
        Time64, Timestamp, UInt8, UInt16, UInt32, UInt64, Utf8, Utf8View,
    };
    match (physical, data_type) {
        (physical, Dictionary(_, value)) => is_decoded(physical, value),
        (PhysicalType::BOOLEAN, Boolean)
        | (
            PhysicalType::INT32,
            Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32 | Date32 | Time32(_),
        )
        | (PhysicalType::INT32, Decimal32(..) | Decimal128(..))
        | (PhysicalType::INT64, Int64 | UInt64 | Time64(_) | Timestamp(..) | Duration(_))
        | (PhysicalType::INT64, Decimal64(..) | Decimal128(..))
        | (PhysicalType::FLOAT, Float32)
        | (PhysicalType::DOUBLE, Float64)
        | (
            PhysicalType::BYTE_ARRAY,
            Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView,
        )
        | (PhysicalType::FIXED_LEN_BYTE_ARRAY, Decimal128(..)) => true,
        _ => false,
    }
}

/// True when every data page of a chunk holds codes, as its footer says.
pub(crate) fn is_all_codes(chunk: &ColumnChunkMetaData) -> bool {
    if chunk.column_type() == PhysicalType::BOOLEAN {
        return true;
    }
    let is_code = |encoding: Encoding| {
        matches!(
            encoding,
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY
        )
    };
    if chunk.dictionary_page_offset().is_none() {
        return false;
    }
    if let Some(mask) = chunk.page_encoding_stats_mask() {
        return mask.encodings().all(is_code);
    }
    if let Some(pages) = chunk.page_encoding_stats() {
        let is_data = |page: &PageType| *page != PageType::DICTIONARY_PAGE;
        return pages
            .iter()
            .filter(|page| is_data(&page.page_type))
            .all(|page| is_code(page.encoding));
    }
    // Without statistics of pages a plain encoding may be that of the dictionary or of data.
    chunk.encodings().any(is_code)
        && chunk
            .encodings()
            .all(|encoding| encoding != Encoding::PLAIN)
}
