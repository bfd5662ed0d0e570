//! Keeps a client below what the server takes.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::Clock;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use omneo_api::Error;
use tokio::sync::oneshot;

use crate::timer::Timer;

/// The requests that a client and all its clones may send together.
///
/// Omneo does not say what it allows; ask for the limit of your tenant. When the server answers 429, the client halves
/// its rate, waits as long as it is asked to but no longer than a minute, and comes back by a tenth of the limit every
/// ten seconds.
///
/// Without a limit, only the calls that got a 429 wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    count: u32,
    per: Duration,
    burst: u32,
}

impl RateLimit {
    /// At most `count` requests a second, evenly spread.
    #[must_use]
    pub fn per_second(count: u32) -> Self {
        Self::new(count, Duration::from_secs(1))
    }

    /// At most `count` requests a minute, evenly spread.
    #[must_use]
    pub fn per_minute(count: u32) -> Self {
        Self::new(count, Duration::from_secs(60))
    }

    fn new(count: u32, per: Duration) -> Self {
        Self {
            count,
            per,
            burst: 1,
        }
    }

    /// Lets `count` requests go at once after a quiet time, 1 at least.
    #[must_use]
    pub fn burst(mut self, count: u32) -> Self {
        self.burst = count.max(1);
        self
    }
}

/// By what a 429 cuts the rate, and the least that is left of it.
const CUT: f64 = 0.5;
const LEAST: f64 = 1.0 / 64.0;
/// Calls that were in flight together get their 429s together: that is one cut.
const BETWEEN_CUTS: Duration = Duration::from_secs(1);
/// The longest that all calls wait for a server that asks for more: one of them asks again then, and all wait anew if
/// it is still too early. Laravel counts by the minute, and one answer that says a day would stop a client for a day.
const LONGEST_HOLD: Duration = Duration::from_secs(60);
/// The longest that one waits for those in front of it to look whether it's their turn.
const PATIENCE: Duration = Duration::from_millis(100);
/// Timers count in milliseconds. Without a few places in store, each is late and the next counts from there: a thousand
/// a second become half of that.
const IN_STORE: Duration = Duration::from_millis(10);
/// How the rate comes back.
const RISE: f64 = 0.1;
const BETWEEN_RISES: Duration = Duration::from_secs(10);

/// The limiter itself, shared by clones.
pub(crate) struct Limiter {
    limit: RateLimit,
    timer: Arc<dyn Timer>,
    state: Mutex<State>,
}

struct State {
    bucket: Bucket,
    /// The time from one request to the next.
    period: Duration,
    /// Who waits, in order. The first has the number of those that were served.
    waiting: VecDeque<oneshot::Sender<()>>,
    served: u64,
    /// What part of the limit is used.
    share: f64,
    changed: Instant,
    /// Nothing is sent before.
    held_until: Option<Instant>,
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, TimerClock>;

/// The client's clock for the library.
#[derive(Clone)]
struct TimerClock(Arc<dyn Timer>);

impl Clock for TimerClock {
    type Instant = Instant;

    fn now(&self) -> Instant {
        self.0.now()
    }
}

impl Limiter {
    pub(crate) fn new(limit: RateLimit, timer: Arc<dyn Timer>) -> Result<Self, Error> {
        let (bucket, period, _) = bucket(limit, 1.0, &timer).ok_or_else(|| {
            Error::config("a rate limit of 0 lets nothing through; leave it out for no limit")
        })?;
        Ok(Self {
            state: Mutex::new(State {
                bucket,
                period,
                waiting: VecDeque::new(),
                served: 0,
                share: 1.0,
                changed: timer.now(),
                held_until: None,
            }),
            limit,
            timer,
        })
    }

    /// Waits until a request may be sent, behind those that came before.
    ///
    /// Whoever waits lets the first go, not only itself. A future whose turn it is need not be polled (a page that is
    /// asked for ahead, while a record of the one before is updated), and all others would wait for it.
    pub(crate) async fn acquire(&self) {
        let (number, mut turn) = self.queue_up();
        while let Some(pause) = self.serve(number) {
            tokio::select! {
                biased;
                _ = &mut turn => return,
                () = self.timer.sleep(pause) => {}
            }
        }
    }

