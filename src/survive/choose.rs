//! The surviving value of one field for every ID.
//!
//! In: a column, the rules of its field, the members of every ID, and what leads the field's group. Out: codes of values, their
//! origin, and of every choice between different values the one that came second.

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
use std::collections::BTreeMap;

/// One field's choices, a row per ID.
pub(super) struct Chosen {
    /// Code of the value per row; 0 = none.
    pub(super) codes: Vec<u32>,
    /// The chosen texts.
    pub(super) values: ValuePool,
    /// The winning record per row, and which of `only_value`, `valid_first`, the field's rules, `source_priority`,
    /// `with_group` decided; `withheld` where no value fits.
    pub(super) lineage: FieldLineage,
}

/// A field with its choices, for the fields of its group that come after it.
pub(super) struct Leader<'a> {
    pub(super) column: &'a StandardColumn,
    pub(super) lineage: &'a FieldLineage,
    /// May records that say nothing of this field fill the gaps of those after it?
    pub(super) fills_gaps: bool,
}

/// Position of the rule `withheld`: a member has a value, but it would not fit to the field that leads the group.
fn withheld_of(lineage: &FieldLineage) -> u8 {
    lineage.rule_names.len() as u8 - 1
}

pub(super) fn choose(
    context: &Context,
    column: &StandardColumn,
    rules: &[&'static dyn SurvivorshipRule],
    members: &Members,
    leaders: &[Leader],
) -> Chosen {
    let (lineage, runners_up) = winners(context, column, rules, members, leaders);
    if rules.first().is_some_and(|rule| rule.is_set()) {
        return sets(column, members, lineage);
    }
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
    let withheld = withheld_of(&lineage);
    let codes = lineage
        .records
        .iter()
        .zip(&lineage.decided_by)
        .map(|(record, by)| if *by == withheld { 0 } else { code(record) })
        .collect();
    let runners_up = runners_up
        .into_iter()
        .map(|(row, record)| (row, code(&record)))
        .collect();
    Chosen {
        codes,
        values,
        lineage: FieldLineage {
            runners_up,
            ..lineage
        },
    }
}

/// All values of every ID, each once, in the order of the records that say them.
fn sets(column: &StandardColumn, members: &Members, lineage: FieldLineage) -> Chosen {
    let mut values = ValuePool::default();
    let mut code_of: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    let codes = (0..members.len()).map(|row| {
        let mut items: Vec<u32> = Vec::new();
        for record in members.of(row) {
            for item in column.items_of(*record) {
                if !items.contains(item) {
                    items.push(*item);
                }
            }
        }
        if items.is_empty() {
            return 0;
        }
        *code_of.entry(items).or_insert_with_key(|items| {
            let texts: Vec<&str> = items.iter().map(|&item| column.values.get(item)).collect();
            values.push(&texts.join("; "))
        })
    });
    let codes = codes.collect();
    Chosen {
        codes,
        values,
        lineage,
    }
}

/// The winner of every ID and what decided, the smallest record where no value is usable; and the records that came second
/// in a choice between different values, by row.
fn winners(
    context: &Context,
    column: &StandardColumn,
    rules: &[&'static dyn SurvivorshipRule],
    members: &Members,
    leaders: &[Leader],
) -> (FieldLineage, Vec<(u32, RecordIndex)>) {
    let mut rule_names = vec!["only_value", "valid_first"];
    rule_names.extend(rules.iter().map(|rule| rule.name()));
    rule_names.push("source_priority");
    let with_group = rule_names.len() as u8;
    rule_names.extend(["with_group", "withheld"]);
    let mut lineage = FieldLineage {
        records: vec![RecordIndex(0); members.len()],
        decided_by: vec![0; members.len()],
        rule_names,
        runners_up: Vec::new(),
    };
    let mut runners_up = Vec::new();
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
        let is_narrowed = keep_with_leader(&mut candidates, leaders, row);
        match &candidates[..] {
            [] if is_narrowed => lineage.decided_by[row] = with_group + 1,
            [] => {}
            [only] => {
                lineage.records[row] = only.record;
                lineage.decided_by[row] = if is_narrowed { with_group } else { 0 };
            }
            _ => {
                let (record, decided_by, second) = contest.decide(&candidates);
                lineage.records[row] = record;
                lineage.decided_by[row] = decided_by;
                runners_up.extend(second.map(|second| (row as u32, second)));
            }
        }
    }
    runners_up.sort_unstable_by_key(|(row, _)| *row);
    (lineage, runners_up)
}

/// Keeps the candidates that say the same as the golden record of the first field of the group that it has; if none of them
/// does and the group lets gaps be filled, those that say nothing there. `true` when some fell away.
fn keep_with_leader(candidates: &mut Vec<Candidate>, leaders: &[Leader], row: usize) -> bool {
    let leads = |leader: &&Leader| {
        let record = leader.lineage.records[row];
        leader.lineage.decided_by[row] != withheld_of(leader.lineage)
            && leader.column.status_of(record) > ValueStatus::Suspicious
    };
    let Some(leader) = leaders.iter().find(leads) else {
        return false;
    };
    let golden = leader.column.items_of(leader.lineage.records[row]);
    let before = candidates.len();
    let says = |candidate: &Candidate| leader.column.items_of(candidate.record);
    let does_any_agree = candidates.iter().any(|candidate| says(candidate) == golden);
    candidates.retain(|candidate| {
        let said = says(candidate);
        said == golden || leader.fills_gaps && !does_any_agree && said.is_empty()
    });
    candidates.len() < before
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
    /// The winning record, the position of the rule that decided between the two best different values, and the record with the
    /// second of them.
    fn decide(&mut self, candidates: &[Candidate]) -> (RecordIndex, u8, Option<RecordIndex>) {
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
        let second = runner_up.map(|other| candidates[other].record);
        (winner.record, decided_by as u8, second)
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
