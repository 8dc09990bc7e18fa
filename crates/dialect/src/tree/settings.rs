//! Settings of how statements are read, which would be taken and do nothing, refused.

use sqlparser::ast::{Set, Spanned, Statement};

use super::Context;
use crate::refusal::Refusal;
use crate::registry::{Outcome, Syntax};

pub(crate) const SYNTAX: Syntax = Syntax {
    name: "settings of how statements are read",
    example: "SET datafusion.sql_parser.dialect = 'postgresql'",
    outcome: Outcome::Refused(
        "statements are read in one way; `datafusion.sql_parser.dialect` cannot be set",
    ),
    statement: Some(refuse),
    ..Syntax::NONE
};

/// The others of `datafusion.sql_parser` do what they say.
const FIXED: &[&str] = &[
    "datafusion.sql_parser.dialect",
    "datafusion.sql_parser.enable_ident_normalization",
];

fn refuse(statement: &mut Statement, _context: &Context<'_>) -> Result<(), Refusal> {
    let Statement::Set(Set::SingleAssignment { variable, .. }) = statement else {
        return Ok(());
    };
    let name = variable.to_string().to_lowercase();
    match FIXED.contains(&name.as_str()) {
        true => {
            let message = format!("statements are read in one way; `{name}` cannot be set");
            Err(Refusal::new(message, variable.span()))
        }
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::tree::testing::{refused, text};

    #[test]
    fn the_dialect_is_fixed() {
        let sql = "SET datafusion.sql_parser.dialect = 'postgresql'";
        assert_eq!(refused(sql).1, "datafusion.sql_parser.dialect");
        text("SET datafusion.execution.batch_size = 100");
    }
}
