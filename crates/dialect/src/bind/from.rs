//! FROM: the columns that tables and joins give, and USING and NATURAL as ON.

use sqlparser::ast::{
    BinaryOperator, Expr, Ident, Join, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart,
    Query, SelectItem, Spanned, TableAlias, TableFactor, TableWithJoins,
};
use sqlparser::tokenizer::Span;

use super::columns::normalized;
use super::queries::{Binder, renamed};
use super::scope::{Column, Names, Relation};
use super::sets::unlike;
use super::templates;
use crate::refusal::Refusal;
use crate::tree::joins::condition_of;

/// True when a join has USING or NATURAL.
pub(super) fn has_merged_columns(tables: &TableWithJoins) -> bool {
    let is_merging = |join: &Join| {
        matches!(
            condition_of(&join.join_operator),
            Some(JoinConstraint::Using(_) | JoinConstraint::Natural)
        )
    };
    let in_parentheses = |table: &TableFactor| match table {
        TableFactor::NestedJoin {
            table_with_joins, ..
        } => has_merged_columns(table_with_joins),
        _ => false,
    };
    in_parentheses(&tables.relation)
        || tables
            .joins
            .iter()
            .any(|join| is_merging(join) || in_parentheses(&join.relation))
}

/// Which rows of a join have a value, and so which side a shared column is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Every row has the left side.
    Left,
    /// Every row has the right side.
    Right,
    /// Either side may be missing.
    Full,
    /// The left side alone is kept.
    OnlyLeft,
    /// The right side alone is kept.
    OnlyRight,
}

impl Binder<'_> {
    /// Binds tables and their joins; `before` is what stands to the left of them in FROM.
    pub(super) fn tables(
        &mut self,
        tables: &mut TableWithJoins,
        before: &[Relation],
        names_needed: bool,
    ) -> Result<Relation, Refusal> {
        let mut left = self.factor(&mut tables.relation, before, names_needed)?;
        for join in &mut tables.joins {
            let mut visible = before.to_vec();
            visible.push(left.clone());
            let right = self.factor(&mut join.relation, &visible, names_needed)?;
            left = self.join(join, left, right)?;
        }
        Ok(left)
    }

    fn join(
        &mut self,
        join: &mut Join,
        left: Relation,
        right: Relation,
    ) -> Result<Relation, Refusal> {
        let span = join.relation.span();
        let kind = kind_of(&join.join_operator);
        let Some(condition) = condition_of_mut(&mut join.join_operator) else {
            return Ok(together(left, right, &[], Kind::Left));
        };
        let keys = match condition {
            JoinConstraint::On(expr) => {
                self.scopes.push(vec![left.clone(), right.clone()]);
                let bound = self.expression(expr);
                self.scopes.pop();
                bound?;
                Vec::new()
            }
            JoinConstraint::None => Vec::new(),
            JoinConstraint::Using(names) => {
                let names = names.iter().map(one_name).collect::<Result<Vec<_>, _>>()?;
                names
                    .iter()
                    .map(|name| Key::find(name, &left, &right))
                    .collect::<Result<Vec<_>, _>>()?
            }
            JoinConstraint::Natural => natural_keys(&left, &right, span)?,
        };
        if let Some(on) = equal(&keys) {
            *condition = JoinConstraint::On(on);
        }
        Ok(together(left, right, &keys, kind))
    }

    fn factor(
        &mut self,
        factor: &mut TableFactor,
        before: &[Relation],
        names_needed: bool,
    ) -> Result<Relation, Refusal> {
        let known = self.columns.of(factor).map(<[String]>::to_vec);
        match factor {
            TableFactor::Table {
                name, alias, args, ..
            } => {
                let names = match (args.is_none(), name.0.as_slice()) {
                    (true, [ObjectNamePart::Identifier(only)]) => {
                        self.common_names(only).unwrap_or(known)
                    }
                    _ => known,
                };
                if args.is_some() && alias.is_none() && names_needed {
                    *alias = name.0.last().and_then(ObjectNamePart::as_ident).map(called);
                }
                Ok(of_table(names, alias.as_ref(), Some(name)))
            }
            TableFactor::Derived {
                lateral,
                subquery,
                alias,
                ..
            } => {
                let names = match *lateral {
                    true => self.lateral(subquery, before)?,
                    false => self.query(subquery)?,
                };
                if alias.is_none() && names_needed {
                    *alias = Some(called(&self.unnamed()));
                }
                Ok(of_table(names, alias.as_ref(), None))
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias,
            } => {
                let relation = self.tables(table_with_joins, before, names_needed)?;
                let Some(alias) = alias.clone() else {
                    return Ok(relation);
                };
                if !relation.columns.iter().any(|column| column.is_merged) {
                    let names = relation.is_known.then(|| names_of(&relation));
                    return Ok(of_table(names, Some(&alias), None));
                }
                let from = std::mem::replace(table_with_joins.as_mut(), nothing());
                let (subquery, names) = as_subquery(from, &relation, alias.name.span)?;
                *factor = TableFactor::Derived {
                    lateral: false,
                    subquery: Box::new(subquery),
                    alias: Some(alias.clone()),
                    sample: None,
                };
                Ok(of_table(Some(names), Some(&alias), None))
            }
            TableFactor::UNNEST { alias, .. } => {
                if alias.is_none() && names_needed {
                    *alias = Some(called(&Ident::new("unnest")));
                }
                Ok(of_table(known, alias.as_ref(), None))
            }
            TableFactor::Function { alias, name, .. } => {
                if alias.is_none() && names_needed {
                    *alias = name.0.last().and_then(ObjectNamePart::as_ident).map(called);
                }
                Ok(of_table(known, alias.as_ref(), Some(name)))
            }
            _ => Ok(Relation::default()),
        }
    }

    fn lateral(&mut self, subquery: &mut Query, before: &[Relation]) -> Result<Names, Refusal> {
        self.scopes.push(before.to_vec());
        let names = self.query(subquery);
        self.scopes.pop();
        names
    }

    fn common_names(&self, name: &Ident) -> Option<Names> {
        let name = normalized(name);
        let found = self.common.iter().rev().find(|(other, _)| *other == name);
        found.map(|(_, names)| names.clone())
    }

    fn unnamed(&mut self) -> Ident {
        self.unnamed += 1;
        match self.unnamed {
            1 => Ident::new("unnamed_subquery"),
            count => Ident::new(format!("unnamed_subquery{count}")),
        }
    }
}

