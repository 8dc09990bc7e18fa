//! The dialect by which all text is read: sqlparser's most permissive one, without its traps.

use std::any::TypeId;

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};
use sqlparser::dialect::{Dialect, GenericDialect, Precedence};
use sqlparser::keywords::{Keyword, RESERVED_FOR_COLUMN_ALIAS, RESERVED_FOR_TABLE_ALIAS};
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Word};

/// The SQL of this project.
///
/// It reads what [`GenericDialect`] reads. Beyond that `^` binds tighter than `*` and looser than
/// a sign, `x ISNULL` and `x GLOB 'a*'` are operators, numbers may hold underscores, and words that are
/// syntax in other databases never become an alias without AS: `ports POSITIONAL JOIN events`
/// would otherwise be a cross product of `ports` called `POSITIONAL`. `IS DISTINCT FROM` ends before AND and OR.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Kouan;

/// Between `*` and `::`, as in PostgreSQL and DuckDB.
const POWER: u8 = 45;

impl Dialect for Kouan {
    /// Parser and tokenizer ask in places for the dialect by name; there this is the generic one.
    fn dialect(&self) -> TypeId {
        TypeId::of::<GenericDialect>()
    }

    fn get_next_precedence(&self, parser: &Parser) -> Option<Result<u8, ParserError>> {
        match &parser.peek_token_ref().token {
            Token::Caret => Some(Ok(POWER)),
            Token::Word(word) if is(word, "ISNULL") => Some(Ok(self.prec_value(Precedence::Is))),
            Token::Word(word) if is(word, "GLOB") => Some(Ok(self.prec_value(Precedence::Like))),
            _ => None,
        }
    }

    /// A sign binds tighter than `^`: `-2^2` is 4.
    fn parse_prefix(&self, parser: &mut Parser) -> Option<Result<Expr, ParserError>> {
        let op = match parser.peek_token_ref().token {
            Token::Minus => UnaryOperator::Minus,
            Token::Plus => UnaryOperator::Plus,
            _ => return None,
        };
        parser.advance_token();
        let signed = parser.parse_subexpr(POWER).map(|expr| Expr::UnaryOp {
            op,
            expr: Box::new(expr),
        });
        Some(signed)
    }

    fn parse_infix(
        &self,
        parser: &mut Parser,
        expr: &Expr,
        precedence: u8,
    ) -> Option<Result<Expr, ParserError>> {
        match &parser.peek_token_ref().token {
            Token::Word(word) if is(word, "ISNULL") => {
                parser.advance_token();
                Some(Ok(Expr::IsNull(Box::new(expr.clone()))))
            }
            Token::Word(word) if is(word, "GLOB") => {
                parser.advance_token();
                let pattern = parser.parse_subexpr(precedence);
                Some(pattern.map(|pattern| Expr::BinaryOp {
                    left: Box::new(expr.clone()),
                    op: BinaryOperator::Custom(GLOB.to_string()),
                    right: Box::new(pattern),
                }))
            }
            Token::Word(word) if is(word, "IS") => is_distinct_from(parser, expr, precedence),
            _ => None,
        }
    }

    fn is_select_item_alias(&self, explicit: bool, keyword: &Keyword, parser: &mut Parser) -> bool {
        explicit || !RESERVED_FOR_COLUMN_ALIAS.contains(keyword) && !is_syntax(parser)
    }

    fn is_table_factor_alias(
        &self,
        explicit: bool,
        keyword: &Keyword,
        parser: &mut Parser,
    ) -> bool {
        explicit || !RESERVED_FOR_TABLE_ALIAS.contains(keyword) && !is_syntax(parser)
    }

    fn supports_numeric_literal_underscores(&self) -> bool {
        true
    }

    fn supports_notnull_operator(&self) -> bool {
        true
    }

    // What follows is what `GenericDialect` answers.

    fn is_delimited_identifier_start(&self, ch: char) -> bool {
        ch == '"' || ch == '`'
    }

