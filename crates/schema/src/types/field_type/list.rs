//! Cells of the type list: values of one type with a delimiter between them.

use super::ListFormat;
use crate::types::rule::Rule;
use crate::types::value::Value;

impl ListFormat {
    /// Reads the items; an empty text is a list of none.
    pub(crate) fn parse<'t>(&self, text: &'t str) -> Result<Vec<Value<'t>>, Rule> {
        if text.is_empty() {
            return Ok(Vec::new());
        }
        let read = |(index, item)| {
            let value = self.item.parse(item);
            value.map_err(|rule| Rule::from(format!("item {}: {rule}", index + 1)))
        };
        text.split(&*self.delimiter).enumerate().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::read_field;

    #[test]
    fn items_are_values_of_their_type() {
        let read = |properties: &str, text: &str| {
            let field = read_field(&format!(r#"{{"name": "x", "type": "list"{properties}}}"#));
            let value = field.parse(text);
            value.map_or_else(|rule| rule.to_string(), |value| value.to_string())
        };
        assert_eq!(read("", "rail,road"), "rail,road");
        assert_eq!(
            read(r#", "itemType": "integer", "delimiter": "; ""#, "1; 02"),
            "1,2"
        );
        assert_eq!(
            read(r#", "itemType": "integer""#, "1,x,3"),
            "item 2: not an integer"
        );
        assert_eq!(
            read(r#", "itemType": "date""#, "2014-01-31,2014-02-30"),
            "item 2: no such day in the calendar"
        );
        assert_eq!(
            read(r#", "constraints": {"maxLength": 2}"#, "a,b,c"),
            "longer than 2 items"
        );
        assert_eq!(read(r#", "constraints": {"maxLength": 2}"#, "a,b"), "a,b");
    }
}
