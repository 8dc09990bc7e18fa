//! Random expressions by type: every form that makes a value of NULL, or NULL of a value, over every kind of column.

use fastrand::Rng;

/// What an expression gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Whole,
    Float,
    Decimal,
    Text,
    Date,
    Truth,
}

/// All kinds, as often as there are ways in which NULL could be mistaken.
pub(super) const KINDS: [Kind; 6] = [
    Kind::Whole,
    Kind::Float,
    Kind::Decimal,
    Kind::Text,
    Kind::Date,
    Kind::Truth,
];

/// A column and what it holds.
pub(super) type Column = (&'static str, Kind);

/// The columns of the table that every question is about.
pub(super) const COLUMNS_OF_T: [Column; 16] = [
    ("t.port", Kind::Text),
    ("t.year", Kind::Whole),
    ("t.day", Kind::Date),
    ("t.is_open", Kind::Truth),
    ("t.tonnes", Kind::Float),
    ("t.persons", Kind::Whole),
    ("t.value", Kind::Decimal),
    ("t.big", Kind::Whole),
    ("t.share", Kind::Float),
    ("t.level", Kind::Float),
    ("t.nothing", Kind::Whole),
    ("t.grade", Kind::Whole),
    ("t.number", Kind::Whole),
    ("t.fee", Kind::Decimal),
    ("t.toll", Kind::Decimal),
    ("t.worth", Kind::Decimal),
];

/// Makes expressions over some columns, most of them over one alone, which is what dictionaries can answer.
pub(super) struct Grammar<'a> {
    random: &'a mut Rng,
    columns: Vec<Column>,
    in_focus: Vec<Column>,
}

impl<'a> Grammar<'a> {
    pub(super) fn new(random: &'a mut Rng, columns: Vec<Column>) -> Self {
        Self {
            random,
            columns,
            in_focus: Vec::new(),
        }
    }

    /// An expression of a kind over columns of its own choice.
    pub(super) fn expression(&mut self, kind: Kind) -> String {
        self.in_focus = match self.random.u8(..) {
            0..220 => self
                .random
                .choice(self.columns.clone())
                .into_iter()
                .collect(),
            _ => self.columns.clone(),
        };
        match self.random.u8(..) {
            0..100 => self.with_null_told(kind),
            _ => {
                let depth = self.random.usize(0..4);
                self.of(kind, depth)
            }
        }
    }

    /// One form that makes a value of a column's NULL, or NULL of its values, and nothing else.
    fn with_null_told(&mut self, kind: Kind) -> String {
        let columns = self.in_focus.clone();
        let (column, own) = self.choice(&columns);
        let (one, two) = (self.value(kind), self.value(kind));
        let of_column = match own == kind {
            true => column.to_string(),
            false => self.leaf(kind),
        };
        match self.random.u8(0..8) {
            0 => format!("coalesce({of_column}, {one})"),
            1 => format!("CASE WHEN {column} IS NULL THEN {one} ELSE {two} END"),
            2 => format!("CASE WHEN {column} IS NOT NULL THEN {one} ELSE {two} END"),
            3 => format!(
                "CASE WHEN {column} = {} THEN {one} ELSE {two} END",
                self.value(own)
            ),
            4 if kind != Kind::Truth => format!("greatest({of_column}, {one})"),
            5 => format!("nullif({of_column}, {one})"),
            6 => format!(
                "CASE WHEN ({column} > {}) IS UNKNOWN THEN {one} ELSE {two} END",
                self.value(own)
            ),
            _ => format!(
                "CASE WHEN {column} IS DISTINCT FROM {} THEN {one} END",
                self.value(own)
            ),
        }
    }

    /// A literal that is not NULL.
    fn value(&mut self, kind: Kind) -> String {
        loop {
            let literal = self.literal(kind);
            if !literal.contains("NULL") {
                return literal;
            }
        }
    }

    /// The same of any kind of a list.
    pub(super) fn one_of(&mut self, kinds: &[Kind]) -> String {
        let kind = self.choice(kinds);
        self.expression(kind)
    }