    fn is_identifier_start(&self, ch: char) -> bool {
        ch.is_alphabetic() || ch == '_' || ch == '#' || ch == '@'
    }

    fn is_identifier_part(&self, ch: char) -> bool {
        ch.is_alphabetic()
            || ch.is_ascii_digit()
            || ch == '@'
            || ch == '$'
            || ch == '#'
            || ch == '_'
    }

    fn supports_unicode_string_literal(&self) -> bool {
        true
    }

    fn supports_partition_by_after_order_by(&self) -> bool {
        true
    }

    fn supports_array_join_syntax(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_group_by_with_modifier(&self) -> bool {
        true
    }

    fn supports_left_associative_joins_without_parens(&self) -> bool {
        true
    }

    fn supports_connect_by(&self) -> bool {
        true
    }

    fn supports_match_recognize(&self) -> bool {
        true
    }

    fn supports_pipe_operator(&self) -> bool {
        true
    }

    fn supports_start_transaction_modifier(&self) -> bool {
        true
    }

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn supports_dictionary_syntax(&self) -> bool {
        true
    }

    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }

    fn supports_parenthesized_set_variables(&self) -> bool {
        true
    }

    fn supports_select_wildcard_except(&self) -> bool {
        true
    }

    fn support_map_literal_syntax(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }

    fn allow_extract_single_quotes(&self) -> bool {
        true
    }

    fn supports_extract_comma_syntax(&self) -> bool {
        true
    }

    fn supports_create_view_comment_syntax(&self) -> bool {
        true
    }

    fn supports_parens_around_table_factor(&self) -> bool {
        true
    }

    fn supports_values_as_table_factor(&self) -> bool {
        true
    }

    fn supports_create_index_with_clause(&self) -> bool {
        true
    }

    fn supports_explain_with_utility_options(&self) -> bool {
        true
    }

    fn supports_limit_comma(&self) -> bool {
        true
    }

    fn supports_update_order_by(&self) -> bool {
        true
    }

    fn supports_from_first_select(&self) -> bool {
        true
    }

    fn supports_projection_trailing_commas(&self) -> bool {
        true
    }

    fn supports_asc_desc_in_column_definition(&self) -> bool {
        true
    }

    fn supports_try_convert(&self) -> bool {
        true
    }

    fn supports_bitwise_shift_operators(&self) -> bool {
        true
    }

    fn supports_comment_on(&self) -> bool {
        true
    }

    fn supports_load_extension(&self) -> bool {
        true
    }

    fn supports_named_fn_args_with_assignment_operator(&self) -> bool {
        true
    }

    fn supports_struct_literal(&self) -> bool {
        true
    }

    fn supports_empty_projections(&self) -> bool {
        true
    }

    fn supports_nested_comments(&self) -> bool {
        true
    }

    fn supports_multiline_comment_hints(&self) -> bool {
        true
    }

    fn supports_user_host_grantee(&self) -> bool {
        true
    }

    fn supports_string_escape_constant(&self) -> bool {
        true
    }

    fn supports_array_typedef_with_brackets(&self) -> bool {
        true
    }

    fn supports_match_against(&self) -> bool {
        true
    }

    fn supports_set_names(&self) -> bool {
        true
    }

