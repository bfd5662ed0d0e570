//! Tokens as text with line breaks.
//!
//! `TokenStream`'s own text is one line of two megabytes. The compiler looks up the column of every
//! span that a derive macro sees from the line's beginning, which made expanding this crate's
//! derives take ten times as long.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The text of the tokens, with a line for each statement, field and item.
pub(crate) fn lines(tokens: TokenStream) -> String {
    let mut out = String::new();
    print(tokens, &mut out);
    out
}

fn print(tokens: TokenStream, out: &mut String) {
    let mut pending = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                flush(&mut pending, out);
                out.push_str("{\n");
                print(group.stream(), out);
                out.push_str("}\n");
            }
            TokenTree::Punct(punct) if matches!(punct.as_char(), ';' | ',') => {
                pending.extend([TokenTree::from(punct)]);
                flush(&mut pending, out);
                out.push('\n');
            }
            // An attribute ends here; so may an index or a list, where a break does no harm.
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => {
                pending.extend([TokenTree::from(group)]);
                flush(&mut pending, out);
                out.push('\n');
            }
            other => pending.extend([other]),
        }
    }
    flush(&mut pending, out);
}

fn flush(pending: &mut TokenStream, out: &mut String) {
    if !pending.is_empty() {
        out.push_str(&std::mem::take(pending).to_string());
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn the_text_has_lines_and_the_same_tokens() {
        let tokens = quote! {
            #[doc = "a; {b}, \n"]
            pub struct A<'a> { pub b: Vec<&'a str>, c: [u8; 2] }
            impl A<'_> { fn d(&self) -> u8 { let e = self.c[0]; e..=1; e } }
        };
        let text = super::lines(tokens.clone());
        assert!(text.lines().count() > 8, "{text}");
        let again: proc_macro2::TokenStream = text.parse().unwrap();
        assert_eq!(again.to_string(), tokens.to_string());
    }
}
