//! The optimizer rule that turns comparisons of stages with constants into ranges on the argument.
//!
//! `port_stage(opened) = '1950-1979'` becomes `opened >= 1950 AND opened < 1980`, which statistics of files
//! and row groups can refuse without reading them. DataFusion's own hook for this, `ScalarUDFImpl::preimage`,
//! is not told the operator and has no open ends: it would rewrite `<` between labels, which compare as
//! text, and could not say that the last stage of a date has no end.

use std::cmp::Ordering;
use std::ops::Range;

use datafusion_common::tree_node::{Transformed, TreeNode};
use datafusion_common::{DFSchema, Result, ScalarValue};
use datafusion_expr::expr::{InList, ScalarFunction};
use datafusion_expr::utils::{disjunction, merge_schema};
use datafusion_expr::{BinaryExpr, Expr, ExprSchemable, LogicalPlan, Operator, lit};
use datafusion_optimizer::optimizer::ApplyOrder;
use datafusion_optimizer::utils::NamePreserver;
use datafusion_optimizer::{OptimizerConfig, OptimizerRule};

use super::definition::Calendar;
use super::moment::boundary_literals;
use super::port_stage::PortStage;
use super::port_stage_no::PortStageNo;
use crate::scalar;

/// Rewrites comparisons of `port_stage` and `port_stage_no` with constants as ranges on their argument.
///
/// Labels: `=`, `<>`, `IS [NOT] DISTINCT FROM`, `[NOT] IN`. Numbers: these and `<`, `<=`, `>`, `>=`.
/// NULL rows keep their answer. A year that the function would refuse is compared like any other.
#[derive(Debug, Default, Clone, Copy)]
pub struct StageRanges;

impl OptimizerRule for StageRanges {
    fn name(&self) -> &str {
        "stage_ranges"
    }

    fn apply_order(&self) -> Option<ApplyOrder> {
        Some(ApplyOrder::BottomUp)
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        let schema = schema_below(&plan)?;
        let names = NamePreserver::new(&plan);
        plan.map_expressions(|expr| {
            let name = names.save(&expr);
            let rewritten = expr.transform_up(|expr| rewrite(expr, &schema))?;
            Ok(rewritten.update_data(|expr| name.restore(expr)))
        })
    }
}

/// The columns the expressions of `plan` speak of: those of its inputs, or of the whole table in a scan.
fn schema_below(plan: &LogicalPlan) -> Result<DFSchema> {
    match plan {
        LogicalPlan::TableScan(scan) => {
            DFSchema::try_from_qualified_schema(scan.table_name.clone(), &scan.source.schema())
        }
        other => Ok(merge_schema(&other.inputs())),
    }
}

fn rewrite(expr: Expr, schema: &DFSchema) -> Result<Transformed<Expr>> {
    let replacement = match &expr {
        Expr::BinaryExpr(comparison) => compared(comparison, schema)?,
        Expr::InList(membership) => listed(membership, schema)?,
        _ => None,
    };
    Ok(replacement.map_or_else(|| Transformed::no(expr), Transformed::yes))
}

/// `stage OP constant`, either way round.
fn compared(comparison: &BinaryExpr, schema: &DFSchema) -> Result<Option<Expr>> {
    let BinaryExpr { left, op, right } = comparison;
    let swapped = op.swap().map(|op| (right, op, left));
    for (call, op, constant) in [Some((left, *op, right)), swapped].into_iter().flatten() {
        let Some(constant) = constant.as_literal().filter(|value| !value.is_null()) else {
            continue;
        };
        let Some(stages) = Stages::of(call, schema)? else {
            continue;
        };
        return stages.compared(op, constant);
    }
    Ok(None)
}

/// `stage [NOT] IN (constants)`.
fn listed(membership: &InList, schema: &DFSchema) -> Result<Option<Expr>> {
    let constants: Option<Vec<&ScalarValue>> = membership
        .list
        .iter()
        .map(|item| item.as_literal().filter(|value| !value.is_null()))
        .collect();
    let (Some(constants), Some(stages)) = (constants, Stages::of(&membership.expr, schema)?) else {
        return Ok(None);
    };
    let Some(matches) = stages.matching_any(&constants)? else {
        return Ok(None);
    };
    let wanted: Vec<bool> = matches
        .into_iter()
        .map(|hit| hit != membership.negated)
        .collect();
    Ok(Some(stages.within(&wanted)))
}

/// A call of one of the two functions whose stages are known.
struct Stages<'a> {
    argument: &'a Expr,
    nullable: bool,
    /// Where stages begin, in the type of the argument.
    boundaries: Vec<ScalarValue>,
    /// What the function answers for each stage.
    answers: Vec<ScalarValue>,
    /// Whether answers compare in the order of time.
    ordered: bool,
}

