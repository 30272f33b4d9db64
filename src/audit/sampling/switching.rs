//! Switching rules of GB/T 2828.1-2012, clause 9.3: how strictly the next lot of a subsidiary is inspected.
//!
//! In: outcomes of lots and words of the responsible, in the order of time. Out: the [`State`]. It starts normal; two of five or fewer
//! consecutive lots refused tighten it, five accepted in a row under tightened inspection bring it back, five refused while tightened
//! suspend it until corrective action; thirty points of the switching score, with a steady process and leave, reduce it. A pure machine:
//! the same history gives the same state.

use super::gbt2828_1::Severity;
use serde::Deserialize;
use serde::Serialize;

/// Refused lots that tighten, among [`WINDOW`] consecutive ones.
const REFUSED_TO_TIGHTEN: usize = 2;

/// Consecutive lots that are looked at.
const WINDOW: usize = 5;

/// Accepted lots in a row that end tightened inspection.
const ACCEPTED_TO_NORMAL: u32 = 5;

/// Refused lots under tightened inspection that suspend it.
const REFUSED_TO_SUSPEND: u32 = 5;

/// Switching score that allows reduced inspection.
pub(crate) const SCORE_TO_REDUCE: u32 = 30;

/// What a lot of the series came to, inspected for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LotOutcome {
    /// Was it accepted?
    pub is_accepted: bool,
    /// Acceptance number of its plan.
    pub accept: u64,
    /// Would it have been accepted at the next tighter AQL too?
    pub passes_tighter: bool,
}

/// What the responsible say between lots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Steering {
    /// Corrective action was taken: suspended inspection goes on, tightened.
    Resume,
    /// The process is steady and reduced inspection is wanted.
    AllowReduced,
    /// The supply is irregular or reduced inspection is not wanted any more.
    WithdrawReduced,
}

impl Steering {
    /// Every word.
    pub const ALL: [Self; 3] = [Self::Resume, Self::AllowReduced, Self::WithdrawReduced];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::AllowReduced => "allow_reduced",
            Self::WithdrawReduced => "withdraw_reduced",
        }
    }
}

/// Where a subsidiary's series of lots stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How strictly the next lot is inspected.
    pub severity: Severity,
    /// Inspection is suspended (暂停检验) until corrective action.
    pub is_suspended: bool,
    /// The switching score.
    pub score: u32,
    /// Was leave given for reduced inspection?
    pub may_reduce: bool,
    /// Outcomes under normal inspection since it began, the latest [`WINDOW`] of them.
    recent: Vec<bool>,
    /// Accepted in a row under tightened inspection.
    accepted_in_row: u32,
    /// Refused under tightened inspection since it began.
    refused: u32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            severity: Severity::Normal,
            is_suspended: false,
            score: 0,
            may_reduce: false,
            recent: Vec::new(),
            accepted_in_row: 0,
            refused: 0,
        }
    }
}

impl State {
    fn enter(&mut self, severity: Severity) {
        *self = Self {
            severity,
            may_reduce: self.may_reduce,
            ..Self::default()
        };
    }

    /// The state after a lot. A suspended series takes no lots; it stays as it is.
    #[must_use]
    pub fn after(mut self, lot: LotOutcome) -> Self {
        if self.is_suspended {
            return self;
        }
        match self.severity {
            Severity::Normal => self.after_normal(lot),
            Severity::Tightened => self.after_tightened(lot),
            Severity::Reduced if !lot.is_accepted => self.enter(Severity::Normal),
            Severity::Reduced => {}
        }
        self
    }

    fn after_normal(&mut self, lot: LotOutcome) {
        self.score = match (lot.is_accepted, lot.accept) {
            (true, 0 | 1) => self.score + 2,
            (true, _) if lot.passes_tighter => self.score + 3,
            _ => 0,
        };
        self.recent.push(lot.is_accepted);
        let old = self.recent.len().saturating_sub(WINDOW);
        self.recent.drain(..old);
        let refused = self.recent.iter().filter(|is_accepted| !**is_accepted).count();
        if refused >= REFUSED_TO_TIGHTEN {
            self.enter(Severity::Tightened);
        } else {
            self.reduce();
        }
    }