    fn queue_up(&self) -> (u64, oneshot::Receiver<()>) {
        let (go, turn) = oneshot::channel();
        let mut state = self.state();
        state.waiting.push_back(go);
        (state.served + state.waiting.len() as u64 - 1, turn)
    }

    /// Lets go who may. Says when to look again for the one with this number; `None` if it may go.
    fn serve(&self, number: u64) -> Option<Duration> {
        let now = self.timer.now();
        let mut state = self.state();
        while state.served <= number {
            // Who has given up takes no place.
            let gave_up = state
                .waiting
                .front()
                .is_some_and(oneshot::Sender::is_closed);
            if !gave_up && let Some(pause) = self.next_pause(&mut state, now) {
                // Those in front look first, if they are polled.
                let before = u32::try_from(number - state.served).unwrap_or(u32::MAX);
                let patience = state.period.saturating_mul(before).min(PATIENCE);
                return Some(pause.saturating_add(patience));
            }
            if let Some(go) = state.waiting.pop_front() {
                let _ = go.send(());
            }
            state.served += 1;
        }
        None
    }

    /// How long until the next request; `None` takes its place.
    fn next_pause(&self, state: &mut State, now: Instant) -> Option<Duration> {
        if let Some(until) = state.held_until.take_if(|until| *until > now) {
            state.held_until = Some(until);
            return Some(until.saturating_duration_since(now));
        }
        if let Err(not_yet) = state.bucket.check() {
            return Some(not_yet.wait_time_from(now));
        }
        // Now, and not while a request waits, whose place a new bucket would not know.
        let risen =
            now.saturating_duration_since(state.changed).as_secs() / BETWEEN_RISES.as_secs();
        if state.share < 1.0 && risen > 0 {
            let share = state.share + RISE * risen as f64;
            self.change(state, share.min(1.0), now);
        }
        None
    }

    /// Takes note of a 429.
    pub(crate) fn slow_down(&self, asked: Option<Duration>) {
        let now = self.timer.now();
        let mut state = self.state();
        if state.share >= 1.0 || now.saturating_duration_since(state.changed) >= BETWEEN_CUTS {
            let share = (state.share * CUT).max(LEAST);
            self.change(&mut state, share, now);
        }
        let until = asked.and_then(|asked| now.checked_add(asked.min(LONGEST_HOLD)));
        state.held_until = state.held_until.max(until);
    }

    fn change(&self, state: &mut State, share: f64, now: Instant) {
        let Some((bucket, period, burst)) = bucket(self.limit, share, &self.timer) else {
            return;
        };
        // A new bucket is full, which would be a burst at each change.
        let _ = bucket.check_n(burst);
        state.bucket = bucket;
        state.period = period;
        state.share = share;
        state.changed = now;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code that runs under the lock leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

/// A full bucket, the time from one request to the next, and how many requests the bucket holds; `None` for a limit of
/// nothing.
fn bucket(
    limit: RateLimit,
    share: f64,
    timer: &Arc<dyn Timer>,
) -> Option<(Bucket, Duration, NonZeroU32)> {
    let period = limit.per.checked_div(limit.count)?;
    let period = Duration::try_from_secs_f64(period.as_secs_f64() / share).ok()?;
    let period = period.max(Duration::from_nanos(1));
    let in_time = |time: Duration| {
        let count = time.as_nanos() / period.as_nanos();
        u32::try_from(count).unwrap_or(u32::MAX).max(1)
    };
    // The library counts in nanoseconds of 64 bits. A burst that takes a century to come back is as good as none.
    let burst = limit.burst.max(in_time(IN_STORE)).min(in_time(CENTURY));
    let burst = NonZeroU32::new(burst)?;
    let quota = Quota::with_period(period)?.allow_burst(burst);
    let bucket = RateLimiter::direct_with_clock(quota, TimerClock(timer.clone()));
    Some((bucket, period, burst))
}

const CENTURY: Duration = Duration::from_secs(100 * 365 * 86_400);

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::{Pin, pin};
    use std::sync::Arc;
    use std::task::Poll;
    use std::time::{Duration, Instant, SystemTime};

    use omneo_api::runtime::BoxFuture;

    use super::{Limiter, RateLimit};
    use crate::testing::ManualTimer;
    use crate::timer::Timer;

    /// As [`ManualTimer`], but a pause is over only when it is polled a second time.
    #[derive(Debug)]
    struct Hesitant(ManualTimer);

    impl Timer for Hesitant {
        fn now(&self) -> Instant {
            self.0.now()
        }

        fn system_now(&self) -> SystemTime {
            self.0.system_now()
        }

        fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()> {
            let timer = self.0.clone();
            Box::pin(async move {
                tokio::task::yield_now().await;
                timer.advance(pause);
            })
        }
    }

    /// Polls once.
    async fn is_ready(mut future: Pin<&mut impl Future<Output = ()>>) -> bool {
        poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_ready())).await
    }

