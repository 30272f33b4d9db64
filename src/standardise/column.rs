//! One column: every distinct cell through its field type, parts interned.

use super::derive::DerivedColumn;
use crate::field::COMPONENT_SEPARATOR;
use crate::field::FieldType;
use crate::field::Finding;
use crate::field::StandardItem;
use crate::field::StandardValue;
use crate::model::RecordIndex;
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

/// A standard column under construction: its cells are standardised, and more can be added.
pub(super) struct ColumnBuilder {
    field_type: &'static dyn FieldType,
    raw: RawColumn,
    status: Vec<ValueStatus>,
    findings: CellFindings,
    item_ends: Vec<u32>,
    items: Vec<u32>,
    values: ValuePool,
    parts: Vec<PartBuilder>,
    known: HashTable<(u32, u32)>,
}

struct PartBuilder {
    texts: Interner,
    codes: Vec<u32>,
}

impl ColumnBuilder {
    /// Standardises the distinct cells of `raw`, in the order of their codes.
    pub(super) fn new(field_type: &'static dyn FieldType, raw: RawColumn) -> Self {
        Self::with(field_type, raw, |_, text| field_type.standardise(text))
    }

    /// Standardises a derived column; where the reading of its first component, a column of the same type, holds for all
    /// components, that reading is taken over.
    pub(super) fn derived(field_type: &'static dyn FieldType, derived: DerivedColumn, first: &Self) -> Self {
        let cells = derived.first;
        Self::with(field_type, derived.raw, |cell, text| {
            let whole = cells[cell as usize];
            let mut others = text.split(COMPONENT_SEPARATOR);
            others.next();
            let others: Vec<&str> = others.collect();
            let known = (whole != 0).then(|| field_type.derived(&first.value_of(whole), &others));
            known.flatten().unwrap_or_else(|| field_type.standardise(text))
        })
    }

    fn with(
        field_type: &'static dyn FieldType,
        raw: RawColumn,
        read: impl Fn(u32, &str) -> StandardValue + Sync,
    ) -> Self {
        let parts = field_type.parts().iter().map(|_| PartBuilder {
            texts: Interner::default(),
            codes: vec![0],
        });
        let mut column = Self {
            field_type,
            status: vec![ValueStatus::Missing],
            findings: CellFindings::default(),
            item_ends: vec![0],
            items: Vec::new(),
            values: ValuePool::default(),
            parts: parts.collect(),
            known: HashTable::new(),
            raw,
        };
        column.read_all(read);
        column
    }

    /// Standardises every cell of the raw texts by `read`.
    fn read_all(&mut self, read: impl Fn(u32, &str) -> StandardValue + Sync) {
        let cells = self.raw.values.len() as u32;
        let mut start = 1;
        while start < cells {
            let end = cells.min(start + CHUNK_CELLS as u32);
            let texts = &self.raw.values;
            let values: Vec<StandardValue> = (start..end)
                .into_par_iter()
                .map(|cell| read(cell, texts.get(cell)))
                .collect();
            self.push_all(&values);
            start = end;
        }
    }

