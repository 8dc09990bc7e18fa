//! The list of all syntax beyond what parser and planner do by themselves: one row, one file each.

use sqlparser::ast::{Expr, Query, Select, Statement, TableFactor};
use sqlparser::tokenizer::TokenWithSpan;

use crate::refusal::Refusal;
use crate::tree::Context;
use crate::{tokens, tree};

/// One piece of syntax, and the rewrites that give it its meaning.
#[derive(Clone, Copy)]
pub struct Syntax {
    /// What it is called.
    pub name: &'static str,
    /// A statement that has it and needs no tables.
    pub example: &'static str,
    /// What becomes of the example.
    pub outcome: Outcome,
    pub(crate) tokens: Option<TokenRewrite>,
    pub(crate) statement: Option<TreeRewrite<Statement>>,
    pub(crate) query: Option<TreeRewrite<Query>>,
    pub(crate) select: Option<TreeRewrite<Select>>,
    pub(crate) factor: Option<TreeRewrite<TableFactor>>,
    pub(crate) expr: Option<TreeRewrite<Expr>>,
    /// As `query` and `select`, but after all that is inside them.
    pub(crate) query_after: Option<TreeRewrite<Query>>,
    pub(crate) select_after: Option<TreeRewrite<Select>>,
}

/// What becomes of a piece of syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It runs.
    Runs,
    /// It is refused with this message.
    Refused(&'static str),
}

pub(crate) type TokenRewrite = fn(&mut Vec<TokenWithSpan>) -> Result<(), Refusal>;
pub(crate) type TreeRewrite<T> = fn(&mut T, &Context<'_>) -> Result<(), Refusal>;

impl Syntax {
    /// A row without rewrites, to be completed.
    pub(crate) const NONE: Self = Self {
        name: "",
        example: "",
        outcome: Outcome::Runs,
        tokens: None,
        statement: None,
        query: None,
        select: None,
        factor: None,
        expr: None,
        query_after: None,
        select_after: None,
    };
}

impl std::fmt::Debug for Syntax {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Syntax")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// All rows, in the order in which their rewrites run.
pub static SYNTAX: &[Syntax] = &[
    tokens::numbers::SYNTAX,
    tokens::powers::SYNTAX,
    tokens::filters::SYNTAX,
    tokens::texts::SYNTAX,
    tokens::materialized::SYNTAX,
    tokens::joins::SYNTAX,
    tokens::limits::SYNTAX,
    tokens::samples::SYNTAX,
    tree::joins::SYNTAX,
    tree::samples::SYNTAX,
    tree::fetches::SYNTAX,
    tree::set_orders::SYNTAX,
    tree::windows::SYNTAX,
    tree::recursion::SYNTAX,
    tree::globs::SYNTAX,
    tree::fields::SYNTAX,
    tree::time_zones::SYNTAX,
    tree::long_numbers::SYNTAX,
    tree::groups::SYNTAX,
    tree::unread_queries::SYNTAX,
    tree::unread_selects::SYNTAX,
    tree::unread_factors::SYNTAX,
    tree::unread_calls::SYNTAX,
    tree::unread_values::SYNTAX,
    tree::misplaced::SYNTAX,
    tree::settings::SYNTAX,
];
