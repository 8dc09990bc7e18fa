//! SELECT: `*` lists a shared column once, and names of shared columns stand for their values.

use sqlparser::ast::{
    Distinct, ExceptSelectItem, ExcludeSelectItem, Expr, GroupByExpr, Ident, ObjectName, OrderBy,
    OrderByExpr, OrderByKind, Select, SelectItem, SelectItemQualifiedWildcardKind, Value,
    WildcardAdditionalOptions,
};

use super::columns::normalized;
use super::from::has_merged_columns;
use super::queries::Binder;
use super::scope::{Column, Meaning, Names, Relation};
use super::sets::unlike;
use crate::refusal::Refusal;

impl Binder<'_> {
    pub(super) fn select(
        &mut self,
        select: &mut Select,
        order: Option<&mut OrderBy>,
    ) -> Result<Names, Refusal> {
        let names_needed = select.from.iter().any(has_merged_columns);
        let mut relations: Vec<Relation> = Vec::new();
        for tables in &mut select.from {
            let relation = self.tables(tables, &relations, names_needed)?;
            relations.push(relation);
        }
        self.scopes.push(relations);
        let names = self.clauses(select, order);
        self.scopes.pop();
        names
    }

    fn clauses(
        &mut self,
        select: &mut Select,
        order: Option<&mut OrderBy>,
    ) -> Result<Names, Refusal> {
        let names = self.projection(&mut select.projection)?;
        if let Some(Distinct::On(keys)) = &mut select.distinct {
            self.expression(keys)?;
        }
        for condition in [
            &mut select.selection,
            &mut select.having,
            &mut select.qualify,
        ] {
            self.expression(condition)?;
        }
        if let GroupByExpr::Expressions(keys, _) = &mut select.group_by {
            self.expression(keys)?;
        }
        if let Some(order) = order
            && let OrderByKind::Expressions(keys) = &mut order.kind
        {
            for key in keys {
                self.sort_key(key, names.as_deref())?;
            }
        }
        Ok(names)
    }

    /// The SELECT list; the names of its columns.
    fn projection(&mut self, items: &mut Vec<SelectItem>) -> Result<Names, Refusal> {
        let mut written = Vec::with_capacity(items.len());
        let mut names = Some(Vec::new());
        for item in std::mem::take(items) {
            let added = match item {
                SelectItem::Wildcard(options) if self.is_merging() => {
                    let listed = self.listed(options)?;
                    let added = listed.iter().filter_map(name_of_item).collect();
                    written.extend(listed);
                    Some(added)
                }
                SelectItem::Wildcard(options) => {
                    let added = self.names_of_all(&options);
                    written.push(SelectItem::Wildcard(options));
                    added
                }
                SelectItem::QualifiedWildcard(table, mut options) => {
                    self.expression(&mut options)?;
                    let added = self.names_of_table(&table, &options);
                    written.push(SelectItem::QualifiedWildcard(table, options));
                    added
                }
                item => {
                    let item = self.item(item)?;
                    let name = name_of_item(&item);
                    written.push(item);
                    name.map(|name| vec![name])
                }
            };
            match (&mut names, added) {
                (Some(names), Some(added)) => names.extend(added),
                (names, _) => *names = None,
            }
        }
        *items = written;
        Ok(names)
    }

    /// One value, under the name that it would have had.
    fn item(&mut self, item: SelectItem) -> Result<SelectItem, Refusal> {
        let mut expr = match item {
            SelectItem::UnnamedExpr(expr) => expr,
            mut other => {
                self.expression(&mut other)?;
                return Ok(other);
            }
        };
        let head = match &expr {
            Expr::Identifier(name) => name.clone(),
            other => Ident::with_quote('"', other.to_string()),
        };
        let is_plain = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
        let is_opened = head.value.to_lowercase().contains("unnest(");
        let was_replaced = self.expression(&mut expr)?;
        Ok(match !is_opened && (was_replaced || !is_plain) {
            true => SelectItem::ExprWithAlias { expr, alias: head },
            false => SelectItem::UnnamedExpr(expr),
        })
    }

    fn relations(&self) -> &[Relation] {
        self.scopes.innermost()
    }

    fn is_merging(&self) -> bool {
        let columns = self
            .relations()
            .iter()
            .flat_map(|relation| &relation.columns);
        columns.into_iter().any(|column| column.is_merged)
    }

    /// `*` written out.
    fn listed(&mut self, options: WildcardAdditionalOptions) -> Result<Vec<SelectItem>, Refusal> {
        let WildcardAdditionalOptions {
            wildcard_token,
            opt_ilike,
            opt_exclude,
            opt_except,
            opt_replace,
            opt_rename,
            opt_alias,
        } = options;
        let span = wildcard_token.0.span;
        if opt_ilike.is_some() || opt_rename.is_some() || opt_alias.is_some() {
            let message = "after USING and NATURAL JOIN, `*` takes EXCLUDE and REPLACE only";
            return Err(Refusal::new(message, span).hint("name the columns"));
        }
        if self.relations().iter().any(|relation| !relation.is_known) {
            let message = "the columns of the tables are not known before they are read";
            return Err(Refusal::new(message, span).hint("name the columns"));
        }
        let mut left_out = Vec::new();
        match opt_exclude {
            Some(ExcludeSelectItem::Single(name)) => left_out.push(last(&name)),
            Some(ExcludeSelectItem::Multiple(names)) => left_out.extend(names.iter().map(last)),
            None => {}
        }
        if let Some(ExceptSelectItem {
            first_element,
            additional_elements,
        }) = &opt_except
        {
            left_out.extend(
                [first_element]
                    .into_iter()
                    .chain(additional_elements)
                    .cloned()
                    .map(Some),
            );
        }
        let left_out: Vec<Ident> = left_out.into_iter().flatten().collect();
        let replaced = opt_replace.map_or_else(Vec::new, |replace| replace.items);

        let columns: Vec<Column> = self
            .relations()
            .iter()
            .flat_map(|relation| relation.columns.iter().cloned())
            .collect();
        // Names that some item has which is more than a column of a table.
        let composed: Vec<String> = columns
            .iter()
            .filter(|column| column.parts.len() > 1)
            .map(|column| column.name.clone())
            .chain(replaced.iter().map(|item| normalized(&item.column_name)))
            .collect();
        let mut names = left_out
            .iter()
            .chain(replaced.iter().map(|item| &item.column_name));
        let is_column = |name: &Ident| columns.iter().any(|column| column.name == normalized(name));
        if let Some(unknown) = names.find(|name| !is_column(name)) {
            let message = format!("no column is called `{}`", unknown.value);
            return Err(Refusal::new(message, unknown.span));
        }
        let mut items = Vec::with_capacity(columns.len());
        let mut heads: Vec<String> = Vec::with_capacity(columns.len());
        for column in columns {
            if left_out.iter().any(|name| normalized(name) == column.name) {
                continue;
            }
            let by = replaced
                .iter()
                .find(|item| normalized(&item.column_name) == column.name);
            let mut expr = match by {
                Some(by) => by.expr.clone(),
                None => column.value(span),
            };
            if by.is_some() {
                self.expression(&mut expr)?;
            }
            // The planner takes two columns of one name when both are of tables, and not in a subquery.
            let is_plain = by.is_none() && matches!(expr, Expr::CompoundIdentifier(_));
            let head = match is_plain && self.depth == 1 && !composed.contains(&column.name) {
                true => column.name.clone(),
                false => unlike(&column.name, &heads),
            };
            items.push(match is_plain && head == column.name {
                true => SelectItem::UnnamedExpr(expr),
                false => SelectItem::ExprWithAlias {
                    expr,
                    alias: Ident::with_quote('"', head.as_str()),
                },
            });
            heads.push(head);
        }
        Ok(items)
    }

    fn names_of_all(&self, options: &WildcardAdditionalOptions) -> Names {
        if is_changed(options) || self.relations().iter().any(|relation| !relation.is_known) {
            return None;
        }
        let columns = self
            .relations()
            .iter()
            .flat_map(|relation| &relation.columns);
        Some(columns.map(|column| column.name.clone()).collect())
    }

    fn names_of_table(
        &self,
        table: &SelectItemQualifiedWildcardKind,
        options: &WildcardAdditionalOptions,
    ) -> Names {
        let SelectItemQualifiedWildcardKind::ObjectName(table) = table else {
            return None;
        };
        if is_changed(options) {
            return None;
        }
        let parts: Vec<String> = table
            .0
            .iter()
            .filter_map(|part| part.as_ident())
            .map(normalized)
            .collect();
        self.scopes.columns_of(&parts)
    }

    /// A key of ORDER BY: first a column of the answer, then one of FROM.
    fn sort_key(&mut self, key: &mut OrderByExpr, names: Option<&[String]>) -> Result<(), Refusal> {
        if let Expr::Identifier(name) = &key.expr {
            let wanted = normalized(name);
            let is_merged = matches!(self.scopes.meaning(&wanted), Meaning::Merged(_));
            let names = names.unwrap_or_default();
            let mut places = names
                .iter()
                .enumerate()
                .filter(|(_, name)| **name == wanted);
            if let (Some((place, _)), None) = (places.next(), places.next()) {
                if is_merged {
                    // By its place, since the planner would find the columns of both sides.
                    let number = Value::Number((place + 1).to_string(), false);
                    key.expr = Expr::Value(number.with_span(name.span));
                }
                return Ok(());
            }
        }
        self.expression(&mut key.expr).map(|_| ())
    }
}

fn is_changed(options: &WildcardAdditionalOptions) -> bool {
    let WildcardAdditionalOptions {
        wildcard_token: _,
        opt_ilike,
        opt_exclude,
        opt_except,
        opt_replace: _,
        opt_rename,
        opt_alias,
    } = options;
    opt_ilike.is_some()
        || opt_exclude.is_some()
        || opt_except.is_some()
        || opt_rename.is_some()
        || opt_alias.is_some()
}

fn last(name: &ObjectName) -> Option<Ident> {
    name.0.last().and_then(|part| part.as_ident()).cloned()
}

fn name_of_item(item: &SelectItem) -> Option<String> {
    match item {
        SelectItem::ExprWithAlias { alias, .. } => Some(normalized(alias)),
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Some(normalized(name)),
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(path)) => path.last().map(normalized),
        _ => None,
    }
}
