//! The link to the schema in a page of the documentation.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use reqwest::Url;

use super::download::shown;

/// The link to the schema: the one to a JSON document; of several the one that OpenAPI is said of.
///
/// # Errors
///
/// If there is no such link or more than one, or a page that was read safely links one that is not.
pub fn schema_link(html: &[u8], page: &Url) -> Result<Url> {
    let links = links(html, page);
    let is_openapi = |(url, text): &(&Url, &String)| {
        let text = format!("{url} {text}").to_lowercase();
        text.contains("openapi") || text.contains("swagger")
    };
    let said = links.iter().filter(is_openapi).collect::<Vec<_>>();
    let all = links.iter().collect::<Vec<_>>();
    let url = match (&said[..], &all[..]) {
        ([(url, _)], _) | ([], [(url, _)]) => *url,
        ([], []) => bail!(
            "{} links no JSON document; pass the schema's address with --url",
            shown(page)
        ),
        ([], several) | (several, _) => {
            let several = several.iter().map(|(url, _)| shown(url));
            bail!(
                "{} links several JSON documents; pass one with --url: {}",
                shown(page),
                several.collect::<Vec<_>>().join(", ")
            )
        }
    };
    if page.scheme() == "https" && url.scheme() != "https" {
        bail!(
            "{} links {}, which is not read safely; pass it with --url if it is right",
            shown(page),
            shown(url)
        );
    }
    Ok(url.clone())
}

/// Every link to a JSON document, with its text.
fn links(html: &[u8], page: &Url) -> BTreeMap<Url, String> {
    let mut emitter = DefaultEmitter::<()>::default();
    // What stands in a script is no link.
    emitter.naively_switch_states(true);
    let mut links = BTreeMap::<Url, String>::new();
    let mut open = None;
    for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
        match token {
            Token::StartTag(tag) if *tag.name == b"a" => {
                let href = tag.attributes.get(&b"href"[..]);
                open = href
                    .and_then(|href| page.join(&String::from_utf8_lossy(href)).ok())
                    .filter(is_json);
                if let Some(url) = &open {
                    links.entry(url.clone()).or_default();
                }
            }
            Token::EndTag(tag) if *tag.name == b"a" => open = None,
            Token::String(text) => {
                if let Some(said) = open.as_ref().and_then(|url| links.get_mut(url)) {
                    said.push_str(&String::from_utf8_lossy(&text));
                }
            }
            _ => {}
        }
    }
    links
}

fn is_json(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.path().ends_with(".json")
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::schema_link;

    fn link(html: &str) -> Result<String, String> {
        let page = Url::parse("https://docs.example/api-reference/introduction").unwrap();
        schema_link(html.as_bytes(), &page)
            .map(Url::into)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_only_link_to_a_json_document_is_the_schema() {
        assert_eq!(
            link(
                "<p><a class=x href='/docs/api.json?v=1&amp;w=2'>The whole schema</a><a href=/b>b</a>"
            ),
            Ok("https://docs.example/docs/api.json?v=1&w=2".to_owned())
        );
    }

    #[test]
    fn of_several_links_the_one_that_says_openapi_is_it() {
        let html = "<a href=postman.json>Postman</a> <a href=https://api.example/a.json><b>OpenAPI</b> 3.1</a>";
        assert_eq!(link(html), Ok("https://api.example/a.json".to_owned()));
        let html = "<a href=postman.json>Postman</a> <a href=openapi.json>schema</a>";
        assert_eq!(
            link(html),
            Ok("https://docs.example/api-reference/openapi.json".to_owned())
        );
    }

    #[test]
    fn what_is_no_link_is_not_followed() {
        for html in [
            "",
            "<a>api.json</a>",
            "<script>const a = '<a href=api.json>';</script>",
            "<!-- <a href=api.json>OpenAPI</a> -->",
            "<a href='file:///etc/api.json'>OpenAPI</a>",
            "<a href='api.yaml'>OpenAPI</a>",
        ] {
            let refused = link(html).unwrap_err();
            assert!(refused.contains("links no JSON document"), "{refused}");
        }
    }

    #[test]
    fn several_candidates_are_named() {
        let refused = link("<a href=/a.json>a</a><a href=/b.json?token=hush>b</a>").unwrap_err();
        assert!(
            refused.ends_with("--url: https://docs.example/a.json, https://docs.example/b.json"),
            "{refused}"
        );
    }

    #[test]
    fn a_safe_page_leads_to_no_unsafe_document() {
        let refused = link("<a href='http://docs.example/api.json'>OpenAPI</a>").unwrap_err();
        assert!(refused.contains("not read safely"), "{refused}");
    }
}