/// One column of USING or NATURAL, on both sides.
struct Key {
    name: String,
    span: Span,
    left: Column,
    right: Column,
}

impl Key {
    fn find(name: &Ident, left: &Relation, right: &Relation) -> Result<Self, Refusal> {
        let wanted = normalized(name);
        Ok(Self {
            left: one(&wanted, left, "left", name.span)?,
            right: one(&wanted, right, "right", name.span)?,
            name: wanted,
            span: name.span,
        })
    }

    /// The column that stands for both.
    fn merged(&self, kind: Kind) -> Column {
        let parts = match kind {
            Kind::Left | Kind::OnlyLeft => self.left.parts.clone(),
            Kind::Right | Kind::OnlyRight => self.right.parts.clone(),
            Kind::Full => [self.left.parts.as_slice(), &self.right.parts].concat(),
        };
        Column {
            name: self.name.clone(),
            parts,
            is_merged: true,
        }
    }
}

fn one(name: &str, side: &Relation, which: &str, span: Span) -> Result<Column, Refusal> {
    let mut found = side.named(name);
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column.clone()),
        (Some(_), Some(_)) => {
            let message = format!(
                "column `{name}` is in more than one table on the {which} side of the join"
            );
            Err(Refusal::new(message, span).hint("write ON with the tables' names"))
        }
        (None, _) if side.is_known => {
            let message = format!("the {which} side of the join has no column `{name}`");
            let names: Vec<&str> = side
                .columns
                .iter()
                .map(|column| column.name.as_str())
                .collect();
            Err(Refusal::new(message, span).hint(format!("its columns are {}", names.join(", "))))
        }
        (None, _) => Err(not_known(span)),
    }
}

fn not_known(span: Span) -> Refusal {
    Refusal::new("the columns of the tables are not known before they are read", span)
        .hint("write ON instead of USING, with a name for each table: FROM f(…) AS a JOIN … AS b ON a.x = b.x")
}

fn natural_keys(left: &Relation, right: &Relation, span: Span) -> Result<Vec<Key>, Refusal> {
    if !left.is_known || !right.is_known {
        return Err(not_known(span));
    }
    let mut keys = Vec::new();
    for column in &left.columns {
        if right.named(&column.name).next().is_some() {
            let name = Ident::with_quote_and_span('"', span, column.name.as_str());
            keys.push(Key::find(&name, left, right)?);
        }
    }
    match keys.is_empty() {
        true => Err(
            Refusal::new("NATURAL JOIN finds no column that both sides have", span)
                .hint("CROSS JOIN pairs every row with every row"),
        ),
        false => Ok(keys),
    }
}

/// `a.k = b.k AND …`
fn equal(keys: &[Key]) -> Option<Expr> {
    let mut equals = keys.iter().map(|key| Expr::BinaryOp {
        left: Box::new(key.left.value(key.span)),
        op: BinaryOperator::Eq,
        right: Box::new(key.right.value(key.span)),
    });
    let first = equals.next()?;
    Some(equals.fold(first, |left, right| Expr::BinaryOp {
        left: Box::new(left),
        op: BinaryOperator::And,
        right: Box::new(right),
    }))
}

