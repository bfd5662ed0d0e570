//! What keeps an outage from multiplying load.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A token bucket that all clones of a client share. A repeat takes one token; a call that gets its
/// answer puts back a part of one. While most calls fail, the client therefore sends hardly more requests than it has calls.
///
/// Repeats that the server itself asks for with 429 take none: it is up, and says when to come back.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct RetryBudget {
    /// The tokens of a full bucket: how many repeats are possible in a row. 50, enough for the calls in flight when a
    /// connection breaks.
    pub burst: u32,
    /// What an answer puts back. 0.1: in the long run one repeat for ten calls.
    pub refill: f32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self {
            burst: 50,
            refill: 0.1,
        }
    }
}

impl RetryBudget {
    /// A budget of `burst` repeats, of which each answer gives back `refill`.
    #[must_use]
    pub fn new(burst: u32, refill: f32) -> Self {
        Self { burst, refill }
    }
}

/// The bucket itself.
#[derive(Debug)]
pub(crate) struct Tokens {
    budget: RetryBudget,
    left: Mutex<f64>,
}

impl Tokens {
    pub(crate) fn new(budget: RetryBudget) -> Self {
        Self {
            budget,
            left: Mutex::new(budget.burst.into()),
        }
    }

    /// Takes a token for a repeat, if there is one.
    pub(crate) fn take(&self) -> bool {
        let mut left = self.left();
        let enough = *left >= 1.0;
        if enough {
            *left -= 1.0;
        }
        enough
    }

    /// Puts back what an answer is worth.
    pub(crate) fn put_back(&self) {
        // NaN counts as nothing.
        let refill = f64::from(self.budget.refill).max(0.0);
        let mut left = self.left();
        *left = (*left + refill).min(self.budget.burst.into());
    }

    fn left(&self) -> MutexGuard<'_, f64> {
        // A number can't be left half written.
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{RetryBudget, Tokens};

    #[test]
    fn an_empty_bucket_gives_nothing_until_calls_succeed() {
        let tokens = Tokens::new(RetryBudget::new(2, 0.25));
        assert_eq!([(); 3].map(|()| tokens.take()), [true, true, false]);
        for _ in 0..3 {
            tokens.put_back();
            assert!(!tokens.take());
        }
        tokens.put_back();
        assert!(tokens.take());
        assert!(!tokens.take());
    }

    #[test]
    fn a_full_bucket_stays_full() {
        let tokens = Tokens::new(RetryBudget::new(1, 0.5));
        (0..100).for_each(|_| tokens.put_back());
        assert_eq!([(); 2].map(|()| tokens.take()), [true, false]);
    }

    #[test]
    fn a_refill_that_is_no_number_puts_back_nothing() {
        for refill in [f32::NAN, -1.0] {
            let tokens = Tokens::new(RetryBudget::new(1, refill));
            assert!(tokens.take());
            tokens.put_back();
            assert!(!tokens.take(), "{refill}");
        }
    }
}
