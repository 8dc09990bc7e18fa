//! What is unique after a GROUP BY over a product.
//!
//! A key of one table is not unique in its product with another. DataFusion notes that (`Dependency::Multi`), but a
//! GROUP BY of the key and of other columns is then taken for unique in the key alone
//! (`aggregate_functional_dependencies`). So `SELECT DISTINCT k, c` and `ORDER BY k, c` above it lose `c`, and a LEFT
//! JOIN on `k` is dropped if its columns are not used, although it multiplies rows.

use std::sync::Arc;

use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::common::{Dependency, FunctionalDependence, FunctionalDependencies};
use datafusion::error::Result;
use datafusion::logical_expr::{Aggregate, LogicalPlan};
use datafusion::optimizer::{OptimizerConfig, OptimizerRule};

/// The rules that ask what is unique.
const BEFORE: [&str; 4] = [
    "replace_distinct_aggregate",
    "eliminate_join",
    "eliminate_duplicated_expr",
    "optimize_projections",
];

/// `rules` with [`UniqueKeys`] before each that relies on it.
pub(super) fn with_unique_keys(
    rules: Vec<Arc<dyn OptimizerRule + Send + Sync>>,
) -> Vec<Arc<dyn OptimizerRule + Send + Sync>> {
    let mut all = Vec::with_capacity(rules.len() + BEFORE.len());
    for rule in rules {
        if BEFORE.contains(&rule.name()) {
            all.push(Arc::new(UniqueKeys) as Arc<dyn OptimizerRule + Send + Sync>);
        }
        all.push(rule);
    }
    all
}

/// Sets what is unique in the schemas of aggregates right.
#[derive(Debug)]
struct UniqueKeys;

impl OptimizerRule for UniqueKeys {
    fn name(&self) -> &str {
        "unique_keys"
    }

    fn supports_rewrite(&self) -> bool {
        true
    }

    fn rewrite(
        &self,
        plan: LogicalPlan,
        _config: &dyn OptimizerConfig,
    ) -> Result<Transformed<LogicalPlan>> {
        if !plan
            .exists(|node| Ok(matches!(node, LogicalPlan::Aggregate(it) if claims_too_much(it))))?
        {
            return Ok(Transformed::no(plan));
        }
        plan.transform_up_with_subqueries(|node| {
            Ok(Transformed::yes(match node.recompute_schema()? {
                LogicalPlan::Aggregate(aggregate) if claims_too_much(&aggregate) => {
                    LogicalPlan::Aggregate(corrected(aggregate)?)
                }
                node => node,
            }))
        })
    }
}

/// Whether a part of the GROUP BY is said to be unique because it is so in a table that is multiplied below.
fn claims_too_much(aggregate: &Aggregate) -> bool {
    let below = aggregate.input.schema().functional_dependencies();
    below.iter().any(|key| key.mode == Dependency::Multi)
        && aggregate
            .schema
            .functional_dependencies()
            .iter()
            .any(|key| is_narrow(key, aggregate))
}

fn is_narrow(key: &FunctionalDependence, aggregate: &Aggregate) -> bool {
    key.mode == Dependency::Single && key.source_indices.len() < aggregate.group_expr.len()
}

fn corrected(mut aggregate: Aggregate) -> Result<Aggregate> {
    let fields = aggregate.schema.fields();
    let groups = aggregate.group_expr.len();
    let nullable = fields.iter().take(groups).any(|field| field.is_nullable());
    let (key, all) = ((0..groups).collect(), (0..fields.len()).collect());
    let whole = FunctionalDependence::new(key, all, nullable).with_mode(Dependency::Single);
    let keys = FunctionalDependencies::new(vec![whole]);
    let schema = aggregate
        .schema
        .as_ref()
        .clone()
        .with_functional_dependencies(keys)?;
    // The constructors would compute the keys again.
    aggregate.schema = Arc::new(schema);
    Ok(aggregate)
}
