//! Decisions of stewards between records.
//!
//! In: two groups of records. Out: what stewards said of a record of the one and a record of the other, printed as it stands.

use super::case::Case;
use crate::model::Language;
use crate::model::RecordIndex;
use serde::Serialize;

/// One decision.
#[derive(Debug, Serialize)]
pub(super) struct Said {
    decision: i64,
    kind: &'static str,
    author: String,
    reason: String,
    made_at: String,
    /// How it stands by the exports as they are, such as `in_force`; clusters may still contradict it.
    state: &'static str,
}

impl Said {
    /// One line for people.
    pub(super) fn line(&self, language: Language) -> String {
        let what = match (self.kind, language) {
            ("part", Language::En) => "not one customer",
            ("part", Language::Zh) => "不是同一客户",
            (_, Language::En) => "one customer",
            (_, Language::Zh) => "同一客户",
        };
        let (id, author, reason) = (self.decision, &self.author, &self.reason);
        match language {
            Language::En => format!("  decision {id}: {what}; {author}: {reason} ({})", self.state),
            Language::Zh => format!("  裁决 {id}：{what}；{author}：{reason} （{}）", self.state),
        }
    }
}

/// Decisions between the two groups, by number.
pub(super) fn between(case: &Case, left: &[RecordIndex], right: &[RecordIndex]) -> Vec<Said> {
    let resolved = case.matching.decisions();
    let said = resolved.between(left, right).into_iter().filter_map(|id| {
        let at = resolved.decisions.iter().position(|decision| decision.id == id)?;
        let decision = &resolved.decisions[at];
        Some(Said {
            decision: id,
            kind: decision.matter.as_str(),
            author: decision.word.author.clone(),
            reason: decision.word.reason.clone(),
            made_at: decision.word.made_at.clone(),
            state: resolved.states[at].1.as_str(),
        })
    });
    said.collect()
}
