//! Lets a call name only the arguments it gives: `port_mode(0, 5, urban_km => 25)`.
//!
//! DataFusion wants every argument before the last named one. For the functions of this
//! project NULL stands for "not given", so that is what the skipped ones become.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::LazyLock;

use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, FunctionArgOperator, FunctionArguments, Ident, Value,
    VisitMut, VisitorMut,
};
use kouan_functions::PlaceSource;

/// The parameters of this project's functions, by the functions' names and aliases.
static PARAMETERS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut parameters = HashMap::new();
    for function in kouan_functions::all(&PlaceSource::none()) {
        for name in function
            .aliases()
            .iter()
            .map(String::as_str)
            .chain([function.name()])
        {
            parameters.insert(name.to_string(), function.parameter_names().to_vec());
        }
    }
    parameters
});

/// Adds `name => NULL` for the parameters that calls with named arguments leave out.
pub(crate) fn complete(statement: &mut impl VisitMut) {
    let _: ControlFlow<()> = statement.visit(&mut Calls);
}

struct Calls;

impl VisitorMut for Calls {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
        if let Expr::Function(call) = expr
            && let FunctionArguments::List(list) = &mut call.args
            && list.args.iter().any(|argument| name_of(argument).is_some())
            && let Some(parameters) = PARAMETERS.get(&call.name.to_string().to_lowercase())
        {
            add_skipped(&mut list.args, parameters);
        }
        ControlFlow::Continue(())
    }
}

fn add_skipped(arguments: &mut Vec<FunctionArg>, parameters: &[String]) {
    let by_place = arguments
        .iter()
        .filter(|argument| name_of(argument).is_none())
        .count();
    let named: Vec<String> = arguments.iter().filter_map(name_of).collect();
    let last = parameters
        .iter()
        .rposition(|parameter| named.contains(parameter));
    let until = last.unwrap_or(0).max(by_place);
    for parameter in parameters[..until].iter().skip(by_place) {
        if !named.contains(parameter) {
            arguments.push(FunctionArg::Named {
                name: Ident::new(parameter),
                arg: FunctionArgExpr::Expr(Expr::value(Value::Null)),
                operator: FunctionArgOperator::RightArrow,
            });
        }
    }
}

fn name_of(argument: &FunctionArg) -> Option<String> {
    match argument {
        FunctionArg::Named { name, .. } => Some(name.value.to_lowercase()),
        FunctionArg::ExprNamed { name, .. } => Some(name.to_string().to_lowercase()),
        FunctionArg::Unnamed(_) => None,
    }
}
