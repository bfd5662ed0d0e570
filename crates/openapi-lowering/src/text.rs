//! Text of the document where it must not be misread: descriptions in doc comments by rustdoc, names in messages by
//! whoever reads a line each.

/// Makes a description safe as a doc comment: code blocks are not compiled as doctests, and
/// brackets are not taken for links or tags.
pub(crate) fn doc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fenced = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        if let Some(info) = trimmed.strip_prefix("```") {
            fenced = !fenced;
            out.push_str(if fenced && info.trim().is_empty() {
                "```text"
            } else {
                trimmed
            });
            // A fence with a language of its own would be compiled if that language is Rust.
            if fenced && info.trim_start().starts_with("rust") {
                out.push_str(",ignore");
            }
        } else if fenced {
            out.push_str(line);
        } else {
            escape(trimmed, &mut out);
        }
        out.push('\n');
    }
    if fenced {
        out.push_str("```\n");
    }
    out.truncate(out.trim_end().len());
    out
}

fn escape(line: &str, out: &mut String) {
    let mut code = false;
    for (at, c) in line.char_indices() {
        match c {
            '`' => code = !code,
            '[' | ']' | '<' | '>' if !code => out.push('\\'),
            'h' if !code && is_url(&line[at..]) => {
                // A bare URL is a rustdoc warning; between backticks it is text.
                let end = line[at..]
                    .find(char::is_whitespace)
                    .map_or(line.len(), |end| at + end);
                out.push('`');
                out.push_str(&line[at..end].replace('`', ""));
                out.push('`');
                escape(&line[end..], out);
                return;
            }
            _ => {}
        }
        out.push(c);
    }
    if code {
        out.push('`');
    }
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// A text in one line, with its control characters and line separators escaped.
pub(crate) fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            line.extend(c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::doc;

    #[test]
    fn indented_and_fenced_code_is_no_doctest() {
        assert_eq!(doc("Say:\n\n    let x = 1;"), "Say:\n\nlet x = 1;");
        assert_eq!(doc("```\nfn main() {}\n```"), "```text\nfn main() {}\n```");
        assert_eq!(doc("```json\n{}"), "```json\n{}\n```");
        assert_eq!(doc("```rust\nx\n```"), "```rust,ignore\nx\n```");
    }

    #[test]
    fn brackets_and_urls_are_plain_text() {
        assert_eq!(doc("filter[x] of <T>"), "filter\\[x\\] of \\<T\\>");
        assert_eq!(doc("`a[b]` c"), "`a[b]` c");
        assert_eq!(
            doc("see https://a.b/c[d] now"),
            "see `https://a.b/c[d]` now"
        );
        assert_eq!(doc("open `tick"), "open `tick`");
    }
}