    /// An aggregate, some of them of the rows that pass a filter.
    pub(super) fn aggregate(&mut self) -> String {
        use Kind::{Date, Decimal, Float, Text, Truth, Whole};
        let numbers = &[Whole, Float, Decimal];
        let keys = &[Whole, Decimal, Text, Date, Truth];
        let call = match self.random.u8(0..16) {
            0 => format!("count({})", self.one_of(&KINDS)),
            1 => format!("count(DISTINCT {})", self.one_of(keys)),
            2..5 => format!("sum({})", self.one_of(numbers)),
            5 => format!("avg({})", self.one_of(numbers)),
            6 => format!("min({})", self.one_of(&[Whole, Float, Decimal, Date])),
            7 => format!("max({})", self.one_of(&[Whole, Float, Decimal, Date])),
            8 => format!("stddev({})", self.expression(Whole)),
            9 => format!("var_pop({})", self.expression(Float)),
            10 => format!("hhi({})", self.one_of(numbers)),
            11 => format!("theil_t({})", self.expression(Whole)),
            12 => {
                let other = self.expression(Whole);
                format!("corr({}, {other})", self.expression(Whole))
            }
            13 => {
                let other = self.expression(Whole);
                format!("grubel_lloyd({}, {other})", self.expression(Whole))
            }
            14 => format!("bool_or({})", self.expression(Truth)),
            _ => format!("bool_and({})", self.expression(Truth)),
        };
        match self.random.u8(..) {
            0..60 => format!("{call} FILTER (WHERE {})", self.expression(Truth)),
            _ => call,
        }
    }

    /// A sum of whole numbers, which HAVING can compare.
    pub(super) fn aggregate_of_whole(&mut self) -> String {
        let call = self.choice(&["sum", "count", "min", "max"]);
        format!("{call}({})", self.expression(Kind::Whole))
    }

