//! A language that nobody speaks: accented, bracketed and 40 % longer, to find texts that are cut
//! off or were never put into the catalogue. Shown with `?pseudo` in the address.

/// The text as the pseudo-locale says it.
pub(super) fn stretch(text: &str) -> String {
    let accented: String = text.chars().map(accent).collect();
    let extra = text.chars().count() * 2 / 5 + 1;
    let filler: String = "~".repeat(extra);
    format!("[{accented}{filler}]")
}

fn accent(letter: char) -> char {
    match letter {
        'a' => 'á',
        'e' => 'é',
        'i' => 'í',
        'o' => 'ö',
        'u' => 'ü',
        'A' => 'Å',
        'E' => 'É',
        'O' => 'Ö',
        'U' => 'Ü',
        'n' => 'ñ',
        'c' => 'ç',
        'y' => 'ý',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_grows_by_two_fifths_at_least() {
        for text in
            ["On", "Settings", "The hub does not answer. What you see is what it last said."]
        {
            let long = stretch(text).chars().count();
            assert!(long * 5 >= text.chars().count() * 7, "{text}: {long}");
        }
    }
}