/// The columns of a join, a key once, in its place on the left.
fn together(left: Relation, right: Relation, keys: &[Key], kind: Kind) -> Relation {
    let key_of = |column: &Column| keys.iter().find(|key| key.name == column.name);
    let is_known = left.is_known && right.is_known;
    match kind {
        Kind::OnlyLeft => return left,
        Kind::OnlyRight => return right,
        Kind::Left | Kind::Right | Kind::Full => {}
    }
    let from_left = left
        .columns
        .into_iter()
        .map(|column| match key_of(&column) {
            Some(key) => key.merged(kind),
            None => column,
        });
    let from_right = right
        .columns
        .into_iter()
        .filter(|column| key_of(column).is_none());
    Relation {
        columns: from_left.chain(from_right).collect(),
        is_known,
        tables: [left.tables, right.tables].concat(),
    }
}

fn kind_of(operator: &JoinOperator) -> Kind {
    match operator {
        JoinOperator::Right(_) | JoinOperator::RightOuter(_) => Kind::Right,
        JoinOperator::FullOuter(_) => Kind::Full,
        JoinOperator::LeftSemi(_) | JoinOperator::LeftAnti(_) => Kind::OnlyLeft,
        JoinOperator::RightSemi(_) | JoinOperator::RightAnti(_) => Kind::OnlyRight,
        _ => Kind::Left,
    }
}

fn condition_of_mut(operator: &mut JoinOperator) -> Option<&mut JoinConstraint> {
    match operator {
        JoinOperator::Join(condition)
        | JoinOperator::Inner(condition)
        | JoinOperator::Left(condition)
        | JoinOperator::LeftOuter(condition)
        | JoinOperator::Right(condition)
        | JoinOperator::RightOuter(condition)
        | JoinOperator::FullOuter(condition)
        | JoinOperator::LeftSemi(condition)
        | JoinOperator::RightSemi(condition)
        | JoinOperator::LeftAnti(condition)
        | JoinOperator::RightAnti(condition) => Some(condition),
        _ => None,
    }
}

fn one_name(name: &ObjectName) -> Result<Ident, Refusal> {
    match name.0.as_slice() {
        [ObjectNamePart::Identifier(name)] => Ok(name.clone()),
        _ => Err(Refusal::new(
            "USING takes names of columns without a table",
            name.span(),
        )),
    }
}

/// The columns of one table, under the name by which the rest of the statement calls it.
fn of_table(names: Names, alias: Option<&TableAlias>, table: Option<&ObjectName>) -> Relation {
    match (alias, table) {
        (Some(alias), _) => Relation::table(&[quoted(&alias.name)], renamed(names, alias)),
        (None, Some(table)) => {
            let parts = table
                .0
                .iter()
                .filter_map(ObjectNamePart::as_ident)
                .map(quoted);
            Relation::table(&parts.collect::<Vec<_>>(), names)
        }
        (None, None) => Relation::table(&[], names),
    }
}

/// The same name in double quotes, so that it is taken as it is.
fn quoted(name: &Ident) -> Ident {
    Ident::with_quote_and_span('"', name.span, normalized(name))
}

fn called(name: &Ident) -> TableAlias {
    TableAlias {
        explicit: true,
        name: name.clone(),
        columns: Vec::new(),
        at: None,
    }
}

fn names_of(relation: &Relation) -> Vec<String> {
    relation
        .columns
        .iter()
        .map(|column| column.name.clone())
        .collect()
}

fn nothing() -> TableWithJoins {
    TableWithJoins {
        relation: TableFactor::UNNEST {
            alias: None,
            array_exprs: Vec::new(),
            with_offset: false,
            with_offset_alias: None,
            with_ordinality: false,
        },
        joins: Vec::new(),
    }
}

/// `(SELECT … FROM a JOIN b …)`, whose columns have names of their own.
fn as_subquery(
    from: TableWithJoins,
    relation: &Relation,
    span: Span,
) -> Result<(Query, Vec<String>), Refusal> {
    if !relation.is_known {
        return Err(not_known(span));
    }
    let mut names: Vec<String> = Vec::new();
    for column in &relation.columns {
        names.push(unlike(&column.name, &names));
    }
    let items =
        relation
            .columns
            .iter()
            .zip(&names)
            .map(|(column, name)| SelectItem::ExprWithAlias {
                expr: column.value(span),
                alias: Ident::with_quote('"', name.as_str()),
            });
    let mut body = templates::body("SELECT * FROM t");
    if let Some(select) = templates::selects(&mut body).pop() {
        select.projection = items.collect();
        select.from = vec![from];
    }
    let query = templates::query(body);
    Ok((query, names))
}
