//! `guards.json`: figures and verdicts of one run, for the runs after it.

use super::night::Night;
use super::verdict::Level;
use super::verdict::Verdict;
use serde::Deserialize;
use serde::Serialize;

/// Version of the layout of `guards.json`.
pub const SCHEMA_VERSION: u32 = 1;

/// What guards saw and said.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GuardReport {
    /// [`SCHEMA_VERSION`] of the writer.
    pub schema_version: u32,
    /// The figures.
    pub night: Night,
    /// Every figure beyond a limit, in the order of guards, then sources.
    pub verdicts: Vec<Verdict>,
}

impl GuardReport {
    /// Names of the guards that refuse, each once, in their order.
    pub fn refused(&self) -> Vec<String> {
        let refused = self
            .verdicts
            .iter()
            .filter(|verdict| verdict.level == Level::Refuse);
        let mut names: Vec<String> = refused.map(|verdict| verdict.guard.clone()).collect();
        names.dedup();
        names
    }

    fn refuses(&self, guard: &str, source: &str) -> bool {
        let is_it = |verdict: &&Verdict| verdict.guard == guard && verdict.source == source;
        self.verdicts
            .iter()
            .filter(is_it)
            .any(|v| v.level == Level::Refuse)
    }
}

/// The last published runs, newest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trend {
    /// Their reports; at most [`Trend::RUNS`].
    pub runs: Vec<GuardReport>,
}

impl Trend {
    /// Runs that a median is taken of.
    pub const RUNS: usize = 7;

    /// The last run.
    pub(super) fn last(&self) -> Option<&Night> {
        self.runs.first().map(|run| &run.night)
    }

    /// Figures of the last runs, newest first, back to the run in which a steward accepted the guard's refusal.
    ///
    /// A published run that a guard refused was accepted: what was usual before is no measure any more.
    pub(super) fn figures(&self, guard: &str, source: &str, of: impl Fn(&Night) -> Option<f64>) -> Vec<f64> {
        let mut figures = Vec::new();
        for run in self.runs.iter().take(Self::RUNS) {
            figures.extend(of(&run.night));
            if run.refuses(guard, source) {
                break;
            }
        }
        figures
    }

    /// Median of [`Trend::figures`]; of two in the middle their mean.
    pub(super) fn median(
        &self,
        guard: &str,
        source: &str,
        of: impl Fn(&Night) -> Option<f64>,
    ) -> Option<f64> {
        let mut figures = self.figures(guard, source, of);
        figures.sort_by(f64::total_cmp);
        let middle = figures.len() / 2;
        match figures.len() {
            0 => None,
            odd if odd % 2 == 1 => Some(figures[middle]),
            _ => Some((figures[middle - 1] + figures[middle]) / 2.0),
        }
    }

    /// The figure of the last run, if that was accepted although refused.
    pub(super) fn accepted(
        &self,
        guard: &str,
        source: &str,
        of: impl Fn(&Night) -> Option<f64>,
    ) -> Option<f64> {
        let last = self.runs.first().filter(|run| run.refuses(guard, source))?;
        of(&last.night)
    }
}
