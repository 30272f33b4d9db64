//! Customers that belong together without being one: branches, siblings, companies of a group.
//!
//! In: the relations that matching found. Out: [`RelationFigures`]: how many of each kind, how many of them between sources, and the
//! heaviest with both rows, their names masked. All of them are rows of `relations.csv` and `relations.parquet`, under the same
//! unified IDs. What makes a relation is left to matching.

use super::inputs::Inputs;
use super::inputs::RelationFact;
use super::suspicion::RowPlace;
use super::suspicion::row_of;
use crate::field::mask::MaskingClass;
use crate::field::mask::mask;
use crate::model::RecordIndex;
use serde::Deserialize;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Relations that are shown.
const SHOWN_MAX: usize = 12;

/// Relations by kind, and the heaviest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RelationFigures {
    /// All of them.
    pub total: u64,
    /// By kind, most first.
    pub by_kind: Vec<RelationKind>,
    /// The heaviest, heaviest first.
    pub shown: Vec<RelatedPair>,
}

/// Relations of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationKind {
    /// `branch`, `sibling` or `group`.
    pub kind: String,
    /// Pairs of customers.
    pub relations: u64,
    /// Of them, those whose two records come from different sources.
    pub between_sources: u64,
}

/// Two customers that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedPair {
    /// How they do.
    pub kind: String,
    /// Weight of the pair as a match.
    pub weight_millibits: i32,
    /// The two, in the order of their records.
    pub customers: [RelatedCustomer; 2],
}

/// One of them, by the record that speaks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedCustomer {
    /// Its unified ID.
    pub unified_id: String,
    /// Position in the list of sources.
    pub source: usize,
    /// Its name, masked.
    pub masked: String,
    /// Its row.
    pub row: Option<RowPlace>,
}

/// The figures of all relations.
pub(super) fn relations(inputs: &Inputs<'_>) -> RelationFigures {
    let source = |record: RecordIndex| inputs.records.source_of[record.at()].at();
    let mut kinds: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for relation in inputs.relations {
        let of_kind = kinds.entry(relation.kind).or_default();
        of_kind.0 += 1;
        of_kind.1 += u64::from(source(relation.left) != source(relation.right));
    }
    let kind = |(kind, (relations, between_sources)): (&str, (u64, u64))| RelationKind {
        kind: kind.to_owned(),
        relations,
        between_sources,
    };
    let mut by_kind: Vec<RelationKind> = kinds.into_iter().map(kind).collect();
    by_kind.sort_by_key(|of_kind| Reverse(of_kind.relations));
    let mut heaviest: Vec<&RelationFact> = inputs.relations.iter().collect();
    heaviest.sort_by_key(|fact| (Reverse(fact.weight), fact.left, fact.right));
    heaviest.truncate(SHOWN_MAX);
    let customer = |record: RecordIndex| RelatedCustomer {
        unified_id: inputs.ids.id_of[record.at()].to_string(),
        source: source(record),
        masked: masked_name(inputs, record),
        row: row_of(inputs, record),
    };
    let pair = |fact: &RelationFact| RelatedPair {
        kind: fact.kind.to_owned(),
        weight_millibits: fact.weight.0,
        customers: [fact.left, fact.right].map(customer),
    };
    RelationFigures {
        total: inputs.relations.len() as u64,
        by_kind,
        shown: heaviest.into_iter().map(pair).collect(),
    }
}

/// The name of a record's customer, masked like any text: organisations too, because figures hold no values.
fn masked_name(inputs: &Inputs<'_>, record: RecordIndex) -> String {
    let party = inputs.standard.column("party");
    party.map_or_else(String::new, |party| {
        mask(MaskingClass::Text, &party.text_of(record))
    })
}

#[cfg(test)]
mod tests {
    use crate::model::MatchWeight;
    use crate::model::RecordIndex;
    use crate::quality::RelationFact;
    use crate::quality::fixture::Fixture;

    #[test]
    fn relations_are_counted_by_kind_and_the_heaviest_are_shown_masked() {
        let mut fixture = Fixture::group();
        let relation = |left, right, kind, weight| RelationFact {
            left: RecordIndex(left),
            right: RecordIndex(right),
            kind,
            weight: MatchWeight(weight),
        };
        fixture.relations = vec![
            relation(0, 3, "branch", 1_000),
            relation(1, 3, "sibling", 4_000),
            relation(2, 4, "branch", -2_000),
        ];
        let figures = fixture.measure().relations;
        assert_eq!(figures.total, 3);
        let kinds: Vec<(&str, u64, u64)> = figures
            .by_kind
            .iter()
            .map(|of| (of.kind.as_str(), of.relations, of.between_sources))
            .collect();
        assert_eq!(kinds, [("branch", 2, 1), ("sibling", 1, 0)]);
        assert_eq!(figures.shown[0].kind, "sibling");
        assert_eq!(figures.shown.len(), 3);
        let text = serde_json::to_string(&figures).unwrap();
        assert!(!text.contains("华夏科技") && !text.contains("Ann Lee"), "{text}");
        assert!(Fixture::empty().measure().relations.by_kind.is_empty());
    }
}
