//! The SQL that people type, made into the SQL that DataFusion plans.