    fn limiter(limit: RateLimit) -> (Limiter, Arc<ManualTimer>) {
        let timer = Arc::new(ManualTimer::default());
        (Limiter::new(limit, timer.clone()).unwrap(), timer)
    }

    /// How many requests get through in a time.
    async fn sent_in(limiter: &Limiter, timer: &ManualTimer, time: Duration) -> u32 {
        let end = timer.now() + time;
        let mut sent = 0;
        loop {
            limiter.acquire().await;
            if timer.now() >= end {
                return sent;
            }
            sent += 1;
        }
    }

    #[tokio::test]
    async fn requests_are_spread_evenly() {
        let (limiter, timer) = limiter(RateLimit::per_second(20));
        let sent = sent_in(&limiter, &timer, Duration::from_secs(10)).await;
        assert_eq!(sent, 200);
        assert!(
            timer
                .pauses()
                .iter()
                .all(|pause| *pause <= Duration::from_millis(50))
        );
    }

    #[tokio::test]
    async fn a_burst_goes_at_once() {
        let (limiter, timer) = limiter(RateLimit::per_minute(60).burst(5));
        for _ in 0..5 {
            limiter.acquire().await;
        }
        assert!(timer.pauses().is_empty());
        limiter.acquire().await;
        assert_eq!(timer.pauses(), [Duration::from_secs(1)]);
    }

    #[tokio::test]
    async fn a_429_halves_the_rate_once_and_it_comes_back() {
        let (limiter, timer) = limiter(RateLimit::per_second(20));
        limiter.acquire().await;
        for _ in 0..8 {
            limiter.slow_down(None);
        }
        let second = Duration::from_secs(1);
        let halved = sent_in(&limiter, &timer, second * 9).await;
        assert!((85..=95).contains(&halved), "{halved}");
        // A tenth of the limit every ten seconds: back after fifty.
        sent_in(&limiter, &timer, second * 51).await;
        let whole = sent_in(&limiter, &timer, second * 10).await;
        assert!((195..=201).contains(&whole), "{whole}");
    }

    #[tokio::test]
    async fn all_wait_as_long_as_the_server_asks() {
        let (limiter, timer) = limiter(RateLimit::per_second(1000));
        let start = timer.now();
        limiter.slow_down(Some(Duration::from_secs(7)));
        limiter.slow_down(Some(Duration::from_secs(3)));
        limiter.acquire().await;
        assert!(timer.now() - start >= Duration::from_secs(7));
        assert!(timer.now() - start < Duration::from_secs(8));
    }

    #[tokio::test]
    async fn one_that_waits_and_is_not_polled_stops_no_other() {
        let timer = Arc::new(Hesitant(ManualTimer::default()));
        let limiter = Limiter::new(RateLimit::per_second(1), timer).unwrap();
        limiter.acquire().await;
        // As a page that is asked for ahead, while its list is not read.
        let mut idle = pin!(limiter.acquire());
        assert!(!is_ready(idle.as_mut()).await);
        let mut other = pin!(limiter.acquire());
        for _ in 0..10 {
            if is_ready(other.as_mut()).await {
                return;
            }
        }
        panic!("it waits for the one that is not polled");
    }

