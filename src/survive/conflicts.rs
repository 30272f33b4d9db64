//! Where subsidiaries contradict each other about one customer.
//!
//! In: the members of every ID and their standard values. Out: for every ID and telling field in which two sources give different
//! sound values, each of those values with its record. Different codes and ratings are contradictions as they stand; names of
//! organisations only when their cores differ, as a missing legal form or branch is no other company.

use crate::model::RecordIndex;
use crate::model::ValueStatus;
use crate::survive::members::Members;
use crate::table::Conflict;
use crate::table::RawRecords;
use crate::table::StandardColumn;
use crate::table::StandardRecords;

/// Fields in which a contradiction is a steward's business, in the order in which they are listed.
const TELLING_FIELDS: &[&str] = &[
    "uscc",
    "organisation_code",
    "registration_number",
    "tax_number",
    "id_card",
    "customer_name",
    "legal_representative",
    "birth_date",
    "credit_rating",
    "level",
    "status",
];

/// What a record says, such that two records contradict each other when both say something and not the same.
struct Telling<'a> {
    field: &'static str,
    column: &'a StandardColumn,
    /// Parts that are compared in place of the values.
    cores: Option<(&'a StandardColumn, &'a [u32])>,
}

impl Telling<'_> {
    /// The value; 0 when there is none to be sure of.
    fn of(&self, record: RecordIndex) -> u32 {
        if self.column.status_of(record) <= ValueStatus::Suspicious {
            return 0;
        }
        match self.cores {
            Some((party, codes)) => codes[party.item_of(record) as usize],
            None => self.column.item_of(record),
        }
    }
}

fn telling(standard: &StandardRecords) -> Vec<Telling<'_>> {
    let party = standard.column("party");
    let cores = party.and_then(|party| Some((party, party.part("core")?.codes.as_slice())));
    TELLING_FIELDS
        .iter()
        .filter_map(|&field| {
            let is_name = field == "customer_name";
            Some(Telling {
                field,
                column: standard.column(field)?,
                cores: cores.filter(|_| is_name),
            })
            .filter(|telling| !is_name || telling.cores.is_some())
        })
        .collect()
}

/// Every contradicting value, by (ID, field in their order, record).
pub(super) fn conflicts(raw: &RawRecords, standard: &StandardRecords, members: &Members) -> Vec<Conflict> {
    let tellings = telling(standard);
    let mut conflicts = Vec::new();
    let mut said: Vec<(u32, RecordIndex)> = Vec::new();
    for &row in members.shared() {
        let row = row as usize;
        let of = members.of(row);
        for telling in &tellings {
            said.clear();
            said.extend(
                of.iter()
                    .map(|&record| (telling.of(record), record))
                    .filter(|(value, _)| *value != 0),
            );
            let Some(&(first, of_first)) = said.first() else {
                continue;
            };
            let source = raw.source_of[of_first.at()];
            let is_contradicted = said.iter().any(|(value, _)| *value != first);
            let has_sources = said
                .iter()
                .any(|(_, record)| raw.source_of[record.at()] != source);
            if is_contradicted && has_sources {
                conflicts.extend(said.iter().map(|&(_, record)| Conflict {
                    id: members.ids[row],
                    field: telling.field,
                    record,
                }));
            }
        }
    }
    // Those of one ID stand together and in their order.
    conflicts.sort_by_key(|conflict| conflict.id);
    conflicts
}
