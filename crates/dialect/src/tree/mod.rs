//! Rewrites of syntax trees: what DataFusion's planner does not read, made into what it reads, or refused.
//!
//! One walk over the tree calls the rewrites of all rows of [`SYNTAX`], in their order, at every query,
//! SELECT, table and expression. Nothing here knows which columns a table has; that is for [`crate::bind`].

pub(crate) mod fetches;
pub(crate) mod fields;
pub(crate) mod globs;
pub(crate) mod groups;
pub(crate) mod joins;
pub(crate) mod long_numbers;
pub(crate) mod misplaced;
pub(crate) mod recursion;
pub(crate) mod samples;
pub(crate) mod set_orders;
pub(crate) mod settings;
pub(crate) mod time_zones;
pub(crate) mod unread_calls;
pub(crate) mod unread_factors;
pub(crate) mod unread_queries;
pub(crate) mod unread_selects;
pub(crate) mod unread_values;
pub(crate) mod windows;

use std::ops::ControlFlow;
use std::sync::LazyLock;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident,
    ObjectName, Query, Select, Statement, TableFactor, VisitMut, VisitorMut,
};
use sqlparser::tokenizer::{Span, TokenWithSpan};

use crate::places;
use crate::refusal::Refusal;
use crate::registry::{SYNTAX, Syntax, TreeRewrite};

/// What a function is, so that its clauses can be judged before it is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// One value for one row.
    Scalar,
    /// One value for many rows; with OVER, one for each row.
    Aggregate,
    /// A value for each row that depends on other rows; OVER must follow.
    Window,
}

/// The functions that statements may call.
pub trait Functions {
    /// What the function of this name is, in any case; `None` when it is not known.
    fn kind(&self, name: &str) -> Option<FunctionKind>;

    /// True for the schema whose tables may be called with arguments, being saved queries.
    fn is_schema_of_queries(&self, name: &str) -> bool;
}

/// What rewrites may ask about.
pub(crate) struct Context<'a> {
    pub(crate) functions: &'a dyn Functions,
    tokens: &'a [TokenWithSpan],
}

impl Context<'_> {
    /// Where these words first stand in a row; empty when they do not.
    pub(crate) fn place(&self, words: &[&str]) -> Span {
        places::of_words(self.tokens, words).unwrap_or_else(Span::empty)
    }

    /// What the called function is.
    pub(crate) fn kind(&self, call: &Function) -> Option<FunctionKind> {
        match call.name.0.as_slice() {
            [name] => self.functions.kind(&name.as_ident()?.value),
            _ => None,
        }
    }
}

/// Rewrites a statement's tree. `tokens` are those that it was parsed from.
///
/// # Errors
/// A [`Refusal`]: the statement has a clause that would be passed over.
pub fn rewrite<S: VisitMut>(
    statement: &mut S,
    tokens: &[TokenWithSpan],
    functions: &dyn Functions,
) -> Result<(), Refusal> {
    let mut walk = Walk {
        context: Context { functions, tokens },
    };
    match statement.visit(&mut walk) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(refusal) => Err(refusal),
    }
}

/// The rewrites of each kind of node, picked out of the list once.
struct Rewrites {
    statement: Vec<TreeRewrite<Statement>>,
    query: Vec<TreeRewrite<Query>>,
    select: Vec<TreeRewrite<Select>>,
    factor: Vec<TreeRewrite<TableFactor>>,
    expr: Vec<TreeRewrite<Expr>>,
    query_after: Vec<TreeRewrite<Query>>,
    select_after: Vec<TreeRewrite<Select>>,
}

static REWRITES: LazyLock<Rewrites> = LazyLock::new(|| {
    fn all<T>(pick: impl Fn(&Syntax) -> Option<TreeRewrite<T>>) -> Vec<TreeRewrite<T>> {
        SYNTAX.iter().filter_map(pick).collect()
    }
    Rewrites {
        statement: all(|syntax| syntax.statement),
        query: all(|syntax| syntax.query),
        select: all(|syntax| syntax.select),
        factor: all(|syntax| syntax.factor),
        expr: all(|syntax| syntax.expr),
        query_after: all(|syntax| syntax.query_after),
        select_after: all(|syntax| syntax.select_after),
    }
});

