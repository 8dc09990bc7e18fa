//! Named windows: `WINDOW w AS (…)` is written out wherever `OVER w` or `OVER (w …)` stands.
//!
//! The planner reads names in the SELECT list only, takes `OVER w` elsewhere for no OVER at all, and passes over the
//! name in `OVER (w ORDER BY …)`. An interval in a frame, such as `INTERVAL 5 DAY`, it reads in quotes only.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, Ident, NamedWindowExpr, OrderByKind, Query, Select, SetExpr, Value, VisitMut,
    WindowFrameBound, WindowSpec, WindowType, visit_expressions_mut,
};

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "named windows, and intervals without quotes in frames",
    example: "SELECT rank() OVER (w ORDER BY x) FROM (VALUES (1), (2)) t(x) WINDOW w AS (PARTITION BY x)",
    outcome: Outcome::Runs,
    // A name is known in its own SELECT only, so those inside come first.
    select_after: Some(in_select),
    query_after: Some(in_order),
    expr: Some(intervals),
    ..Syntax::NONE
};

fn in_select(select: &mut Select, _context: &Context<'_>) -> Result<(), Refusal> {
    let mut known: Vec<(Ident, WindowSpec)> = Vec::new();
    for definition in &select.named_window {
        let name = &definition.0;
        if known.iter().any(|(other, _)| is_same(other, name)) {
            let message = format!("two windows are called `{}`", name.value);
            return Err(Refusal::new(message, name.span));
        }
        let spec = match &definition.1 {
            NamedWindowExpr::NamedWindow(other) => find(&known, other)?.clone(),
            NamedWindowExpr::WindowSpec(spec) => completed(spec, &known)?,
        };
        known.push((name.clone(), spec));
    }
    let windows = std::mem::take(&mut select.named_window);
    let done = write_out(select, &known);
    select.named_window = windows;
    done
}

/// ORDER BY belongs to the query around the SELECT, and may use its windows.
fn in_order(query: &mut Query, context: &Context<'_>) -> Result<(), Refusal> {
    let mut known = Vec::new();
    if let SetExpr::Select(select) = query.body.as_mut() {
        in_select(select, context)?;
        for definition in std::mem::take(&mut select.named_window) {
            let spec = match definition.1 {
                NamedWindowExpr::NamedWindow(other) => find(&known, &other)?.clone(),
                NamedWindowExpr::WindowSpec(spec) => completed(&spec, &known)?,
            };
            known.push((definition.0, spec));
        }
    }
    match query.order_by.as_mut().map(|order| &mut order.kind) {
        Some(OrderByKind::Expressions(keys)) => write_out(keys, &known),
        _ => Ok(()),
    }
}

fn write_out<N: VisitMut>(node: &mut N, known: &[(Ident, WindowSpec)]) -> Result<(), Refusal> {
    let written = visit_expressions_mut(node, |expr| {
        let Expr::Function(Function {
            over: Some(over), ..
        }) = expr
        else {
            return ControlFlow::Continue(());
        };
        let spec = match over {
            WindowType::NamedWindow(name) => find(known, name).cloned(),
            WindowType::WindowSpec(spec) if spec.window_name.is_some() => completed(spec, known),
            WindowType::WindowSpec(_) => return ControlFlow::Continue(()),
        };
        match spec {
            Ok(spec) => {
                *over = WindowType::WindowSpec(spec);
                ControlFlow::Continue(())
            }
            Err(refusal) => ControlFlow::Break(refusal),
        }
    });
    match written {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(refusal) => Err(refusal),
    }
}

