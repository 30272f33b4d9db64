//! What only the clusters show: joins that the records refuse, and pins that meet in one customer.
//!
//! In: [`Resolved`] and tonight's clusters. Out: the same with its contradictions completed. A join that conflicting identifiers or
//! other members forbid is refused, both named. Two values pinned to one cell both wait, the survivorship rules decide. Two IDs
//! pinned in one cluster part it: the caller clusters again with the pairs that [`Resolved::part_pinned`] gives. One ID pinned
//! in two clusters stays with the earlier decision.

use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::steward::DecisionState;
use crate::steward::IdPin;
use crate::steward::Resolved;
use crate::steward::ValuePin;
use crate::table::Clusters;
use std::collections::BTreeMap;

/// What stands against a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// Another decision, by its number.
    Decision(i64),
    /// Identifiers of the two records that never belong to one customer.
    Identifiers,
    /// A label of the job.
    Label,
    /// Other members of the two customers, or their number.
    Members,
}

impl Against {
    /// The number of the decision, or a word: `identifiers`, `label`, `members`.
    pub fn text(self) -> String {
        match self {
            Self::Decision(id) => id.to_string(),
            Self::Identifiers => "identifiers".to_owned(),
            Self::Label => "label".to_owned(),
            Self::Members => "members".to_owned(),
        }
    }
}

/// A decision that cannot hold, or not alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// Number of the decision.
    pub decision: i64,
    /// What stands against it.
    pub against: Against,
}