    /// The standard value of a cell, as its type gave it.
    fn value_of(&self, cell: u32) -> StandardValue {
        let at = cell as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.item_ends[before]) as usize;
        let items = self.items[start..self.item_ends[at] as usize]
            .iter()
            .map(|&item| StandardItem {
                value: self.values.get(item).to_owned(),
                parts: (0..self.parts.len())
                    .map(|part| self.part_text(part, self.part_code(part, item)).to_owned())
                    .collect(),
            });
        let findings = self.findings.of(cell).map(|(code, evidence)| Finding {
            code,
            evidence: evidence.to_owned().into(),
        });
        StandardValue {
            status: self.status[at],
            items: items.collect(),
            findings: findings.collect(),
        }
    }

    /// Name of the field.
    pub(super) fn field(&self) -> &str {
        self.raw.field.as_str()
    }

    /// What the field is made of.
    pub(super) fn field_type(&self) -> &'static dyn FieldType {
        self.field_type
    }

    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.raw.codes.len()
    }

    /// The cell of a record.
    pub(super) fn cell_of(&self, record: RecordIndex) -> u32 {
        self.raw.codes[record.at()]
    }

    /// Standing of a record's value.
    pub(super) fn status_of(&self, record: RecordIndex) -> ValueStatus {
        self.status[self.cell_of(record) as usize]
    }

    /// Was the record's value filled from another field?
    pub(super) fn is_filled(&self, record: RecordIndex) -> bool {
        let mut findings = self.findings.of(self.cell_of(record));
        findings.any(|(code, _)| code.name == "filled")
    }

    /// Raw text of a cell.
    pub(super) fn raw(&self, cell: u32) -> &str {
        self.raw.values.get(cell)
    }

    /// The only item of a record; 0 when it has none or several.
    pub(super) fn only_item_of(&self, record: RecordIndex) -> u32 {
        let cell = self.cell_of(record) as usize;
        let start = cell.checked_sub(1).map_or(0, |before| self.item_ends[before]) as usize;
        match self.items[start..self.item_ends[cell] as usize] {
            [item] => item,
            _ => 0,
        }
    }

    /// Standard text of an item.
    pub(super) fn value(&self, item: u32) -> &str {
        self.values.get(item)
    }

    /// Code of an item's part text, within this column.
    pub(super) fn part_code(&self, part: usize, item: u32) -> u32 {
        self.parts[part].codes[item as usize]
    }

    /// Text of a part.
    pub(super) fn part_text(&self, part: usize, code: u32) -> &str {
        self.parts[part].texts.pool().get(code)
    }

    /// Adds a cell that came of no reading, and gives its number.
    pub(super) fn add_cell(&mut self, raw: &str, value: &StandardValue) -> u32 {
        let cell = self.raw.values.push(raw);
        self.push_all(std::slice::from_ref(value));
        cell
    }

    /// Gives a record another cell.
    pub(super) fn set_cell(&mut self, record: RecordIndex, cell: u32) {
        self.raw.codes[record.at()] = cell;
    }

    /// Adds values in the order of their cells. The texts of each part are interned beside those of the others.
    fn push_all(&mut self, values: &[StandardValue]) {
        let items: Vec<&StandardItem> = values.iter().flat_map(|value| &value.items).collect();
        let hashes: Vec<u64> = items.par_iter().map(|item| hash_text(&item.value)).collect();
        let part_codes: Vec<Vec<u32>> = self
            .parts
            .par_iter_mut()
            .enumerate()
            .map(|(at, part)| {
                items
                    .iter()
                    .map(|item| part.texts.intern(&item.parts[at]))
                    .collect()
            })
            .collect();
        let mut next = 0;
        for value in values {
            let cell = u32::try_from(self.status.len()).expect("fewer than 2^32 cells");
            self.status.push(value.status);
            for finding in &value.findings {
                self.findings.push(cell, finding.code, &finding.evidence);
            }
            let first = self.items.len();
            for item in &value.items {
                let code = self.item(&item.value, hashes[next], |part| part_codes[part][next]);
                if !self.items[first..].contains(&code) {
                    self.items.push(code);
                }
                next += 1;
            }
            self.item_ends
                .push(u32::try_from(self.items.len()).expect("fewer than 2^32 items"));
        }
    }

    /// Code of an item: equal text *and* equal parts, so that one text read in two ways stays two items and no
    /// reading depends on which cell came first.
    fn item(&mut self, value: &str, text_hash: u64, part_code: impl Fn(usize) -> u32) -> u32 {
        let hash = (0..self.parts.len()).fold(text_hash, |hash, part| mix(hash, u64::from(part_code(part))));
        let tag = (hash >> 32) as u32;
        let (values, parts) = (&self.values, &self.parts);
        let same = |&(known_tag, code): &(u32, u32)| {
            known_tag == tag
                && values.get(code) == value
                && parts
                    .iter()
                    .enumerate()
                    .all(|(at, part)| part.codes[code as usize] == part_code(at))
        };
        if let Some(&(_, code)) = self.known.find(spread(tag), same) {
            return code;
        }
        let code = self.values.push(value);
        for (at, part) in self.parts.iter_mut().enumerate() {
            part.codes.push(part_code(at));
        }
        self.known
            .insert_unique(spread(tag), (tag, code), |&(tag, _)| spread(tag));
        code
    }

    /// The finished column.
    pub(super) fn finish(self) -> StandardColumn {
        let parts = self
            .field_type
            .parts()
            .iter()
            .zip(self.parts)
            .map(|(name, part)| Part {
                name,
                codes: part.codes,
                values: part.texts.finish(),
            });
        StandardColumn {
            field: self.raw.field,
            field_type: self.field_type.name(),
            cell_of: self.raw.codes,
            raw: self.raw.values,
            status: self.status,
            findings: self.findings,
            item_ends: self.item_ends,
            items: self.items,
            values: self.values,
            parts: parts.collect(),
        }
    }
}

/// Table hash of a tag. The table is placed by the stored tag alone, so that growing it reads no text again.
fn spread(tag: u32) -> u64 {
    u64::from(tag).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
