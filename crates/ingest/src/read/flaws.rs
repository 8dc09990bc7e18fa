//! What is said of a row whose quotes are wrong.

use crate::csv::{Block, Flaw, Position, Row};
use crate::report::{Finding, excerpt};

/// What to say of a row whose quotes are wrong.
pub(crate) fn flaw_finding(block: &Block<'_>, row: &Row, flaw: Flaw) -> (Position, Finding) {
    let (offset, rule) = match flaw {
        Flaw::TextAfterQuote(offset) => (
            offset,
            "text after the closing quote; double a quote that is part of the value",
        ),
        Flaw::QuoteNeverClosed(offset) => (offset, "this quote is never closed"),
    };
    let value = excerpt(block.line_from(offset));
    (
        block.position_at(row, offset),
        Finding {
            field: None,
            value: Some(value),
            rule: rule.to_string(),
        },
    )
}
