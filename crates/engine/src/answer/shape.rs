//! What the rows of an answer are.

/// What the rows of an answer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerShape {
    /// Data.
    Rows,
    /// `EXPLAIN`: lines of plans, each plan's kind on its first line only.
    Plan,
    /// `EXPLAIN ANALYZE`: steps of a plan that has run, as `depth`, `step`, `rows` and `nanoseconds`. The first, of
    /// depth 0, is the statement as a whole; a step follows the one that takes its rows, one deeper.
    MeasuredPlan,
}
