//! Processor time as criterion's measure: of all threads of this process, user and system.
//!
//! Wall time of a stage on a machine that others use is mostly about the others. The kernel counts every thread's time in
//! nanoseconds (`/proc/self/task/*/schedstat`) and brings it up to date at least every few milliseconds; a sample takes
//! hundreds of them. Threads that ended are not counted, so rayon's pool is started before the first measurement.

use criterion::Throughput;
use criterion::measurement::Measurement;
use criterion::measurement::ValueFormatter;
use std::fs;

/// Measures processor time in nanoseconds.
pub(crate) struct CpuTime;

impl Measurement for CpuTime {
    type Intermediate = u64;
    type Value = u64;

    fn start(&self) -> u64 {
        nanoseconds()
    }

    fn end(&self, start: u64) -> u64 {
        nanoseconds().saturating_sub(start)
    }

    fn add(&self, first: &u64, second: &u64) -> u64 {
        first + second
    }

    fn zero(&self) -> u64 {
        0
    }

    fn to_f64(&self, value: &u64) -> f64 {
        // A time of zero would end criterion's statistics.
        (*value).max(1) as f64
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &Formatter
    }
}

fn nanoseconds() -> u64 {
    let threads = fs::read_dir("/proc/self/task").expect("Linux lists a process's threads");
    threads
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
        .filter_map(|stat| stat.split_whitespace().next()?.parse::<u64>().ok())
        .sum()
}

struct Formatter;

impl ValueFormatter for Formatter {
    fn scale_values(&self, typical: f64, values: &mut [f64]) -> &'static str {
        let (factor, unit) = match typical {
            ..1e3 => (1.0, "CPU ns"),
            ..1e6 => (1e-3, "CPU µs"),
            ..1e9 => (1e-6, "CPU ms"),
            _ => (1e-9, "CPU s"),
        };
        values.iter_mut().for_each(|value| *value *= factor);
        unit
    }

    fn scale_throughputs(&self, typical: f64, throughput: &Throughput, values: &mut [f64]) -> &'static str {
        let (&Throughput::Elements(amount) | &Throughput::Bytes(amount)) = throughput else {
            return self.scale_values(typical, values);
        };
        let per_second = amount as f64 * 1e9 / typical;
        let (factor, unit) = if per_second < 1e6 {
            (1e-3, "thousand per CPU s")
        } else {
            (1e-6, "million per CPU s")
        };
        for value in values {
            *value = amount as f64 * 1e9 / *value * factor;
        }
        unit
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "ns"
    }
}
