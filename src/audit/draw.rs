//! Drawing: which units are asked.
//!
//! In: how many units each layer has, how many are wanted, a seed. Out: how many each layer gives and which. A unit's place in the draw is a hash of
//! the seed and its name, and a layer gives its units with the smallest: a simple random sample without replacement that no
//! order, thread or machine changes. With bands, at least half of the sample is from the clean one: nearly all of the weight lies
//! there, and asking the doubtful does not narrow the interval (operations.md, section 2).

use crate::audit::unit::Band;
use crate::audit::unit::StratumKey;
use crate::text::hash::hash_text;
use crate::text::hash::mix;

/// Units that a layer should give on average; with fewer the frame is layered by less.
pub(super) const PER_STRATUM: u64 = 20;

/// Units that a layer gives at least, where it has them.
const LEAST: u64 = 2;

/// The place of a unit in the draw of a seed.
pub(super) fn rank(seed: u64, name: &str) -> u64 {
    // The finaliser of splitmix64 (Steele and others, 2014), so that near seeds have nothing in common.
    let mut x = mix(seed, hash_text(name));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Units of each layer when `wanted` are drawn in all.
pub(super) fn allocate(strata: &[(StratumKey, u64)], wanted: u64) -> Vec<u64> {
    let all: u64 = strata.iter().map(|(_, population)| population).sum();
    let wanted = wanted.min(all);
    let is_clean = |key: &StratumKey| key.band == Band::Clean;
    let clean: u64 = strata
        .iter()
        .filter(|(key, _)| is_clean(key))
        .map(|(_, population)| population)
        .sum();
    if clean == 0 || clean == all {
        return share_out(
            &strata
                .iter()
                .map(|(_, population)| *population)
                .collect::<Vec<_>>(),
            wanted,
        );
    }
    let by_weight = (u128::from(wanted) * u128::from(clean)).div_ceil(u128::from(all)) as u64;
    // What is not clean is asked too, if only a little of each layer.
    let others = all - clean;
    let layers = strata
        .iter()
        .filter(|(key, population)| !is_clean(key) && *population > 0)
        .count() as u64;
    let by_rest = wanted - by_weight.max(wanted.div_ceil(2)).min(wanted);
    let rest = by_rest.max((layers * LEAST).min(wanted / 2)).min(others);
    let for_clean = (wanted - rest).min(clean);
    let rest = (wanted - for_clean).min(others);
    let of = |wants_clean: bool| -> Vec<u64> {
        let kept = |(key, population): &(StratumKey, u64)| {
            if is_clean(key) == wants_clean {
                *population
            } else {
                0
            }
        };
        strata.iter().map(kept).collect()
    };
    let (clean, others) = (share_out(&of(true), for_clean), share_out(&of(false), rest));
    clean.into_iter().zip(others).map(|(a, b)| a + b).collect()
}

/// Shares `wanted` out in proportion (largest remainders), at least [`LEAST`] to each while that is a small part.
fn share_out(populations: &[u64], wanted: u64) -> Vec<u64> {
    let all: u64 = populations.iter().sum();
    let wanted = wanted.min(all);
    if all == 0 {
        return vec![0; populations.len()];
    }
    let some = populations.iter().filter(|population| **population > 0).count() as u64;
    let least = if some * LEAST * 2 <= wanted {
        LEAST
    } else {
        u64::from(some <= wanted)
    };
    let mut given: Vec<u64> = populations
        .iter()
        .map(|population| least.min(*population))
        .collect();
    let exact = |at: usize| u128::from(wanted) * u128::from(populations[at]);
    let whole = |at: usize| (exact(at) / u128::from(all)) as u64;
    for (at, given) in given.iter_mut().enumerate() {
        *given = (*given).max(whole(at));
    }
    let mut order: Vec<usize> = (0..populations.len()).collect();
    order.sort_by_key(|at| (std::cmp::Reverse(exact(*at) % u128::from(all)), *at));
    let mut total: u64 = given.iter().sum();
    while total < wanted {
        for &at in &order {
            if total < wanted && given[at] < populations[at] {
                given[at] += 1;
                total += 1;
            }
        }
    }
    while total > wanted {
        // Those above their least give back, the largest first.
        let Some(at) = (0..given.len())
            .filter(|at| given[*at] > least)
            .max_by_key(|at| (given[*at], *at))
        else {
            break;
        };
        given[at] -= 1;
        total -= 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::unit::SizeBin;

    fn stratum(source: &str, band: Band, population: u64) -> (StratumKey, u64) {
        let key = StratumKey {
            source: source.to_owned(),
            band,
            size: SizeBin::Any,
            field: String::new(),
        };
        (key, population)
    }

    #[test]
    fn q10_at_least_half_of_a_sample_is_clean_and_every_layer_is_asked() {
        let strata = [
            stratum("华东", Band::Clean, 90_000),
            stratum("华东", Band::Near, 300),
            stratum("north", Band::Clean, 9_000),
            stratum("north", Band::Near, 3),
            stratum("north", Band::Below, 1),
        ];
        let given = allocate(&strata, 400);
        assert_eq!(given.iter().sum::<u64>(), 400);
        assert!(
            given[0] + given[2] >= 380 && given.iter().all(|given| *given > 0),
            "{given:?}"
        );
        // Where most is doubtful, the clean band still gives half.
        let doubtful = [stratum("a", Band::Clean, 1_000), stratum("a", Band::Near, 9_000)];
        assert_eq!(allocate(&doubtful, 200), [100, 100]);
        let few = [stratum("a", Band::Clean, 30), stratum("a", Band::Near, 9_000)];
        assert_eq!(allocate(&few, 200), [30, 170]);
    }

    #[test]
    fn a_sample_never_exceeds_what_there_is() {
        let strata = [stratum("a", Band::Clean, 3), stratum("b", Band::Near, 4)];
        assert_eq!(allocate(&strata, 1_000), [3, 4]);
        assert_eq!(allocate(&strata, 0), [0, 0]);
        assert_eq!(allocate(&[], 10), Vec::<u64>::new());
        for wanted in 1..7 {
            let given = allocate(&strata, wanted);
            assert_eq!(given.iter().sum::<u64>(), wanted, "{given:?}");
        }
    }

    #[test]
    fn q10_ranks_of_near_seeds_have_nothing_in_common() {
        let names: Vec<String> = (0..2_000).map(|n| format!("华东\u{1f}{n}")).collect();
        let chosen = |seed: u64| {
            let mut ranked: Vec<(u64, usize)> = names
                .iter()
                .enumerate()
                .map(|(at, name)| (rank(seed, name), at))
                .collect();
            ranked.sort_unstable();
            ranked[..200]
                .iter()
                .map(|(_, at)| *at)
                .collect::<std::collections::BTreeSet<_>>()
        };
        assert_eq!(chosen(7), chosen(7));
        for seed in 0..20 {
            // 20 of 200 are expected in both; 45 is beyond five standard deviations.
            let common = chosen(seed).intersection(&chosen(seed + 1)).count();
            assert!((1..45).contains(&common), "{seed}: {common}");
        }
    }
}