impl Resolved {
    /// Were there no decisions?
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }

    /// The IDs that customers keep, as `identify` takes them.
    pub fn pinned_ids(&self) -> Vec<(RecordIndex, UnifiedId)> {
        self.id_pins.iter().map(|pin| (pin.record, pin.id)).collect()
    }

    /// Numbers of the decisions that hold a record of the one group and one of the other together or apart, ascending.
    pub fn between(&self, left: &[RecordIndex], right: &[RecordIndex]) -> Vec<i64> {
        let is_of = |a: u32, b: u32| {
            let [a, b] = [a, b].map(RecordIndex);
            left.contains(&a) && right.contains(&b) || left.contains(&b) && right.contains(&a)
        };
        let joins = self.joins.iter().filter(|join| is_of(join.left, join.right));
        let partings = self.partings.iter().filter(|part| is_of(part.left, part.right));
        let mut ids: Vec<i64> = joins.map(|join| join.decision).collect();
        ids.extend(partings.map(|part| part.decision));
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Pairs of records with different pinned IDs that the clusters put together; they may not be one customer.
    ///
    /// Both decisions are contradicted by what the records say, and both hold.
    pub fn part_pinned(&mut self, clusters: &Clusters) -> Vec<(RecordIndex, RecordIndex)> {
        let mut together: BTreeMap<RecordIndex, Vec<IdPin>> = BTreeMap::new();
        for pin in &self.id_pins {
            together.entry(clusters.label(pin.record)).or_default().push(*pin);
        }
        let mut pairs = Vec::new();
        for pins in together.into_values() {
            self.contradict_all(&pins, |a, b| a.id != b.id, |pin| pin.decision);
            for (at, pin) in pins.iter().enumerate() {
                let others = pins[at + 1..].iter().filter(|other| other.id != pin.id);
                pairs
                    .extend(others.map(|other| (pin.record.min(other.record), pin.record.max(other.record))));
            }
        }
        self.must_not.extend(&pairs);
        self.must_not.sort_unstable();
        self.must_not.dedup();
        pairs
    }

    /// Completes the contradictions by the clusters of the night; `why` names what keeps two joined records apart.
    pub fn settle(&mut self, clusters: &Clusters, why: impl Fn(RecordIndex, RecordIndex) -> Against) {
        let refused: Vec<(i64, RecordIndex, RecordIndex)> = self
            .joins
            .iter()
            .map(|join| (join.decision, RecordIndex(join.left), RecordIndex(join.right)))
            .filter(|(_, left, right)| clusters.label(*left) != clusters.label(*right))
            .collect();
        for (decision, left, right) in refused {
            self.contradict(decision, why(left.min(right), left.max(right)));
        }
        self.settle_values(clusters);
        self.settle_ids(clusters);
        self.confirmed.retain(|set| {
            let label = clusters.label(set[0]);
            set.iter().all(|&record| clusters.label(record) == label)
        });
    }

    /// Keeps one pin a cell; none where two say different things.
    fn settle_values(&mut self, clusters: &Clusters) {
        let mut cells: BTreeMap<(RecordIndex, &str), Vec<&ValuePin>> = BTreeMap::new();
        for pin in &self.value_pins {
            let cell = (clusters.label(pin.record), pin.field.as_str());
            cells.entry(cell).or_default().push(pin);
        }
        let mut kept: Vec<ValuePin> = Vec::new();
        let mut differing: Vec<Vec<ValuePin>> = Vec::new();
        for pins in cells.into_values() {
            if pins.iter().all(|pin| pin.value == pins[0].value) {
                kept.push(pins[0].clone());
            } else {
                differing.push(pins.into_iter().cloned().collect());
            }
        }
        for pins in differing {
            self.contradict_all(&pins, |a, b| a.value != b.value, |pin| pin.decision);
        }
        kept.sort_by_key(|pin| pin.decision);
        self.value_pins = kept;
    }

    /// Keeps an ID that is pinned in several clusters for the earliest decision.
    fn settle_ids(&mut self, clusters: &Clusters) {
        let mut by_id: BTreeMap<UnifiedId, Vec<(RecordIndex, IdPin)>> = BTreeMap::new();
        for pin in &self.id_pins {
            by_id
                .entry(pin.id)
                .or_default()
                .push((clusters.label(pin.record), *pin));
        }
        let mut kept = Vec::new();
        for pins in by_id.into_values() {
            self.contradict_all(&pins, |a, b| a.0 != b.0, |(_, pin)| pin.decision);
            kept.extend(
                pins.iter()
                    .filter(|(label, _)| *label == pins[0].0)
                    .map(|(_, pin)| *pin),
            );
        }
        kept.sort_by_key(|pin| pin.decision);
        self.id_pins = kept;
    }

    /// Notes that no record of the job has the field of a pinned value.
    pub fn without_cell(&mut self, decision: i64) {
        if let Ok(at) = self.states.binary_search_by_key(&decision, |(id, _)| *id) {
            self.states[at].1 = DecisionState::Unresolved;
        }
    }

    /// Records of the decisions that came, went or turned since a night of which these were the states, by number; ascending.
    ///
    /// Said of a change of IDs, a decision is its cause. That a decision is to be asked again turns nothing.
    pub fn decided_since(&self, before: &[(i64, String, u64)]) -> Vec<RecordIndex> {
        let words = [DecisionState::Expired, DecisionState::Contradicted].map(DecisionState::as_str);
        // 0 does not hold, 1 not alone, 2 holds.
        let class = |word: Option<&str>| match word {
            None => 0,
            Some(word) if word == words[0] => 0,
            Some(word) => 2 - u8::from(word == words[1]),
        };
        let before_of = |id: i64| {
            let at = before.binary_search_by_key(&id, |(id, ..)| *id).ok();
            class(at.map(|at| before[at].1.as_str()))
        };
        let now_of = |id: i64| {
            let at = self.states.binary_search_by_key(&id, |(id, _)| *id).ok();
            class(at.map(|at| self.states[at].1.as_str()))
        };
        let turned = self.named.iter().filter(|(id, _)| before_of(*id) != now_of(*id));
        let mut records: Vec<RecordIndex> = turned.flat_map(|(_, records)| records.iter().copied()).collect();
        records.sort_unstable();
        records.dedup();
        records
    }

    /// How many decisions stand so.
    pub fn count(&self, state: DecisionState) -> usize {
        self.states.iter().filter(|(_, of)| *of == state).count()
    }

    /// Did a steward part a record of the one group from one of the other?
    pub fn parts(&self, left: &[RecordIndex], right: &[RecordIndex]) -> bool {
        let between = |(a, b): &(RecordIndex, RecordIndex)| {
            left.contains(a) && right.contains(b) || left.contains(b) && right.contains(a)
        };
        self.must_not.iter().any(between)
    }

    /// Is the pair one that a steward joined?
    pub fn joins(&self, left: RecordIndex, right: RecordIndex) -> bool {
        self.must
            .binary_search(&(left.min(right), left.max(right)))
            .is_ok()
    }
}
