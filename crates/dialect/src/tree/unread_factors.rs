//! What may follow a table in FROM and is passed over by the planner, refused.

use sqlparser::ast::{
    FunctionArg, ObjectName, Spanned, TableAlias, TableFactor, TableFunctionArgs,
};
use sqlparser::tokenizer::Span;

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "what follows a table and is not read",
    example: "SELECT * FROM generate_series(1, 3) WITH ORDINALITY",
    outcome: Outcome::Refused("WITH ORDINALITY is not known"),
    factor: Some(refuse),
    ..Syntax::NONE
};

/// Names every field, so that a new one must be judged before this builds.
fn refuse(factor: &mut TableFactor, context: &Context<'_>) -> Result<(), Refusal> {
    let span = factor.span();
    match factor {
        TableFactor::Table {
            name,
            alias,
            args,
            with_hints,
            version,
            with_ordinality,
            partitions,
            json_path,
            sample,
            index_hints,
        } => {
            refuse_alias(alias.as_ref())?;
            if let Some(args) = args {
                refuse_arguments(name, args, context)?;
            }
            if *with_ordinality {
                return Err(no_ordinality(context));
            }
            if let Some(hint) = with_hints.first() {
                return Err(Refusal::new("hints WITH (…) are not known", hint.span()).hint("leave them out"));
            }
            if !index_hints.is_empty() {
                return Err(Refusal::new("hints about an index are not known", span).hint("leave them out"));
            }
            if version.is_some() {
                let message = "tables are as they are now; older versions are not kept";
                return Err(Refusal::new(message, span));
            }
            if let Some(partition) = partitions.first() {
                return Err(Refusal::new("PARTITION (…) is not known", partition.span)
                    .hint("name the rows in WHERE"));
            }
            match (json_path, sample) {
                (None, None) => Ok(()),
                _ => Err(unknown("this", span)),
            }
        }
        TableFactor::Derived {
            lateral: _,
            subquery: _,
            alias,
            sample,
        } => match sample {
            None => refuse_alias(alias.as_ref()),
            Some(_) => Err(unknown("this", span)),
        },
        TableFactor::Function {
            lateral: _,
            name: _,
            args,
            with_ordinality,
            alias,
        } => {
            refuse_alias(alias.as_ref())?;
            if *with_ordinality {
                return Err(no_ordinality(context));
            }
            let named = args.iter().find(|argument| !matches!(argument, FunctionArg::Unnamed(_)));
            match named {
                Some(named) => {
                    let message = "a function of a table takes arguments by place, not by name";
                    Err(Refusal::new(message, named.span()))
                }
                None => Ok(()),
            }
        }
        TableFactor::UNNEST {
            alias,
            array_exprs: _,
            with_offset,
            with_offset_alias: _,
            with_ordinality,
        } => {
            refuse_alias(alias.as_ref())?;
            match *with_offset || *with_ordinality {
                true => Err(no_ordinality(context)),
                false => Ok(()),
            }
        }
        TableFactor::NestedJoin {
            table_with_joins: _,
            alias,
        } => refuse_alias(alias.as_ref()),
        TableFactor::TableFunction { expr, .. } => Err(unknown("TABLE (…)", expr.span())
            .hint("write the function without TABLE")),
        TableFactor::Pivot { .. } => Err(unknown("PIVOT", context.place(&["PIVOT"]))
            .hint("write one aggregate for each column: sum(x) FILTER (WHERE kind = 'a') AS a, … GROUP BY …")),
        TableFactor::Unpivot { .. } => Err(unknown("UNPIVOT", context.place(&["UNPIVOT"]))
            .hint("write unnest(['a', 'b']) AS name, unnest([a, b]) AS value")),
        TableFactor::MatchRecognize { .. } => {
            Err(unknown("MATCH_RECOGNIZE", context.place(&["MATCH_RECOGNIZE"])))
        }
        TableFactor::JsonTable { .. } => Err(unknown("JSON_TABLE", context.place(&["JSON_TABLE"]))),
        TableFactor::OpenJsonTable { .. } => Err(unknown("OPENJSON", context.place(&["OPENJSON"]))),
        TableFactor::XmlTable { .. } => Err(unknown("XMLTABLE", context.place(&["XMLTABLE"]))),
        TableFactor::SemanticView { name, .. } => Err(unknown("SEMANTIC_VIEW", name.span())),
    }
}

fn unknown(what: &str, span: Span) -> Refusal {
    Refusal::new(format!("{what} is not known in FROM"), span)
}

fn no_ordinality(context: &Context<'_>) -> Refusal {
    let ordinality = context.place(&["WITH", "ORDINALITY"]);
    let (message, place) = match ordinality == Span::empty() {
        true => (
            "WITH OFFSET is not known",
            context.place(&["WITH", "OFFSET"]),
        ),
        false => ("WITH ORDINALITY is not known", ordinality),
    };
    Refusal::new(message, place).hint("number the rows by row_number() OVER ()")
}

fn refuse_alias(alias: Option<&TableAlias>) -> Result<(), Refusal> {
    let typed = alias
        .into_iter()
        .flat_map(|alias| &alias.columns)
        .find(|column| column.data_type.is_some());
    match typed {
        Some(column) => Err(Refusal::new(
            "a column is renamed here, its type is not changed",
            column.name.span,
        )
        .hint("write the names alone, and CAST (… AS …) in the SELECT list")),
        None => Ok(()),
    }
}

fn refuse_arguments(
    name: &ObjectName,
    arguments: &TableFunctionArgs,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let TableFunctionArgs { args: _, settings } = arguments;
    if settings.is_some() {
        return Err(Refusal::new("SETTINGS is not known here", name.span()));
    }
    // The planner calls the function by the first of its names.
    let first = name.0.first().and_then(|part| part.as_ident());
    match (name.0.len(), first) {
        (1, _) => Ok(()),
        (_, Some(schema)) if context.functions.is_schema_of_queries(&schema.value) => Ok(()),
        _ => Err(
            Refusal::new(format!("no function is called `{name}`"), name.span())
                .hint("functions belong to no schema"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn what_would_be_passed_over_is_refused() {
        for (sql, pointed) in [
            ("SELECT * FROM t WITH (NOLOCK)", "NOLOCK"),
            ("SELECT * FROM t PARTITION (p0)", "p0"),
            ("SELECT * FROM f(3) WITH ORDINALITY", "WITH ORDINALITY"),
            (
                "SELECT * FROM UNNEST([1]) WITH ORDINALITY",
                "WITH ORDINALITY",
            ),
            ("SELECT * FROM UNNEST([1]) WITH OFFSET", "WITH OFFSET"),
            ("SELECT * FROM s.f(3)", "s.f"),
            ("SELECT * FROM (VALUES (1)) t(a INT)", "a"),
            ("SELECT * FROM t PIVOT (sum(x) FOR y IN (1, 2))", "PIVOT"),
            ("SELECT * FROM t UNPIVOT (x FOR y IN (a, b))", "UNPIVOT"),
            ("SELECT * FROM t, LATERAL f(x => 1)", "x => 1"),
            ("SELECT * FROM TABLE(f)", "f"),
        ] {
            assert_eq!(refused(sql).1, pointed, "{sql}");
        }
        text("SELECT * FROM queries.q(3)");
    }
}
