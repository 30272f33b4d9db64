//! What a child process has used, as the kernel counts it.
//!
//! Processor time is what `/proc/self/stat` adds when a child has been waited for. Peak memory is the high-water mark in the child's
//! `/proc/PID/status`, read until it ends; what it grows by in its last milliseconds is missed.

use std::fs;
use std::process::Child;
use std::process::Command;
use std::process::ExitStatus;
use std::thread;
use std::time::Duration;
use std::time::Instant;

/// Clock ticks of `/proc/PID/stat` in a second; 100 on every Linux that Rust supports (`sysconf(_SC_CLK_TCK)`).
const TICKS_PER_SECOND: f64 = 100.0;

/// Between two looks at the child's memory.
const LOOK: Duration = Duration::from_millis(5);

/// What a finished child used.
pub(crate) struct Used {
    pub(crate) status: ExitStatus,
    pub(crate) cpu_s: f64,
    pub(crate) wall_s: f64,
    pub(crate) peak_gb: f64,
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Used {
    let (before, start) = (children_cpu_s(), Instant::now());
    let mut child = command.spawn().expect("the program can be started");
    let mut peak_kib = 0;
    let status = loop {
        peak_kib = peak_kib.max(high_water_kib(&child));
        match child.try_wait().expect("the child is ours") {
            Some(status) => break status,
            None => thread::sleep(LOOK),
        }
    };
    Used {
        status,
        cpu_s: children_cpu_s() - before,
        wall_s: start.elapsed().as_secs_f64(),
        peak_gb: peak_kib as f64 * 1_024.0 / 1e9,
    }
}

/// Processor time of all children that were waited for, user and system.
fn children_cpu_s() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux describes every process");
    // The name of the program, in brackets, may hold spaces; the fields count from its end.
    let (_, after_name) = stat.rsplit_once(')').expect("the name stands in brackets");
    let fields = after_name.split_whitespace().skip(13).take(2);
    let ticks: f64 = fields
        .map(|field| field.parse::<f64>().expect("times are whole ticks"))
        .sum();
    ticks / TICKS_PER_SECOND
}

/// Most memory the child has held so far; 0 when it has ended.
fn high_water_kib(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}
