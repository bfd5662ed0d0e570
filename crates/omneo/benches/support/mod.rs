//! What the benchmarks share: a server, samples, and comparisons within one run.

#![allow(dead_code, unreachable_pub)] // each benchmark has its own copy
#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say

pub mod plain;
pub mod server;

use std::time::{Duration, Instant};

/// Runs `ours` and `theirs` in turn and prints the ratio of their times, round by round, so that a machine that is slow
/// for a while is slow for both.
pub fn compare(name: &str, rounds: usize, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
    // Warm caches, pools and branch predictors.
    for _ in 0..rounds / 10 + 1 {
        ours();
        theirs();
    }
    let mut pairs = Vec::with_capacity(rounds);
    for round in 0..rounds {
        // Whoever is first has it colder.
        let (a, b) = match round % 2 {
            0 => {
                let a = time(&mut ours);
                (a, time(&mut theirs))
            }
            _ => {
                let b = time(&mut theirs);
                (time(&mut ours), b)
            }
        };
        pairs.push((a, b));
    }
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let micros = |time: &Duration| time.as_secs_f64() * 1e6;
    println!(
        "{name:<58} {:>9.1} µs {:>9.1} µs   ratio {:.3}",
        median(pairs.iter().map(|(a, _)| micros(a)).collect()),
        median(pairs.iter().map(|(_, b)| micros(b)).collect()),
        median(
            pairs
                .iter()
                .map(|(a, b)| a.as_secs_f64() / b.as_secs_f64())
                .collect()
        ),
    );
}

fn time(run: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

/// Prints how often each allocates on this thread, and how much.
pub fn compare_allocations(name: &str, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
    ours();
    theirs();
    let a = allocation_counter::measure(&mut ours);
    let b = allocation_counter::measure(&mut theirs);
    println!(
        "{name:<58} {:>9} allocations, {} bytes; {} allocations, {} bytes",
        a.count_total, a.bytes_total, b.count_total, b.bytes_total
    );
}

/// The most memory that this process has had, in bytes.
pub fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
