//! Decisions × tonight's records: what holds, of which records, and how each decision stands.
//!
//! In: every decision, the re-key maps, the records and the run date. Out: [`Resolved`]. Keys follow the re-key maps; a decision
//! whose time is over holds no longer; one whose records changed is stale and holds; one that misses a record holds for the
//! others. Joins that partings forbid are refused here (`closure`), what only the clusters show is settled later (`settle`).

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::steward::Against;
use crate::steward::Contradiction;
use crate::steward::Decision;
use crate::steward::DecisionState;
use crate::steward::Expiry;
use crate::steward::Join;
use crate::steward::Matter;
use crate::steward::Parting;
use crate::steward::Rekeys;
use crate::steward::closure::refused_joins;
use crate::steward::seen::material_of;
use crate::steward::seen::seen_tonight;
use crate::table::RawRecords;
use crate::table::StandardRecords;
use std::collections::BTreeMap;

/// What the store holds.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Every decision ever made, also undone ones, in the order of time.
    pub decisions: Vec<Decision>,
    /// Renumbered keys.
    pub rekeys: Rekeys,
}

/// A value that a steward gave the customer of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuePin {
    /// The record.
    pub record: RecordIndex,
    /// The field.
    pub field: FieldName,
    /// Its value.
    pub value: String,
    /// Number of the decision.
    pub decision: i64,
}

/// An ID that a steward gave the customer of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdPin {
    /// The record.
    pub record: RecordIndex,
    /// The ID.
    pub id: UnifiedId,
    /// Number of the decision.
    pub decision: i64,
}

/// A question that a changed record raises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stale {
    /// Number of the decision.
    pub decision: i64,
    /// The first record that changed.
    pub changed: RecordIndex,
    /// Another record of the decision, of the other side where there is one; none for a pin.
    pub other: Option<RecordIndex>,
}

/// What stewards said, for tonight's records.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// Records that are one customer.
    pub must: Vec<(RecordIndex, RecordIndex)>,
    /// Records that are never one customer.
    pub must_not: Vec<(RecordIndex, RecordIndex)>,
    /// Per confirmed customer its records, ascending; the customers by their first.
    pub confirmed: Vec<Vec<RecordIndex>>,
    /// Values that golden records take, in the order of time.
    pub value_pins: Vec<ValuePin>,
    /// IDs that customers keep, in the order of time.
    pub id_pins: Vec<IdPin>,
    /// How every decision that was not undone stands, by number.
    pub states: Vec<(i64, DecisionState)>,
    /// Decisions of `states` with the keys of tonight, in their order.
    pub decisions: Vec<Decision>,
    /// What stands against decisions, ascending.
    pub contradictions: Vec<Contradiction>,
    /// Decisions to be asked again, by number.
    pub stale: Vec<Stale>,
    /// Records of every decision ever made that are there tonight, also of undone ones, by number.
    pub(super) named: Vec<(i64, Vec<RecordIndex>)>,
    /// `must` with the numbers of its decisions.
    pub(super) joins: Vec<Join>,
    /// `must_not` with the numbers of its decisions.
    pub(super) partings: Vec<Parting>,
}

/// Finds the records of every decision that was not undone, and what holds of it on `run_date`, `YYYY-MM-DD`.
pub fn resolve(known: &Known, raw: &RawRecords, standard: &StandardRecords, run_date: &str) -> Resolved {
    let mut resolved = Resolved::default();
    for decision in &known.decisions {
        let mut decision = decision.clone();
        for record in &mut decision.records {
            let key = known.rekeys.current(decision.id, &record.source, &record.key);
            if key != record.key {
                record.key = key.to_owned();
            }
        }
        resolved.take(decision, raw, standard, run_date);
    }
    resolved.close();
    resolved.part_double_pins();
    resolved.confirmed.sort_unstable();
    resolved
}

/// A record of a decision with its side, if it is there tonight.
type Found = (Option<RecordIndex>, u8);

impl Resolved {
    fn take(&mut self, decision: Decision, raw: &RawRecords, standard: &StandardRecords, run_date: &str) {
        let records = decision.records.iter();
        let found: Vec<Found> = records
            .map(|record| (raw.find(&record.source, &record.key), record.side))
            .collect();
        let there = found.iter().filter_map(|(record, _)| *record);
        self.named.push((decision.id, there.collect()));
        if decision.undone.is_some() {
            return;
        }
        let material = material_of(&decision.matter);
        let mut changed = decision
            .records
            .iter()
            .zip(&found)
            .filter_map(|(record, &(now, side))| {
                let now = now?;
                (seen_tonight(&material, standard, now) != record.seen).then_some((now, side))
            });
        let changed = changed.next();
        let is_over = decision.expiry.is_over(run_date)
            || decision.expiry == Expiry::UntilSourceChanges && changed.is_some();
        let state = match changed {
            _ if is_over => DecisionState::Expired,
            _ if found.iter().any(|(record, _)| record.is_none()) => DecisionState::Unresolved,
            Some(_) => DecisionState::Stale,
            None => DecisionState::InForce,
        };
        if let Some(changed) = changed.filter(|_| !is_over) {
            self.stale.push(asked(decision.id, changed, &found));
        }
        if !is_over {
            self.apply(&decision, &found);
        }
        self.states.push((decision.id, state));
        self.decisions.push(decision);
    }