    #[tokio::test]
    async fn requests_go_in_the_order_in_which_they_came() {
        let timer = Arc::new(Hesitant(ManualTimer::default()));
        let limiter = Limiter::new(RateLimit::per_second(1), timer).unwrap();
        limiter.acquire().await;
        let mut first = pin!(limiter.acquire());
        let mut second = pin!(limiter.acquire());
        assert!(!is_ready(first.as_mut()).await);
        assert!(!is_ready(second.as_mut()).await);
        // The second is the one that sees that it is time.
        assert!(!is_ready(second.as_mut()).await);
        assert!(is_ready(first.as_mut()).await);
        second.await;
    }

    #[tokio::test]
    async fn who_gives_up_takes_no_place() {
        let timer = Arc::new(Hesitant(ManualTimer::default()));
        let limiter = Limiter::new(RateLimit::per_second(1), timer.clone()).unwrap();
        limiter.acquire().await;
        for _ in 0..50 {
            let mut waits = pin!(limiter.acquire());
            assert!(!is_ready(waits.as_mut()).await);
        }
        limiter.acquire().await;
        let passed = timer.0.passed();
        assert!(passed <= Duration::from_millis(1100), "{passed:?}");
    }

    #[tokio::test]
    async fn a_rate_that_rises_takes_nothing_from_who_waits() {
        let (limiter, timer) = limiter(RateLimit::per_minute(1));
        limiter.acquire().await;
        limiter.slow_down(None);
        limiter.acquire().await;
        // Half of one a minute.
        assert_eq!(timer.passed(), Duration::from_secs(120));
    }

    #[tokio::test]
    async fn a_quiet_time_counts_whole_for_the_rise() {
        let (limiter, timer) = limiter(RateLimit::per_second(10));
        limiter.slow_down(None);
        timer.advance(Duration::from_secs(3600));
        let sent = sent_in(&limiter, &timer, Duration::from_secs(5)).await;
        assert!((49..=51).contains(&sent), "{sent}");
    }

    #[tokio::test]
    async fn nobody_waits_longer_than_a_minute_to_ask_again() {
        for asked in [Duration::from_secs(86_400), Duration::MAX] {
            let (limiter, timer) = limiter(RateLimit::per_second(10));
            limiter.slow_down(Some(asked));
            limiter.acquire().await;
            assert_eq!(timer.passed().as_secs(), 60, "{asked:?}");
        }
    }

    #[tokio::test]
    async fn no_limit_is_too_high_to_count() {
        for limit in [
            RateLimit::per_second(u32::MAX).burst(u32::MAX),
            RateLimit::per_minute(1).burst(u32::MAX),
        ] {
            let (limiter, timer) = limiter(limit);
            for _ in 0..100 {
                limiter.acquire().await;
            }
            assert_eq!(timer.passed(), Duration::ZERO);
            for _ in 0..10 {
                limiter.slow_down(None);
                timer.advance(Duration::from_secs(2));
            }
            limiter.acquire().await;
        }
    }

    #[tokio::test]
    async fn the_rate_never_falls_to_nothing() {
        let (limiter, timer) = limiter(RateLimit::per_second(64));
        for _ in 0..50 {
            limiter.slow_down(None);
            timer.advance(Duration::from_secs(2));
        }
        // Until it rises again, ten seconds after the last cut.
        let sent = sent_in(&limiter, &timer, Duration::from_secs(7)).await;
        assert!((7..=8).contains(&sent), "{sent}");
    }

    #[test]
    fn a_limit_of_nothing_is_refused() {
        let timer = Arc::new(ManualTimer::default());
        let error = Limiter::new(RateLimit::per_second(0), timer).unwrap_err();
        assert!(error.to_string().contains("leave it out"), "{error}");
    }
}
