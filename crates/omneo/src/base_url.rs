//! Where the APIs of a tenant are.

use omneo_api::Error;
use reqwest::Url;

/// The base URL of the admin API of a tenant.
pub(crate) fn of_tenant(tenant: &str) -> Result<String, Error> {
    // RFC 1123: a label has 63 characters at most, and no hyphen at its ends.
    let is_label = (1..=63).contains(&tenant.len())
        && tenant
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !tenant.starts_with('-')
        && !tenant.ends_with('-');
    match is_label {
        true => Ok(format!("https://api.{tenant}.getomneo.com/api")),
        false => Err(Error::config(
            "the tenant has to be the lower-case word in `https://{tenant}.manager.getomneo.com`: \
             letters, digits and hyphens; pass anything else as a base URL",
        )),
    }
}

/// Checks a base URL: with a scheme and a host, and `http` only for this machine unless it is allowed.
pub(crate) fn checked(url: &str, http_allowed: bool) -> Result<String, Error> {
    let checked = omneo_api::runtime::base_url(url)?;
    let parsed = Url::parse(&checked).ok();
    let is_safe = parsed.is_some_and(|url| url.scheme() == "https" || is_loopback(&url));
    match is_safe || http_allowed {
        true => Ok(checked),
        false => Err(Error::config(
            "the base URL has to start with https://, since http:// would show the token to the network; \
             call `allow_http` if that is meant",
        )),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some(host) if host == "localhost" || host.ends_with(".localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback()),
        None => false,
    }
}

/// The base URL of another API of the same tenant: what stands beside `/api`.
pub(crate) fn sibling(base_url: &str, path: &str) -> String {
    let root = base_url.strip_suffix("/api").unwrap_or(base_url);
    format!("{root}{path}")
}

#[cfg(test)]
mod tests {
    use super::{checked, of_tenant, sibling};

    #[test]
    fn a_tenant_is_a_lower_case_host_label() {
        assert_eq!(
            of_tenant("acme-2").unwrap(),
            "https://api.acme-2.getomneo.com/api"
        );
        let long = "a".repeat(64);
        for tenant in [
            "", "Acme", "a.b", "a/b", "a b", "-a", "a-", "ä", "a@b", "a\n", "a#", "..", &long,
        ] {
            let error = of_tenant(tenant).unwrap_err().to_string();
            assert!(
                error.starts_with("configuration: the tenant"),
                "{tenant:?}: {error}"
            );
        }
    }

    #[test]
    fn http_is_for_this_machine_unless_it_is_allowed() {
        for url in [
            "http://127.0.0.1:8080",
            "http://127.8.9.10/api",
            "http://[::1]:8080",
            "http://localhost:1",
            "http://api.localhost",
            "https://example.com/api",
        ] {
            assert_eq!(checked(url, false).unwrap(), url);
        }
        for url in [
            "http://example.com/api",
            "http://localhost.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "http://[::2]",
        ] {
            let error = checked(url, false).unwrap_err().to_string();
            assert!(error.contains("https://"), "{url}: {error}");
            assert!(!error.contains("example"), "{error}");
            assert_eq!(checked(url, true).unwrap(), url);
        }
        checked("ftp://localhost", true).unwrap_err();
    }

    #[test]
    fn the_other_apis_stand_beside_the_admin_api() {
        for (base, id) in [
            (
                "https://api.acme.getomneo.com/api",
                "https://api.acme.getomneo.com/id/api/v1",
            ),
            ("http://127.0.0.1:80", "http://127.0.0.1:80/id/api/v1"),
            ("https://proxy/omneo/api", "https://proxy/omneo/id/api/v1"),
        ] {
            assert_eq!(sibling(base, "/id/api/v1"), id);
        }
    }
}
