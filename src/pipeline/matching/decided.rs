//! Decisions of stewards in matching: what keeps joined records apart, and how much changed pairs weigh.

use crate::cluster;
use crate::cluster::Clustering;
use crate::cluster::Evidence;
use crate::cluster::Links;
use crate::cluster::Settings;
use crate::model::Claim;
use crate::model::MatchWeight;
use crate::pipeline::StalePair;
use crate::pipeline::matching::Against;
use crate::pipeline::matching::Matching;
use crate::pipeline::matching::RecordIndex;
use crate::pipeline::matching::Resolved;
use crate::pipeline::matching::Weights;

/// Clusters by the evidence and what stewards said; again for as long as two pinned IDs meet in one cluster.
pub(super) fn cluster(
    settings: &Settings,
    records: usize,
    evidence: &Evidence,
    decisions: &mut Resolved,
    links: impl Fn(&Resolved) -> Links,
) -> (Links, Clustering) {
    // Every round parts two pins for good, so the rounds end.
    loop {
        let links = links(decisions);
        let evidence = Evidence {
            links: &links,
            ..*evidence
        };
        let clustering = cluster::cluster(settings, records, &evidence);
        if decisions.part_pinned(&clustering.clusters).is_empty() {
            return (links, clustering);
        }
    }
}

