//! Faults at random, reproducibly.

use std::collections::HashMap;
use std::hash::Hasher;

use fastrand::Rng;
use fnv::FnvHasher;

use crate::Fault;

/// Faults at given rates, the same for the same seed.
///
/// ```
/// use fault_server::{Fault, FaultServer, Moment, RandomFaults};
///
/// let server = FaultServer::start();
/// let mut faults = RandomFaults::seeded(7)
///     .rate(0.03, [Fault::reset(Moment::Unprocessed), Fault::reset(Moment::Unanswered)])
///     .rate(0.02, [Fault::status(429), Fault::status(503)]);
/// server.fallback(move |_| faults.choose());
/// ```
///
/// [`choose`](Self::choose) depends on the order in which requests arrive, which a client that sends several at once does
/// not control. [`choose_for`](Self::choose_for) does not: it depends on a key of the request and on how often the key came.
#[derive(Clone, Debug)]
#[must_use]
pub struct RandomFaults {
    seed: u64,
    rng: Rng,
    rates: Vec<(f64, Vec<Fault>)>,
    limit: u32,
    /// By a hash of the key, which may be long.
    keys: HashMap<u64, Course>,
}

/// How often a key came, and how often with a fault.
#[derive(Clone, Copy, Debug, Default)]
struct Course {
    requests: u32,
    faults: u32,
}

impl RandomFaults {
    /// No faults yet.
    pub fn seeded(seed: u64) -> Self {
        Self {
            seed,
            rng: Rng::with_seed(seed),
            rates: Vec::new(),
            limit: u32::MAX,
            keys: HashMap::new(),
        }
    }

    /// Gives this fraction of the requests one of these faults, each as likely as the others.
    ///
    /// # Panics
    ///
    /// If there is no fault, or the rate is less than 0, or the rates add up to more than 1.
    pub fn rate(mut self, rate: f64, faults: impl IntoIterator<Item = Fault>) -> Self {
        let faults: Vec<_> = faults.into_iter().collect();
        assert!(!faults.is_empty(), "a rate needs a fault to choose");
        self.rates.push((rate, faults));
        let sum: f64 = self.rates.iter().map(|(rate, _)| rate).sum();
        assert!(
            // Ten times 0.1 may be a little more than 1.
            rate >= 0.0 && sum < 1.0 + 1e-9,
            "rates are fractions of all requests, and add up to 1 at most"
        );
        self
    }

    /// Gives no key more than this many faults: a client that tries more often than that has to succeed.
    ///
    /// Applies to [`choose_for`](Self::choose_for).
    pub fn limit_per_key(mut self, faults: u32) -> Self {
        self.limit = faults;
        self
    }

    /// The fault of the next request, in order of arrival.
    pub fn choose(&mut self) -> Fault {
        roll(&self.rates, &mut self.rng).unwrap_or_else(Fault::none)
    }

    /// The fault of the next request with this key, such as its body or the id of its record.
    pub fn choose_for(&mut self, key: impl AsRef<[u8]>) -> Fault {
        let mut hasher = FnvHasher::with_key(self.seed);
        hasher.write(key.as_ref());
        let course = self.keys.entry(hasher.finish()).or_default();
        hasher.write(&course.requests.to_le_bytes());
        course.requests += 1;
        if course.faults == self.limit {
            return Fault::none();
        }
        let mut rng = Rng::with_seed(hasher.finish());
        let fault = roll(&self.rates, &mut rng);
        course.faults += u32::from(fault.is_some());
        fault.unwrap_or_else(Fault::none)
    }
}

fn roll(rates: &[(f64, Vec<Fault>)], rng: &mut Rng) -> Option<Fault> {
    let mut roll = rng.f64();
    for (rate, faults) in rates {
        if roll < *rate {
            return rng.choice(faults).cloned();
        }
        roll -= rate;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(seed: u64) -> RandomFaults {
        RandomFaults::seeded(seed)
            .rate(0.1, [Fault::status(429), Fault::status(503)])
            .rate(0.2, [Fault::status(500)])
    }

    fn status(fault: Fault) -> u16 {
        let request = crate::Received::new(
            0,
            http::Method::GET,
            String::new(),
            http::HeaderMap::new(),
            bytes::Bytes::new(),
        );
        fault
            .response(&request, |_| crate::Response::new(200))
            .status
    }

    fn sequence(mut faults: RandomFaults, length: usize) -> Vec<u16> {
        (0..length).map(|_| status(faults.choose())).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_faults_and_another_gives_others() {
        assert_eq!(sequence(faults(1), 1000), sequence(faults(1), 1000));
        assert_ne!(sequence(faults(1), 1000), sequence(faults(2), 1000));
    }

    #[test]
    fn faults_come_at_their_rates() {
        let keyed = {
            let mut faults = faults(1);
            (0..20_000_u32)
                .map(|key| status(faults.choose_for(key.to_string())))
                .collect()
        };
        for statuses in [sequence(faults(1), 20_000), keyed] {
            for (status, expected) in [(200, 14_000), (429, 1000), (503, 1000), (500, 4000)] {
                let count = statuses.iter().filter(|other| **other == status).count();
                let difference = count.abs_diff(expected);
                assert!(difference < 300, "{status}: {count}, not {expected}");
            }
        }
    }

    #[test]
    fn the_faults_of_a_key_do_not_depend_on_the_others() {
        let alone = |key: &str| -> Vec<u16> {
            let mut faults = faults(1);
            (0..50).map(|_| status(faults.choose_for(key))).collect()
        };
        let (a, b) = (alone("a"), alone("b"));
        assert_ne!(a, b);
        let mut both = faults(1);
        for (a, b) in a.into_iter().zip(b) {
            assert_eq!(status(both.choose_for("b")), b);
            assert_eq!(status(both.choose_for("a")), a);
        }
    }

    #[test]
    fn a_key_has_no_more_faults_than_its_limit() {
        let mut faults = RandomFaults::seeded(1)
            .rate(1.0, [Fault::status(503)])
            .limit_per_key(2);
        let statuses = [(); 4].map(|()| status(faults.choose_for("a")));
        assert_eq!(statuses, [503, 503, 200, 200]);
        assert_eq!(status(faults.choose_for("b")), 503);
    }

    #[test]
    #[should_panic(expected = "add up to 1 at most")]
    fn rates_above_one_are_refused() {
        let _ = faults(1).rate(0.8, [Fault::status(500)]);
    }
}