    fn supports_comma_separated_set_assignments(&self) -> bool {
        true
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_select_wildcard_exclude(&self) -> bool {
        true
    }

    fn supports_data_type_signed_suffix(&self) -> bool {
        true
    }

    fn supports_interval_options(&self) -> bool {
        true
    }

    fn supports_quote_delimited_string(&self) -> bool {
        true
    }

    fn supports_select_wildcard_replace(&self) -> bool {
        true
    }

    fn supports_select_wildcard_ilike(&self) -> bool {
        true
    }

    fn supports_select_wildcard_rename(&self) -> bool {
        true
    }

    fn supports_optimize_table(&self) -> bool {
        true
    }

    fn supports_install(&self) -> bool {
        true
    }

    fn supports_detach(&self) -> bool {
        true
    }

    fn supports_prewhere(&self) -> bool {
        true
    }

    fn supports_with_fill(&self) -> bool {
        true
    }

    fn supports_limit_by(&self) -> bool {
        true
    }

    fn supports_interpolate(&self) -> bool {
        true
    }

    fn supports_settings(&self) -> bool {
        true
    }

    fn supports_select_format(&self) -> bool {
        true
    }

    fn supports_comment_optimizer_hint(&self) -> bool {
        true
    }

    fn supports_constraint_keyword_without_name(&self) -> bool {
        true
    }

    fn supports_key_column_option(&self) -> bool {
        true
    }

    fn supports_comma_separated_trim(&self) -> bool {
        true
    }

    fn supports_cte_without_as(&self) -> bool {
        true
    }

    fn supports_select_item_multi_column_alias(&self) -> bool {
        true
    }

    fn supports_xml_expressions(&self) -> bool {
        true
    }
}

/// `x IS [NOT] DISTINCT FROM y`, which ends before AND and OR. sqlparser 0.62 reads on to the end of the expression:
/// `true IS DISTINCT FROM true AND false` would be true.
fn is_distinct_from(
    parser: &mut Parser,
    left: &Expr,
    precedence: u8,
) -> Option<Result<Expr, ParserError>> {
    let negated = [Keyword::IS, Keyword::NOT, Keyword::DISTINCT, Keyword::FROM];
    let plain = [Keyword::IS, Keyword::DISTINCT, Keyword::FROM];
    let operator = if parser.parse_keywords(&negated) {
        Expr::IsNotDistinctFrom
    } else if parser.parse_keywords(&plain) {
        Expr::IsDistinctFrom
    } else {
        return None;
    };
    let right = parser.parse_subexpr(precedence);
    Some(right.map(|right| operator(Box::new(left.clone()), Box::new(right))))
}

/// The operator of `x GLOB 'a*'` in a tree, until it is rewritten.
pub(crate) const GLOB: &str = "GLOB";

fn is(word: &Word, keyword: &str) -> bool {
    word.quote_style.is_none() && word.value.eq_ignore_ascii_case(keyword)
}

/// True when the word just read is syntax in some database, so that it is no alias unless AS says so.
fn is_syntax(parser: &Parser) -> bool {
    let Token::Word(word) = &parser.get_current_token().token else {
        return false;
    };
    word.quote_style.is_none()
        && NO_ALIASES
            .iter()
            .any(|keyword| word.value.eq_ignore_ascii_case(keyword))
}

/// Words that begin a clause, a join or an operator in DuckDB, PostgreSQL, ClickHouse, Snowflake or
/// SQL Server, beyond those that sqlparser reserves.
const NO_ALIASES: &[&str] = &[
    "ALL",
    "ANTI",
    "ANY",
    "ARRAY",
    "ASOF",
    "BETWEEN",
    "COLLATE",
    "CONNECT",
    "CROSS",
    "DIV",
    "FETCH",
    "FILTER",
    "FINAL",
    "FOR",
    "FULL",
    "GLOB",
    "IGNORE",
    "ILIKE",
    "IN",
    "INNER",
    "IS",
    "ISNULL",
    "JOIN",
    "LEFT",
    "LIKE",
    "MATCH_RECOGNIZE",
    "NATURAL",
    "NOTNULL",
    "ON",
    "OUTER",
    "OVER",
    "OVERLAPS",
    "PASTE",
    "PIVOT",
    "POSITIONAL",
    "PREWHERE",
    "QUALIFY",
    "REGEXP",
    "RESPECT",
    "RIGHT",
    "RLIKE",
    "SEMI",
    "SIMILAR",
    "STRAIGHT_JOIN",
    "TABLESAMPLE",
    "UNPIVOT",
    "USING",
    "WINDOW",
    "WITHIN",
];
