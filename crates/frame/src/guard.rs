//! Calls into polars whose panics become errors.
//!
//! In: a closure. Out: its result, or a sentence that the bytes are damaged. Polars answers most damage with an
//! error, some with an index out of bounds or a failed assertion (seen with flipped bytes in footers and pages).
//! The panic hook installed here stays silent for guarded calls on this thread only and hands everything else to the
//! hook that was there before. Guard leaf work, never a call that waits on a thread pool: a waiting worker may pick
//! up a stranger's task, whose panic would then be silenced.

use std::cell::Cell;
use std::fmt::Display;
use std::panic;
use std::panic::AssertUnwindSafe;
use std::sync::Once;

thread_local! {
    static GUARDED_CALLS: Cell<u32> = const { Cell::new(0) };
}

static HOOK: Once = Once::new();

/// Runs `call`; a panic or an error comes back as a sentence without values from the data.
pub(crate) fn guarded<T, E: Display>(call: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    HOOK.call_once(silence_guarded_calls);
    GUARDED_CALLS.set(GUARDED_CALLS.get() + 1);
    let outcome = panic::catch_unwind(AssertUnwindSafe(call));
    GUARDED_CALLS.set(GUARDED_CALLS.get() - 1);
    match outcome {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(first_line(&error.to_string())),
        Err(_) => Err("its content contradicts its own description".to_owned()),
    }
}

fn silence_guarded_calls() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if GUARDED_CALLS.get() == 0 {
            previous(info);
        }
    }));
}

/// The first line, at most 200 characters: enough to name the fault, too little to carry a column of data.
fn first_line(message: &str) -> String {
    message
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::guarded;

    #[test]
    fn panics_and_errors_come_back_as_sentences() {
        assert_eq!(guarded(|| Ok::<_, String>(3)), Ok(3));
        assert_eq!(guarded(|| Err::<(), _>("坏\nsecond line")), Err("坏".to_owned()));
        let outcome = guarded(|| -> Result<(), String> { panic!("never printed") });
        assert!(outcome.is_err_and(|detail| !detail.contains("never printed")));
    }
}
