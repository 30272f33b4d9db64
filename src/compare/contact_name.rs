//! Names of contacts: those of persons, where the contact is somebody else.
//!
//! Of a person the contact is mostly the customer, so that his name would count twice, and his namesakes' too. So contacts
//! speak only where a party of the pair is no person.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::person_name;
use crate::compare::person_name::PersonName;
use crate::compare::view::PartView;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares contacts as persons are compared, unless both customers are persons themselves.
pub(super) struct ContactName;

struct Prepared<'a> {
    names: person_name::Prepared<'a>,
    /// Per record: is the customer a person?
    is_person: Vec<bool>,
}

impl Comparator for ContactName {
    fn name(&self) -> &'static str {
        "contact_name"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("contact_name", &["contact_name"]).beside(&["party"])] }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        PersonName.levels()
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let (contact, context) = columns.split_first()?;
        let party = context.first().filter(|party| party.field.as_str() == "party");
        let is_person = party.map_or_else(Vec::new, |party| persons(party));
        let names = person_name::Prepared::new(contact)?;
        Some(Box::new(Prepared { names, is_person }))
    }
}

fn persons(party: &StandardColumn) -> Vec<bool> {
    let Some(kind) = PartView::new(party, "kind") else {
        return Vec::new();
    };
    let is_person = kind.codes_where(|kind| kind == "person");
    let records = (0..party.cell_of.len() as u32).map(RecordIndex);
    records
        .map(|record| is_person[kind.code(party.item_of(record)) as usize])
        .collect()
}

impl Prepared<'_> {
    fn is_person(&self, record: RecordIndex) -> bool {
        self.is_person.get(record.at()).copied().unwrap_or(false)
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        1 + self.names.width()
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        let (own, name) = row.split_at_mut(1);
        own[0] = u32::from(self.is_person(record));
        self.names.write(record, name);
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        if left[0] & right[0] == 1 {
            LevelSet::NULL
        } else {
            self.names.glance(&left[1..], &right[1..])
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        self.names.judge(left.without_first(1), right.without_first(1))
    }

    fn term_codes(&self, term: usize) -> usize {
        self.names.term_codes(term)
    }

    fn terms(&self, term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        self.names.terms(term, record, out);
    }
}
