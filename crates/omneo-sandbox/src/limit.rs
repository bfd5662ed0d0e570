//! The rate limit, as Laravel throttles: so many requests in each minute, by token.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

const WINDOW: SignedDuration = SignedDuration::from_mins(1);

/// How many tokens are counted at once; beyond it, windows that are over are forgotten.
const TOKENS: usize = 10_000;

#[derive(Debug)]
pub(crate) struct Limit {
    per_minute: u64,
    windows: HashMap<String, Window>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    ends: Timestamp,
    used: u64,
}

/// What an answer tells of the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) limit: u64,
    pub(crate) remaining: u64,
    /// Seconds until the next window, if this one is used up.
    pub(crate) retry_after: Option<u64>,
}

impl Limit {
    pub(crate) fn new(per_minute: u64) -> Self {
        Self {
            per_minute,
            windows: HashMap::new(),
        }
    }

    /// Counts a request.
    pub(crate) fn take(&mut self, token: &str, now: Timestamp) -> Left {
        if self.windows.len() > TOKENS {
            self.windows.retain(|_, window| window.ends > now);
        }
        let fresh = Window {
            ends: now.checked_add(WINDOW).unwrap_or(now),
            used: 0,
        };
        let window = self.windows.entry(token.to_owned()).or_insert(fresh);
        // A clock that was set back leaves no window in the far future.
        if window.ends <= now || window.ends.duration_since(now) > WINDOW {
            *window = fresh;
        }
        let is_over = window.used >= self.per_minute;
        if !is_over {
            window.used += 1;
        }
        let seconds = window.ends.duration_since(now).as_secs().max(1);
        Left {
            limit: self.per_minute,
            remaining: self.per_minute - window.used,
            retry_after: is_over.then(|| u64::try_from(seconds).unwrap_or(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::Limit;

    #[test]
    fn a_window_that_is_used_up_says_when_the_next_begins() {
        let mut limit = Limit::new(2);
        let start = Timestamp::UNIX_EPOCH;
        assert_eq!(limit.take("a", start).remaining, 1);
        assert_eq!(limit.take("a", start).retry_after, None);
        let later = start + SignedDuration::from_secs(20);
        assert_eq!(limit.take("a", later).retry_after, Some(40));
        assert_eq!(limit.take("b", later).retry_after, None);
        let next = start + SignedDuration::from_secs(60);
        assert_eq!(limit.take("a", next).retry_after, None);
    }
}
