//! Parses one statement's tokens, keeping their places for error messages.

use std::ops::ControlFlow;

use datafusion::common::plan_err;
use datafusion::error::Result;
use datafusion::sql::parser::{
    CopyToSource, DFParserBuilder, ParserInput, Statement as ParsedStatement,
};
use datafusion::sql::sqlparser::ast::{
    Expr, Ident, Select, SelectFlavor, SelectItem, SetExpr, Statement as SqlStatement, VisitMut,
    VisitorMut, WildcardAdditionalOptions,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan};

use crate::named_arguments;
use crate::script::Statement;

/// The statement's syntax tree.
///
/// # Errors
/// A syntax error, with its place in the source.
pub(crate) fn parse(statement: &Statement) -> Result<ParsedStatement> {
    if operators(statement) > MOST_OPERATORS {
        return plan_err!(
            "the statement joins more than {MOST_OPERATORS} values by operators; \
             put them into a table, or use IN (…)"
        );
    }
    let mut parser = DFParserBuilder::new(ParserInput::Tokens(statement.tokens.clone()))
        .with_dialect(&GenericDialect {})
        .with_recursion_limit(DEEPEST_PARENTHESES)
        .build()?;
    let mut parsed = parser.parse_statements()?;
    let mut parsed = parsed.pop_front().ok_or_else(|| {
        datafusion::error::DataFusionError::Plan("there is no statement to run".to_string())
    })?;
    if let ParsedStatement::Statement(statement) = &mut parsed
        && let SqlStatement::Query(query) = statement.as_mut()
    {
        head_columns_as_written(&mut query.body);
    }
    rewrite(&mut parsed);
    Ok(parsed)
}

/// True when a query says at its end in which order its rows come.
pub(crate) fn is_ordered(parsed: &ParsedStatement) -> bool {
    let ParsedStatement::Statement(statement) = parsed else {
        return false;
    };
    matches!(statement.as_ref(), SqlStatement::Query(query) if query.order_by.is_some())
}

/// A chain of operators is as deep a tree as it is long, and every step of planning walks it
/// by recursion; this many fit the stacks that [`STACK_BYTES`] gives.
const MOST_OPERATORS: usize = 3_000;

/// Parentheses within parentheses, and subqueries within subqueries.
const DEEPEST_PARENTHESES: usize = 200;

/// The stack that a thread needs to plan statements of that size.
pub const STACK_BYTES: usize = 256 << 20;

fn operators(statement: &Statement) -> usize {
    let joins = |token: &&TokenWithSpan| match &token.token {
        Token::Word(word) => matches!(
            word.keyword,
            Keyword::AND | Keyword::OR | Keyword::UNION | Keyword::EXCEPT | Keyword::INTERSECT
        ),
        Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::Mod => true,
        Token::StringConcat => true,
        _ => false,
    };
    statement.tokens.iter().filter(joins).count()
}

/// Heads an answer's columns with the expressions as written: `port_mode(0, 5)`, where
/// DataFusion would write `port_mode(Int64(0),Int64(5))`.
fn head_columns_as_written(body: &mut SetExpr) {
    let select = match body {
        SetExpr::Select(select) if select.distinct.is_none() => select,
        SetExpr::SetOperation { left, .. } => return head_columns_as_written(left),
        _ => return,
    };
    for item in &mut select.projection {
        let SelectItem::UnnamedExpr(expr) = item else {
            continue;
        };
        let text = expr.to_string();
        let is_plain = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        // A struct that is opened becomes several columns, which one name cannot head.
        if is_plain || text.to_lowercase().contains("unnest(") {
            continue;
        }
        let alias = Ident::with_quote('"', text);
        *item = SelectItem::ExprWithAlias {
            expr: expr.clone(),
            alias,
        };
    }
}

/// True for what answers rows and changes nothing.
pub(crate) fn is_question(statement: &ParsedStatement) -> bool {
    match statement {
        ParsedStatement::Statement(sql) => matches!(
            **sql,
            SqlStatement::Query(_) | SqlStatement::ExplainTable { .. }
        ),
        ParsedStatement::Explain(explain) => is_question(&explain.statement),
        _ => false,
    }
}

/// Makes the syntax tree say what people mean.
fn rewrite(statement: &mut ParsedStatement) {
    match statement {
        ParsedStatement::Statement(statement) => rewrite_sql(statement),
        ParsedStatement::Explain(explain) => rewrite(&mut explain.statement),
        ParsedStatement::CopyTo(copy) => {
            if let CopyToSource::Query(query) = &mut copy.source {
                rewrite_sql(query);
            }
        }
        ParsedStatement::CreateExternalTable(_) | ParsedStatement::Reset(_) => {}
    }
}

fn rewrite_sql(sql: &mut impl VisitMut) {
    let _: ControlFlow<()> = sql.visit(&mut FromFirst);
    named_arguments::complete(sql);
}

/// `FROM ports` means `SELECT * FROM ports`; DataFusion would give rows without columns.
struct FromFirst;

impl VisitorMut for FromFirst {
    type Break = ();

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<()> {
        if select.flavor == SelectFlavor::FromFirstNoSelect {
            select.flavor = SelectFlavor::FromFirst;
            select.projection = vec![SelectItem::Wildcard(WildcardAdditionalOptions::default())];
        }
        ControlFlow::Continue(())
    }
}
