//! What kind of statement a statement is, decided once: by a word of ours at its head, which the parser does not
//! know, or by its plan. A further word of ours is one more [`Head`] and one more [`StatementKind`].

use std::borrow::Cow;

use datafusion::logical_expr::{Analyze, ExplainFormat, LogicalPlan};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::script::Statement;

/// What is to be done with a statement's plan.
pub(crate) enum StatementKind {
    /// Its rows are the answer.
    Rows(LogicalPlan),
    /// `EXPLAIN`: its rows are plans, as texts of several lines.
    Plans(LogicalPlan),
    /// `EXPLAIN ANALYZE` of this plan: what each of its steps did.
    MeasuredPlan(LogicalPlan),
    /// `SUMMARIZE` of this plan: one row a column, about its values.
    Summary(LogicalPlan),
}

/// A statement without the word of ours at its head.
pub(crate) struct Request<'a> {
    head: Head,
    query: Cow<'a, Statement>,
}

/// A word of ours that a statement may begin with.
enum Head {
    None,
    Summarize,
}

impl<'a> Request<'a> {
    pub(crate) fn of(statement: &'a Statement) -> Self {
        match summarized(statement) {
            Some(query) => Self {
                head: Head::Summarize,
                query: Cow::Owned(query),
            },
            None => Self {
                head: Head::None,
                query: Cow::Borrowed(statement),
            },
        }
    }

    /// The statement that is planned.
    pub(crate) fn query(&self) -> &Statement {
        &self.query
    }

    /// The kind of the statement, whose query has this plan.
    pub(crate) fn kind(&self, plan: LogicalPlan) -> StatementKind {
        match (&self.head, plan) {
            (Head::Summarize, plan) => StatementKind::Summary(plan),
            (Head::None, LogicalPlan::Analyze(analyze)) if is_plain(&analyze) => {
                StatementKind::MeasuredPlan(LogicalPlan::clone(&analyze.input))
            }
            (Head::None, plan @ (LogicalPlan::Explain(_) | LogicalPlan::Analyze(_))) => {
                StatementKind::Plans(plan)
            }
            (Head::None, plan) => StatementKind::Rows(plan),
        }
    }
}

/// True when the person left it to us how the measured plan is shown.
fn is_plain(analyze: &Analyze) -> bool {
    !analyze.verbose
        && analyze.format == ExplainFormat::Indent
        && analyze.analyze_level.is_none()
        && analyze.analyze_categories.is_none()
}

/// The query that a `SUMMARIZE` statement is about; nothing for any other statement.
fn summarized(statement: &Statement) -> Option<Statement> {
    let (first, rest) = statement.tokens.split_first()?;
    let is_summarize =
        matches!(&first.token, Token::Word(word) if word.value.eq_ignore_ascii_case("summarize"));
    if !is_summarize || rest.is_empty() {
        return None;
    }
    let is_query = rest.first().is_some_and(|token| match &token.token {
        Token::Word(word) => matches!(
            word.keyword,
            Keyword::SELECT | Keyword::WITH | Keyword::FROM | Keyword::VALUES
        ),
        Token::LParen => true,
        _ => false,
    });
    let mut tokens = rest.to_vec();
    if !is_query {
        let from = Token::Word(Word {
            value: "FROM".to_string(),
            quote_style: None,
            keyword: Keyword::FROM,
        });
        tokens.insert(0, TokenWithSpan::new(from, first.span));
    }
    Some(Statement {
        tokens,
        ..statement.clone()
    })
}
