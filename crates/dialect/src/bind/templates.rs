//! Queries of our own, parsed from text and completed with parts of the statement.

use sqlparser::ast::{Query, Select, SetExpr, Values};
use sqlparser::parser::Parser;

use crate::kouan::Kouan;

/// The body of a query that is known to parse.
pub(super) fn body(text: &str) -> SetExpr {
    let parsed = Parser::new(&Kouan)
        .try_with_sql(text)
        .and_then(|mut parser| parser.parse_query());
    debug_assert!(parsed.is_ok(), "{text}");
    parsed.map_or_else(|_| nothing(), |query| *query.body)
}

/// The SELECTs of a body, from left to right.
pub(super) fn selects(body: &mut SetExpr) -> Vec<&mut Select> {
    match body {
        SetExpr::Select(select) => vec![select],
        SetExpr::SetOperation { left, right, .. } => {
            let mut all = selects(left);
            all.extend(selects(right));
            all
        }
        _ => Vec::new(),
    }
}

/// A query without clauses around its body.
pub(super) fn query(body: SetExpr) -> Query {
    Query {
        with: None,
        body: Box::new(body),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: Vec::new(),
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: Vec::new(),
    }
}

/// What stands in a place whose content was taken.
pub(super) fn nothing() -> SetExpr {
    SetExpr::Values(Values {
        explicit_row: false,
        value_keyword: false,
        rows: Vec::new(),
    })
}
