//! One answer of a server, whole or not at all.

use std::io::Read;

use anyhow::{Context, Result, anyhow, bail};
use reqwest::Url;
use reqwest::blocking::{Client, Response};
use reqwest::header::LOCATION;
use reqwest::redirect::{Attempt, Policy};

use super::Limits;

/// How many redirects are followed.
const REDIRECTS: usize = 5;

pub(super) fn get(url: &Url, limits: Limits) -> Result<Vec<u8>> {
    let client = Client::builder()
        .timeout(limits.time)
        .redirect(Policy::custom(|attempt| match may_follow(&attempt) {
            true => attempt.follow(),
            false => attempt.stop(),
        }))
        .build()?;
    // A URL may hold a password or a token; an error of the client's would show it.
    let failed = |error: reqwest::Error| match error.is_timeout() {
        true => anyhow!(
            "{} did not answer within {} s",
            shown(url),
            limits.time.as_secs_f32()
        ),
        false => anyhow::Error::new(error.without_url())
            .context(format!("{} can not be reached", shown(url))),
    };
    let mut answer = client.get(url.clone()).send().map_err(failed)?;
    check_status(&answer, url)?;
    let mut body = Vec::new();
    let read = (&mut answer).take(limits.bytes + 1).read_to_end(&mut body);
    read.map_err(|error| match is_timeout(&error) {
        true => anyhow!(
            "{} did not answer within {} s",
            shown(url),
            limits.time.as_secs_f32()
        ),
        false => anyhow!(
            "the answer of {} broke off after {} bytes",
            shown(url),
            body.len()
        ),
    })?;
    if body.len() as u64 > limits.bytes {
        bail!("{} sends more than {} bytes", shown(url), limits.bytes);
    }
    Ok(body)
}

/// A document that is committed comes from the host that was asked, or from none.
fn may_follow(attempt: &Attempt<'_>) -> bool {
    let Some(first) = attempt.previous().first() else {
        return false;
    };
    let next = attempt.url();
    let is_downgrade = first.scheme() == "https" && next.scheme() != "https";
    first.host() == next.host() && !is_downgrade && attempt.previous().len() <= REDIRECTS
}

fn check_status(answer: &Response, asked: &Url) -> Result<()> {
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    if !status.is_redirection() {
        bail!("{} answers {status}", shown(asked));
    }
    let location = answer
        .headers()
        .get(LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| answer.url().join(location).ok())
        .with_context(|| format!("{} answers {status} and leads nowhere", shown(asked)))?;
    if location.host() == asked.host() && location.scheme() == asked.scheme() {
        bail!("{} redirects more than {REDIRECTS} times", shown(asked));
    }
    bail!(
        "{} redirects to another host, {}; if the schema is there, pass that address with --url",
        shown(asked),
        shown(&location)
    )
}

fn is_timeout(error: &std::io::Error) -> bool {
    error.kind() == std::io::ErrorKind::TimedOut
        || error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<reqwest::Error>())
            .is_some_and(reqwest::Error::is_timeout)
}

/// A URL without what may be secret.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Both fail only for URLs that have no place for them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
