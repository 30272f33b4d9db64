//! The log of what was done with the hub: runs, acceptances, rollbacks, decisions, exports.
//!
//! In: entries ([`Entry`]) without values of records. Out: `audit.log` in the hub, one JSON object a line, each chained to the one
//! before by HMAC-SHA-256 under a key that lies outside the hub, or by SHA-256 alone where the job names no key. Without a key
//! the chain finds slips, not forgers: whoever can write the file can make it anew. A log that was cut at its end is whole in
//! itself; the head beside it finds a lost end, and the
//! heads that lines leave in an anchor file outside the hub find that both were cut. Lines are appended and synced one by
//! one; a line that a crash tore is taken away by the next append, as it was never said to be written.

mod chain;
mod error;

pub use chain::Checked;
pub use chain::Ledger;
pub use chain::Line;
pub use chain::check;
pub use error::LedgerError;

use serde::Deserialize;
use serde::Serialize;
use std::collections::BTreeMap;

/// Name of the file in the hub.
pub const FILE: &str = "audit.log";

/// What happened. No name, number or address of a customer belongs here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, UTC, RFC 3339.
    pub at: String,
    /// The word for it, such as `run_published` or `export`.
    pub event: String,
    /// Who, as given on the command line; empty for a night run.
    pub by: String,
    /// Run, role, guard, numbers of decisions and the like, by name.
    pub facts: BTreeMap<String, String>,
}
