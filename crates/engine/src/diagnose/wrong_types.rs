//! Words for values of a type that a function or operator does not take.

use arrow::datatypes::DataType;

/// What is wrong, in the person's types.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongTypes {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    pub(crate) place: Place,
}

/// What to put the caret under.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// The arguments of this function.
    Arguments(String),
    /// This operator.
    Operator(String),
    /// This text.
    Text(String),
}

/// Reads DataFusion's message; nothing if it speaks of something else.
pub(crate) fn read(message: &str, name: fn(&DataType) -> String) -> Option<WrongTypes> {
    let words = Words { name };
    words
        .arguments(message)
        .or_else(|| words.operator(message))
        .or_else(|| words.cast(message))
}

struct Words {
    name: fn(&DataType) -> String,
}

impl Words {
    fn arguments(&self, message: &str) -> Option<WrongTypes> {
        let (_, rest) = message.split_once("given name and argument types '")?;
        let (call, rest) = rest.split_once("'. ")?;
        let (function, given) = call.split_once('(')?;
        let given = self.list(given.strip_suffix(')')?);
        let takes: Vec<String> = rest
            .lines()
            .filter_map(|line| line.trim().strip_prefix(function))
            .filter_map(|call| call.strip_prefix('(')?.strip_suffix(')'))
            .filter(|types| *types != "UserDefined")
            .map(|types| format!("{function}({})", self.list(types)))
            .collect();
        Some(WrongTypes {
            message: format!("{function} does not take ({given})"),
            hint: (!takes.is_empty()).then(|| format!("it takes {}", takes.join(" or "))),
            place: Place::Arguments(function.to_string()),
        })
    }

    fn operator(&self, message: &str) -> Option<WrongTypes> {
        let starts = [
            "Cannot coerce arithmetic expression ",
            "Cannot infer common argument type for comparison operation ",
        ];
        let rest = starts.iter().find_map(|start| message.split_once(start))?.1;
        let operation = rest.split(" to valid types").next()?;
        let mut words = operation.split(' ');
        let (left, operator) = (words.next()?, words.next()?);
        let right: Vec<&str> = words.collect();
        let right = right.join(" ");
        let written = (left, right.as_str());
        let (mut left, mut right) = (self.one(written.0), self.one(written.1));
        if left == right && written.0 != written.1 {
            // Types of one name in SQL, such as the two of times of day.
            left = format!("{left} ({})", written.0);
            right = format!("{right} ({})", written.1);
        }
        Some(WrongTypes {
            message: format!("`{operator}` does not go between {left} and {right}"),
            hint: Some("turn one side into the other's type, as in CAST(x AS type)".to_string()),
            place: Place::Operator(operator.to_string()),
        })
    }

    fn cast(&self, message: &str) -> Option<WrongTypes> {
        let (_, rest) = message.split_once("Cannot cast string '")?;
        let (text, rest) = rest.split_once("' to value of ")?;
        let wanted = self.one(rest.split(" type").next()?);
        Some(WrongTypes {
            message: format!("'{text}' is not of type {wanted}"),
            hint: None,
            place: Place::Text(text.to_string()),
        })
    }

    fn list(&self, types: &str) -> String {
        let types = at_top(types, ',');
        let types: Vec<String> = types.into_iter().map(|one| self.one(one)).collect();
        types.join(", ")
    }

    fn one(&self, types: &str) -> String {
        let mut names: Vec<String> = Vec::new();
        for one in at_top(types, '/') {
            let one = one.trim();
            let name = match one.parse::<DataType>() {
                Ok(data_type) => (self.name)(&data_type),
                Err(_) if one.starts_with("Numeric(") => "number".to_string(),
                Err(_) if one.starts_with("String") => "varchar".to_string(),
                Err(_) => one.to_lowercase(),
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(" or ")
    }
}

/// Parts between separators that are not inside parentheses.
fn at_top(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0_i32;
    text.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == separator && depth == 0
    })
    .map(str::trim)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Messages of DataFusion 55.2 and arrow 59.
    #[test]
    fn types_in_the_words_of_sql() {
        let said = |message: &str| read(message, |data_type| format!("<{data_type}>"));
        let found = said(
            "No function matches the given name and argument types 'date_trunc(Int64, Timestamp(ns))'. You might need to add explicit type casts.\n\tCandidate functions:\n\tdate_trunc(String, Timestamp)\n\tdate_trunc(Float64/Float32, Numeric(1))",
        );
        let found = found.map(|found| (found.message, found.hint, found.place));
        let expected = (
            "date_trunc does not take (<Int64>, <Timestamp(ns)>)".to_string(),
            Some("it takes date_trunc(varchar, timestamp) or date_trunc(<Float64> or <Float32>, number)".to_string()),
            Place::Arguments("date_trunc".to_string()),
        );
        assert_eq!(found, Some(expected));
        let found = said("Cannot coerce arithmetic expression Utf8View + Int64 to valid types");
        assert!(found.is_some_and(|found| {
            found.message == "`+` does not go between <Utf8View> and <Int64>"
                && found.place == Place::Operator("+".to_string())
        }));
        let either = |_: &DataType| "time".to_string();
        let times =
            "Cannot infer common argument type for comparison operation Time32(s) = Time64(ns)";
        let found = read(times, either).map(|found| found.message);
        let expected = "`=` does not go between time (Time32(s)) and time (Time64(ns))";
        assert_eq!(found.as_deref(), Some(expected));
        let found = said("Cast error: Cannot cast string 'abc' to value of Int32 type");
        assert!(found.is_some_and(|found| found.message == "'abc' is not of type <Int32>"));
        assert_eq!(said("something else"), None);
    }
}
