//! `FETCH FIRST 3 ROWS ONLY`: the standard's spelling of `LIMIT 3`.

use sqlparser::ast::{Expr, Fetch, LimitClause, Query, Value};

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "FETCH FIRST",
    example: "SELECT x FROM (VALUES (1), (2)) t(x) ORDER BY x FETCH FIRST 1 ROW ONLY",
    outcome: Outcome::Runs,
    query: Some(rewrite),
    ..Syntax::NONE
};

fn rewrite(query: &mut Query, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(fetch) = query.fetch.take() else {
        return Ok(());
    };
    let Fetch {
        with_ties,
        percent,
        quantity,
    } = fetch;
    if with_ties {
        let message = "WITH TIES is not known";
        return Err(Refusal::new(message, context.place(&["WITH", "TIES"]))
            .hint("keep the rows of the first places: rank() OVER (ORDER BY …) <= 3"));
    }
    if percent {
        let message = "FETCH takes a number of rows, not a share of them";
        return Err(Refusal::new(message, context.place(&["PERCENT"])).hint(
            "number the rows by row_number() OVER (ORDER BY …), and compare with count(*) OVER ()",
        ));
    }
    let one = || Expr::value(Value::Number("1".to_string(), false));
    let fetched = Some(quantity.unwrap_or_else(one));
    match &mut query.limit_clause {
        None => {
            query.limit_clause = Some(LimitClause::LimitOffset {
                limit: fetched,
                offset: None,
                limit_by: Vec::new(),
            });
        }
        Some(LimitClause::LimitOffset {
            limit: limit @ None,
            ..
        }) => *limit = fetched,
        Some(_) => {
            let message = "the query has both LIMIT and FETCH";
            return Err(
                Refusal::new(message, context.place(&["FETCH"])).hint("leave one of them out")
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn fetch_is_a_limit() {
        assert_eq!(
            text("SELECT x FROM t OFFSET 2 ROWS FETCH NEXT 3 ROWS ONLY"),
            "SELECT x FROM t LIMIT 3 OFFSET 2 ROWS"
        );
        assert_eq!(text("FROM t FETCH FIRST ROW ONLY"), "FROM t LIMIT 1");
    }

    #[test]
    fn ties_and_shares_are_refused() {
        assert_eq!(
            refused("FROM t FETCH FIRST 3 ROWS WITH TIES").1,
            "WITH TIES"
        );
        assert_eq!(
            refused("FROM t FETCH FIRST 3 PERCENT ROWS ONLY").1,
            "PERCENT"
        );
        assert_eq!(refused("FROM t LIMIT 1 FETCH FIRST 3 ROWS ONLY").1, "FETCH");
    }
}
