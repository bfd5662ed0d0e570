//! How often a request was sent.

use std::fmt;
use std::time::Duration;

/// How often a request was sent, what that took, and why it was not sent again.
///
/// A transport that repeats requests puts it into the extensions of the answer, or on its error with
/// [`Error::with_attempts`](super::Error::with_attempts).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempts {
    /// How often the request was sent. 0 if it never was.
    pub count: u32,
    /// The time from the start of the call to its end, pauses included.
    pub elapsed: Duration,
    /// Why it was not sent again, where an answer that may be better was to be had.
    pub stopped: Option<Stopped>,
    /// Whether the server may have processed one whose answer was lost, the last or one before.
    pub may_be_done: bool,
}

/// Why a request that failed was not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// It was sent as often as the policy allows.
    Attempts,
    /// The next pause would go beyond the time limit of the call.
    Deadline,
    /// Too many calls of this client fail at the moment; its retry budget is spent.
    Budget,
    /// The server may have done the work, and a repeat could do it twice.
    NotRepeatable,
    /// Its body was read, and can be read only once.
    Spent,
}

impl Attempts {
    /// `count` attempts in `elapsed`.
    #[must_use]
    pub fn new(count: u32, elapsed: Duration) -> Self {
        Self {
            count,
            elapsed,
            stopped: None,
            may_be_done: false,
        }
    }

    /// Says that the server may have processed one whose answer was lost.
    #[must_use]
    pub fn may_be_done(mut self) -> Self {
        self.may_be_done = true;
        self
    }

    /// Says why there was no further attempt.
    #[must_use]
    pub fn stopped(mut self, why: Stopped) -> Self {
        self.stopped = Some(why);
        self
    }
}

/// What follows the words of an error; nothing after one attempt that is not worth a word.
impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.stopped {
            Some(Stopped::Deadline) => {
                "; not sent again, since the time limit of the call leaves no room for it"
            }
            Some(Stopped::Budget) => {
                "; not sent again, since too many calls fail at the moment (retry budget)"
            }
            Some(Stopped::NotRepeatable) => "; not sent again, since that could do the work twice",
            Some(Stopped::Spent) => "; not sent again, since its body can be read only once",
            Some(Stopped::Attempts) | None => "",
        };
        f.write_str(why)?;
        if self.count > 1 {
            let elapsed =
                Duration::from_millis(u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX));
            write!(f, " ({} attempts in {elapsed:?})", self.count)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Attempts, Stopped};
    use crate::Error;

    #[test]
    fn an_error_says_how_often_it_was_tried_and_why_not_again() {
        let shown = |attempts| Error::custom("broken").with_attempts(attempts).to_string();
        let millis = Duration::from_micros(1_234_567);
        assert_eq!(shown(Attempts::new(1, millis)), "broken");
        assert_eq!(
            shown(Attempts::new(4, millis).stopped(Stopped::Attempts)),
            "broken (4 attempts in 1.234s)"
        );
        assert_eq!(
            shown(Attempts::new(1, millis).stopped(Stopped::NotRepeatable)),
            "broken; not sent again, since that could do the work twice"
        );
    }
}
