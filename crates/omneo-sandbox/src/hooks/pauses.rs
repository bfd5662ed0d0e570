//! How long a delivery that failed waits for the next attempt.
//!
//! Omneo sends a failed webhook again; how often is not known, only that `retry_hourly` and `retry_daily` are switches of each. The
//! numbers are the sandbox's own.

use jiff::SignedDuration;

/// Between the first attempts, whatever the switches are.
const FIRST: [SignedDuration; 4] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
];

/// How many attempts follow with `retry_hourly`: for a day.
const HOURLY: usize = 24;

/// How many attempts follow with `retry_daily`: for a week.
const DAILY: usize = 7;

/// The pause after so many attempts; `None` if it was the last.
pub(super) fn after(attempts: usize, is_hourly: bool, is_daily: bool) -> Option<SignedDuration> {
    let hourly = if is_hourly { HOURLY } else { 0 };
    let daily = if is_daily { DAILY } else { 0 };
    let hourly = std::iter::repeat_n(SignedDuration::from_hours(1), hourly);
    let daily = std::iter::repeat_n(SignedDuration::from_hours(24), daily);
    let mut pauses = FIRST.into_iter().chain(hourly).chain(daily);
    pauses.nth(attempts.checked_sub(1)?)
}

#[cfg(test)]
mod tests {
    use super::after;

    fn attempts(is_hourly: bool, is_daily: bool) -> usize {
        1 + (1..)
            .take_while(|attempts| after(*attempts, is_hourly, is_daily).is_some())
            .count()
    }

    #[test]
    fn pauses_grow() {
        let pauses: Vec<_> = (1..5).filter_map(|n| after(n, false, false)).collect();
        assert_eq!(pauses.len(), 4);
        assert!(pauses.is_sorted());
    }

    #[test]
    fn the_switches_go_on_for_a_day_and_a_week() {
        assert_eq!(attempts(false, false), 5);
        assert_eq!(attempts(true, false), 29);
        assert_eq!(attempts(false, true), 12);
        assert_eq!(attempts(true, true), 36);
    }
}