impl Matching<'_> {
    /// Takes up what stewards said of the records.
    #[must_use]
    pub fn with_decisions(mut self, decisions: Resolved) -> Self {
        self.decisions = decisions;
        self
    }

    /// What stewards said, before clustering.
    pub fn decisions(&self) -> &Resolved {
        &self.decisions
    }

    /// What keeps two records apart that a steward joined; `left < right`.
    pub(super) fn against(&self, left: RecordIndex, right: RecordIndex) -> Against {
        if self.is_parted_by_label(left, right) {
            return Against::Label;
        }
        let vector = self.comparisons.vector(left, right);
        match self.comparisons.claim(vector) {
            Claim::Conflict => Against::Identifiers,
            _ => Against::Members,
        }
    }

    /// Decisions that are asked again, with the weights of their pairs.
    pub(super) fn stale(&self, decisions: &Resolved, weights: &Weights) -> Vec<StalePair> {
        let pairs = decisions.stale.iter().map(|stale| {
            let other = stale.other.unwrap_or(stale.changed);
            let (left, right) = (stale.changed.min(other), stale.changed.max(other));
            let weight = match left == right {
                true => MatchWeight(0),
                false => weights.weight(left, right, self.comparisons.vector(left, right)),
            };
            StalePair { left, right, weight }
        });
        pairs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Judgement;
    use crate::cluster::Standing;
    use crate::model::AgreementLevel;
    use crate::model::ComparisonVector;
    use crate::model::FieldName;
    use crate::model::SourceId;
    use crate::model::UnifiedId;
    use crate::steward::DecidedRecord;
    use crate::steward::Decision;
    use crate::steward::DecisionState;
    use crate::steward::Expiry;
    use crate::steward::Known;
    use crate::steward::Matter;
    use crate::steward::Word;
    use crate::steward::resolve;
    use crate::table::Clusters;
    use crate::table::RawRecords;
    use crate::table::RecordStatus;
    use crate::table::ScoredPair;
    use crate::table::ScoredPairs;
    use crate::table::SourceInfo;
    use crate::table::StandardRecords;
    use crate::table::ValuePool;

    const RECORDS: u32 = 8;

    struct Chance(u64);

    impl Chance {
        fn below(&mut self, limit: u32) -> u32 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as u32 % limit
        }
    }

    fn records() -> RawRecords {
        let mut keys = ValuePool::default();
        (0..RECORDS).for_each(|key| {
            keys.push(&key.to_string());
        });
        RawRecords {
            sources: vec![SourceInfo {
                name: "华东".to_owned(),
                owner: String::new(),
                priority: 0,
                export: String::new(),
                status: RecordStatus::Active,
            }],
            source_of: vec![SourceId(0); RECORDS as usize],
            keys,
            ..RawRecords::default()
        }
    }

    fn decision(id: i64, chance: &mut Chance) -> Decision {
        let mut keys: Vec<u32> = (0..4).map(|_| chance.below(RECORDS + 1)).collect();
        keys.sort_unstable();
        keys.dedup();
        let (matter, count) = match chance.below(8) {
            0..3 => (Matter::Link, 2),
            3..5 => (Matter::Part, 3),
            5 => (Matter::Confirm, 4),
            6 => {
                let id = UnifiedId::from_number(u64::from(chance.below(3)));
                (Matter::PinId { id }, 1)
            }
            _ => {
                let (field, value) = (FieldName::from("customer_name"), chance.below(2).to_string());
                (Matter::PinValue { field, value }, 1)
            }
        };
        let record = |(at, key): (usize, u32)| DecidedRecord {
            source: "华东".to_owned(),
            key: key.to_string(),
            seen: 0,
            side: u8::from(at > 0 && matter == Matter::Part),
        };
        Decision {
            id,
            records: keys.into_iter().take(count).enumerate().map(record).collect(),
            matter,
            expiry: Expiry::ForEver,
            word: Word {
                author: "王".to_owned(),
                reason: "r".to_owned(),
                made_at: String::new(),
            },
            undone: None,
        }
    }

    fn claim(vector: ComparisonVector) -> Claim {
        match vector.level(0).0 {
            1 => Claim::Conflict,
            _ => Claim::Nothing,
        }
    }

    /// Pairs of eight records with their weights; level 1 of the first comparison is a conflict.
    fn pairs(chance: &mut Chance) -> ScoredPairs {
        let mut pairs = Vec::new();
        for left in 0..RECORDS {
            for right in left + 1..RECORDS {
                let is_conflict = chance.below(9) == 0;
                pairs.push(ScoredPair {
                    left: RecordIndex(left),
                    right: RecordIndex(right),
                    weight: MatchWeight(chance.below(12_000) as i32 - 7_000),
                    vector: ComparisonVector::default().with(0, AgreementLevel(u8::from(is_conflict))),
                    rule: 0,
                });
            }
        }
        ScoredPairs { pairs }
    }

    /// Everything that a night promises of decisions, whatever they were.
    fn check(pairs: &ScoredPairs, resolved: &Resolved, clusters: &Clusters, decisions: &[Decision]) {
        let label = |record: RecordIndex| clusters.label(record);
        for pair in pairs.pairs.iter().filter(|pair| pair.vector.level(0).0 == 1) {
            assert_ne!(label(pair.left), label(pair.right), "a conflict holds");
        }
        let find = |record: &DecidedRecord| {
            record
                .key
                .parse()
                .ok()
                .filter(|key| *key < RECORDS)
                .map(RecordIndex)
        };
        for (decision, (id, state)) in decisions.iter().zip(&resolved.states) {
            assert_eq!(decision.id, *id);
            let own = resolved
                .contradictions
                .iter()
                .filter(|found| found.decision == *id);
            assert_eq!(
                own.count() > 0,
                *state == DecisionState::Contradicted,
                "{decision:?}"
            );
            let found: Vec<(RecordIndex, u8)> = decision
                .records
                .iter()
                .filter_map(|record| Some((find(record)?, record.side)))
                .collect();
            let is_one = found.windows(2).all(|two| label(two[0].0) == label(two[1].0));
            match decision.matter {
                Matter::Link | Matter::Confirm => {
                    assert!(is_one || *state == DecisionState::Contradicted, "{decision:?}");
                }
                Matter::Part => {
                    let other = found.iter().filter(|(_, side)| *side == 1);
                    let own = found.iter().filter(|(_, side)| *side == 0);
                    let mut pairs = own.flat_map(|(a, _)| other.clone().map(move |(b, _)| (*a, *b)));
                    assert!(pairs.all(|(a, b)| label(a) != label(b)), "{decision:?}");
                }
                Matter::PinId { .. } | Matter::PinValue { .. } => {}
            }
        }
        for found in &resolved.contradictions {
            if let Against::Decision(other) = found.against {
                let is_told_back = resolved
                    .contradictions
                    .iter()
                    .any(|back| (back.decision, back.against) == (other, Against::Decision(found.decision)));
                assert!(is_told_back, "{found:?}");
            }
        }
        for (at, pin) in resolved.id_pins.iter().enumerate() {
            for other in &resolved.id_pins[at + 1..] {
                assert_eq!(pin.id == other.id, label(pin.record) == label(other.record));
            }
        }
        let mut cells: Vec<RecordIndex> = resolved.value_pins.iter().map(|pin| label(pin.record)).collect();
        cells.sort_unstable();
        assert!(cells.windows(2).all(|two| two[0] != two[1]), "one value a cell");
    }

    #[test]
    fn s8_s9_ten_thousand_random_nights_of_decisions_keep_every_promise() {
        let (raw, mut chance) = (records(), Chance(11));
        let standard = StandardRecords::try_new(RECORDS as usize, Vec::new()).expect("no column is wrong");
        let mut contradicted = 0;
        for _ in 0..10_000 {
            let pairs = pairs(&mut chance);
            let all: Vec<Decision> = (1..=i64::from(chance.below(12)))
                .map(|id| decision(id, &mut chance))
                .filter(|decision| {
                    decision.records.len() > 1
                        || matches!(decision.matter, Matter::PinId { .. } | Matter::PinValue { .. })
                })
                .collect();
            let known = Known {
                decisions: all.clone(),
                ..Known::default()
            };
            let mut resolved = resolve(&known, &raw, &standard, "2026-11-23");
            let at = |left: RecordIndex, right: RecordIndex| {
                let found = pairs
                    .pairs
                    .binary_search_by_key(&(left, right), |pair| (pair.left, pair.right));
                &pairs.pairs[found.expect("every pair is known")]
            };
            let judge = |left: RecordIndex, right: RecordIndex| {
                let pair = at(left.min(right), left.max(right));
                Judgement {
                    weight: pair.weight,
                    claim: claim(pair.vector),
                }
            };
            let no_links = Links::default();
            let evidence = Evidence {
                pairs: &pairs,
                judge: &judge,
                claim: &claim,
                links: &no_links,
                standing: &Standing::default(),
            };
            let links = |decisions: &Resolved| {
                Links::new(decisions.must.iter().copied(), decisions.must_not.iter().copied())
            };
            let (_, clustering) = super::cluster(
                &Settings::default(),
                RECORDS as usize,
                &evidence,
                &mut resolved,
                links,
            );
            resolved.settle(&clustering.clusters, |left, right| {
                match judge(left, right).claim {
                    Claim::Conflict => Against::Identifiers,
                    _ => Against::Members,
                }
            });
            check(&pairs, &resolved, &clustering.clusters, &all);
            contradicted += resolved.count(DecisionState::Contradicted);
        }
        assert!(contradicted > 1_000, "{contradicted}");
    }
}
