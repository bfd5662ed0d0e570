//! How long a server asks to wait.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};

/// The pause that an answer asks for: `Retry-After` in seconds or as a date, else the time until `X-RateLimit-Reset`
/// (Unix seconds, as Laravel sends it) where `X-RateLimit-Remaining` is 0.
///
/// `None` for headers that say nothing or nothing that can be read, zero for a date that has passed.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let until = |at: SystemTime| at.duration_since(now).unwrap_or_default();
    if let Some(value) = text(RETRY_AFTER.as_str()) {
        let seconds = value.parse().map(Duration::from_secs);
        let asked = seconds.or_else(|_| httpdate::parse_http_date(value).map(until));
        if let Ok(asked) = asked {
            return Some(asked);
        }
    }
    if text("x-ratelimit-remaining")? != "0" {
        return None;
    }
    let reset = Duration::from_secs(text("x-ratelimit-reset")?.parse().ok()?);
    Some(until(SystemTime::UNIX_EPOCH.checked_add(reset)?))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

    use super::retry_after;

    fn asked(headers: &[(&'static str, &'static str)]) -> Option<u64> {
        // 2024-01-31 00:00:00 UTC
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_706_659_200);
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        retry_after(&HeaderMap::from_iter(headers), now).map(|pause| pause.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_read() {
        assert_eq!(asked(&[("retry-after", "0")]), Some(0));
        assert_eq!(asked(&[("retry-after", " 120 ")]), Some(120));
        assert_eq!(
            asked(&[("retry-after", "Wed, 31 Jan 2024 00:01:30 GMT")]),
            Some(90)
        );
        assert_eq!(
            asked(&[("retry-after", "Tue, 30 Jan 2024 00:00:00 GMT")]),
            Some(0)
        );
    }

    #[test]
    fn a_reset_counts_when_nothing_remains() {
        let reset = ("x-ratelimit-reset", "1706659260");
        assert_eq!(asked(&[("x-ratelimit-remaining", "0"), reset]), Some(60));
        assert_eq!(asked(&[("x-ratelimit-remaining", "3"), reset]), None);
        assert_eq!(asked(&[reset]), None);
        let both = [("retry-after", "5"), ("x-ratelimit-remaining", "0"), reset];
        assert_eq!(asked(&both), Some(5));
    }

    #[test]
    fn what_cannot_be_read_says_nothing() {
        for value in ["", "soon", "-1", "1.5", "99999999999999999999999"] {
            assert_eq!(asked(&[("retry-after", value)]), None, "{value}");
        }
        assert_eq!(
            asked(&[
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "18446744073709551615")
            ]),
            None
        );
    }
}
