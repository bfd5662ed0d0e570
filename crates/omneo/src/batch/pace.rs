//! How many requests are under way at once.

use std::time::Duration;

/// Grows while answers are quick and halves when the server is busy, as TCP does.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    limit: f64,
    most: f64,
    quickest: Option<Duration>,
}

impl Pace {
    pub(super) fn new(most: usize) -> Self {
        #[allow(clippy::cast_precision_loss)] // a few
        let most = most as f64;
        Self {
            limit: most.min(2.0),
            most,
            quickest: None,
        }
    }

    pub(super) fn limit(&self) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // 1 to a few
        let limit = self.limit as usize;
        limit.max(1)
    }

    pub(super) fn answered(&mut self, took: Duration) {
        let quickest = self.quickest.map_or(took, |quickest| quickest.min(took));
        self.quickest = Some(quickest);
        // Slower than twice the quickest: it queues somewhere, and more at once would only queue more.
        if took <= quickest * 2 + Duration::from_millis(50) {
            self.limit = (self.limit + 1.0 / self.limit).min(self.most);
        }
    }

    pub(super) fn busy(&mut self) {
        self.limit = (self.limit / 2.0).max(1.0);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Pace;

    #[test]
    fn it_grows_while_answers_are_quick_and_halves_when_the_server_is_busy() {
        let mut pace = Pace::new(8);
        assert_eq!(pace.limit(), 2);
        for _ in 0..100 {
            pace.answered(Duration::from_millis(10));
        }
        assert_eq!(pace.limit(), 8);
        pace.busy();
        assert_eq!(pace.limit(), 4);
        for _ in 0..100 {
            pace.answered(Duration::from_secs(1));
        }
        assert_eq!(pace.limit(), 4);
        for _ in 0..10 {
            pace.busy();
        }
        assert_eq!(pace.limit(), 1);
    }
}
