//! Separation: related customers that were merged, and customers that were split.
//!
//! In: predicted and true cluster of every labelled record, with what happened to it, and the [`Relations`] of the truth. Out:
//! [`Separation`]. Two customers are merged when a predicted cluster holds records of both; a customer is split when its records are in
//! two or more predicted clusters. Both are counted once, however many records are concerned, and stated per thousand of those that
//! could go wrong. Linear in records and related pairs.

use crate::evaluate::Relations;
use std::collections::BTreeMap;

/// One labelled record as it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Labelled {
    /// Code of the predicted cluster.
    pub predicted: u64,
    /// Code of the customer.
    pub cluster: u32,
    /// What happened to the record, a bit each.
    pub damage: u64,
}

/// Related customers of one kind.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RelationFigures {
    /// The relation, as the file calls it.
    pub relation: String,
    /// Pairs of customers so related, both with records.
    pub pairs: u64,
    /// Those of which a predicted cluster holds both.
    pub merged: u64,
    /// Merged pairs for a thousand related ones; 0 without any.
    pub merged_per_thousand: f64,
}

/// Customers with two or more records, of one kind of damage.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct SplitFigures {
    /// What happened to at least one record of each; `any` = all customers, `none` = those to whom nothing happened.
    pub damage: String,
    /// Customers with two or more records.
    pub customers: u64,
    /// Those in two or more predicted clusters.
    pub split: u64,
    /// Split customers for a thousand; 0 without any.
    pub split_per_thousand: f64,
}

/// Hard negatives and false splits of one run.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct Separation {
    /// By relation, in alphabetical order; empty when none are known.
    pub relations: Vec<RelationFigures>,
    /// Pairs of customers in one predicted cluster that no relation ties; counted in each such cluster.
    pub unrelated_merged: u64,
    /// All customers, then by damage in the order of the truth.
    pub splits: Vec<SplitFigures>,
}

fn per_thousand(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        1_000.0 * part as f64 / whole as f64
    }
}

/// Counts merged and split customers; `damages` names the bits, `None` when the truth knows none.
pub fn separation(labels: &[Labelled], relations: &Relations, damages: Option<&[String]>) -> Separation {
    let mut by_cluster: Vec<(u32, u64)> = labels
        .iter()
        .map(|label| (label.cluster, label.predicted))
        .collect();
    by_cluster.sort_unstable();
    by_cluster.dedup();
    let (relations, related_merged) = related(&by_cluster, relations);
    let mut sizes: BTreeMap<u64, u64> = BTreeMap::new();
    for (_, predicted) in &by_cluster {
        *sizes.entry(*predicted).or_default() += 1;
    }
    let merged: u64 = sizes.values().map(|n| n * (n - 1) / 2).sum();
    Separation {
        relations,
        unrelated_merged: merged - related_merged,
        splits: splits(labels, damages),
    }
}

/// Figures by relation, and the number of (predicted cluster, pair) of any relation.
fn related(by_cluster: &[(u32, u64)], relations: &Relations) -> (Vec<RelationFigures>, u64) {
    let published = |customer: u32| {
        let start = by_cluster.partition_point(|(cluster, _)| *cluster < customer);
        by_cluster[start..]
            .iter()
            .take_while(move |(cluster, _)| *cluster == customer)
            .map(|(_, predicted)| *predicted)
    };
    let mut all_merged: Vec<(u64, u32, u32)> = Vec::new();
    let mut figures = Vec::new();
    for (kind, name) in relations.kinds.iter().enumerate() {
        let of_kind = relations
            .members
            .iter()
            .filter(|member| member.0 as usize == kind);
        let of_kind: Vec<(u32, u32)> = of_kind.map(|member| (member.1, member.2)).collect();
        let (mut pairs, mut merged) = (0, Vec::new());
        for group in of_kind.chunk_by(|a, b| a.0 == b.0) {
            let present: Vec<u32> = group
                .iter()
                .map(|member| member.1)
                .filter(|&customer| published(customer).next().is_some())
                .collect();
            pairs += (present.len() * present.len().saturating_sub(1) / 2) as u64;
            let mut held: Vec<(u64, u32)> = present
                .iter()
                .flat_map(|&customer| published(customer).map(move |predicted| (predicted, customer)))
                .collect();
            held.sort_unstable();
            for same in held.chunk_by(|a, b| a.0 == b.0) {
                for (at, left) in same.iter().enumerate() {
                    merged.extend(same[at + 1..].iter().map(|right| (left.0, left.1, right.1)));
                }
            }
        }
        all_merged.extend_from_slice(&merged);
        let mut distinct: Vec<(u32, u32)> = merged.iter().map(|&(_, left, right)| (left, right)).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let merged = distinct.len() as u64;
        figures.push(RelationFigures {
            relation: name.clone(),
            pairs,
            merged,
            merged_per_thousand: per_thousand(merged, pairs),
        });
    }
    all_merged.sort_unstable();
    all_merged.dedup();
    (figures, all_merged.len() as u64)
}