    fn reduce(&mut self) {
        if self.severity == Severity::Normal && self.may_reduce && self.score >= SCORE_TO_REDUCE {
            self.enter(Severity::Reduced);
        }
    }

    fn after_tightened(&mut self, lot: LotOutcome) {
        if lot.is_accepted {
            self.accepted_in_row += 1;
            if self.accepted_in_row >= ACCEPTED_TO_NORMAL {
                self.enter(Severity::Normal);
            }
        } else {
            self.accepted_in_row = 0;
            self.refused += 1;
            self.is_suspended = self.refused >= REFUSED_TO_SUSPEND;
        }
    }

    /// The state after a word of the responsible.
    #[must_use]
    pub fn steered(mut self, word: Steering) -> Self {
        match word {
            Steering::Resume if self.is_suspended => self.enter(Severity::Tightened),
            Steering::Resume => {}
            Steering::AllowReduced => {
                self.may_reduce = true;
                if !self.is_suspended {
                    self.reduce();
                }
            }
            Steering::WithdrawReduced => {
                self.may_reduce = false;
                if self.severity == Severity::Reduced {
                    self.enter(Severity::Normal);
                }
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lot(is_accepted: bool) -> LotOutcome {
        LotOutcome {
            is_accepted,
            accept: 2,
            passes_tighter: is_accepted,
        }
    }

    fn after(state: State, lots: &str) -> State {
        lots.chars().fold(state, |state, c| state.after(lot(c == '+')))
    }

    #[test]
    fn q9_two_refused_of_five_tighten_and_five_accepted_relax() {
        assert_eq!(after(State::default(), "-++++-").severity, Severity::Normal);
        assert_eq!(after(State::default(), "-+++-").severity, Severity::Tightened);
        assert_eq!(after(State::default(), "--").severity, Severity::Tightened);
        let tightened = after(State::default(), "--");
        assert_eq!(
            after(tightened.clone(), "++++-++++").severity,
            Severity::Tightened
        );
        let back = after(tightened, "++++-+++++");
        assert_eq!((back.severity, back.score), (Severity::Normal, 0));
        // The refused lots of before do not count again.
        assert_eq!(after(back, "-").severity, Severity::Normal);
    }

    #[test]
    fn q9_five_refused_while_tightened_suspend_until_corrected() {
        let suspended = after(State::default(), "--".to_owned().as_str());
        let suspended = after(suspended, "-+-+-+-+-");
        assert!(suspended.is_suspended);
        assert_eq!(after(suspended.clone(), "+++++"), suspended);
        assert!(suspended.clone().steered(Steering::AllowReduced).is_suspended);
        let resumed = suspended.steered(Steering::Resume);
        assert_eq!(
            (resumed.severity, resumed.is_suspended),
            (Severity::Tightened, false)
        );
        assert_eq!(after(resumed, "+++++").severity, Severity::Normal);
    }

    #[test]
    fn q9_thirty_points_reduce_with_leave_and_a_refused_lot_ends_it() {
        let ten = after(State::default(), "++++++++++");
        assert_eq!((ten.score, ten.severity), (30, Severity::Normal));
        let reduced = ten.steered(Steering::AllowReduced);
        assert_eq!(reduced.severity, Severity::Reduced);
        assert_eq!(after(reduced.clone(), "+++").severity, Severity::Reduced);
        assert_eq!(after(reduced.clone(), "-").severity, Severity::Normal);
        assert_eq!(
            reduced.steered(Steering::WithdrawReduced).severity,
            Severity::Normal
        );
        let allowed = State::default().steered(Steering::AllowReduced);
        assert_eq!(after(allowed, "++++++++++").severity, Severity::Reduced);
    }

    #[test]
    fn q9_the_score_counts_two_for_small_acceptance_numbers_and_falls_back_to_nothing() {
        let small = LotOutcome {
            is_accepted: true,
            accept: 1,
            passes_tighter: false,
        };
        assert_eq!(State::default().after(small).after(small).score, 4);
        let just = LotOutcome {
            is_accepted: true,
            accept: 3,
            passes_tighter: false,
        };
        assert_eq!(State::default().after(lot(true)).after(just).score, 0);
        assert_eq!(after(State::default(), "++-").score, 0);
    }
}