struct Walk<'a> {
    context: Context<'a>,
}

impl Walk<'_> {
    fn run<T>(&self, rewrites: &[TreeRewrite<T>], node: &mut T) -> ControlFlow<Refusal> {
        for rewrite in rewrites {
            if let Err(refusal) = rewrite(node, &self.context) {
                return ControlFlow::Break(refusal);
            }
        }
        ControlFlow::Continue(())
    }
}

impl VisitorMut for Walk<'_> {
    type Break = Refusal;

    fn pre_visit_statement(&mut self, statement: &mut Statement) -> ControlFlow<Refusal> {
        self.run(&REWRITES.statement, statement)
    }

    fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<Refusal> {
        self.run(&REWRITES.query, query)
    }

    fn post_visit_query(&mut self, query: &mut Query) -> ControlFlow<Refusal> {
        self.run(&REWRITES.query_after, query)
    }

    fn pre_visit_select(&mut self, select: &mut Select) -> ControlFlow<Refusal> {
        self.run(&REWRITES.select, select)
    }

    fn post_visit_select(&mut self, select: &mut Select) -> ControlFlow<Refusal> {
        self.run(&REWRITES.select_after, select)
    }

    fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<Refusal> {
        self.run(&REWRITES.factor, factor)
    }

    fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<Refusal> {
        self.run(&REWRITES.expr, expr)
    }
}

/// `name(arguments…)`, as if written at `span`.
pub(crate) fn call(name: &str, arguments: impl IntoIterator<Item = Expr>, span: Span) -> Expr {
    let args = arguments
        .into_iter()
        .map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)))
        .collect();
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::with_span(span, name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}

#[cfg(test)]
pub(crate) mod testing {
    //! Parses text, rewrites its tree, and writes it again.

    use sqlparser::ast::Statement;
    use sqlparser::parser::Parser;
    use sqlparser::tokenizer::{Token, Tokenizer};

    use super::{FunctionKind, Functions};
    use crate::{Kouan, Refusal};

    /// The functions that the tests call.
    pub(crate) struct Known;

    impl Functions for Known {
        fn kind(&self, name: &str) -> Option<FunctionKind> {
            match name.to_lowercase().as_str() {
                "upper" | "coalesce" | "abs" => Some(FunctionKind::Scalar),
                "count" | "sum" | "max" | "array_agg" => Some(FunctionKind::Aggregate),
                "row_number" | "rank" => Some(FunctionKind::Window),
                _ => None,
            }
        }

        fn is_schema_of_queries(&self, name: &str) -> bool {
            name == "queries"
        }
    }

    /// The statement after all rewrites.
    pub(crate) fn rewritten(text: &str) -> Result<Statement, Refusal> {
        let mut tokens = Tokenizer::new(&Kouan, text)
            .tokenize_with_location()
            .expect("tokens");
        tokens.retain(|token| !matches!(token.token, Token::Whitespace(_)));
        crate::rewrite_tokens(&mut tokens)?;
        let mut parser = Parser::new(&Kouan).with_tokens_with_locations(tokens.clone());
        let mut statement = parser
            .parse_statement()
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(parser.peek_token().token, Token::EOF, "{text}");
        super::rewrite(&mut statement, &tokens, &Known)?;
        Ok(statement)
    }

    /// The rewritten statement's text.
    pub(crate) fn text(text: &str) -> String {
        rewritten(text)
            .unwrap_or_else(|refusal| panic!("{text}: {refusal}"))
            .to_string()
    }

    /// The message of a refusal, and the text that it points to.
    pub(crate) fn refused(text: &str) -> (String, String) {
        let Err(refusal) = rewritten(text) else {
            panic!("{text} is not refused")
        };
        let column = |column: u64| usize::try_from(column).expect("column").saturating_sub(1);
        let (start, end) = (
            column(refusal.span.start.column),
            column(refusal.span.end.column),
        );
        let pointed: String = text
            .chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect();
        (refusal.message, pointed)
    }
}
