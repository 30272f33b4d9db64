//! The surviving value of one field for every ID.
//!
//! In: a column, the rules of its field, the members of every ID, and what leads the field's group. Out: codes of values, their
//! origin, and of every choice between different values the one that came second. Most customers have one record and
//! no choice: their values are taken over in bulk.

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
use std::hint::black_box;

/// One field's choices, a row per ID.
pub(super) struct Chosen {
    /// Code of the value per row; 0 = none.
    pub(super) codes: Vec<u32>,
    /// The chosen texts.
    pub(super) values: ValuePool,
    /// The winning record per row, and which of `only_value`, `valid_first`, `delivered_first`, the field's rules, `source_priority`,
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

/// Position of the rule `delivered_first`.
const DELIVERED_FIRST: u8 = 2;

/// Rules that come before those of the field.
const BEFORE_RULES: usize = 3;

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
    let said = Said::new(column);
    let (lineage, runners_up) = winners(context, &said, rules, members, leaders);
    if rules.first().is_some_and(|rule| rule.is_set()) {
        return sets(context, column, members, lineage);
    }
    let mut texts = Texts::new(&said);
    let codes = texts.codes(&lineage);
    let runners_up = runners_up
        .into_iter()
        .map(|(row, record)| (row, texts.code(record)))
        .collect();
    Chosen {
        codes,
        values: texts.values,
        lineage: FieldLineage {
            runners_up,
            ..lineage
        },
    }
}

/// In place of an item: the record has no usable value.
const NOTHING: u32 = u32::MAX;

/// In place of an item: the record has several.
const SEVERAL: u32 = u32::MAX - 1;

/// Rows whose texts are touched before the first of them is copied.
const BATCH_ROWS: usize = 64;

/// What every record says. Records are asked in the order of customers or IDs, which is random, so that each step from a
/// record over its cell to its item would wait for memory; here the steps are walked once, as records stand.
struct Said<'a> {
    column: &'a StandardColumn,
    /// Per record, its item, [`SEVERAL`] or [`NOTHING`].
    of_record: Vec<u32>,
}

impl<'a> Said<'a> {
    fn new(column: &'a StandardColumn) -> Self {
        let of_cell = |cell: usize| match column.status[cell].is_usable() {
            false => NOTHING,
            true => match column.items_of_cell(cell as u32) {
                [] => NOTHING,
                [item] => *item,
                _ => SEVERAL,
            },
        };
        let of_cells: Vec<u32> = (0..column.status.len()).map(of_cell).collect();
        let of_record = column.cell_of.iter().map(|&cell| of_cells[cell as usize]);
        Self {
            column,
            of_record: of_record.collect(),
        }
    }

    /// The items of a record as [`StandardColumn::items_of`] gives them.
    fn items_of(&self, record: RecordIndex) -> &[u32] {
        match &self.of_record[record.at()] {
            &NOTHING => &[],
            &SEVERAL => self.column.items_of(record),
            item => std::slice::from_ref(item),
        }
    }
}

/// The chosen texts, each made once: most are chosen many times or never.
struct Texts<'a> {
    said: &'a Said<'a>,
    /// Per item, its code; 0 until it is chosen.
    code_of_item: Vec<u32>,
    /// Per cell of several items, the code of their text.
    code_of_cell: BTreeMap<u32, u32>,
    values: ValuePool,
}

impl<'a> Texts<'a> {
    fn new(said: &'a Said<'a>) -> Self {
        Self {
            said,
            code_of_item: vec![0; said.column.values.len()],
            code_of_cell: BTreeMap::new(),
            values: ValuePool::default(),
        }
    }

    /// Per row, the code of the value that was chosen; 0 = none.
    fn codes(&mut self, lineage: &FieldLineage) -> Vec<u32> {
        let withheld = withheld_of(lineage);
        let mut codes = Vec::with_capacity(lineage.records.len());
        let batches = lineage.records.chunks(BATCH_ROWS);
        for (records, decided_by) in batches.zip(lineage.decided_by.chunks(BATCH_ROWS)) {
            self.touch(records);
            let rows = records.iter().zip(decided_by);
            codes.extend(rows.map(|(record, by)| match *by == withheld {
                true => 0,
                false => self.code(*record),
            }));
        }
        codes
    }

    /// Reads where the texts of these records are that must be copied, so that the waits for memory overlap.
    fn touch(&self, records: &[RecordIndex]) {
        let mut items = [NOTHING; BATCH_ROWS];
        for (item, record) in items.iter_mut().zip(records) {
            *item = self.said.of_record[record.at()];
        }
        let is_new = |item: &u32| self.code_of_item.get(*item as usize) == Some(&0);
        let new = items.iter().filter(|item| is_new(item));
        black_box(new.fold(0, |sum, &item| sum ^ self.said.column.values.touch(item)));
    }