impl<'a> Stages<'a> {
    fn of(call: &'a Expr, schema: &DFSchema) -> Result<Option<Self>> {
        let Expr::ScalarFunction(ScalarFunction { func, args }) = call else {
            return Ok(None);
        };
        let ordered = scalar::is::<PortStageNo>(func);
        if !ordered && !scalar::is::<PortStage>(func) {
            return Ok(None);
        }
        let Some((argument, given)) = args.split_first() else {
            return Ok(None);
        };
        let given: Vec<_> = given
            .iter()
            .map(|item| item.as_literal().cloned())
            .collect();
        let Some(calendar) = Calendar::from_constants(func.name(), &given)? else {
            return Ok(None);
        };
        if argument.is_volatile() {
            return Ok(None);
        }
        let data_type = argument.get_type(schema)?;
        let Some(boundaries) = boundary_literals(&calendar, &data_type)? else {
            return Ok(None);
        };
        let labels = calendar.labels().iter();
        let answers = if ordered {
            (1..)
                .zip(labels)
                .map(|(number, _)| ScalarValue::Int32(Some(number)))
                .collect()
        } else {
            labels
                .map(|label| ScalarValue::Utf8View(Some(label.clone())))
                .collect()
        };
        Ok(Some(Self {
            argument,
            nullable: argument.nullable(schema)?,
            boundaries,
            answers,
            ordered,
        }))
    }

    fn compared(&self, op: Operator, constant: &ScalarValue) -> Result<Option<Expr>> {
        use Operator::{Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq};
        let holds: fn(Ordering) -> bool = match op {
            Eq | IsNotDistinctFrom => Ordering::is_eq,
            NotEq | IsDistinctFrom => Ordering::is_ne,
            Lt if self.ordered => Ordering::is_lt,
            LtEq if self.ordered => Ordering::is_le,
            Gt if self.ordered => Ordering::is_gt,
            GtEq if self.ordered => Ordering::is_ge,
            _ => return Ok(None),
        };
        let Some(orders) = self.orders(constant)? else {
            return Ok(None);
        };
        let wanted: Vec<bool> = orders.into_iter().map(holds).collect();
        Ok(Some(match op {
            IsNotDistinctFrom => self.within_known(&wanted),
            IsDistinctFrom => self.within_or_null(&wanted),
            _ => self.within(&wanted),
        }))
    }

    /// How the answer for each stage compares with `constant`.
    fn orders(&self, constant: &ScalarValue) -> Result<Option<Vec<Ordering>>> {
        let Some(answer) = self.answers.first() else {
            return Ok(None);
        };
        let given = constant.data_type();
        let comparable = if self.ordered {
            given.is_integer()
        } else {
            given.is_string()
        };
        let Ok(constant) = constant.cast_to(&answer.data_type()) else {
            return Ok(None);
        };
        if !comparable {
            return Ok(None);
        }
        let orders = self
            .answers
            .iter()
            .map(|answer| answer.partial_cmp(&constant));
        Ok(orders.collect())
    }

    fn matching_any(&self, constants: &[&ScalarValue]) -> Result<Option<Vec<bool>>> {
        let mut matches = vec![false; self.answers.len()];
        for constant in constants {
            let Some(orders) = self.orders(constant)? else {
                return Ok(None);
            };
            for (hit, order) in matches.iter_mut().zip(orders) {
                *hit |= order.is_eq();
            }
        }
        Ok(Some(matches))
    }

    /// True in the wanted stages, false in others, NULL for NULL.
    fn within(&self, wanted: &[bool]) -> Expr {
        let unknown = || lit(ScalarValue::Boolean(None));
        if wanted.iter().all(|wanted| *wanted) {
            return if self.nullable {
                self.argument.clone().is_not_null().or(unknown())
            } else {
                lit(true)
            };
        }
        let ranges = runs(wanted)
            .into_iter()
            .filter_map(|stages| self.range(stages));
        match disjunction(ranges) {
            Some(expr) => expr,
            None if self.nullable => self.argument.clone().is_null().and(unknown()),
            None => lit(false),
        }
    }

    /// True in the wanted stages, false in others and for NULL.
    fn within_known(&self, wanted: &[bool]) -> Expr {
        if !wanted.contains(&true) {
            return lit(false);
        }
        if !self.nullable {
            return self.within(wanted);
        }
        self.argument.clone().is_not_null().and(self.within(wanted))
    }

    /// True in the wanted stages and for NULL, false in others.
    fn within_or_null(&self, wanted: &[bool]) -> Expr {
        if !wanted.contains(&false) {
            return lit(true);
        }
        if !self.nullable {
            return self.within(wanted);
        }
        self.within(wanted).or(self.argument.clone().is_null())
    }

