//! Tests with learned weights: what bounds a pair's weight from above must, or pairs are lost without a word.
//!
//! In: the exports of `fixtures`, blocked, and a model learned from them. Held: no vector, drawn or seen, weighs more than
//! the upper weights of its levels, of any record or of the left one; and the pairs kept by bounds are those of all.

use crate::compare::Bounds;
use crate::compare::UpperWeights;
use crate::compare::compare;
use crate::compare::compare_above;
use crate::model::AgreementLevel;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::pipeline::Circumstances;
use crate::pipeline::Matching;
use crate::pipeline::prepare;
use crate::plan;
use crate::score;
use crate::score::Weights;
use crate::text::hash::mix;
use std::path::Path;

/// Runs `body` with the matching of a fixture and weights learned from it.
fn with_learned(fixture: &str, body: impl Fn(&Matching, &Weights)) {
    let job = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(fixture);
    let plan = plan::load(&job.join("guiyi.toml")).unwrap();
    let circumstances = Circumstances {
        started_at: "2026-01-01T00:00:00Z".to_owned(),
        now: &|| "2026-01-01T00:00:00Z".to_owned(),
        elapsed_ms: &|| 0,
        progress: &|_, _, _| {},
    };
    let prepared = prepare(&plan, None, &circumstances).unwrap();
    let matching = Matching::new(&plan, &prepared.standard);
    let (model, _) = matching.model(None, &circumstances);
    body(&matching, &matching.weights(&model));
}

const FIXTURES: [&str; 2] = ["group", "cleansing"];

/// The upper weight of a vector.
fn upper_of(weights: &Weights, upper: &UpperWeights, vector: ComparisonVector, width: usize) -> MatchWeight {
    let of_levels = (0..width).map(|at| upper[at][vector.level(at).at()]);
    weights.prior() + of_levels.sum()
}

/// A vector whose levels, missing values among them, are drawn by `seed`.
fn drawn(matching: &Matching, seed: u64) -> ComparisonVector {
    let specs = matching.specs.iter().enumerate();
    specs.fold(ComparisonVector::default(), |vector, (at, spec)| {
        let level = mix(seed, at as u64) % (spec.levels.len() as u64 + 1);
        let level = u8::try_from(level)
            .ok()
            .filter(|level| usize::from(*level) < spec.levels.len());
        vector.with(at, level.map_or(AgreementLevel::NULL, AgreementLevel))
    })
}

/// Asserts that a pair weighs no more than either bound of its vector.
fn check(
    matching: &Matching,
    weights: &Weights,
    (left, right): (RecordIndex, RecordIndex),
    vector: ComparisonVector,
) {
    let width = matching.specs.len();
    let weight = weights.weight(left, right, vector);
    let mut upper = UpperWeights::default();
    weights.upper(Some(left), &mut upper);
    let own = upper_of(weights, &upper, vector, width);
    weights.upper(None, &mut upper);
    let any = upper_of(weights, &upper, vector, width);
    assert!(
        weight <= own && own <= any,
        "{weight:?} {own:?} {any:?} {vector:?}"
    );
}

#[test]
fn no_pair_weighs_more_than_learned_weights_say_it_can() {
    for fixture in FIXTURES {
        with_learned(fixture, |matching, weights| {
            let records = matching.records.len() as u64;
            for seed in 0..20_000 {
                let pair = [1, 2].map(|side| RecordIndex((mix(seed, side) % records) as u32));
                check(matching, weights, (pair[0], pair[1]), drawn(matching, seed));
                let seen = matching.comparisons.vector(pair[0], pair[1]);
                check(matching, weights, (pair[0], pair[1]), seen);
            }
            let batch = matching.blocks.candidates(0..matching.records.len() as u32);
            let vectors = compare(&matching.comparisons, &batch);
            for ((&left, &right), vector) in batch.left.iter().zip(&batch.right).zip(vectors) {
                check(matching, weights, (left, right), vector);
            }
        });
    }
}

#[test]
fn bounds_lose_no_pair_of_a_learned_model() {
    for fixture in FIXTURES {
        with_learned(fixture, |matching, weights| {
            let batch = matching.blocks.candidates(0..matching.records.len() as u32);
            let mut upper = UpperWeights::default();
            weights.upper(None, &mut upper);
            for floor in [-20.0, -6.0, 0.0, 8.0].map(MatchWeight::from_bits) {
                let bounds = Bounds {
                    floor,
                    constant: weights.prior(),
                    upper,
                    upper_of: &|left, upper| weights.upper(Some(left), upper),
                };
                let all = score::score(weights, &batch, &compare(&matching.comparisons, &batch), floor);
                let (likely, vectors) = compare_above(&matching.comparisons, &batch, &bounds);
                assert_eq!(
                    score::score(weights, &likely, &vectors, floor),
                    all,
                    "{fixture} {floor:?}"
                );
                // The other fixture has hardly any customer twice.
                assert!(fixture != "group" || !all.is_empty(), "{floor:?}");
            }
        });
    }
}
