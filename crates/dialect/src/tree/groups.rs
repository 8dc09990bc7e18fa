//! `GROUP BY ()`: one group of all rows.

use sqlparser::ast::{Expr, GroupByExpr, Select, Spanned};

use super::Context;
use super::misplaced::has_aggregate;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "GROUP BY ()",
    example: "SELECT count(*) FROM (VALUES (1), (2)) t(x) GROUP BY ()",
    outcome: Outcome::Runs,
    select: Some(rewrite),
    ..Syntax::NONE
};

fn rewrite(select: &mut Select, context: &Context<'_>) -> Result<(), Refusal> {
    let GroupByExpr::Expressions(keys, _) = &mut select.group_by else {
        return Ok(());
    };
    let is_empty = |key: &Expr| matches!(key, Expr::Tuple(values) if values.is_empty());
    if !keys.iter().any(is_empty) {
        return Ok(());
    }
    let span = select.projection.first().map(Spanned::span);
    // An aggregate makes one group by itself; beside other keys `()` adds nothing.
    if keys.len() > 1 || has_aggregate(&select.projection, context) {
        keys.retain(|key| !is_empty(key));
        return Ok(());
    }
    let message = "GROUP BY () without an aggregate is not known";
    Err(Refusal::new(
        message,
        span.unwrap_or_else(|| context.place(&["GROUP", "BY"])),
    )
    .hint("write SELECT DISTINCT, or an aggregate such as count(*)"))
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn no_key_is_one_group() {
        assert_eq!(
            text("SELECT count(*) FROM t GROUP BY ()"),
            "SELECT count(*) FROM t"
        );
        assert_eq!(
            text("SELECT a FROM t GROUP BY a, ()"),
            "SELECT a FROM t GROUP BY a"
        );
        assert_eq!(refused("SELECT 1 FROM t GROUP BY ()").1, "1");
    }
}
