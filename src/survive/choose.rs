//! The surviving value of one field for every ID.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::model::ValueStatus;
use crate::survive::rules::Candidate;
use crate::survive::rules::Context;
use crate::survive::rules::SurvivorshipRule;
use crate::table::StandardColumn;
use crate::table::ValuePool;
use std::cmp::Reverse;

/// One field's choices, a row per ID.
pub(super) struct Chosen {
    /// Code of the value per row; 0 = none.
    pub(super) codes: Vec<u32>,
    /// The chosen texts.
    pub(super) values: ValuePool,
    /// The winning record per row; any where the code is 0.
    pub(super) records: Vec<RecordIndex>,
    /// Per row, which of `rule_names` decided.
    pub(super) decided_by: Vec<u8>,
    /// `only_value`, `valid_first`, the field's rules, `source_priority`.
    pub(super) rule_names: Vec<&'static str>,
}

/// A member's standing in the choice: validity, then the rules, then trust in its source, then its record.
type Rank = (bool, Vec<i64>, Reverse<u32>, Reverse<RecordIndex>);

pub(super) fn choose(
    context: &Context,
    column: &StandardColumn,
    rules: &[&'static dyn SurvivorshipRule],
    groups: &[(UnifiedId, Vec<RecordIndex>)],
) -> Chosen {
    let mut rule_names = vec!["only_value", "valid_first"];
    rule_names.extend(rules.iter().map(|rule| rule.name()));
    rule_names.push("source_priority");
    let mut chosen = Chosen {
        codes: Vec::with_capacity(groups.len()),
        values: ValuePool::default(),
        records: Vec::with_capacity(groups.len()),
        decided_by: Vec::with_capacity(groups.len()),
        rule_names,
    };
    // Texts are made once per cell; most cells are chosen many times or never.
    let mut code_of_cell = vec![0u32; column.raw.len()];
    for (_, members) in groups {
        let candidates: Vec<Candidate> = members
            .iter()
            .filter(|record| !column.items_of(**record).is_empty())
            .map(|&record| Candidate {
                record,
                items: column.items_of(record),
            })
            .collect();
        let (winner, decided_by) = winner(context, column, rules, &candidates);
        chosen.decided_by.push(decided_by);
        let Some(record) = winner else {
            chosen.codes.push(0);
            chosen.records.push(members[0]);
            continue;
        };
        let cell = column.cell_of[record.at()] as usize;
        if code_of_cell[cell] == 0 {
            code_of_cell[cell] = chosen.values.push(&column.text_of(record));
        }
        chosen.codes.push(code_of_cell[cell]);
        chosen.records.push(record);
    }
    chosen
}

/// The winning record and the position of the rule that decided between the two best different values.
fn winner(
    context: &Context,
    column: &StandardColumn,
    rules: &[&'static dyn SurvivorshipRule],
    candidates: &[Candidate],
) -> (Option<RecordIndex>, u8) {
    let Some(first) = candidates.first() else {
        return (None, 0);
    };
    if candidates.len() == 1 {
        return (Some(first.record), 0);
    }
    let rank = |candidate: &Candidate| -> Rank {
        let is_sound = column.status_of(candidate.record) > ValueStatus::Suspicious;
        let ranks = rules
            .iter()
            .map(|rule| rule.rank(context, column, candidate, candidates))
            .collect();
        (
            is_sound,
            ranks,
            Reverse(context.priority(candidate.record)),
            Reverse(candidate.record),
        )
    };
    let mut ranked: Vec<(Rank, &Candidate)> = candidates.iter().map(|c| (rank(c), c)).collect();
    ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0));
    let (best, winner) = &ranked[0];
    let runner_up = ranked
        .iter()
        .find(|(_, candidate)| candidate.items != winner.items);
    let decided_by = runner_up.map_or(0, |(other, _)| {
        if best.0 != other.0 {
            return 1;
        }
        let differing = best.1.iter().zip(&other.1).position(|(a, b)| a != b);
        differing.map_or(2 + rules.len(), |at| 2 + at)
    });
    (Some(winner.record), decided_by as u8)
}
