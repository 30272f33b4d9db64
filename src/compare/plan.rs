//! The comparisons of a job: chosen from the fields that are there, by their types.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::comparators;
use crate::compare::rows::Rows;
use crate::model::AgreementLevel;
use crate::model::Claim;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::table::StandardColumn;
use crate::table::StandardRecords;
use crate::table::TermColumn;
use crate::table::Terms;
use rayon::prelude::*;
use std::ops::Range;

/// One comparison, bound to the records.
pub struct Comparison<'a> {
    /// Name in reports and in the model.
    pub name: &'static str,
    /// Fields it reads.
    pub fields: &'static [&'static str],
    /// Its comparator.
    pub comparator: &'static dyn Comparator,
    rarity_bits_min: i32,
    prepared: Box<dyn PreparedComparison + 'a>,
    /// Its words in the rows.
    words: Range<usize>,
}

impl Comparison<'_> {
    /// The comparator bound to its columns.
    pub fn prepared(&self) -> &dyn PreparedComparison {
        &*self.prepared
    }

    /// Its words in the rows; empty when no pair has a level.
    pub(super) fn words(&self) -> Range<usize> {
        self.words.clone()
    }
}

/// The comparisons of a job, at most [`ComparisonVector::WIDTH_MAX`].
pub struct Comparisons<'a> {
    list: Vec<Comparison<'a>>,
    rows: Rows,
}

impl<'a> Comparisons<'a> {
    /// Every comparison whose fields are there.
    pub fn new(records: &'a StandardRecords) -> Self {
        let uses: Vec<(&'static dyn Comparator, &'static Use)> = comparators()
            .iter()
            .flat_map(|comparator| comparator.uses().iter().map(move |of| (*comparator, of)))
            .collect();
        let prepared: Vec<Comparison> = uses
            .into_par_iter()
            .filter_map(|(comparator, of)| prepare(records, comparator, of))
            .collect();
        let mut list = prepared;
        list.truncate(ComparisonVector::WIDTH_MAX);
        let mut end = 0;
        for comparison in &mut list {
            let start = end;
            end += comparison.prepared.width();
            comparison.words = start..end;
        }
        let prepared: Vec<&dyn PreparedComparison> = list.iter().map(Comparison::prepared).collect();
        let rows = Rows::new(&prepared, records.len());
        Self { list, rows }
    }

    /// The rows of the records.
    pub(super) fn rows(&self) -> &Rows {
        &self.rows
    }

    /// The comparisons in the order of the vector.
    pub fn list(&self) -> &[Comparison<'a>] {
        &self.list
    }

    /// What the later stages need to know of the comparisons.
    pub fn specs(&self) -> Vec<ComparisonSpec> {
        self.list
            .iter()
            .map(|comparison| ComparisonSpec {
                name: comparison.name,
                fields: comparison.fields,
                comparator: comparison.comparator.name(),
                levels: comparison.comparator.levels(),
                counts_names: comparison.comparator.counts_names(),
                is_own: comparison.comparator.is_own(),
                rarity_min: MatchWeight(comparison.rarity_bits_min * 1_000),
            })
            .collect()
    }

    /// The terms of every record and comparison.
    pub fn terms(&self, records: &StandardRecords) -> Terms {
        let columns = self
            .list
            .par_iter()
            .map(|comparison| term_columns(comparison, records.len()))
            .collect();
        Terms {
            columns,
            name_of: names(records),
        }
    }

    /// What the levels of the vector say beyond their weights.
    pub fn claim(&self, vector: ComparisonVector) -> Claim {
        self.levels(vector)
            .filter_map(|(comparison, level)| comparison.comparator.levels().get(level.at()))
            .map(|level| level.claim)
            .max()
            .unwrap_or_default()
    }

    /// The relation between two customers that the vector speaks of.
    pub fn relation(&self, vector: ComparisonVector) -> Option<&'static str> {
        self.levels(vector)
            .find_map(|(comparison, level)| comparison.comparator.levels().get(level.at())?.relation)
    }

    fn levels(&self, vector: ComparisonVector) -> impl Iterator<Item = (&Comparison<'a>, AgreementLevel)> {
        self.list
            .iter()
            .enumerate()
            .map(move |(position, c)| (c, vector.level(position)))
    }
}

