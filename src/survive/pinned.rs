//! Values that a steward pinned take the place of those that the rules chose.
//!
//! In: golden records with their lineage, and pins, one a cell at most. Out: the same with the pinned values, each with the rule
//! `pinned` and the number of its decision. Whether a pin holds tonight is decided before.

use crate::model::FieldName;
use crate::model::RecordIndex;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::Lineage;

/// Name of the rule in lineage.
const PINNED: &str = "pinned";

/// A value for one field of the customer of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The record.
    pub record: RecordIndex,
    /// The field.
    pub field: FieldName,
    /// Its value.
    pub value: String,
    /// Number of the decision.
    pub decision: i64,
}

/// Puts the pinned values in their cells; returns the decisions whose field these records lack.
pub fn pin(pins: &[Pin], ids: &IdAssignments, golden: &mut GoldenRecords, lineage: &mut Lineage) -> Vec<i64> {
    let mut without_cell = Vec::new();
    for pin in pins {
        let row = golden.ids.binary_search(&ids.id_of[pin.record.at()]);
        let field = golden.fields.iter().position(|field| *field == pin.field);
        let (Ok(row), Some(field)) = (row, field) else {
            without_cell.push(pin.decision);
            continue;
        };
        golden.codes[field][row] = golden.values[field].push(&pin.value);
        let origin = &mut lineage.fields[field];
        let rule = origin.rule_names.iter().position(|name| *name == PINNED);
        let rule = rule.unwrap_or(origin.rule_names.len());
        if rule == origin.rule_names.len() {
            origin.rule_names.push(PINNED);
        }
        origin.decided_by[row] = rule as u8;
        origin.records[row] = pin.record;
        lineage.decisions.insert((row as u32, field as u32), pin.decision);
    }
    without_cell
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UnifiedId;
    use crate::table::FieldLineage;
    use crate::table::ValuePool;

    #[test]
    fn a_pinned_value_stands_in_its_cell_with_its_decision() {
        let mut values = ValuePool::default();
        values.push("华夏科技");
        values.push("Ann Lee");
        let [one, two] = [1, 2].map(UnifiedId::from_number);
        let mut golden = GoldenRecords {
            conflicts: Vec::new(),
            ids: vec![one, two],
            sizes: vec![2, 1],
            fields: vec![FieldName::from("customer_name")],
            codes: vec![vec![1, 2]],
            values: vec![values],
        };
        let mut lineage = Lineage {
            fields: vec![FieldLineage {
                runners_up: Vec::new(),
                records: vec![RecordIndex(0), RecordIndex(2)],
                decided_by: vec![0, 0],
                rule_names: vec!["only_value"],
            }],
            ..Lineage::default()
        };
        let ids = IdAssignments {
            id_of: vec![one, one, two],
            ..IdAssignments::default()
        };
        let new = |record, field, decision| Pin {
            record: RecordIndex(record),
            field: FieldName::from(field),
            value: "华夏科技有限公司".to_owned(),
            decision,
        };
        let pins = [new(1, "customer_name", 7), new(2, "uscc", 8)];
        assert_eq!(pin(&pins, &ids, &mut golden, &mut lineage), [8]);
        assert_eq!(
            [golden.value(0, 0), golden.value(1, 0)],
            ["华夏科技有限公司", "Ann Lee"]
        );
        assert_eq!(lineage.fields[0].rule(0), "pinned");
        assert_eq!(lineage.fields[0].rule(1), "only_value");
        assert_eq!(lineage.fields[0].records[0], RecordIndex(1));
        assert_eq!(lineage.decisions.get(&(0, 0)), Some(&7));
    }
}
