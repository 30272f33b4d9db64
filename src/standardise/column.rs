//! One column: every distinct cell through its field type, parts interned.

use crate::field::FieldType;
use crate::field::StandardItem;
use crate::field::StandardValue;
use crate::model::ValueStatus;
use crate::table::CellFindings;
use crate::table::Interner;
use crate::table::Part;
use crate::table::RawColumn;
use crate::table::StandardColumn;
use crate::table::ValuePool;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use hashbrown::HashTable;
use rayon::prelude::*;

/// Cells standardised in parallel before they are assembled in order; bounds the memory of unfinished values.
const CHUNK_CELLS: usize = 1 << 15;

/// Standardises the distinct cells of `raw`, in the order of their codes.
pub(super) fn standardise_column(field_type: &dyn FieldType, raw: RawColumn) -> StandardColumn {
    let mut assembly = Assembly::new(field_type);
    let cells = raw.values.len() as u32;
    let mut start = 1;
    while start < cells {
        let end = cells.min(start + CHUNK_CELLS as u32);
        let values: Vec<StandardValue> = (start..end)
            .into_par_iter()
            .map(|cell| field_type.standardise(raw.values.get(cell)))
            .collect();
        for value in values {
            assembly.push(value);
        }
        start = end;
    }
    assembly.finish(field_type, raw)
}

struct Assembly {
    status: Vec<ValueStatus>,
    findings: CellFindings,
    item_ends: Vec<u32>,
    items: Vec<u32>,
    values: ValuePool,
    parts: Vec<(Interner, Vec<u32>)>,
    known: HashTable<(u32, u32)>,
}

impl Assembly {
    /// An assembly that holds cell 0 and item 0.
    fn new(field_type: &dyn FieldType) -> Self {
        let parts = field_type
            .parts()
            .iter()
            .map(|_| (Interner::default(), vec![0]))
            .collect();
        Self {
            status: vec![ValueStatus::Missing],
            findings: CellFindings::default(),
            item_ends: vec![0],
            items: Vec::new(),
            values: ValuePool::default(),
            parts,
            known: HashTable::new(),
        }
    }

    fn push(&mut self, value: StandardValue) {
        let cell = u32::try_from(self.status.len()).expect("fewer than 2^32 cells");
        self.status.push(value.status);
        for finding in &value.findings {
            self.findings.push(cell, finding.code, &finding.evidence);
        }
        let first = self.items.len();
        for item in &value.items {
            let code = self.item(item);
            if !self.items[first..].contains(&code) {
                self.items.push(code);
            }
        }
        self.item_ends
            .push(u32::try_from(self.items.len()).expect("fewer than 2^32 items"));
    }

    /// Code of an item: equal text *and* equal parts, so that one text read in two ways stays two items and no
    /// reading depends on which cell came first.
    fn item(&mut self, item: &StandardItem) -> u32 {
        let part_codes: Vec<u32> = self
            .parts
            .iter_mut()
            .zip(&item.parts)
            .map(|((interner, _), text)| interner.intern(text))
            .collect();
        let hash = part_codes
            .iter()
            .fold(hash_text(&item.value), |hash, &code| mix(hash, u64::from(code)));
        let tag = (hash >> 32) as u32;
        let (values, parts) = (&self.values, &self.parts);
        let same = |&(known_tag, code): &(u32, u32)| {
            known_tag == tag
                && values.get(code) == item.value
                && parts
                    .iter()
                    .zip(&part_codes)
                    .all(|((_, codes), part)| codes[code as usize] == *part)
        };
        if let Some(&(_, code)) = self.known.find(hash, same) {
            return code;
        }
        let code = self.values.push(&item.value);
        for ((_, codes), part) in self.parts.iter_mut().zip(&part_codes) {
            codes.push(*part);
        }
        let (values, parts) = (&self.values, &self.parts);
        self.known.insert_unique(hash, (tag, code), |&(_, code)| {
            parts
                .iter()
                .fold(hash_text(values.get(code)), |hash, (_, codes)| {
                    mix(hash, u64::from(codes[code as usize]))
                })
        });
        code
    }

    fn finish(self, field_type: &dyn FieldType, raw: RawColumn) -> StandardColumn {
        let parts = field_type
            .parts()
            .iter()
            .zip(self.parts)
            .map(|(name, (interner, codes))| Part {
                name,
                codes,
                values: interner.finish(),
            })
            .collect();
        StandardColumn {
            field: raw.field,
            field_type: field_type.name(),
            cell_of: raw.codes,
            raw: raw.values,
            status: self.status,
            findings: self.findings,
            item_ends: self.item_ends,
            items: self.items,
            values: self.values,
            parts,
        }
    }
}
