use omneo_api::{Error, ErrorKind};

use super::Builder;
use crate::{Omneo, RateLimit};

/// The message of a client that can't be built.
#[track_caller]
fn refused(builder: Builder) -> String {
    let error = builder.build().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error:?}");
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("hush"), "{shown}");
    error.to_string()
}

fn tenant() -> Builder {
    Omneo::builder().tenant("acme").token("hush")
}

#[test]
fn a_client_goes_between_threads_and_is_cheap_to_clone() {
    fn assert_shared<T: Send + Sync + Clone + 'static>() {}
    assert_shared::<Omneo>();
    let omneo = tenant().build().unwrap();
    assert_eq!(
        omneo.clone().api().base_url(),
        "https://api.acme.getomneo.com/api"
    );
    assert!(size_of::<Omneo>() <= 128);
}

#[test]
fn the_whole_base_url_can_be_replaced() {
    let omneo = tenant()
        .base_url("https://proxy.example.com/omneo/api/")
        .build()
        .unwrap();
    assert_eq!(
        omneo.api().base_url(),
        "https://proxy.example.com/omneo/api"
    );
}

#[test]
fn what_is_missing_or_unfit_is_told_without_repeating_it() {
    for (builder, why) in [
        (Omneo::builder().token("hush"), "no tenant"),
        (Omneo::builder().tenant("acme"), "no token"),
        (tenant().tenant("hush.host"), "the tenant"),
        (tenant().base_url("http://hush.example.com"), "https://"),
        (tenant().base_url("hush"), "base URL"),
        (tenant().token("hush\n"), "trim it"),
        (tenant().token("hush\r\nX-Admin: 1"), "line break"),
        (tenant().token(""), "empty"),
        (tenant().user_agent("hush\r\nX-Admin: 1"), "user agent"),
        (tenant().proxy("hush://:::"), "proxy"),
        (tenant().proxy("ftp://user:hush@proxy:21"), "http or https"),
        (
            tenant().proxy("socks5://user:hush@proxy:1080"),
            "http or https",
        ),
        (tenant().rate_limit(RateLimit::per_minute(0)), "rate limit"),
        (tenant().timezone("AEST"), "\"AEST\" is no IANA name"),
        (tenant().timezone(""), "no IANA name"),
        (tenant().timezone("Etc/Unknown"), "no IANA name"),
        (
            tenant()
                .user_agent("hush")
                .http_client(reqwest::Client::new()),
            "set them there",
        ),
    ] {
        let message = refused(builder);
        assert!(message.contains(why), "{why} is not in {message}");
    }
}

#[test]
fn a_proxy_may_come_without_a_scheme() {
    for proxy in ["proxy:3128", "user:password@proxy:3128", "HTTPS://proxy"] {
        tenant().proxy(proxy).build().unwrap();
    }
}

#[test]
fn no_debug_shows_a_secret() {
    let builder = tenant().proxy("http://user:hush@proxy:1");
    let shown = format!("{builder:?}");
    let omneo = builder.build().unwrap();
    let shown = format!("{shown} {omneo:?} {:?}", omneo.id_tokens("hush"));
    assert!(!shown.contains("hush"), "{shown}");
}

fn environment(variables: &[(&str, &str)]) -> Result<Omneo, Error> {
    let builder = Builder::from_variables(|name| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    });
    builder?.build()
}

#[test]
fn the_environment_has_tenant_or_base_url_and_token() {
    let base = |variables: &[_]| environment(variables).unwrap().api().base_url().to_owned();
    let token = ("OMNEO_TOKEN", "hush");
    let tenant = ("OMNEO_TENANT", "acme");
    assert_eq!(base(&[tenant, token]), "https://api.acme.getomneo.com/api");
    let url = ("OMNEO_BASE_URL", "http://127.0.0.1:8080");
    assert_eq!(base(&[url, token]), "http://127.0.0.1:8080");
    assert_eq!(base(&[url, tenant, token]), "http://127.0.0.1:8080");
}

#[test]
fn the_environment_may_have_a_timezone() {
    let timezone = |name| {
        let variables = [
            ("OMNEO_TENANT", "acme"),
            ("OMNEO_TOKEN", "hush"),
            ("OMNEO_TIMEZONE", name),
        ];
        environment(&variables).map(|omneo| omneo.shared.timezone.clone())
    };
    let melbourne = "Australia/Melbourne";
    assert_eq!(timezone(melbourne).unwrap().as_deref(), Some(melbourne));
    assert_eq!(timezone(" ").unwrap(), None);
    let error = timezone("Australia/Melburne").unwrap_err().to_string();
    assert!(error.contains("\"Australia/Melburne\""), "{error}");
}

#[test]
fn a_missing_variable_is_named() {
    for (variables, name) in [
        (&[("OMNEO_TOKEN", "hush")][..], "OMNEO_TENANT"),
        (
            &[("OMNEO_TOKEN", "hush"), ("OMNEO_TENANT", " ")],
            "OMNEO_TENANT",
        ),
        (&[("OMNEO_TENANT", "acme")], "OMNEO_TOKEN"),
        (
            &[("OMNEO_TENANT", "acme"), ("OMNEO_TOKEN", "")],
            "OMNEO_TOKEN",
        ),
    ] {
        let error = environment(variables).unwrap_err().to_string();
        assert!(
            error.contains(&format!("variable {name} is not set")),
            "{error}"
        );
        assert!(!error.contains("hush"), "{error}");
    }
}
