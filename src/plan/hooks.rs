//! `[hooks]` of the job file: what is called when a run has ended.
//!
//! In: the table. Out: [`Hooks`]; an empty command and a limit above 30 seconds are faults. Calling them is left to `cli`.

use crate::plan::faults::FaultList;
use crate::plan::job::HooksTable;
use crate::plan::toml_table::Located;

/// Most seconds that a command may take.
const SECONDS_MAX: u64 = 30;

/// Commands, each as program and arguments; empty when there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooks {
    /// After a run without a warning.
    pub on_success: Vec<String>,
    /// After a run with warnings.
    pub on_warning: Vec<String>,
    /// After a run that published nothing.
    pub on_failure: Vec<String>,
    /// Seconds after which a command is ended.
    pub seconds_max: u64,
}

impl Default for Hooks {
    fn default() -> Self {
        Self {
            on_success: Vec::new(),
            on_warning: Vec::new(),
            on_failure: Vec::new(),
            seconds_max: SECONDS_MAX,
        }
    }
}

/// What the job gives.
pub(super) fn check(table: &HooksTable, faults: &mut FaultList) -> Hooks {
    let mut command = |given: &Option<Located<Vec<Located<String>>>>| -> Vec<String> {
        let Some(given) = given else { return Vec::new() };
        let words: Vec<String> = given.value.iter().map(|word| word.value.clone()).collect();
        if words.first().is_none_or(|program| program.trim().is_empty()) {
            let hint = "write program and arguments, such as [\"/usr/local/bin/tell\", \"--now\"]";
            faults.add_hint(given.span.clone(), "a hook names no program", hint);
        }
        words
    };
    let mut hooks = Hooks {
        on_success: command(&table.on_success),
        on_warning: command(&table.on_warning),
        on_failure: command(&table.on_failure),
        ..Hooks::default()
    };
    if let Some(seconds) = &table.seconds_max {
        if seconds.value > SECONDS_MAX {
            let message = format!("`seconds_max` must be a whole number from 1 to {SECONDS_MAX}");
            faults.add(seconds.span.clone(), message);
        }
        hooks.seconds_max = seconds.value;
    }
    hooks
}
