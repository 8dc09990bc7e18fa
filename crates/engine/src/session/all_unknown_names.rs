//! The other unknown names of a statement that has one: mended by the first hint and planned again.

use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::{Token, TokenWithSpan, Word};

use super::nesting::Nesting;
use super::planner::Planner;
use crate::error::{Repair, StatementError};
use crate::queries::binding::Values;
use crate::statement::script::Statement;

/// More than this many at once help nobody.
const MOST: usize = 8;

/// The unknown names that a statement has besides the one that was met first.
pub(crate) async fn further_problems(
    planner: &Planner,
    statement: &Statement,
    values: &Values,
    first: &StatementError,
) -> Vec<StatementError> {
    let mut found: Vec<StatementError> = Vec::new();
    let mut mended = statement.clone();
    while found.len() < MOST && mend(&mut mended, found.last().unwrap_or(first)) {
        let nesting = Nesting::default();
        let Err(error) = planner.plan(&mended, values, &nesting).await else {
            break;
        };
        let next = *planner.diagnoser.diagnose(&error, &mended);
        let is_new = next.span != first.span && found.iter().all(|known| known.span != next.span);
        // What else goes wrong may come from the mending.
        if next.repair.is_none() || !is_new {
            break;
        }
        found.push(next);
    }
    found.sort_by_key(|problem| {
        problem
            .span
            .map(|span| (span.start.line, span.start.column))
    });
    found
}

/// Puts what was meant in the place of the word that is wrong; false if it is not known.
fn mend(statement: &mut Statement, problem: &StatementError) -> bool {
    let (Some(repair), Some(span)) = (&problem.repair, problem.span) else {
        return false;
    };
    let starts = |token: &TokenWithSpan| {
        let start = token.span.start;
        start.line == span.start.line && start.column == span.start.column
    };
    let Some(place) = statement.tokens.iter().position(starts) else {
        return false;
    };
    let word = match repair {
        Repair::Name(name) => Word {
            value: name.clone(),
            quote_style: None,
            keyword: Keyword::NoKeyword,
        },
        Repair::Null => {
            let is_part = |token: &TokenWithSpan| token.token == Token::Period;
            if statement.tokens[..place].last().is_some_and(is_part) {
                return false;
            }
            Word {
                value: "NULL".to_string(),
                quote_style: None,
                keyword: Keyword::NULL,
            }
        }
    };
    statement.tokens[place].token = Token::Word(word);
    true
}
