//! The pieces of a template's expression.

use super::reader::is_template;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name, with its points: `trigger.to_state.state`.
    Name(String),
    Text(String),
    Number(f64),
    /// `==`, `(`, `|` and the like.
    Sign(&'static str),
}

/// Signs, longer ones first.
const SIGNS: [&str; 14] =
    ["==", "!=", "<=", ">=", "<", ">", "(", ")", "[", "]", ",", "|", "-", "="];

/// What has been read of an expression; `Err` holds nothing, because the whole is lost then.
pub(super) type Parsed<T> = Result<T, NotSimple>;

/// The expression is more than a condition.
#[derive(Debug)]
pub(super) struct NotSimple;

/// The pieces of the one expression of a template, names that it sets replaced by what they are.
pub(super) fn tokens_of(text: &str) -> Parsed<Vec<Token>> {
    let mut rest = text.trim();
    let mut names: Vec<(String, Vec<Token>)> = Vec::new();
    while let Some(body) = rest.strip_prefix("{%") {
        let (statement, after) = body.split_once("%}").ok_or(NotSimple)?;
        let statement = statement.trim_matches(['-', ' ', '\n']);
        let (name, value) =
            statement.strip_prefix("set ").and_then(|it| it.split_once('=')).ok_or(NotSimple)?;
        names.push((name.trim().to_owned(), with_names(tokens(value)?, &names)));
        rest = after.trim_start();
    }
    let inner = rest.strip_prefix("{{").and_then(|it| it.strip_suffix("}}")).ok_or(NotSimple)?;
    if is_template(inner) {
        return Err(NotSimple);
    }
    Ok(with_names(tokens(inner.trim_matches('-'))?, &names))
}

fn with_names(tokens: Vec<Token>, names: &[(String, Vec<Token>)]) -> Vec<Token> {
    let value_of = |token: &Token| match token {
        Token::Name(name) => names.iter().rev().find(|(known, _)| known == name),
        Token::Text(_) | Token::Number(_) | Token::Sign(_) => None,
    };
    tokens
        .into_iter()
        .flat_map(|token| match value_of(&token) {
            Some((_, value)) => value.clone(),
            None => vec![token],
        })
        .take(2_000)
        .collect()
}

fn tokens(text: &str) -> Parsed<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            '\'' | '"' => {
                let inner = rest.get(1..).ok_or(NotSimple)?;
                let end = inner.find(first).ok_or(NotSimple)?;
                (Token::Text(inner.get(..end).unwrap_or_default().to_owned()), end + 2)
            }
            '0'..='9' => {
                let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.');
                let digits = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
                (Token::Number(digits.parse().map_err(|_| NotSimple)?), digits.len())
            }
            'a'..='z' | 'A'..='Z' | '_' | '.' => {
                let is_part = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '.');
                let end = rest.find(|it: char| !is_part(it)).unwrap_or(rest.len());
                (Token::Name(rest.get(..end).unwrap_or_default().to_owned()), end)
            }
            _ => {
                let sign = SIGNS.iter().find(|it| rest.starts_with(**it)).ok_or(NotSimple)?;
                (Token::Sign(sign), sign.len())
            }
        };
        tokens.push(token);
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_set_is_what_it_was_set_to() {
        let direct = tokens_of("{{ now().hour > 5 }}").unwrap();
        let named = tokens_of("{% set h = now().hour %}\n{% set x = h %}{{ x > 5 }}").unwrap();
        assert_eq!(direct, named);
    }

    #[test]
    fn a_program_is_more_than_an_expression() {
        for text in [
            "{% if x %}a{% endif %}",
            "{{ a }} {{ b }}",
            "text",
            "{{ 'open }}",
            "{% set a %}{{ a }}",
            "{{ a ~ b }}",
        ] {
            tokens_of(text).unwrap_err();
        }
    }

    #[test]
    fn names_that_grow_without_end_are_cut() {
        let mut text = String::from("{% set a = x or x %}");
        for _ in 0..40 {
            text.push_str("{% set a = a or a %}");
        }
        text.push_str("{{ a }}");
        assert!(tokens_of(&text).is_ok_and(|it| it.len() <= 2_000));
    }
}
