//! Names of contacts: those of persons, where the contact is somebody else.
//!
//! Of a person the contact is mostly the customer, so that his name would count twice, and his namesakes' too. So contacts
//! speak only where a party of the pair is no person.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::person_name::PersonName;
use crate::compare::view::PartView;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::StandardColumn;

/// Compares contacts as persons are compared, unless both customers are persons themselves.
pub(super) struct ContactName;

struct Prepared<'a> {
    names: Box<dyn PreparedComparison + 'a>,
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
        let names = PersonName.prepare(&[contact])?;
        Some(Box::new(Prepared { names, is_person }))
    }
}

fn persons(party: &StandardColumn) -> Vec<bool> {
    let Some(kind) = PartView::new(party, "kind") else {
        return Vec::new();
    };
    let records = (0..party.cell_of.len() as u32).map(RecordIndex);
    records
        .map(|record| kind.text(party.item_of(record)) == "person")
        .collect()
}

impl Prepared<'_> {
    fn is_person(&self, record: RecordIndex) -> bool {
        self.is_person.get(record.at()).copied().unwrap_or(false)
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        if self.is_person(left) && self.is_person(right) {
            AgreementLevel::NULL
        } else {
            self.names.level(left, right)
        }
    }

    fn term_codes(&self, term: usize) -> usize {
        self.names.term_codes(term)
    }

    fn terms(&self, term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        self.names.terms(term, record, out);
    }
}
