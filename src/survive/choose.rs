//! The surviving value of one field for every ID.

use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::survive::members::Members;
use crate::survive::rules::Candidate;
use crate::survive::rules::Context;
use crate::survive::rules::SurvivorshipRule;
use crate::table::FieldLineage;
use crate::table::StandardColumn;
use crate::table::ValuePool;
use std::cmp::Ordering;

/// One field's choices, a row per ID.
pub(super) struct Chosen {
    /// Code of the value per row; 0 = none.
    pub(super) codes: Vec<u32>,
    /// The chosen texts.
    pub(super) values: ValuePool,
    /// The winning record per row, and which of `only_value`, `valid_first`, the field's rules, `source_priority` decided.
    pub(super) lineage: FieldLineage,
}

pub(super) fn choose(
    context: &Context,
    column: &StandardColumn,
    rules: &[&'static dyn SurvivorshipRule],
    members: &Members,
) -> Chosen {
    let lineage = winners(context, column, rules, members);
    // Texts are made once per cell; most cells are chosen many times or never.
    let mut code_of_cell = vec![0u32; column.raw.len()];
    let mut values = ValuePool::default();
    let mut code = |record: &RecordIndex| {
        let items = column.items_of(*record);
        if items.is_empty() {
            return 0;
        }
        let code = &mut code_of_cell[column.cell_of[record.at()] as usize];
        if *code == 0 {
            *code = match items {
                [item] => values.push(column.values.get(*item)),
                _ => values.push(&column.text_of(*record)),
            };
        }
        *code
    };
    Chosen {
        codes: lineage.records.iter().map(&mut code).collect(),
        values,
        lineage,
    }
}

/// The winner of every ID and what decided; the smallest record where no value is usable.
fn winners(
    context: &Context,
    column: &StandardColumn,
    rules: &[&'static dyn SurvivorshipRule],
    members: &Members,
) -> FieldLineage {
    let mut rule_names = vec!["only_value", "valid_first"];
    rule_names.extend(rules.iter().map(|rule| rule.name()));
    rule_names.push("source_priority");
    let mut lineage = FieldLineage {
        records: vec![RecordIndex(0); members.len()],
        decided_by: vec![0; members.len()],
        rule_names,
    };
    let mut candidates = Vec::new();
    let mut contest = Contest {
        context,
        column,
        rules,
        ranks: Vec::new(),
        standings: Vec::new(),
    };
    for row in members.by_record() {
        let row = row as usize;
        let of = members.of(row);
        lineage.records[row] = of[0];
        if of.len() == 1 {
            continue;
        }
        candidates.clear();
        candidates.extend(of.iter().filter_map(|&record| {
            let items = column.items_of(record);
            (!items.is_empty()).then_some(Candidate { record, items })
        }));
        match &candidates[..] {
            [] => {}
            [only] => lineage.records[row] = only.record,
            _ => (lineage.records[row], lineage.decided_by[row]) = contest.decide(&candidates),
        }
    }
    lineage
}

/// The choice between several members' values.
struct Contest<'a> {
    context: &'a Context<'a>,
    column: &'a StandardColumn,
    rules: &'a [&'static dyn SurvivorshipRule],
    /// Ranks of the candidates, those of one after those of another.
    ranks: Vec<i64>,
    /// Per candidate, validity and rank of its source.
    standings: Vec<(bool, u32)>,
}

impl Contest<'_> {
    /// The winning record and the position of the rule that decided between the two best different values.
    fn decide(&mut self, candidates: &[Candidate]) -> (RecordIndex, u8) {
        self.rank(candidates);
        let best_of = |kept: &dyn Fn(&Candidate) -> bool| {
            (0..candidates.len())
                .filter(|&at| kept(&candidates[at]))
                .reduce(|best, at| {
                    if self.compare(candidates, at, best).is_gt() {
                        at
                    } else {
                        best
                    }
                })
        };
        let best = best_of(&|_| true).expect("a contest has candidates");
        let winner = &candidates[best];
        let runner_up = best_of(&|candidate| candidate.items != winner.items);
        let decided_by = runner_up.map_or(0, |other| {
            if self.standings[best].0 != self.standings[other].0 {
                return 1;
            }
            let pairs = self.ranks_of(best).iter().zip(self.ranks_of(other));
            let differing = pairs.into_iter().position(|(a, b)| a != b);
            differing.map_or(2 + self.rules.len(), |at| 2 + at)
        });
        (winner.record, decided_by as u8)
    }

    fn rank(&mut self, candidates: &[Candidate]) {
        self.ranks.clear();
        self.standings.clear();
        for candidate in candidates {
            let (context, column) = (self.context, self.column);
            let is_sound = column.status_of(candidate.record) > ValueStatus::Suspicious;
            self.standings
                .push((is_sound, context.priority(candidate.record)));
            let ranks = self
                .rules
                .iter()
                .map(|rule| rule.rank(context, column, candidate, candidates));
            self.ranks.extend(ranks);
        }
    }

    fn ranks_of(&self, at: usize) -> &[i64] {
        &self.ranks[at * self.rules.len()..(at + 1) * self.rules.len()]
    }

    /// A member's standing in the choice: validity, then the rules, then trust in its source, then its record.
    fn compare(&self, candidates: &[Candidate], a: usize, b: usize) -> Ordering {
        let ((is_sound, priority), (other_is_sound, other_priority)) = (self.standings[a], self.standings[b]);
        is_sound
            .cmp(&other_is_sound)
            .then_with(|| self.ranks_of(a).cmp(self.ranks_of(b)))
            .then_with(|| other_priority.cmp(&priority))
            .then_with(|| candidates[b].record.cmp(&candidates[a].record))
    }
}