fn splits(labels: &[Labelled], damages: Option<&[String]>) -> Vec<SplitFigures> {
    let names = damages.unwrap_or_default();
    // All customers, then one counter for each damage, then the undamaged.
    let mut counts = vec![(0_u64, 0_u64); names.len() + 2];
    let mut ordered = labels.to_vec();
    ordered.sort_unstable_by_key(|label| (label.cluster, label.predicted));
    for customer in ordered.chunk_by(|a, b| a.cluster == b.cluster) {
        if customer.len() < 2 {
            continue;
        }
        let is_split = customer
            .iter()
            .any(|label| label.predicted != customer[0].predicted);
        let damage = customer.iter().fold(0, |bits, label| bits | label.damage);
        let mut count = |at: usize| {
            counts[at].0 += 1;
            counts[at].1 += u64::from(is_split);
        };
        count(0);
        (0..names.len())
            .filter(|bit| damage >> bit & 1 == 1)
            .for_each(|bit| count(1 + bit));
        if damage == 0 {
            count(names.len() + 1);
        }
    }
    let mut titles = vec!["any"];
    titles.extend(names.iter().map(String::as_str));
    if damages.is_some() {
        titles.push("none");
    }
    titles
        .into_iter()
        .zip(counts)
        .map(|(damage, (customers, split))| SplitFigures {
            damage: damage.to_owned(),
            customers,
            split,
            split_per_thousand: per_thousand(split, customers),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(rows: &[(u64, u32, u64)]) -> Vec<Labelled> {
        rows.iter()
            .map(|&(predicted, cluster, damage)| Labelled {
                predicted,
                cluster,
                damage,
            })
            .collect()
    }

    #[test]
    fn a_merged_pair_counts_once_and_strangers_are_counted_apart() {
        // Customers 0, 1 and 2 are siblings; 0 and 1 share two predicted clusters; 3 is a stranger in one of them.
        let found = separation(
            &labels(&[(7, 0, 0), (7, 1, 0), (8, 0, 0), (8, 1, 0), (9, 2, 0), (8, 3, 0)]),
            &Relations {
                kinds: vec!["branch".to_owned(), "sibling".to_owned()],
                // Customer 4 has no record.
                members: vec![(0, 5, 2), (0, 5, 4), (1, 3, 0), (1, 3, 1), (1, 3, 2)],
            },
            None,
        );
        let shown: Vec<(&str, u64, u64)> = found
            .relations
            .iter()
            .map(|figures| (figures.relation.as_str(), figures.pairs, figures.merged))
            .collect();
        assert_eq!(shown, [("branch", 0, 0), ("sibling", 3, 1)]);
        assert!((found.relations[1].merged_per_thousand - 1_000.0 / 3.0).abs() < 1e-9);
        assert_eq!(found.unrelated_merged, 2);
    }

    #[test]
    fn splits_are_counted_by_what_happened_to_any_record() {
        let names = ["moved".to_owned(), "no_code".to_owned()];
        let found = separation(
            &labels(&[
                (1, 0, 1),
                (2, 0, 0),
                (3, 1, 3),
                (3, 1, 0),
                (4, 2, 0),
                (4, 2, 0),
                (5, 3, 1),
            ]),
            &Relations::default(),
            Some(&names),
        );
        let shown: Vec<(&str, u64, u64)> = found
            .splits
            .iter()
            .map(|figures| (figures.damage.as_str(), figures.customers, figures.split))
            .collect();
        assert_eq!(
            shown,
            [("any", 3, 1), ("moved", 2, 1), ("no_code", 1, 0), ("none", 1, 0)]
        );
        assert_eq!(
            separation(&labels(&[(1, 0, 0)]), &Relations::default(), None)
                .splits
                .len(),
            1
        );
    }
}