    /// The values of a run of stages, open towards the past in the first and the future in the last.
    /// `None` for all stages at once.
    fn range(&self, stages: Range<usize>) -> Option<Expr> {
        let argument = || self.argument.clone();
        let from = stages
            .start
            .checked_sub(1)
            .map(|before| &self.boundaries[before]);
        let until = self.boundaries.get(stages.end - 1);
        match (from, until) {
            (Some(from), Some(until)) => Some(
                argument()
                    .gt_eq(lit(from.clone()))
                    .and(argument().lt(lit(until.clone()))),
            ),
            (Some(from), None) => Some(argument().gt_eq(lit(from.clone()))),
            (None, Some(until)) => Some(argument().lt(lit(until.clone()))),
            (None, None) => None,
        }
    }
}

/// Where `wanted` is true, as runs.
fn runs(wanted: &[bool]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (stage, _) in wanted.iter().enumerate().filter(|(_, wanted)| **wanted) {
        match runs.last_mut() {
            Some(run) if run.end == stage => run.end += 1,
            _ => runs.push(stage..stage + 1),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
    use datafusion_common::Column;
    use datafusion_expr::logical_plan::builder::table_scan;
    use datafusion_expr::simplify::SimplifyContext;
    use datafusion_expr::{Expr, binary_expr, col};
    use datafusion_optimizer::OptimizerContext;
    use datafusion_optimizer::simplify_expressions::ExprSimplifier;

    use super::*;
    use crate::support::testing::udf;
    use crate::support::testing::{integer_list, text_list};

    fn schema() -> Schema {
        let zone = Some("Asia/Shanghai".into());
        Schema::new(vec![
            Field::new("year", DataType::Int32, true),
            Field::new("known", DataType::Int64, false),
            Field::new("byte", DataType::Int8, true),
            Field::new("day", DataType::Date32, true),
            Field::new(
                "instant",
                DataType::Timestamp(TimeUnit::Millisecond, None),
                true,
            ),
            Field::new("local", DataType::Timestamp(TimeUnit::Second, zone), true),
            Field::new("text", DataType::Utf8View, true),
        ])
    }

    fn stage(argument: Expr) -> Expr {
        udf(PortStage).call(vec![argument])
    }

    fn number(argument: Expr) -> Expr {
        udf(PortStageNo).call(vec![argument])
    }

    fn label(label: &str) -> Expr {
        lit(ScalarValue::Utf8View(Some(label.to_owned())))
    }

    fn rewritten(expr: Expr) -> Expr {
        let schema = DFSchema::try_from(schema()).unwrap();
        expr.transform_up(|expr| rewrite(expr, &schema))
            .unwrap()
            .data
    }

    fn shown(expr: Expr) -> String {
        rewritten(expr).to_string()
    }

    #[test]
    fn labels_become_ranges() {
        assert_eq!(
            shown(stage(col("year")).eq(label("1950-1979"))),
            "year >= Int32(1950) AND year < Int32(1980)"
        );
        assert_eq!(
            shown(stage(col("year")).eq(label("pre-1949"))),
            "year < Int32(1950)"
        );
        assert_eq!(
            shown(label("post-2000").eq(stage(col("year")))),
            "year >= Int32(2000)"
        );
        assert_eq!(
            shown(stage(col("year")).not_eq(label("1950-1979"))),
            "year < Int32(1950) OR year >= Int32(1980)"
        );
        // Neighbours join into one range.
        let list = vec![label("1980-1999"), label("1950-1979"), label("unknown")];
        assert_eq!(
            shown(stage(col("year")).in_list(list.clone(), false)),
            "year >= Int32(1950) AND year < Int32(2000)"
        );
        assert_eq!(
            shown(stage(col("year")).in_list(list, true)),
            "year < Int32(1950) OR year >= Int32(2000)"
        );
    }

    #[test]
    fn dates_and_timestamps_get_literals_of_their_own_type() {
        assert_eq!(
            shown(stage(col("day")).eq(label("1950-1979"))),
            r#"day >= Date32("1950-01-01") AND day < Date32("1980-01-01")"#
        );
        assert_eq!(
            shown(stage(col("instant")).eq(label("post-2000"))),
            "instant >= TimestampMillisecond(946684800000, None)"
        );
        assert_eq!(
            shown(stage(col("local")).eq(label("post-2000"))),
            r#"local >= TimestampSecond(946656000, Some("Asia/Shanghai"))"#
        );
    }

    #[test]
    fn numbers_compare_in_time_order() {
        assert_eq!(
            shown(number(col("year")).lt(lit(3_i64))),
            "year < Int32(1980)"
        );
        assert_eq!(
            shown(lit(3_i32).lt_eq(number(col("day")))),
            r#"day >= Date32("1980-01-01")"#
        );
        assert_eq!(shown(number(col("known")).gt(lit(4_i32))), "Boolean(false)");
        assert_eq!(shown(number(col("known")).gt(lit(0_i32))), "Boolean(true)");
    }

    #[test]
    fn boundaries_of_ones_own_count() {
        let call = udf(PortStage).call(vec![
            col("year"),
            lit(integer_list(&[1978])),
            lit(text_list(&["closed", "open"])),
        ]);
        assert_eq!(shown(call.eq(label("open"))), "year >= Int32(1978)");
    }

    /// Labels compare as text, text has no range, and a boundary may not fit the type.
    #[test]
    fn what_is_no_range_stays() {
        for untouched in [
            stage(col("year")).lt(label("1950-1979")),
            stage(col("year")).gt_eq(label("1950-1979")),
            stage(col("year")).between(label("1950-1979"), label("post-2000")),
            stage(col("text")).eq(label("1950-1979")),
            stage(col("byte")).eq(label("1950-1979")),
            stage(col("year")).eq(lit(ScalarValue::Utf8View(None))),
            stage(col("year")).eq(stage(col("day"))),
            number(col("year")).eq(lit(1.5)),
        ] {
            assert_eq!(rewritten(untouched.clone()), untouched);
        }
    }

    /// Replaces the column by a value and folds the whole, as a check against the functions themselves.
    fn folded(expr: &Expr, column: &str, value: &ScalarValue) -> Expr {
        let replaced = expr
            .clone()
            .transform_up(|expr| match &expr {
                Expr::Column(Column { name, .. }) if name == column => {
                    Ok(Transformed::yes(lit(value.clone())))
                }
                _ => Ok(Transformed::no(expr)),
            })
            .unwrap();
        let schema = Arc::new(DFSchema::try_from(schema()).unwrap());
        let context = SimplifyContext::builder().with_schema(schema).build();
        ExprSimplifier::new(context)
            .simplify(replaced.data)
            .unwrap()
    }

    /// Every operator, label and kind of value answers as before, NULL included.
    #[test]
    fn the_answer_stays_the_same() {
        use Operator::{Eq, Gt, GtEq, IsDistinctFrom, IsNotDistinctFrom, Lt, LtEq, NotEq};
        let labels = [
            "pre-1949",
            "1950-1979",
            "1980-1999",
            "post-2000",
            "no such stage",
        ];
        let mut cases = Vec::new();
        for text in labels {
            for op in [Eq, NotEq, IsDistinctFrom, IsNotDistinctFrom] {
                cases.push(binary_expr(stage(col("year")), op, label(text)));
                cases.push(binary_expr(label(text), op, stage(col("year"))));
            }
            for negated in [false, true] {
                let list = vec![label(text), label("1980-1999")];
                cases.push(stage(col("year")).in_list(list, negated));
            }
        }
        for bound in 0..=5_i32 {
            for op in [
                Eq,
                NotEq,
                Lt,
                LtEq,
                Gt,
                GtEq,
                IsDistinctFrom,
                IsNotDistinctFrom,
            ] {
                cases.push(binary_expr(number(col("year")), op, lit(bound)));
                cases.push(binary_expr(lit(bound), op, number(col("year"))));
            }
        }
        let years = [1000, 1949, 1950, 1979, 1980, 1999, 2000, 9999].map(Some);
        for case in cases {
            let changed = rewritten(case.clone());
            assert_ne!(changed, case, "not rewritten");
            for year in years.into_iter().chain([None]) {
                let year = ScalarValue::Int32(year);
                assert_eq!(
                    folded(&changed, "year", &year),
                    folded(&case, "year", &year),
                    "{case} for {year}"
                );
            }
        }
    }

    #[test]
    fn a_plan_is_rewritten_where_its_filters_are_and_keeps_its_names() {
        let filter = stage(col("ports.year")).eq(label("pre-1949"));
        let plan = table_scan(Some("ports"), &schema(), None)
            .unwrap()
            .filter(filter.clone())
            .unwrap()
            .project(vec![filter])
            .unwrap()
            .build()
            .unwrap();
        let context = OptimizerContext::new();
        let names = plan.schema().clone();
        let optimized = plan
            .transform_up(|plan| StageRanges.rewrite(plan, &context))
            .unwrap();
        assert!(optimized.transformed);
        assert_eq!(optimized.data.schema(), &names);
        let text = optimized.data.display_indent().to_string();
        assert!(text.contains("Filter: ports.year < Int32(1950)"), "{text}");
        // A second pass has nothing to do, so the optimizer can stop.
        let again = optimized
            .data
            .transform_up(|plan| StageRanges.rewrite(plan, &context))
            .unwrap();
        assert!(!again.transformed);
    }
}
