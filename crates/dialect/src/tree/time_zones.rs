//! `t AT TIME ZONE 'Asia/Macau'`: a function, since the planner makes a cast of it.
//!
//! apache/datafusion 25165 (open): AT TIME ZONE must turn a time without a zone into one with it, and
//! the other way round; a cast does neither.

use sqlparser::ast::{Expr, Spanned, Value};

use super::{Context, call};
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "AT TIME ZONE",
    example: "SELECT TIMESTAMP '2024-07-01 12:00:00' AT TIME ZONE 'Asia/Macau'",
    outcome: Outcome::Runs,
    expr: Some(rewrite),
    ..Syntax::NONE
};

/// The function, which the session registers.
const FUNCTION: &str = "at_time_zone";

fn rewrite(expr: &mut Expr, context: &Context<'_>) -> Result<(), Refusal> {
    let span = expr.span();
    let Expr::AtTimeZone {
        timestamp,
        time_zone,
    } = expr
    else {
        return Ok(());
    };
    if context.functions.kind(FUNCTION).is_none() {
        return Ok(());
    }
    let take = |part: &mut Expr| std::mem::replace(part, Expr::value(Value::Null));
    *expr = call(FUNCTION, [take(timestamp), take(time_zone)], span);
    Ok(())
}
