//! `t TABLESAMPLE (10 PERCENT)`: a subquery of rows taken by chance.
//!
//! apache/datafusion 24754: the planner passes over the clause and reads all rows.

use sqlparser::ast::{
    Expr, Ident, ObjectName, ObjectNamePart, Query, SetExpr, Spanned, TableAlias, TableFactor,
    TableSample, TableSampleKind, TableSampleQuantity, TableSampleUnit, Value,
};
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Span;

use super::Context;
use crate::kouan::Kouan;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "TABLESAMPLE",
    example: "SELECT x FROM (VALUES (1), (2), (3)) t(x) TABLESAMPLE RESERVOIR (2 ROWS)",
    outcome: Outcome::Runs,
    factor: Some(rewrite),
    ..Syntax::NONE
};

fn rewrite(factor: &mut TableFactor, _context: &Context<'_>) -> Result<(), Refusal> {
    let span = factor.span();
    let (sample, name) = match factor {
        TableFactor::Table {
            sample,
            alias,
            name,
            ..
        } => (sample, alias.clone().or_else(|| called(name))),
        TableFactor::Derived { sample, alias, .. } => (sample, alias.clone()),
        _ => return Ok(()),
    };
    let sample = match sample.take() {
        None => return Ok(()),
        Some(
            TableSampleKind::BeforeTableAlias(sample) | TableSampleKind::AfterTableAlias(sample),
        ) => sample,
    };
    let mut subquery = rows_of(&sample, span)?;
    innermost(&mut subquery, &mut |table| *table = factor.clone());
    *factor = TableFactor::Derived {
        lateral: false,
        subquery: Box::new(subquery),
        alias: name.map(|name| TableAlias {
            columns: Vec::new(),
            ..name
        }),
        sample: None,
    };
    Ok(())
}

/// Completes the table of the innermost SELECT.
fn innermost(query: &mut Query, complete: &mut dyn FnMut(&mut TableFactor)) {
    if let SetExpr::Select(select) = query.body.as_mut() {
        for from in &mut select.from {
            match &mut from.relation {
                TableFactor::Derived { subquery, .. } => innermost(subquery, complete),
                table => complete(table),
            }
        }
    }
}

/// The name by which the rest of the statement calls a table without an alias.
fn called(name: &ObjectName) -> Option<TableAlias> {
    let last = name.0.last().and_then(ObjectNamePart::as_ident)?;
    let mut name = last.clone();
    if name.quote_style == Some('\'') {
        name = Ident::with_quote_and_span('"', last.span, &last.value);
    }
    Some(TableAlias {
        explicit: true,
        name,
        columns: Vec::new(),
        at: None,
    })
}

/// The column by which rows are drawn. A sort by `random()` itself fails when no column is read
/// (`must either specify a row count or at least one column`).
const CHANCE: &str = "\"chance to be in the sample\"";

/// A query of the sample's rows, of a table yet to be put in.
fn rows_of(sample: &TableSample, span: Span) -> Result<Query, Refusal> {
    let TableSample {
        modifier: _,
        name: None,
        quantity:
            Some(TableSampleQuantity {
                parenthesized: _,
                value: Expr::Value(value),
                unit: Some(unit),
            }),
        seed: None,
        bucket: None,
        offset: None,
    } = sample
    else {
        return Err(unknown(span));
    };
    let Value::Number(number, _) = &value.value else {
        return Err(unknown(value.span));
    };
    let text = match unit {
        TableSampleUnit::Rows if number.parse::<u64>().is_ok() => {
            format!(
                "SELECT * EXCLUDE ({CHANCE}) FROM (SELECT *, random() AS {CHANCE} FROM t) AS t \
                 ORDER BY {CHANCE} LIMIT {number}"
            )
        }
        TableSampleUnit::Percent => match number.parse::<f64>() {
            Ok(percent) if (0.0..=100.0).contains(&percent) => {
                format!("SELECT * FROM t WHERE random() < {:?}", percent / 100.0)
            }
            _ => {
                let message = "a sample is between 0 and 100 percent of the rows";
                return Err(Refusal::new(message, value.span));
            }
        },
        TableSampleUnit::Rows => return Err(unknown(value.span)),
    };
    let query = Parser::new(&Kouan)
        .try_with_sql(&text)
        .and_then(|mut parser| parser.parse_query());
    query.map(|query| *query).map_err(|_| unknown(span))
}

fn unknown(span: Span) -> Refusal {
    Refusal::new("a sample is a number of rows or a share of them", span)
        .hint("such as TABLESAMPLE BERNOULLI (10 PERCENT), or USING SAMPLE 100 ROWS")
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn a_sample_is_a_subquery_of_the_tables_name() {
        assert_eq!(
            text("SELECT t.x FROM s.t TABLESAMPLE BERNOULLI(10) WHERE x > 1"),
            "SELECT t.x FROM (SELECT * FROM s.t WHERE random() < 0.1) AS t WHERE x > 1"
        );
        assert_eq!(
            text("FROM f(3) AS u(v) USING SAMPLE 5"),
            "FROM (SELECT * EXCLUDE (\"chance to be in the sample\") FROM (\
             SELECT *, random() AS \"chance to be in the sample\" FROM f(3) AS u (v)) AS t \
             ORDER BY \"chance to be in the sample\" LIMIT 5) AS u"
        );
    }

    #[test]
    fn sizes_that_are_none_are_refused() {
        assert_eq!(refused("FROM t TABLESAMPLE 101%").1, "TABLESAMPLE 101%");
        assert_eq!(
            refused("FROM t TABLESAMPLE (1.5 ROWS)").1,
            "TABLESAMPLE (1.5 ROWS)"
        );
    }
}