/// Binds a comparison to the records; `None` when its fields are not there.
fn prepare<'a>(
    records: &'a StandardRecords,
    comparator: &'static dyn Comparator,
    of: &'static Use,
) -> Option<Comparison<'a>> {
    let there = |fields: &[&str]| -> Vec<&'a StandardColumn> {
        fields.iter().filter_map(|field| records.column(field)).collect()
    };
    let mut columns = there(of.fields);
    if columns.is_empty() {
        return None;
    }
    columns.extend(there(of.context));
    Some(Comparison {
        name: of.name,
        fields: of.fields,
        comparator,
        rarity_bits_min: of.rarity_bits_min,
        prepared: comparator.prepare(&columns)?,
        words: 0..0,
    })
}

fn term_columns(comparison: &Comparison, len: usize) -> Vec<TermColumn> {
    let levels = comparison.comparator.levels();
    let terms = levels
        .iter()
        .filter_map(|level| level.term)
        .max()
        .map_or(0, |max| max + 1);
    let prepared = comparison.prepared();
    (0..terms)
        .map(|term| {
            TermColumn::build(prepared.term_codes(term), len, |record, out| {
                prepared.terms(term, record, out);
            })
        })
        .collect()
}

/// A code of every record's customer name: the core of an organisation, the whole folded name otherwise.
fn names(records: &StandardRecords) -> Vec<u32> {
    let Some(party) = records.column("party") else {
        return vec![0; records.len()];
    };
    let (Some(core), Some(full)) = (party.part("core"), party.part("full")) else {
        return vec![0; records.len()];
    };
    let name = |record: u32| {
        let item = party.item_of(RecordIndex(record)) as usize;
        // Even codes for cores, odd ones for whole names: the two pools never meet.
        match (core.codes[item], full.codes[item]) {
            (0, full) => full * 2 + 1,
            (core, _) => core * 2,
        }
    };
    (0..records.len() as u32).map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FieldName;
    use crate::model::ValueStatus;
    use crate::table::Interner;
    use crate::table::Part;

    /// Regression: terms were once left out where an earlier record of the file held them too.
    #[test]
    fn every_record_keeps_the_terms_that_others_hold_too() {
        let mut phones = Interner::default();
        let (a, b) = (phones.intern("13800001111"), phones.intern("021-55667788"));
        let key = Part {
            name: "key",
            codes: vec![0, a, b],
            values: phones.pool().clone(),
        };
        let column = StandardColumn {
            field: FieldName::from("phones"),
            field_type: "phone",
            cell_of: vec![1, 1, 1],
            raw: phones.pool().clone(),
            status: vec![ValueStatus::Missing, ValueStatus::Valid, ValueStatus::Valid],
            findings: crate::table::CellFindings::default(),
            item_ends: vec![0, 2, 2],
            items: vec![1, 2],
            values: phones.finish(),
            parts: vec![key],
        };
        let records = StandardRecords::try_new(3, vec![column]).expect("the columns fit");
        let comparisons = Comparisons::new(&records);
        let terms = comparisons.terms(&records);
        for record in 0..3 {
            assert_eq!(terms.columns[0][0].of(RecordIndex(record)), [a, b]);
        }
    }

    #[test]
    fn comparisons_have_their_own_names_and_fit_the_vector() {
        let names: Vec<&str> = comparators()
            .iter()
            .flat_map(|c| c.uses())
            .map(|of| of.name)
            .collect();
        let distinct: std::collections::BTreeSet<&&str> = names.iter().collect();
        assert_eq!(names.len(), distinct.len());
        assert!(names.len() <= ComparisonVector::WIDTH_MAX);
    }

    #[test]
    fn every_comparator_has_levels_that_fit_and_terms_in_range() {
        for comparator in comparators() {
            assert!(
                comparator.levels().len() <= AgreementLevel::COUNT_MAX,
                "{}",
                comparator.name()
            );
            assert!(comparator.levels().len() >= 2);
        }
    }
}
