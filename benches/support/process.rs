//! What a process has used: processor time and the most memory it held, as the kernel counts them.
//!
//! Wall time depends on what else runs; these figures hardly do. Both read `/proc`, so benches run on Linux only.

use std::fs;
use std::time::Duration;

/// Clock ticks of `/proc/<pid>/stat` in a second; 100 on every Linux that Rust supports (`sysconf(_SC_CLK_TCK)`).
const TICKS_PER_SECOND: u64 = 100;

/// Processor time of this process so far, user and system, over all its threads.
pub(crate) fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux describes every process");
    // The name of the program, in brackets, may hold spaces; the fields count from its end.
    let (_, after_name) = stat.rsplit_once(')').expect("the name stands in brackets");
    let ticks: u64 = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse::<u64>().expect("times are whole ticks"))
        .sum();
    Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND)
}

/// Most memory that this process has held since it started or since [`reset_peak`], in bytes.
pub(crate) fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux describes every process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.expect("the peak is a number of KiB") * 1_024
}