/// A window with the parts of the one that it names: `(w ORDER BY x)`.
fn completed(spec: &WindowSpec, known: &[(Ident, WindowSpec)]) -> Result<WindowSpec, Refusal> {
    let Some(name) = &spec.window_name else {
        return Ok(spec.clone());
    };
    let base = find(known, name)?;
    let refuse = |what: &str| {
        let message = format!("{what} of the window `{}` cannot be changed", name.value);
        Err(Refusal::new(message, name.span).hint("write the whole window in the parentheses"))
    };
    if !spec.partition_by.is_empty() {
        return refuse("PARTITION BY");
    }
    if !spec.order_by.is_empty() && !base.order_by.is_empty() {
        return refuse("ORDER BY");
    }
    if base.window_frame.is_some() {
        return refuse("the frame");
    }
    let order_by = match spec.order_by.is_empty() {
        true => base.order_by.clone(),
        false => spec.order_by.clone(),
    };
    Ok(WindowSpec {
        window_name: None,
        partition_by: base.partition_by.clone(),
        order_by,
        window_frame: spec.window_frame.clone(),
    })
}

fn find<'a>(known: &'a [(Ident, WindowSpec)], name: &Ident) -> Result<&'a WindowSpec, Refusal> {
    let found = known.iter().find(|(other, _)| is_same(other, name));
    found.map(|(_, spec)| spec).ok_or_else(|| {
        let message = format!("no window is called `{}`", name.value);
        Refusal::new(message, name.span)
            .hint("define it: WINDOW name AS (PARTITION BY … ORDER BY …)")
    })
}

fn is_same(left: &Ident, right: &Ident) -> bool {
    left.value.to_lowercase() == right.value.to_lowercase()
}

fn intervals(expr: &mut Expr, _context: &Context<'_>) -> Result<(), Refusal> {
    let Expr::Function(Function {
        over: Some(WindowType::WindowSpec(spec)),
        ..
    }) = expr
    else {
        return Ok(());
    };
    let Some(frame) = &mut spec.window_frame else {
        return Ok(());
    };
    for bound in [Some(&mut frame.start_bound), frame.end_bound.as_mut()]
        .into_iter()
        .flatten()
    {
        if let WindowFrameBound::Preceding(Some(by)) | WindowFrameBound::Following(Some(by)) = bound
            && let Expr::Interval(interval) = by.as_mut()
            && let Expr::Value(value) = interval.value.as_mut()
            && let Value::Number(number, _) = &value.value
        {
            value.value = Value::SingleQuotedString(number.clone());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn names_are_written_out_everywhere() {
        assert_eq!(
            text(
                "SELECT sum(x) OVER w, rank() OVER (W ORDER BY y) FROM t \
                 WINDOW w AS (PARTITION BY x), v AS (w ORDER BY z) \
                 QUALIFY rank() OVER v = 1 ORDER BY max(x) OVER w"
            ),
            "SELECT sum(x) OVER (PARTITION BY x), rank() OVER (PARTITION BY x ORDER BY y) FROM t \
             QUALIFY rank() OVER (PARTITION BY x ORDER BY z) = 1 ORDER BY max(x) OVER (PARTITION BY x)"
        );
    }

    #[test]
    fn a_subquery_has_its_own_names() {
        assert_eq!(
            text(
                "SELECT (SELECT max(x) OVER w FROM u WINDOW w AS (ORDER BY a)), sum(x) OVER w FROM t \
                 WINDOW w AS (ORDER BY b)"
            ),
            "SELECT (SELECT max(x) OVER (ORDER BY a) FROM u), sum(x) OVER (ORDER BY b) FROM t"
        );
    }

    #[test]
    fn names_that_mean_nothing_are_refused() {
        for (sql, pointed) in [
            ("SELECT sum(x) OVER v FROM t WINDOW w AS ()", "v"),
            ("SELECT sum(x) OVER (v) FROM t", "v"),
            ("SELECT 1 FROM t WINDOW w AS (), w AS ()", "w"),
            (
                "SELECT sum(x) OVER (w ORDER BY a) FROM t WINDOW w AS (ORDER BY b)",
                "w",
            ),
        ] {
            assert_eq!(refused(sql).1, pointed, "{sql}");
        }
    }

    #[test]
    fn frames_take_intervals_of_numbers() {
        assert_eq!(
            text(
                "SELECT sum(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL 5 DAY PRECEDING AND CURRENT ROW) FROM t"
            ),
            "SELECT sum(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL '5' DAY PRECEDING AND CURRENT ROW) FROM t"
        );
    }
}
