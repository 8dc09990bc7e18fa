//! Names of packages and tables, as SQL can write them without quotes.

use crate::descriptor::json::Node;
use crate::error::{Result, SchemaError};

/// The SQL schema that describes all others in SQL, and so cannot be a package's.
const RESERVED_SCHEMA: &str = "information_schema";

/// The name of a table, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TableName {
    /// As the package writes it.
    pub(crate) resource: String,
    /// The SQL schema, if the name says one.
    pub(crate) schema: Option<String>,
    /// The table's own name.
    pub(crate) table: String,
}

impl TableName {
    /// As SQL writes it when the package's schema is the default: `ports` or `paper.table1`.
    pub(crate) fn full(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.table),
            None => self.table.clone(),
        }
    }

    /// `a.b` is table `b` of SQL schema `a`; hyphens become underscores.
    pub(crate) fn read(node: &Node<'_>) -> Result<Self> {
        let resource = node.text()?;
        let parts: Vec<&str> = resource.split('.').collect();
        let (schema, table) = match parts[..] {
            [table] => (None, table),
            [schema, table] => (Some(schema), table),
            _ => {
                let reason = "has more than one dot; `a.b` is table b of SQL schema a";
                return Err(unusable(node, resource, reason));
            }
        };
        let schema = schema.map(|schema| schema_name(node, schema)).transpose()?;
        Ok(Self {
            resource: resource.to_string(),
            schema,
            table: identifier(node, table)?,
        })
    }
}

/// The name of a package, which is that of its SQL schema; hyphens and dots become underscores.
pub(crate) fn package_name(node: &Node<'_>) -> Result<String> {
    schema_name(node, &node.text()?.replace('.', "_"))
}

fn schema_name(node: &Node<'_>, name: &str) -> Result<String> {
    usable_schema(name).map_err(|reason| unusable(node, name, &reason))
}

fn identifier(node: &Node<'_>, name: &str) -> Result<String> {
    usable(name).map_err(|reason| unusable(node, name, &reason))
}

/// A name as that of an SQL schema, or why it cannot be one.
pub(crate) fn usable_schema(name: &str) -> Result<String, String> {
    match usable(name)? {
        name if name == RESERVED_SCHEMA => {
            Err("would hide SQL's own information_schema; choose another".to_string())
        }
        name => Ok(name),
    }
}

/// A name of `a` to `z`, `0` to `9` and `_` that begins with a letter, or why it is none.
fn usable(name: &str) -> Result<String, String> {
    let identifier = name.replace('-', "_");
    let fits = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '_');
    if identifier.starts_with(|first: char| first.is_ascii_lowercase())
        && identifier.chars().all(fits)
    {
        return Ok(identifier);
    }
    let reason = "cannot be written in SQL without quotes; use a to z, 0 to 9 and _, and begin with a letter";
    let suggestion =
        suggest_name(name).map_or_else(String::new, |name| format!(", as in {name:?}"));
    Err(format!("{reason}{suggestion}"))
}

/// The name that SQL can write which is nearest to this one, if anything is left of it.
pub fn suggest_name(name: &str) -> Option<String> {
    let change = |character: char| match character.to_ascii_lowercase() {
        lower @ ('a'..='z' | '0'..='9') => lower,
        _ => '_',
    };
    let changed: String = name.chars().map(change).collect();
    let parts: Vec<&str> = changed.split('_').filter(|part| !part.is_empty()).collect();
    let first = parts.first()?.chars().next()?;
    let letter = if first.is_ascii_digit() { "t" } else { "" };
    Some(letter.to_string() + &parts.join("_"))
}

fn unusable(node: &Node<'_>, name: &str, reason: &str) -> SchemaError {
    SchemaError::NameUnusable {
        at: node.at(),
        name: name.to_string(),
        reason: reason.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{open, refused};

    fn names(package: &str, resource: &str) -> String {
        format!(
            r#"{{"name": "{package}", "resources": [{{"name": "{resource}", "path": "t.csv", "schema": {{"fields": [{{"name": "a"}}]}}}}]}}"#
        )
    }

    #[test]
    fn names_become_names_of_sql() {
        for (package, resource, expected) in [
            ("ports", "flows", ("ports", None, "flows", "flows")),
            (
                "border-ports",
                "port-events",
                ("border_ports", None, "port_events", "port_events"),
            ),
            (
                "org.ports",
                "paper.table-1",
                ("org_ports", Some("paper"), "table_1", "paper.table_1"),
            ),
        ] {
            let opened = open(&names(package, resource)).unwrap();
            let table = &opened.tables()[0];
            let found = (
                opened.name(),
                table.schema_name.as_deref(),
                table.name.as_str(),
                table.full_name(),
            );
            assert_eq!(found, expected);
            assert_eq!(table.resource, resource);
            assert!(opened.table(resource).is_some() && opened.table(table.full_name()).is_some());
        }
    }

    #[test]
    fn names_that_sql_would_have_to_quote_are_refused() {
        let rule = "cannot be written in SQL without quotes; use a to z, 0 to 9 and _, and begin with a letter";
        for (package, resource, problem) in [
            (
                "p",
                "Ports",
                format!(r#"the name "Ports" {rule}, as in "ports""#),
            ),
            ("p", "2014-flows", format!(r#"{rule}, as in "t2014_flows""#)),
            ("p", "port flows", format!(r#"{rule}, as in "port_flows""#)),
            ("p", "口岸", format!(r#"the name "口岸" {rule}"#)),
            ("p", "", format!(r#"the name "" {rule}"#)),
            (
                "p",
                "a.b.c",
                "has more than one dot; `a.b` is table b of SQL schema a".to_string(),
            ),
            ("p", "a.", format!(r#"the name "" {rule}"#)),
            (
                "p",
                "information-schema.t",
                "would hide SQL's own information_schema".to_string(),
            ),
            (
                "information_schema",
                "t",
                "#/name (line 1, column 10): the name".to_string(),
            ),
        ] {
            refused(&names(package, resource), &problem);
        }
    }
}