    /// Code of what the record says; 0 = nothing usable.
    #[inline]
    fn code(&mut self, record: RecordIndex) -> u32 {
        let item = match self.said.of_record[record.at()] {
            NOTHING => return 0,
            SEVERAL => return self.code_of_several(record),
            item => item,
        };
        let code = &mut self.code_of_item[item as usize];
        if *code == 0 {
            *code = self.values.push(self.said.column.values.get(item));
        }
        *code
    }

    fn code_of_several(&mut self, record: RecordIndex) -> u32 {
        let column = self.said.column;
        let cell = column.cell_of[record.at()];
        let values = &mut self.values;
        let text = || values.push(&column.text_of(record));
        *self.code_of_cell.entry(cell).or_insert_with(text)
    }
}

/// All values of every ID, each once, in the order of the records that say them.
fn sets(context: &Context, column: &StandardColumn, members: &Members, lineage: FieldLineage) -> Chosen {
    let mut values = ValuePool::default();
    let mut code_of: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
    let codes = (0..members.len()).map(|row| {
        let mut items: Vec<u32> = Vec::new();
        let says = |record: &&RecordIndex| !column.items_of(**record).is_empty();
        let is_replaced = |record: &&RecordIndex| says(record) && !context.is_withdrawn(**record);
        let is_any_delivered =
            !context.has_withdrawn() || members.of(row).iter().any(|record| is_replaced(&record));
        let speaks = |record: &&RecordIndex| !is_any_delivered || !context.is_withdrawn(**record);
        for record in members.of(row).iter().filter(speaks) {
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
    said: &Said,
    rules: &[&'static dyn SurvivorshipRule],
    members: &Members,
    leaders: &[Leader],
) -> (FieldLineage, Vec<(u32, RecordIndex)>) {
    let mut rule_names = vec!["only_value", "valid_first", "delivered_first"];
    rule_names.extend(rules.iter().map(|rule| rule.name()));
    rule_names.push("source_priority");
    let with_group = rule_names.len() as u8;
    rule_names.extend(["with_group", "withheld"]);
    let mut lineage = FieldLineage {
        records: members.firsts().to_vec(),
        decided_by: vec![0; members.len()],
        rule_names,
        runners_up: Vec::new(),
    };
    let column = said.column;
    let mut runners_up = Vec::new();
    let mut candidates = Vec::new();
    let mut contest = Contest {
        context,
        column,
        rules,
        ranks: Vec::new(),
        standings: Vec::new(),
    };
    for &row in members.shared() {
        let row = row as usize;
        candidates.clear();
        candidates.extend(members.of(row).iter().filter_map(|&record| {
            let items = said.items_of(record);
            (!items.is_empty()).then_some(Candidate { record, items })
        }));
        let is_narrowed = keep_with_leader(&mut candidates, leaders, row);
        let is_replaced = keep_delivered(context, column, &mut candidates);
        match &candidates[..] {
            [] if is_narrowed => lineage.decided_by[row] = with_group + 1,
            [] => {}
            [only] => {
                lineage.records[row] = only.record;
                lineage.decided_by[row] = match (is_narrowed, is_replaced) {
                    (true, _) => with_group,
                    (_, true) => DELIVERED_FIRST,
                    _ => 0,
                };
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

/// Leaves out what sources no longer say, when a sound value of another record replaces it. `true` when some fell away.
fn keep_delivered(context: &Context, column: &StandardColumn, candidates: &mut Vec<Candidate>) -> bool {
    let replaces = |candidate: &Candidate| {
        !context.is_withdrawn(candidate.record)
            && column.status_of(candidate.record) > ValueStatus::Suspicious
    };
    if !context.has_withdrawn() || !candidates.iter().any(replaces) {
        return false;
    }
    let before = candidates.len();
    candidates.retain(|candidate| !context.is_withdrawn(candidate.record));
    candidates.len() < before
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
            differing.map_or(BEFORE_RULES + self.rules.len(), |at| BEFORE_RULES + at)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::survive::tests::column;

    #[test]
    fn a_record_says_the_items_of_its_cell() {
        let column = column("value", "text", &["王芳", "-", "Ann;王芳", "?Ann", "王芳"]);
        let said = Said::new(&column);
        for record in (0..5).map(RecordIndex) {
            assert_eq!(said.items_of(record), column.items_of(record), "{record:?}");
        }
        assert_eq!(said.items_of(RecordIndex(2)).len(), 2);
    }
}
