//! The numbers of a plan as the settings of the stages; stages know no plan.
//!
//! In: [`MatchingSettings`]. Out: one typed settings value a stage. Every name of the registry (`plan::tuning`) ends here, and
//! a test holds that moving any of them moves a setting.

use crate::block;
use crate::cluster;
use crate::model::MatchWeight;
use crate::plan::MatchingSettings;
use crate::plan::Tuning;
use crate::score;

/// How many pairs blocking makes.
pub(super) fn block(matching: &MatchingSettings) -> block::Settings {
    let tuning = &matching.tuning;
    block::Settings {
        pairs_per_record_max: matching.pairs_per_record_max,
        block_size_max: matching.block_size_max,
        block_size_floor: tuning.count("block_size_floor"),
        keys_per_record_max: tuning.count("keys_per_record_max"),
        shared_names_min: tuning.count("shared_names_min"),
        neighbours: tuning.count("block_neighbours"),
        lookups_per_pair: tuning.get("lookups_per_pair"),
        lookups_free: tuning.whole("lookups_free"),
        pairs_free: tuning.get("pairs_free"),
        sample_records: tuning.count("block_sample_records"),
        chance_partners: tuning.get("chance_partners"),
        lookups_per_comparison: tuning.count("lookups_per_comparison"),
    }
}

/// How weights are learned.
pub(super) fn score(matching: &MatchingSettings) -> score::Settings {
    let tuning = &matching.tuning;
    score::Settings {
        seed: matching.seed,
        random_pairs: small(tuning, "random_pairs"),
        rounds_max: small(tuning, "rounds_max"),
        change_min: tuning.get("change_min"),
        m_min: tuning.get("m_min"),
        m_min_between: tuning.get("m_min_between"),
        m_min_conflict: tuning.get("m_min_conflict"),
        pseudo_matches: tuning.get("pseudo_matches"),
        pseudo_circle: tuning.get("pseudo_circle"),
        start_matches: tuning.get("start_matches"),
        start_circle: tuning.get("start_circle"),
        start_step_bits: tuning.get("start_step_bits"),
        start_conflict: tuning.get("start_conflict"),
        start_kin_names: tuning.get("start_kin_names"),
        start_kin_values: tuning.get("start_kin_values"),
        start_neighbours: tuning.get("start_neighbours"),
        corrections: small(tuning, "corrections"),
        pairs_min: tuning.whole("pairs_min"),
        drift_min: tuning.get("drift_min"),
        own_bits_min: tuning.get("own_bits_min"),
        circle_rounds_max: small(tuning, "circle_rounds_max"),
        circle_change_min: tuning.get("circle_change_min"),
        prior_max: tuning.get("prior_max"),
        heard_max: tuning.get("heard_max"),
        heard_min: tuning.get("heard_min"),
        term_bits_max: tuning.get("term_bits_max"),
        diversity_max: tuning.get("diversity_max"),
        chance_records: tuning.get("chance_records"),
        start_matches_per_record: tuning.get("start_matches_per_record"),
        start_pairs: tuning.get("start_pairs"),
        evidence_bits_max: small(tuning, "evidence_bits_max"),
        offset_bits_max: tuning.get("offset_bits_max"),
        asked_pairs_min: tuning.whole("asked_pairs_min"),
        label_pairs: tuning.get("label_pairs"),
        label_share_max: tuning.get("label_share_max"),
        label_offset_prior: tuning.get("label_offset_prior"),
    }
}

/// Limits of clustering.
pub(super) fn cluster(matching: &MatchingSettings) -> cluster::Settings {
    let tuning = &matching.tuning;
    let default = cluster::Settings::default();
    let cut = matching.cut_bits.map_or(default.cut, MatchWeight::from_bits);
    cluster::Settings {
        cut,
        band: MatchWeight::from_bits(matching.review_band_bits),
        // A cut above the limit would let no pair reach it.
        weight_max: tuning.weight("weight_max_bits") + cut.max(MatchWeight::ZERO),
        component_size_max: tuning.count("component_size_max"),
    }
}

/// What a pair's past gives it or asks for.
pub(super) fn policy(matching: &MatchingSettings) -> cluster::Policy {
    let tuning = &matching.tuning;
    cluster::Policy {
        keep: tuning.weight("keep_bits"),
        new_new: tuning.weight("join_new_bits"),
        new_existing: tuning.weight("join_new_existing_bits"),
        existing_existing: tuning.weight("join_existing_bits"),
        confirmed: tuning.weight("join_confirmed_bits"),
    }
}

/// Records below which a model is learned again when they have doubled.
pub(super) fn model_records_min(matching: &MatchingSettings) -> u64 {
    matching.tuning.whole("model_records_min")
}

/// Candidate pairs that train the model, a pair counted once for each rule; a sample of larger files.
pub(super) fn training_pairs(matching: &MatchingSettings) -> u64 {
    matching.tuning.whole("training_pairs")
}

/// A whole number whose range in the registry ends below 2^32.
fn small(tuning: &Tuning, name: &str) -> u32 {
    u32::try_from(tuning.whole(name)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::tunables;

    /// All settings of all stages as one text.
    fn shown(tuning: Tuning) -> String {
        let matching = MatchingSettings {
            pairs_per_record_max: tuning.get("pairs_per_record_max"),
            block_size_max: tuning.count("block_size_max"),
            cut_bits: tuning.given("cut_bits"),
            review_band_bits: tuning.get("review_band_bits"),
            tuning,
            ..MatchingSettings::default()
        };
        let (block, score, cluster) = (block(&matching), score(&matching), cluster(&matching));
        let (policy, pairs) = (policy(&matching), training_pairs(&matching));
        let few = model_records_min(&matching);
        format!("{block:?} {score:?} {cluster:?} {policy:?} {pairs} {few}")
    }

    #[test]
    fn every_number_of_the_registry_reaches_a_stage() {
        let base = shown(Tuning::default());
        for tunable in tunables() {
            for factor in [0.8, 1.2] {
                let moved = shown(Tuning::default().with(tunable.name, tunable.moved(factor)));
                assert_ne!(moved, base, "{}", tunable.name);
            }
        }
    }

    #[test]
    fn the_registry_says_what_the_stages_do_by_themselves() {
        let matching = MatchingSettings::default();
        assert_eq!(block(&matching), block::Settings::default());
        assert_eq!(cluster(&matching), cluster::Settings::default());
        assert_eq!(policy(&matching), cluster::Policy::default());
        let of_stage = score::Settings {
            seed: matching.seed,
            ..score::Settings::default()
        };
        assert_eq!(score(&matching), of_stage);
    }
}
