//! Puts values in the place of a plan's `$parameters`.

use datafusion::common::ParamValues;
use datafusion::error::DataFusionError;
use datafusion::logical_expr::LogicalPlan;

use crate::diagnose::Diagnoser;
use crate::error::StatementError;
use crate::queries::binding::Values;
use crate::statement::script::Statement;

/// Puts values in the place of `$name`; a name without one is said with its place.
pub(crate) fn bind(
    plan: LogicalPlan,
    values: &Values,
    statement: &Statement,
    diagnoser: &Diagnoser,
) -> Result<LogicalPlan, Box<StatementError>> {
    let failed = |error: DataFusionError| diagnoser.diagnose(&error, statement);
    // PREPARE keeps its parameters for EXECUTE.
    let is_kept = matches!(plan, LogicalPlan::Statement(_));
    let names = plan.get_parameter_names().map_err(failed)?;
    if names.is_empty() || is_kept {
        return Ok(plan);
    }
    let missing = names
        .iter()
        .filter(|name| !values.contains_key(name.trim_start_matches('$')));
    if let Some(missing) = missing.min() {
        let error = StatementError::new(format!("`{missing}` has no value"))
            .at(statement.find_placeholder(missing))
            .hint(
                "declare it in a saved query's header (`-- param:`) and run that with `name=value`",
            );
        return Err(Box::new(error));
    }
    let values = values
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    plan.with_param_values(ParamValues::Map(values))
        .map_err(failed)
}
