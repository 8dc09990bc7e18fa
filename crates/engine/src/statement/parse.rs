//! Parses one statement's tokens, keeping their places for error messages.

use std::ops::ControlFlow;

use datafusion::common::{Span, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::SessionState;
use datafusion::sql::parser::{
    CopyToSource, DFParserBuilder, ParserInput, Statement as ParsedStatement,
};
use datafusion::sql::sqlparser::ast::{
    Select, SelectFlavor, SelectItem, Statement as SqlStatement, VisitMut, VisitorMut,
    WildcardAdditionalOptions,
};
use kouan_dialect::{FunctionKind, Functions, Kouan, Refusal};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Span as TokenSpan, Token, TokenWithSpan};

use super::script::{Statement, location};
use super::{column_heads, named_arguments};
use crate::catalog::names::QUERIES;
use crate::error::StatementError;

/// The statement's syntax tree, made to say what people mean.
///
/// # Errors
/// A syntax error, or syntax that has no meaning here, with its place in the source.
pub(crate) fn parse(statement: &Statement, state: &SessionState) -> Result<ParsedStatement> {
    let (mut parsed, tokens) = read(statement)?;
    if let ParsedStatement::Statement(statement) = &mut parsed
        && let SqlStatement::Query(query) = statement.as_mut()
    {
        column_heads::as_written(&mut query.body);
    }
    rewrite(&mut parsed, &tokens, &Known(state)).map_err(refused)?;
    Ok(parsed)
}

/// The tree as the parser gives it, and the tokens that it was read from.
fn read(statement: &Statement) -> Result<(ParsedStatement, Vec<TokenWithSpan>)> {
    if operators(statement) > MOST_OPERATORS {
        return plan_err!(
            "the statement joins more than {MOST_OPERATORS} values by operators; \
             put them into a table, or use IN (…)"
        );
    }
    let mut tokens = statement.tokens.clone();
    kouan_dialect::rewrite_tokens(&mut tokens).map_err(refused)?;
    let mut parser = DFParserBuilder::new(ParserInput::Tokens(tokens.clone()))
        .with_dialect(&Kouan)
        .with_recursion_limit(DEEPEST_PARENTHESES)
        .build()?;
    let mut parsed = parser.parse_statements()?;
    let parsed = parsed
        .pop_front()
        .ok_or_else(|| DataFusionError::Plan("there is no statement to run".to_string()))?;
    Ok((parsed, tokens))
}

/// What the dialect refuses, as an error that keeps its place.
pub(crate) fn refused(refusal: Refusal) -> DataFusionError {
    let Refusal {
        message,
        hint,
        span,
    } = refusal;
    let place = Span::new(location(span.start), location(span.end));
    let mut said = StatementError::new(message).at((span != TokenSpan::empty()).then_some(place));
    if let Some(hint) = hint {
        said = said.hint(hint);
    }
    DataFusionError::External(Box::new(said))
}

/// The session's functions.
struct Known<'a>(&'a SessionState);

impl Functions for Known<'_> {
    fn kind(&self, name: &str) -> Option<FunctionKind> {
        let name = name.to_lowercase();
        if self.0.aggregate_functions().contains_key(&name) {
            Some(FunctionKind::Aggregate)
        } else if self.0.window_functions().contains_key(&name) {
            Some(FunctionKind::Window)
        } else if self.0.scalar_functions().contains_key(&name)
            || self.0.higher_order_functions().contains_key(&name)
            || matches!(name.as_str(), "unnest" | "unnest_outer")
        {
            Some(FunctionKind::Scalar)
        } else {
            None
        }
    }

    fn is_schema_of_queries(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case(QUERIES)
    }
}

/// True when a query says in which order its rows come.
///
/// # Errors
/// A syntax error.
pub(crate) fn says_order(statement: &Statement) -> Result<bool> {
    Ok(is_ordered(&read(statement)?.0))
}

/// True when a query says at its end in which order its rows come.
fn is_ordered(parsed: &ParsedStatement) -> bool {
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
fn rewrite(
    statement: &mut ParsedStatement,
    tokens: &[TokenWithSpan],
    functions: &Known<'_>,
) -> Result<(), Refusal> {
    match statement {
        ParsedStatement::Statement(statement) => rewrite_sql(statement, tokens, functions),
        ParsedStatement::Explain(explain) => rewrite(&mut explain.statement, tokens, functions),
        ParsedStatement::CopyTo(copy) => match &mut copy.source {
            CopyToSource::Query(query) => rewrite_sql(query, tokens, functions),
            CopyToSource::Relation(_) => Ok(()),
        },
        ParsedStatement::CreateExternalTable(_) | ParsedStatement::Reset(_) => Ok(()),
    }
}

fn rewrite_sql(
    sql: &mut impl VisitMut,
    tokens: &[TokenWithSpan],
    functions: &Known<'_>,
) -> Result<(), Refusal> {
    let _: ControlFlow<()> = sql.visit(&mut FromFirst);
    kouan_dialect::rewrite_tree(sql, tokens, functions)?;
    named_arguments::complete(sql);
    Ok(())
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
