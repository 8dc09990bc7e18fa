//! Cells of the type string, whose format may ask for an e-mail address, a URI, a UUID or base64.

use crate::types::rule::Rule;

/// What a `string` field's text must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StringFormat {
    /// Any text.
    Default,
    /// An e-mail address: `name@host`, without spaces.
    Email,
    /// A URI with its scheme: `https://…`, `doi:…`.
    Uri,
    /// A UUID: hexadecimal digits in groups of 8, 4, 4, 4 and 12.
    Uuid,
    /// Bytes in base64 (RFC 4648, section 4), kept as text.
    Binary,
}

impl StringFormat {
    pub(crate) fn check(self, text: &str) -> Result<(), Rule> {
        match self {
            Self::Default => Ok(()),
            Self::Email if is_email(text) => Ok(()),
            Self::Email => Err("not an e-mail address".into()),
            Self::Uri if is_uri(text) => Ok(()),
            Self::Uri => Err("not a URI like https://example.org".into()),
            Self::Uuid if is_uuid(text) => Ok(()),
            Self::Uuid => Err("not a UUID".into()),
            Self::Binary if is_base64(text) => Ok(()),
            Self::Binary => Err("not base64".into()),
        }
    }
}

/// Whether mail software would try it; only sending a letter tells more.
fn is_email(text: &str) -> bool {
    let unfit = |character: char| character.is_whitespace() || character.is_control();
    text.rsplit_once('@').is_some_and(|(name, host)| {
        let parts_filled = host.split('.').all(|part| !part.is_empty());
        !name.is_empty() && parts_filled && !name.contains('@') && !text.contains(unfit)
    })
}

/// RFC 3986, section 3: a scheme, a colon, and then only characters that a URI may hold.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    let in_rest = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    scheme.starts_with(|start: char| start.is_ascii_alphabetic())
        && scheme.bytes().all(in_scheme)
        && !rest.is_empty()
        && rest.bytes().all(in_rest)
}

fn is_uuid(text: &str) -> bool {
    let hexadecimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12]) && text.split('-').all(hexadecimal)
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let in_alphabet = |byte: u8| byte.is_ascii_alphanumeric() || b"+/".contains(&byte);
    text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(in_alphabet)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(format: StringFormat, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(format.check(text), Ok(()), "{text}");
        }
        for text in bad {
            assert!(format.check(text).is_err(), "{text}");
        }
    }

    #[test]
    fn formats() {
        check(StringFormat::Default, &["", " ", "口岸"], &[]);
        check(
            StringFormat::Email,
            &["a@b.org", "first.last@mail.example.cn"],
            &["", "a", "a@", "@b", "a b@c.org", "a@b..org", "a@b@c.org"],
        );
        check(
            StringFormat::Uri,
            &[
                "https://doi.org/10.3390/su6107089",
                "doi:10.3390/su6107089",
                "urn:isbn:1",
            ],
            &[
                "",
                "doi.org/10",
                "https:",
                "1a:b",
                "https://a b",
                "http://口岸",
            ],
        );
        // RFC 4648, section 10.
        check(
            StringFormat::Binary,
            &["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="],
            &["Zg", "Zg=", "Z===", "Zm9v!", "Zm 9"],
        );
        check(
            StringFormat::Uuid,
            &[
                "b03ec840-77fd-4270-813b-0c698943f7ce",
                "B03EC840-77FD-4270-813B-0C698943F7CE",
            ],
            &[
                "",
                "b03ec84-77fd-4270-813b-0c698943f7ce",
                "b03ec840-77fd-4270-813b-0c698943f7cg",
            ],
        );
    }
}
