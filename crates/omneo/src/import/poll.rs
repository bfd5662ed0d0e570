//! Reading something again until it is worked off.

use std::time::Duration;

use omneo_api::Error;

use crate::batch::{PAUSE, REFUSALS, is_refusal, longer};
use crate::client::Omneo;

/// Reads, with growing pauses, until it is done or the time is up; what was read last.
///
/// At least once, also with no time at all.
pub(super) async fn poll<T, F: Future<Output = Result<T, Error>>>(
    omneo: &Omneo,
    wait: Duration,
    read: impl Fn() -> F,
    mut is_done: impl FnMut(&T) -> bool,
) -> Result<T, Error> {
    let timer = &omneo.shared.core.timer;
    let (mut pause, mut waited) = (PAUSE, Duration::ZERO);
    let mut refusals = 0;
    let mut last = None;
    loop {
        let short = pause.min(wait.saturating_sub(waited));
        if !short.is_zero() {
            timer.sleep(short).await;
            waited += short;
        }
        pause = longer(pause);
        let error = match read().await {
            Ok(value) if is_done(&value) => return Ok(value),
            Ok(value) => {
                refusals = 0;
                last = Some(value);
                None
            }
            Err(error) => {
                refusals += usize::from(is_refusal(&error));
                Some(error)
            }
        };
        match (error, last.take()) {
            (Some(error), _) if refusals == REFUSALS => return Err(error),
            (_, Some(value)) if waited >= wait => return Ok(value),
            (Some(error), None) if waited >= wait => return Err(error),
            (_, value) => last = value,
        }
    }
}
