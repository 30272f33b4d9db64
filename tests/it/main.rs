//! Everything through the public door: the program, its files, and the borders of its source tree.
//!
//! One binary, so that the library is linked once; `support` starts the program and reads what it publishes.

#![expect(clippy::unwrap_used, reason = "a helper that fails is a test that fails")]

mod acceptance;
mod architecture;
mod audit;
mod audit_log;
mod audit_trial;
mod backup;
mod bad_input;
mod blocking;
mod cleansing;
mod commands;
mod crash;
mod decisions;
mod documents;
mod duplicates;
mod exit_codes;
mod explain;
mod export;
#[cfg(target_os = "linux")]
mod faults;
mod feed;
mod forget;
mod fuzz_targets;
mod gates;
mod guards;
mod guide;
mod hostile;
mod hub_time;
mod identity;
mod ops;
mod paths;
mod privacy_canary;
mod profile;
mod publish;
mod readers;
mod reference;
mod report;
mod retention;
mod review;
mod round_trip;
mod small_files;
mod soak;
mod support;
mod verify;
