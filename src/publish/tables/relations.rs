//! `relations`: records that are not one customer but belong together.

use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::publish::error::PublishError;
use crate::publish::view::RecordKeys;
use crate::publish::view::View;
use crate::publish::view::ids;
use crate::publish::view::weights;
use crate::publish::view::words;
use crate::table::IdAssignments;

/// Two records that are related, such as a company and its branch; `left < right`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relation {
    /// Smaller index.
    pub left: RecordIndex,
    /// Larger index.
    pub right: RecordIndex,
    /// How they are related, such as `branch`.
    pub kind: &'static str,
    /// Weight of the pair as a match.
    pub weight: MatchWeight,
}

/// One row a relation, in the order given: source_a, record_key_a, source_b, record_key_b, kind, weight_bits, unified_id_a,
/// unified_id_b.
///
/// # Errors
/// [`PublishError::Table`] when a relation names a record that `records` lacks.
pub fn relations_table<'a>(
    records: &RecordKeys<'a>,
    relations: &[Relation],
    assigned: &IdAssignments,
) -> Result<View<'a>, PublishError> {
    let [source_a, key_a] = records.columns("_a", relations.iter().map(|relation| relation.left));
    let [source_b, key_b] = records.columns("_b", relations.iter().map(|relation| relation.right));
    let kind = words("kind", &[], relations.iter().map(|relation| relation.kind));
    let weight = weights("weight_bits", relations.iter().map(|relation| relation.weight));
    let id = |record: RecordIndex| assigned.id_of.get(record.at()).copied();
    let columns = vec![
        source_a,
        key_a,
        source_b,
        key_b,
        kind,
        weight,
        ids("unified_id_a", relations.iter().map(|relation| id(relation.left))),
        ids(
            "unified_id_b",
            relations.iter().map(|relation| id(relation.right)),
        ),
    ];
    View::try_new("relations", columns)
}
