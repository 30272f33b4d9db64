//! Named places at which a test stops the program.
//!
//! In: `GUIYI_FAILPOINT=<name>:<action>` in the environment, read once and here only. Out: at that place the process aborts
//! (`abort`), the step fails (`error`, `enospc`), waits (`stall`, for tests of signals), or, with `*:trace`, every place
//! passed is named on stderr. A place is a step of [`STEPS`], or a step of [`FILE_STEPS`] with the file it concerns:
//! `renamed:CURRENT`.
//!
//! Only builds with debug assertions have failpoints, which is what `cargo test` builds anyway: a feature would ask for a
//! second build of everything, and a release build that nobody can stop from outside needs no switch to be sure of.

use std::io;

/// Places that concern no file of their own, in the order in which a run passes them.
pub const STEPS: &[&str] = &[
    "directory.made",
    "directory.synced",
    "lock.taken",
    "stage:ingest",
    "stage:standardise",
    "stage:block",
    "stage:train",
    "stage:score",
    "stage:cluster",
    "stage:identify",
    "stage:publish",
    "leftovers.found",
    "leftovers.unnamed",
    "leftovers.removed",
    "staging.made",
    "staging.log_made",
    "staging.log_synced",
    "staging.manifest_made",
    "staging.synced",
    "staging.renamed",
    "runs.synced",
    "run.opened",
    "current.set",
    "store.opened",
    "store.begun",
    "store.filled",
    "store.committed",
    "store.sealed",
    "store.erased",
    "erasure.written",
    "erasure.exchanged",
    "erasure.former_removed",
];

/// Steps of every file that is written aside: empty, filled (not for Parquet), on disk, named, named on disk (files of the hub)
/// or entered in the manifest (files of a run).
pub const FILE_STEPS: &[&str] = &[
    "made",
    "filled",
    "synced",
    "renamed",
    "directory_synced",
    "recorded",
];

/// Passes the place `step`.
///
/// # Errors
/// Only when a test asks for one.
#[inline]
pub fn hit(step: &'static str) -> io::Result<()> {
    hit_file(step, "")
}

/// Passes the place `step` of the file `name`.
///
/// # Errors
/// Only when a test asks for one.
#[inline]
pub fn hit_file(step: &'static str, name: &str) -> io::Result<()> {
    #[cfg(debug_assertions)]
    return armed::act(step, name);
    #[cfg(not(debug_assertions))]
    {
        let _ = (step, name);
        Ok(())
    }
}

#[cfg(debug_assertions)]
mod armed {
    use std::io;
    use std::io::Write;
    use std::sync::LazyLock;
    use std::time::Duration;

    /// The place and what happens there; none in a process that no test stops.
    static ASKED: LazyLock<Option<(String, String)>> = LazyLock::new(|| {
        let text = std::env::var("GUIYI_FAILPOINT").ok()?;
        let (place, action) = text.rsplit_once(':')?;
        Some((place.to_owned(), action.to_owned()))
    });

    pub(super) fn act(step: &str, name: &str) -> io::Result<()> {
        let Some((place, action)) = &*ASKED else {
            return Ok(());
        };
        if action == "trace" {
            let colon = if name.is_empty() { "" } else { ":" };
            let _ = writeln!(io::stderr(), "failpoint {step}{colon}{name}");
            return Ok(());
        }
        let is_here = match place.split_once(':') {
            Some((asked, of)) => asked == step && of == name,
            None => place == step && name.is_empty(),
        };
        match action.as_str() {
            _ if !is_here => Ok(()),
            "abort" => std::process::abort(),
            "enospc" => Err(io::Error::from(io::ErrorKind::StorageFull)),
            "stall" => {
                let _ = writeln!(io::stderr(), "failpoint {step} stalls");
                std::thread::sleep(Duration::from_secs(60));
                Ok(())
            }
            _ => Err(io::Error::other("failpoint")),
        }
    }
}