    /// Takes up what a decision says of the records that are there.
    fn apply(&mut self, decision: &Decision, found: &[Found]) {
        let of = |wanted: u8| {
            found
                .iter()
                .filter_map(move |&(now, side)| now.filter(|_| side == wanted))
        };
        let id = decision.id;
        match &decision.matter {
            Matter::Link | Matter::Confirm => {
                let mut records: Vec<RecordIndex> = of(0).chain(of(1)).collect();
                self.joins.extend(records.windows(2).map(|two| Join {
                    decision: id,
                    left: two[0].0,
                    right: two[1].0,
                }));
                if decision.matter == Matter::Confirm && !records.is_empty() {
                    records.sort_unstable();
                    records.dedup();
                    self.confirmed.push(records);
                }
            }
            Matter::Part => {
                let pairs = of(0).flat_map(|left| of(1).map(move |right| (left.0, right.0)));
                let pairs = pairs.filter(|(left, right)| left != right);
                self.partings.extend(pairs.map(|(left, right)| Parting {
                    decision: id,
                    left,
                    right,
                }));
            }
            Matter::PinValue { field, value } => self.value_pins.extend(of(0).map(|record| ValuePin {
                record,
                field: field.clone(),
                value: value.clone(),
                decision: id,
            })),
            Matter::PinId { id: pinned } => self.id_pins.extend(of(0).map(|record| IdPin {
                record,
                id: *pinned,
                decision: id,
            })),
        }
    }

    /// Refuses joins that partings forbid.
    fn close(&mut self) {
        let refused = refused_joins(&self.joins, &self.partings);
        for refused in &refused {
            self.contradict(refused.join.decision, Against::Decision(refused.by));
            self.contradict(refused.by, Against::Decision(refused.join.decision));
        }
        let refused: Vec<Join> = refused.into_iter().map(|refused| refused.join).collect();
        self.joins.retain(|join| refused.binary_search(join).is_err());
        let pair = |left: u32, right: u32| (RecordIndex(left.min(right)), RecordIndex(left.max(right)));
        self.must = self
            .joins
            .iter()
            .map(|join| pair(join.left, join.right))
            .collect();
        self.must_not = self
            .partings
            .iter()
            .map(|part| pair(part.left, part.right))
            .collect();
        for pairs in [&mut self.must, &mut self.must_not] {
            pairs.sort_unstable();
            pairs.dedup();
        }
    }

    /// Sets aside different IDs that are pinned to one record.
    fn part_double_pins(&mut self) {
        let mut by_record: BTreeMap<RecordIndex, Vec<IdPin>> = BTreeMap::new();
        for pin in &self.id_pins {
            by_record.entry(pin.record).or_default().push(*pin);
        }
        for pins in by_record.into_values() {
            self.contradict_all(&pins, |a, b| a.id != b.id, |pin| pin.decision);
        }
        let doubtful: Vec<i64> = self.contradictions.iter().map(|found| found.decision).collect();
        self.id_pins
            .retain(|pin| doubtful.binary_search(&pin.decision).is_err());
    }

    /// Lists every two of `pins` that differ, both ways.
    pub(super) fn contradict_all<T>(
        &mut self,
        pins: &[T],
        differ: impl Fn(&T, &T) -> bool,
        decision: impl Fn(&T) -> i64,
    ) {
        for (at, pin) in pins.iter().enumerate() {
            for other in pins[at + 1..].iter().filter(|other| differ(pin, other)) {
                self.contradict(decision(pin), Against::Decision(decision(other)));
                self.contradict(decision(other), Against::Decision(decision(pin)));
            }
        }
    }

    /// Notes that something stands against a decision.
    pub(super) fn contradict(&mut self, decision: i64, against: Against) {
        let found = Contradiction { decision, against };
        if let Err(at) = self.contradictions.binary_search(&found) {
            self.contradictions.insert(at, found);
        }
        if let Ok(at) = self.states.binary_search_by_key(&decision, |(id, _)| *id) {
            self.states[at].1 = DecisionState::Contradicted;
        }
    }
}

/// The question about a changed record: with one of the other side, else with any other.
fn asked(decision: i64, (changed, side): (RecordIndex, u8), found: &[Found]) -> Stale {
    let others = || {
        found
            .iter()
            .filter(|(now, _)| now.is_some_and(|now| now != changed))
    };
    let other = others().find(|(_, of)| *of != side).or_else(|| others().next());
    Stale {
        decision,
        changed,
        other: other.and_then(|(now, _)| *now),
    }
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
