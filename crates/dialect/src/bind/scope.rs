//! What a part of FROM gives: its columns, and what each name stands for.

use sqlparser::ast::{Expr, Ident};
use sqlparser::tokenizer::Span;

use crate::tree::call;

/// The columns of a query's answer, in order; `None` when they are not known before it is planned.
pub(crate) type Names = Option<Vec<String>>;

/// A column that a name may mean.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    /// Where its value is: one column, or several of which the first that is not NULL counts.
    pub(crate) parts: Vec<Vec<Ident>>,
    /// True when it stands for the columns of both sides of a join.
    pub(crate) is_merged: bool,
}

impl Column {
    pub(crate) fn new(qualifier: &[Ident], name: String) -> Self {
        let mut path = qualifier.to_vec();
        path.push(Ident::with_quote('"', name.as_str()));
        Self {
            name,
            parts: vec![path],
            is_merged: false,
        }
    }

    /// The value, as if written at `span`.
    pub(crate) fn value(&self, span: Span) -> Expr {
        let mut parts = self.parts.iter().map(|path| {
            let at = |name: &Ident| Ident {
                span,
                ..name.clone()
            };
            Expr::CompoundIdentifier(path.iter().map(at).collect())
        });
        match self.parts.len() {
            1 => parts
                .next()
                .unwrap_or_else(|| Expr::Identifier(Ident::new(&self.name))),
            _ => call("coalesce", parts, span),
        }
    }
}

/// A table, or several that are joined.
#[derive(Debug, Clone, Default)]
pub(crate) struct Relation {
    /// In the order of `*`.
    pub(crate) columns: Vec<Column>,
    /// False when there may be columns that are not known.
    pub(crate) is_known: bool,
    /// Each table's own columns, under its name.
    pub(crate) tables: Vec<(Vec<String>, Names)>,
}

impl Relation {
    pub(crate) fn table(qualifier: &[Ident], names: Names) -> Self {
        let is_known = names.is_some();
        let name = qualifier.iter().map(|part| part.value.clone()).collect();
        let tables = vec![(name, names.clone())];
        let names = names.unwrap_or_default();
        let columns = names.into_iter().map(|name| Column::new(qualifier, name));
        Self {
            columns: columns.collect(),
            is_known,
            tables,
        }
    }

    pub(crate) fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Column> {
        self.columns
            .iter()
            .filter(move |column| column.name == name)
    }
}

/// What a name stands for in a SELECT.
pub(crate) enum Meaning<'a> {
    /// A column that two tables share.
    Merged(&'a Column),
    /// Something that the planner finds by itself, or nothing that is known.
    Other,
}

/// The FROM clauses around an expression, the nearest last.
#[derive(Debug, Default)]
pub(crate) struct Scopes(Vec<Vec<Relation>>);

impl Scopes {
    pub(crate) fn push(&mut self, relations: Vec<Relation>) {
        self.0.push(relations);
    }

    pub(crate) fn pop(&mut self) -> Vec<Relation> {
        self.0.pop().unwrap_or_default()
    }

    /// The FROM of the SELECT at hand.
    pub(crate) fn innermost(&self) -> &[Relation] {
        self.0.last().map_or(&[], Vec::as_slice)
    }

    /// The columns of one table of the SELECT at hand, by its name.
    pub(crate) fn columns_of(&self, table: &[String]) -> Names {
        let named = self
            .innermost()
            .iter()
            .flat_map(|relation| &relation.tables);
        let mut named = named.filter(|(name, _)| {
            name.len() >= table.len() && name[name.len() - table.len()..] == *table
        });
        named.next().and_then(|(_, names)| names.clone())
    }

    /// What an unqualified name means: the nearest FROM that has it decides.
    pub(crate) fn meaning<'a>(&'a self, name: &'a str) -> Meaning<'a> {
        for relations in self.0.iter().rev() {
            let mut found = relations.iter().flat_map(|relation| relation.named(name));
            match (found.next(), found.next()) {
                (Some(column), None) if column.is_merged => return Meaning::Merged(column),
                (Some(_), _) => return Meaning::Other,
                (None, _) if relations.iter().any(|relation| !relation.is_known) => {
                    return Meaning::Other;
                }
                (None, _) => {}
            }
        }
        Meaning::Other
    }
}
