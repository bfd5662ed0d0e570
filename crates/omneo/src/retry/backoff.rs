//! Pauses that grow.

use std::time::Duration;

use backon::BackoffBuilder;

/// Exponential backoff with full jitter: the pause before the nth repeat is random between zero and
/// `first * factor^(n-1)`, at most `max`.
///
/// Full jitter, because clients that failed together would come back together otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Backoff {
    /// The longest first pause. 250 ms: a connection that broke is back at once, and half of that on average costs
    /// nobody anything.
    pub first: Duration,
    /// By what the longest pause grows each time. 2.
    pub factor: f32,
    /// The longest pause of all. 20 s: a caller waits for each call.
    pub max: Duration,
    /// Whether a pause is random. Without it each pause is the longest.
    pub jitter: bool,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            factor: 2.0,
            max: Duration::from_secs(20),
            jitter: true,
        }
    }
}

impl Backoff {
    /// Pauses from `first` up to `max`, doubling.
    #[must_use]
    pub fn new(first: Duration, max: Duration) -> Self {
        Self {
            first,
            max,
            ..Self::default()
        }
    }

    /// The pauses without their randomness.
    #[must_use]
    pub fn without_jitter(mut self) -> Self {
        self.jitter = false;
        self
    }

    /// The pauses, one for each repeat.
    pub(crate) fn pauses(self) -> impl Iterator<Item = Duration> + Send {
        backon::ExponentialBuilder::new()
            .with_min_delay(self.first)
            .with_factor(self.factor)
            .with_max_delay(self.max)
            .without_max_times()
            .build()
            .map(move |pause| {
                let pause = pause.min(self.max);
                match self.jitter {
                    true => jittered(pause),
                    false => pause,
                }
            })
    }
}

fn jittered(pause: Duration) -> Duration {
    let nanos = u64::try_from(pause.as_nanos()).unwrap_or(u64::MAX);
    Duration::from_nanos(fastrand::u64(0..=nanos))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::Backoff;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(1));
        let pauses: Vec<_> = backoff
            .without_jitter()
            .pauses()
            .take(5)
            .map(|pause| pause.as_millis())
            .collect();
        assert_eq!(pauses, [250, 500, 1000, 1000, 1000]);
    }

    #[test]
    fn jitter_uses_the_whole_range_below_the_pause() {
        let second = Duration::from_secs(1);
        let first_pause = || Backoff::new(second, second).pauses().next().unwrap();
        let pauses: Vec<_> = (0..500).map(|_| first_pause()).collect();
        assert!(pauses.iter().all(|pause| *pause <= second));
        // Each misses with a probability of 0.8^500.
        assert!(pauses.iter().any(|pause| *pause < second / 5));
        assert!(pauses.iter().any(|pause| *pause > second * 4 / 5));
    }

    proptest! {
        #[test]
        fn no_setting_panics_or_exceeds_the_longest(first: Duration, max: Duration, factor: f32, jitter: bool) {
            let backoff = Backoff { first, factor, max, jitter };
            for pause in backoff.pauses().take(50) {
                prop_assert!(pause <= max);
            }
        }
    }
}
