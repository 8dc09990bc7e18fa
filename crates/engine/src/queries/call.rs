//! The values in a call of a saved query, put in the place of the query's parameters.

use std::collections::HashMap;

use arrow::datatypes::Field;
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{ParamValues, plan_datafusion_err};
use datafusion::error::Result;
use datafusion::logical_expr::expr::Placeholder;
use datafusion::logical_expr::expr_rewriter::NamePreserver;
use datafusion::logical_expr::{Expr, LogicalPlan, lit};

use super::binding::{Values, bind};
use super::calls::Given;
use super::file::parameter::Parameter;
use super::file::saved_query::SavedQuery;
use crate::error::external;

/// What the parameters of a called query are.
pub(crate) struct Call {
    /// The values as they were given.
    pub(crate) constants: Vec<(String, String)>,
    /// The same and the defaults, checked and typed.
    pub(crate) values: Values,
    /// Those that take what a parameter of the caller will be, with that parameter.
    open: HashMap<String, Placeholder>,
}

impl Call {
    pub(crate) fn new(
        query: &SavedQuery,
        declared: &[Parameter],
        given: Vec<(Option<String>, Given)>,
    ) -> Result<Self> {
        let given = by_name(&query.name, declared, given)?;
        let (mut constants, mut open) = (Vec::new(), HashMap::new());
        for (name, given) in given {
            let known = declared.iter().find(|parameter| parameter.name == name);
            match (given, known) {
                (Given::Parameter(outer), Some(inner)) => {
                    let id = format!("${outer}");
                    let field = Field::new(&id, inner.data_type.clone(), true);
                    open.insert(name, Placeholder::new_with_field(id, Some(field.into())));
                }
                // A name that is not declared is told with the others.
                (Given::Parameter(text) | Given::Constant(text), _) => constants.push((name, text)),
            }
        }
        let closed: Vec<Parameter> = declared
            .iter()
            .filter(|parameter| !open.contains_key(&parameter.name))
            .cloned()
            .collect();
        let values = bind(&query.name, &closed, &constants).map_err(external)?;
        Ok(Self {
            constants,
            values,
            open,
        })
    }

    /// Puts values and the caller's parameters in the place of the query's own.
    pub(crate) fn fill(self, plan: LogicalPlan) -> Result<LogicalPlan> {
        if self.open.is_empty() {
            let values = self.values.into_iter();
            let values = values.map(|(name, value)| (name, value.into()));
            return plan.with_param_values(ParamValues::Map(values.collect()));
        }
        let fill = |expression: Expr| {
            let Expr::Placeholder(placeholder) = &expression else {
                return Ok(Transformed::no(expression));
            };
            let name = placeholder.id.trim_start_matches('$');
            Ok(match (self.values.get(name), self.open.get(name)) {
                (Some(value), _) => Transformed::yes(lit(value.clone())),
                (None, Some(outer)) => Transformed::yes(Expr::Placeholder(outer.clone())),
                (None, None) => Transformed::no(expression),
            })
        };
        let filled = plan.transform_up_with_subqueries(|plan| {
            let names = NamePreserver::new(&plan);
            let plan = plan.map_expressions(|expression| {
                let name = names.save(&expression);
                let filled = expression.transform_up(fill)?;
                Ok(filled.update_data(|filled| name.restore(filled)))
            })?;
            plan.map_data(LogicalPlan::recompute_schema)
        });
        Ok(filled?.data)
    }
}

/// Values given by place get the names of the parameters that stand there.
fn by_name(
    query: &str,
    declared: &[Parameter],
    given: Vec<(Option<String>, Given)>,
) -> Result<Vec<(String, Given)>> {
    let place = |(place, (name, value)): (usize, (Option<String>, Given))| {
        let name = name.or_else(|| declared.get(place).map(|parameter| parameter.name.clone()));
        let name = name.ok_or_else(|| {
            plan_datafusion_err!("`{query}` takes {} values, got more", declared.len())
        })?;
        Ok((name, value))
    };
    given.into_iter().enumerate().map(place).collect()
}
