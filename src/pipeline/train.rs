//! Training between runs: a new model, and what it would do to the clusters and IDs of the last one.
//!
//! In: a plan and the records of its exports. Out: [`Training`]: the model learned now beside the one that runs use, and its
//! [`Effect`] when the same records are clustered with both. Nothing is written; [`Training::adopt`] hands the model to the
//! hub for the next run.

use crate::identify;
use crate::identify::identify;
use crate::model::MatchWeight;
use crate::model::UnifiedId;
use crate::pipeline::Circumstances;
use crate::pipeline::Matched;
use crate::pipeline::Matching;
use crate::pipeline::RunError;
use crate::pipeline::frozen_model;
use crate::pipeline::prepare;
use crate::pipeline::resolve_decisions;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::publish::Lock;
use crate::score::Model;
use crate::score::Population;
use crate::score::PopulationModel;
use crate::steward::Resolved;
use crate::table::Clusters;
use crate::table::Registry;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Weights shown.
const WEIGHTS_SHOWN: usize = 12;

/// A model learned between runs.
#[derive(Debug)]
pub struct Training {
    /// The model learned now.
    pub model: Model,
    /// What it would change.
    pub effect: Effect,
    /// What is worth knowing; counts only.
    pub notices: Vec<String>,
    /// Id of the published run; empty before the first.
    after_run: String,
}

/// What a new model would change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Effect {
    /// Records matched.
    pub records: u64,
    /// Labels that taught the new model.
    pub labels: u64,
    /// Did the new model converge?
    pub is_converged: bool,
    /// Is there an old model that fits the job? Without one all that is old is 0.
    pub has_old: bool,
    /// Priors of each population.
    pub priors: Vec<PriorChange>,
    /// The weights that change most, the largest change first.
    pub weights: Vec<WeightChange>,
    /// Unified IDs with the old and with the new model.
    pub ids: Change<u64>,
    /// IDs of the old model that would no longer name a customer.
    pub ids_gone: u64,
    /// IDs of the new model that name no customer of the old one.
    pub ids_new: u64,
    /// Records whose ID would be another one.
    pub records_moved: u64,
    /// Pairs of records in one cluster.
    pub pairs: Change<u64>,
    /// Pairs of them that only the new model joins.
    pub pairs_joined: u64,
    /// Pairs that only the old model joins.
    pub pairs_parted: u64,
}

/// A figure with the old and the new model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change<T> {
    /// With the model that runs use.
    pub old: T,
    /// With the model learned now.
    pub new: T,
}

/// Prior weights of one population, in bits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PriorChange {
    /// Persons or organisations.
    pub population: Population,
    /// Weight of two random records before any comparison.
    pub prior_bits: Change<f64>,
    /// What calibration added to it.
    pub offset_bits: Change<f64>,
}

/// Weight of one level against strangers, in bits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeightChange {
    /// Persons or organisations.
    pub population: Population,
    /// Name of the comparison.
    pub comparison: String,
    /// Label of the level in English and Chinese.
    pub level: [String; 2],
    /// The weight.
    pub bits: Change<f64>,
}

/// Learns a model from the exports as they are, and clusters the records with it and with the model that runs use.
///
/// # Errors
/// As a run: [`RunError`].
pub fn train(plan: &Plan, circumstances: &Circumstances) -> Result<Training, RunError> {
    // Opening a hub makes one; looking must not.
    let hub = plan.hub.exists().then(|| Hub::open(&plan.hub)).transpose()?;
    let last = hub.as_ref().map(Hub::current).transpose()?.flatten();
    let registry = match &hub {
        Some(hub) => hub.registry(last.as_ref())?,
        None => Registry::default(),
    };
    let frozen = match &hub {
        Some(hub) => frozen_model(hub, last.as_ref())?,
        None => None,
    };
    let prepared = prepare(plan, last.as_ref().map(|run| (run, &registry)), circumstances)?;
    let records = &prepared.ingested.records;
    (circumstances.progress)("block", 0, 0);
    let decisions = match &hub {
        Some(hub) => resolve_decisions(hub, &prepared, circumstances)?,
        None => Resolved::default(),
    };
    let matching = Matching::new(plan, &prepared.standard)
        .with_labels(records)
        .with_decisions(decisions)
        .with_standing(identify::previous_ids(records, &registry));
    let old = matching.fitting(frozen.map(|(model, _)| model));
    let new = matching.match_records(None, circumstances);
    let old = old.map(|model| matching.match_records(Some(model), circumstances));
    let settings = identify::Settings {
        absent_sources: prepared
            .ingested
            .faults
            .iter()
            .map(|fault| fault.source.clone())
            .collect(),
        pins: new.decisions.pinned_ids(),
        ..identify::Settings::default()
    };
    let ids = |matched: &Matched, registry: &Registry| {
        identify(&settings, records, &matched.clustering.clusters, registry).id_of
    };
    let new_ids = ids(&new, &registry);
    let old_ids = old.as_ref().map(|old| ids(old, &registry));
    let effect = effect(&new, &new_ids, old.as_ref().zip(old_ids.as_deref()));
    Ok(Training {
        effect,
        notices: matching.report_labels().into_iter().collect(),
        after_run: last.map_or_else(String::new, |run| run.id().to_owned()),
        model: new.model,
    })
}