    fn choice<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.random.usize(..list.len())]
    }

    fn of(&mut self, kind: Kind, depth: usize) -> String {
        if depth == 0 || self.random.u8(..) < 40 {
            return self.leaf(kind);
        }
        match kind {
            _ if self.random.u8(..) < 120 => self.of_any_kind(kind, depth - 1),
            Kind::Truth => self.truth(depth - 1),
            Kind::Whole => {
                let (one, two) = (self.of(kind, depth - 1), self.literal(kind));
                self.choice(&["({} + {})", "({} - {})", "({} * {})", "({} % 7)", "(- {})"])
                    .replacen("{}", &one, 1)
                    .replacen("{}", &two, 1)
            }
            Kind::Float => {
                let (one, two) = (self.of(kind, depth - 1), self.literal(kind));
                self.choice(&["({} + {})", "({} * {})", "(- {})", "abs({})"])
                    .replacen("{}", &one, 1)
                    .replacen("{}", &two, 1)
            }
            Kind::Decimal => {
                let (one, two) = (self.of(kind, depth - 1), self.literal(kind));
                self.choice(&["({} + {})", "({} - {})", "(- {})"])
                    .replacen("{}", &one, 1)
                    .replacen("{}", &two, 1)
            }
            Kind::Text => {
                let (one, two) = (self.of(kind, depth - 1), self.literal(kind));
                let year = self.of(Kind::Whole, depth - 1);
                self.choice(&[
                    "concat({}, {})",
                    "({} || {})",
                    "upper({})",
                    "substr({}, 2)",
                    "port_stage(CAST(1950 + (YEAR) % 50 AS INT))",
                ])
                .replacen("{}", &one, 1)
                .replacen("{}", &two, 1)
                .replace("YEAR", &year)
            }
            Kind::Date => {
                let one = self.of(kind, depth - 1);
                self.choice(&[
                    "CAST(date_trunc('month', {}) AS DATE)",
                    "CAST({} + INTERVAL '1' DAY AS DATE)",
                ])
                .replace("{}", &one)
            }
        }
    }

    /// Forms that every kind has.
    fn of_any_kind(&mut self, kind: Kind, depth: usize) -> String {
        let (one, two) = (self.of(kind, depth), self.of(kind, depth));
        let forms = match kind {
            Kind::Truth => 7,
            _ => 9,
        };
        match self.random.u8(0..forms) {
            0 => format!("coalesce({one}, {two})"),
            1 => format!("nvl({one}, {two})"),
            2 => format!("ifnull({one}, {two})"),
            3 => format!("nullif({one}, {two})"),
            4 => format!(
                "CASE WHEN {} THEN {one} ELSE {two} END",
                self.of(Kind::Truth, depth)
            ),
            5 => format!("CASE WHEN {} THEN {one} END", self.of(Kind::Truth, depth)),
            6 => {
                let by = self.choice(&[Kind::Whole, Kind::Text, Kind::Date]);
                let (of, when) = (self.leaf(by), self.literal(by));
                format!("CASE {of} WHEN {when} THEN {one} ELSE {two} END")
            }
            7 => format!("greatest({one}, {two})"),
            _ => format!("least({one}, {two})"),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        let kind = self.choice(&KINDS);
        let (one, two) = (self.of(kind, depth), self.literal(kind));
        match self.random.u8(0..12) {
            0 => format!("({one} IS NULL)"),
            1 => format!("({one} IS NOT NULL)"),
            2 => format!("({one} IS DISTINCT FROM {two})"),
            3 => format!("({one} IS NOT DISTINCT FROM {two})"),
            4 => {
                let so = self.choice(&[
                    "TRUE",
                    "FALSE",
                    "UNKNOWN",
                    "NOT TRUE",
                    "NOT FALSE",
                    "NOT UNKNOWN",
                ]);
                format!("({} IS {so})", self.of(Kind::Truth, depth))
            }
            5 => format!("(NOT {})", self.of(Kind::Truth, depth)),
            6 => {
                let and = self.choice(&["AND", "OR"]);
                let other = self.of(Kind::Truth, depth);
                format!("({} {and} {other})", self.of(Kind::Truth, depth))
            }
            7 => {
                let is_in = self.choice(&["IN", "NOT IN"]);
                // Longer lists are looked up in a set, shorter ones compared one by one.
                let count = self.random.usize(1..6);
                let list: Vec<_> = (0..count).map(|_| self.literal(kind)).collect();
                format!("({one} {is_in} ({}))", list.join(", "))
            }
            8 if kind == Kind::Text => format!("({one} LIKE 'p%1')"),
            9 if kind != Kind::Truth => {
                format!("({one} BETWEEN {two} AND {})", self.literal(kind))
            }
            _ => {
                let compared = self.choice(&["=", "<>", "<", "<=", ">", ">="]);
                format!("({one} {compared} {two})")
            }
        }
    }

    /// A column, what it comes to in another kind, or a literal.
    fn leaf(&mut self, kind: Kind) -> String {
        let columns = self.in_focus.clone();
        if columns.is_empty() || self.random.u8(..) < 50 {
            return self.literal(kind);
        }
        let (column, own) = self.choice(&columns);
        match (own, kind) {
            (own, kind) if own == kind => column.to_string(),
            (_, Kind::Text) => format!("CAST({column} AS VARCHAR)"),
            (_, Kind::Truth) => format!("({column} IS NULL)"),
            (Kind::Text, Kind::Whole) if self.random.bool() => format!("length({column})"),
            (Kind::Date, Kind::Whole) => format!("extract(year FROM {column})"),
            (Kind::Date, Kind::Float | Kind::Decimal) => self.literal(kind),
            (Kind::Text, Kind::Date) => format!("TRY_CAST({column} AS DATE)"),
            (_, Kind::Date) => {
                format!("CASE WHEN {column} IS NULL THEN DATE '1996-03-01' END")
            }
            (_, Kind::Whole) => format!("TRY_CAST({column} AS BIGINT)"),
            (_, Kind::Float) => format!("TRY_CAST({column} AS DOUBLE)"),
            (_, Kind::Decimal) => format!("TRY_CAST({column} AS DECIMAL(14, 2))"),
        }
    }

    fn literal(&mut self, kind: Kind) -> String {
        let list: &[&str] = match kind {
            Kind::Whole => &["0", "1", "-1", "7", "1990", "CAST(NULL AS BIGINT)"],
            Kind::Float => &[
                "CAST(0.0 AS DOUBLE)",
                "CAST('-0.0' AS DOUBLE)",
                "CAST(1.5 AS DOUBLE)",
                "CAST('NaN' AS DOUBLE)",
                "CAST('-inf' AS DOUBLE)",
                "CAST(NULL AS DOUBLE)",
            ],
            Kind::Decimal => &[
                "CAST(0 AS DECIMAL(14, 2))",
                "CAST(1.5 AS DECIMAL(14, 2))",
                "CAST(NULL AS DECIMAL(14, 2))",
            ],
            Kind::Text => &["'p1'", "''", "'none'", "'7'", "CAST(NULL AS VARCHAR)"],
            Kind::Date => &[
                "DATE '1996-02-01'",
                "DATE '1970-01-01'",
                "CAST(NULL AS DATE)",
            ],
            Kind::Truth => &["true", "false", "CAST(NULL AS BOOLEAN)"],
        };
        self.choice(list).to_string()
    }
}
