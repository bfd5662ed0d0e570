//! Whatever an id is, it is one segment of its own route, or nothing is sent.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::borrow::Cow;
use std::sync::{Arc, LazyLock, Mutex};

use omneo_api::runtime::{BoxFuture, Call, Transport};
use omneo_api::{Api, Client, Error, ErrorKind};
use percent_encoding::percent_decode_str;
use proptest::prelude::*;

/// Sends nothing, and keeps the path of what it was to send.
#[derive(Default)]
struct Kept(Mutex<Option<String>>);

impl Transport for Kept {
    fn send<'a>(
        &'a self,
        _: &'a reqwest::Client,
        request: reqwest::Request,
        _: Call<'a>,
    ) -> BoxFuture<'a, Result<reqwest::Response, Error>> {
        *self.0.lock().unwrap() = Some(request.url().path().to_owned());
        Box::pin(async { Err(Error::custom("not sent")) })
    }
}

/// The path that a call with this id has; none if it is refused.
fn path_of(id: &str) -> Option<String> {
    // One for all cases: to set up TLS takes longer than the case.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
    let kept = Arc::new(Kept::default());
    let client = Client::with_transport("https://omneo.invalid/api", HTTP.clone(), kept.clone());
    let rewards = Api::from_client(client.unwrap()).profile("p-1").rewards();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let error = runtime.block_on(rewards.get(id)).unwrap_err();
    let path = kept.0.lock().unwrap().take();
    let refused = matches!(error.kind(), ErrorKind::InvalidRequest(_));
    assert_eq!(refused, path.is_none(), "{id:?}: {error}");
    path
}

fn assert_one_segment(id: &str) {
    let Some(path) = path_of(id) else {
        return;
    };
    let segments = path.split('/').collect::<Vec<_>>();
    let ["", "api", "v3", "profiles", "p-1", "rewards", segment] = segments[..] else {
        panic!("{id:?} went to {path}");
    };
    assert_eq!(percent_decode_str(segment).decode_utf8(), Ok(Cow::from(id)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_id_is_one_segment_or_refused(id in any::<String>()) {
        assert_one_segment(&id);
    }

    #[test]
    fn an_id_of_hostile_pieces_is_one_segment_or_refused(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "..", ".", "/", "\\", "%", "2e", "2F", "?", "#", ";", "=", ":", "@", "\t", "\n", " ", "é", "7",
            ]),
            0..6,
        )
    ) {
        assert_one_segment(&pieces.concat());
    }
}

#[test]
fn ids_that_the_server_gives_are_sent_as_they_are() {
    for id in ["7", "9332c9b2-e31c-4d49-8ec3-62a9466d339c", "shop:size"] {
        let path = format!("/api/v3/profiles/p-1/rewards/{id}");
        assert_eq!(path_of(id).as_deref(), Some(&*path));
    }
}