impl Training {
    /// Hands the model to the hub for the next run; returns its SHA-256. `lock` was taken before [`train`], so that no run was
    /// published meanwhile.
    ///
    /// # Errors
    /// [`RunError::Publish`].
    pub fn adopt(&self, hub: &Hub, lock: &Lock, now: &str) -> Result<String, RunError> {
        let text = serde_json::to_string_pretty(&self.model).expect("figures and names have a JSON form");
        let model = RawValue::from_string(text).expect("a text just made is JSON");
        let counts = BTreeMap::from([
            ("labels", self.effect.labels),
            ("pairs_joined", self.effect.pairs_joined),
            ("pairs_parted", self.effect.pairs_parted),
            ("records", self.effect.records),
            ("records_moved", self.effect.records_moved),
        ]);
        Ok(hub.adopt_model(lock, &self.after_run, now, model, counts)?)
    }
}

fn effect(new: &Matched, new_ids: &[UnifiedId], old: Option<(&Matched, &[UnifiedId])>) -> Effect {
    let distinct = |ids: &[UnifiedId]| ids.iter().copied().collect::<BTreeSet<_>>();
    let (new_set, old_set) = (
        distinct(new_ids),
        old.map_or_else(BTreeSet::new, |(_, ids)| distinct(ids)),
    );
    let none = Clusters::default();
    let (old_clusters, new_clusters) = (
        old.map_or(&none, |(old, _)| &old.clustering.clusters),
        &new.clustering.clusters,
    );
    let pairs = Change {
        old: pairs_of(old_clusters.groups().iter().map(Vec::len)),
        new: pairs_of(new_clusters.groups().iter().map(Vec::len)),
    };
    let both = pairs_in_both(old_clusters, new_clusters);
    let moved = old.map_or(0, |(_, ids)| {
        ids.iter().zip(new_ids).filter(|(a, b)| a != b).count()
    });
    let old_model = old.map(|(old, _)| &old.model);
    Effect {
        records: new_ids.len() as u64,
        labels: new.model.labels,
        is_converged: new.model.is_converged,
        has_old: old.is_some(),
        priors: prior_changes(old_model, &new.model),
        weights: weight_changes(old_model, new),
        ids: Change {
            old: old_set.len() as u64,
            new: new_set.len() as u64,
        },
        ids_gone: old_set.difference(&new_set).count() as u64,
        ids_new: new_set.difference(&old_set).count() as u64,
        records_moved: moved as u64,
        pairs,
        pairs_joined: pairs.new - both,
        pairs_parted: pairs.old - both,
    }
}

fn pairs_of(sizes: impl Iterator<Item = usize>) -> u64 {
    sizes
        .map(|size| size as u64 * (size as u64).saturating_sub(1) / 2)
        .sum()
}

/// Pairs of records that are together in both partitions; none when one is empty.
fn pairs_in_both(a: &Clusters, b: &Clusters) -> u64 {
    if a.len() != b.len() {
        return 0;
    }
    let mut labels: Vec<(u32, u32)> = (0..a.len() as u32)
        .map(crate::model::RecordIndex)
        .map(|record| (a.label(record).0, b.label(record).0))
        .collect();
    labels.sort_unstable();
    pairs_of(labels.chunk_by(|a, b| a == b).map(<[_]>::len))
}

/// The model of a population if it occurred when it was learned.
fn own_model(model: Option<&Model>, population: Population) -> Option<&PopulationModel> {
    model?.populations.iter().find(|own| own.population == population)
}

fn prior_changes(old: Option<&Model>, new: &Model) -> Vec<PriorChange> {
    let change = |new: &PopulationModel| {
        let old = own_model(old, new.population);
        PriorChange {
            population: new.population,
            prior_bits: Change {
                old: old.map_or(0.0, |old| MatchWeight(old.prior_weight).bits()),
                new: MatchWeight(new.prior_weight).bits(),
            },
            offset_bits: Change {
                old: old.map_or(0.0, |old| old.offset_bits),
                new: new.offset_bits,
            },
        }
    };
    new.populations.iter().map(change).collect()
}

/// The largest changes; ties in the order of the model. None without an old model.
fn weight_changes(old: Option<&Model>, new: &Matched) -> Vec<WeightChange> {
    let mut changes = Vec::new();
    for population in &new.model.populations {
        let Some(own) = own_model(old, population.population) else {
            continue;
        };
        for (at, (before, after)) in own.comparisons.iter().zip(&population.comparisons).enumerate() {
            for (level, (before, after_level)) in before.levels.iter().zip(&after.levels).enumerate() {
                let spec = &new.specs[at].levels[level];
                changes.push(WeightChange {
                    population: population.population,
                    comparison: after.comparison.clone(),
                    level: [spec.en.to_owned(), spec.zh.to_owned()],
                    bits: Change {
                        old: MatchWeight(before.weight).bits(),
                        new: MatchWeight(after_level.weight).bits(),
                    },
                });
            }
        }
    }
    changes.retain(|change| change.bits.old != change.bits.new);
    let size = |change: &WeightChange| (change.bits.new - change.bits.old).abs();
    changes.sort_by(|a, b| size(b).total_cmp(&size(a)));
    changes.truncate(WEIGHTS_SHOWN);
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_two_partitions_are_counted_by_what_they_share() {
        let a = Clusters::from_labels(&[0, 0, 0, 1, 1, 2]);
        let b = Clusters::from_labels(&[0, 0, 1, 1, 1, 2]);
        assert_eq!(pairs_in_both(&a, &b), 2);
        assert_eq!(pairs_in_both(&a, &a), 4);
        assert_eq!(pairs_in_both(&Clusters::default(), &a), 0);
    }
}
