//! SIGTERM and SIGINT: the process ends at once, with exit code 143 or 130 and the closing line.
//!
//! Nothing is cleaned up, on purpose: a kill without a signal must be survived anyway ([`crate::disk`]), and one way of ending is
//! easier to prove than two. What was being built is removed when the next run begins; what was confirmed stands. So a stage
//! need not poll anything, and the longest loop ends as fast as the shortest.

use crate::cli::console;
use signal_hook::consts::SIGINT;
use signal_hook::consts::SIGTERM;
use signal_hook::iterator::Signals;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a stderr that nobody reads may keep the closing line back.
const PATIENCE: Duration = Duration::from_secs(2);

/// Ends the process on the first signal. Without a thread to spare, signals do what they do to every process.
pub(super) fn watch() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
        return;
    };
    let waiting = thread::Builder::new().name("signals".to_owned());
    let _ = waiting.spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end(signal);
        }
    });
}

fn end(signal: i32) {
    let (code, name) = match signal {
        SIGINT => (130, "SIGINT"),
        _ => (143, "SIGTERM"),
    };
    let (said, is_said) = mpsc::channel();
    thread::spawn(move || {
        console::last_line(code, "interrupted", &stopped(name), || {
            let _ = said.send(());
        })
    });
    let _ = is_said.recv_timeout(PATIENCE);
    std::process::exit(i32::from(code));
}

fn stopped(signal: &str) -> String {
    format!("stopped by {signal}; what was published before stands, and the next run needs no clean-up")
}
