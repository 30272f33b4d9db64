//! One column: every distinct cell through its field type, parts interned.

use super::derive::DerivedColumn;
use super::flat::FlatValues;
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
use crate::table::TagTable;
use crate::table::TextBatch;
use crate::table::ValuePool;
use crate::text::hash::hash_text;
use crate::text::hash::mix;
use rayon::prelude::*;

/// Cells that a thread standardises at once.
const CHUNK_CELLS: u32 = 1 << 10;
/// Cells standardised in parallel before they are assembled in order; bounds the memory of unfinished values.
const WINDOW_CELLS: u32 = 1 << 16;

/// Items whose places are touched before the first of them is looked up.
const WARMED: usize = 32;
/// Spreads the codes of parts over the bits of a hash (the golden ratio's).
const PART_FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

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
    known: TagTable,
}

struct PartBuilder {
    texts: Interner,
    /// Per item of the column, the code of its text.
    codes: Vec<u32>,
    /// The codes of the items that are being added.
    added: Vec<u32>,
}

impl ColumnBuilder {
    /// Standardises the distinct cells of `raw`, in the order of their codes.
    pub(super) fn new(field_type: &'static dyn FieldType, raw: RawColumn) -> Self {
        let mut column = Self::empty(field_type, raw);
        let texts = std::mem::take(&mut column.raw.values);
        column.read_all(texts.len() as u32, |cell| field_type.standardise(texts.get(cell)));
        column.raw.values = texts;
        column
    }

    /// Standardises a derived column; where the reading of its first component, a column of the same type, holds for all
    /// components, that reading is taken over.
    pub(super) fn derived(
        field_type: &'static dyn FieldType,
        derived: DerivedColumn,
        columns: &[Self],
    ) -> Self {
        let components: Vec<Option<&Self>> = derived
            .components
            .iter()
            .map(|name| columns.iter().find(|column| column.field() == *name))
            .collect();
        let first = components[0].filter(|first| first.field_type.name() == field_type.name());
        let text = |at: usize, code: u32| components[at].map_or("", |column| column.raw(code));
        let texts = joined_texts(&derived, text);
        let read = |cell: u32| {
            let tuple = derived.tuple(cell);
            if let Some(first) = first.filter(|_| tuple[0] != 0) {
                let others = tuple.iter().enumerate().skip(1);
                let others: Vec<&str> = others.map(|(at, &code)| text(at, code)).collect();
                if let Some(value) = field_type.derived(&first.value_of(tuple[0]), &others) {
                    return value;
                }
            }
            field_type.standardise(texts.get(cell))
        };
        let raw = RawColumn {
            field: derived.field.clone(),
            codes: Vec::new(),
            values: ValuePool::default(),
        };
        let mut column = Self::empty(field_type, raw);
        column.read_all(derived.cells(), read);
        column.raw.values = texts;
        column.raw.codes = derived.codes;
        column
    }

    fn empty(field_type: &'static dyn FieldType, raw: RawColumn) -> Self {
        let parts = field_type.parts().iter().map(|_| PartBuilder {
            texts: Interner::default(),
            codes: vec![0],
            added: Vec::new(),
        });
        Self {
            field_type,
            status: vec![ValueStatus::Missing],
            findings: CellFindings::default(),
            item_ends: vec![0],
            items: Vec::new(),
            values: ValuePool::default(),
            parts: parts.collect(),
            known: TagTable::default(),
            raw,
        }
    }

    /// Standardises cells from 1 to below `cells` by `read`.
    fn read_all(&mut self, cells: u32, read: impl Fn(u32) -> StandardValue + Sync) {
        let parts = self.parts.len();
        for start in (1..cells).step_by(WINDOW_CELLS as usize) {
            let end = cells.min(start.saturating_add(WINDOW_CELLS));
            let chunks: Vec<FlatValues> = (0..(end - start).div_ceil(CHUNK_CELLS))
                .into_par_iter()
                .map(|chunk| {
                    let first = start + chunk * CHUNK_CELLS;
                    let mut values = FlatValues::new(parts);
                    for cell in first..end.min(first + CHUNK_CELLS) {
                        values.push(read(cell));
                    }
                    values
                })
                .collect();
            self.push_all(&chunks);
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
    pub(super) fn add_cell(&mut self, raw: &str, value: StandardValue) -> u32 {
        let cell = self.raw.values.push(raw);
        let mut values = FlatValues::new(self.parts.len());
        values.push(value);
        self.push_all(&[values]);
        cell
    }

    /// Gives a record another cell.
    pub(super) fn set_cell(&mut self, record: RecordIndex, cell: u32) {
        self.raw.codes[record.at()] = cell;
    }

    /// Adds values in the order of their cells. The texts of each part are interned beside those of the others.
    fn push_all(&mut self, chunks: &[FlatValues]) {
        self.parts.par_iter_mut().enumerate().for_each(|(at, part)| {
            part.added.clear();
            for values in chunks {
                part.texts.intern_all(&values.parts[at], &mut part.added);
            }
        });
        let mut start = 0;
        for values in chunks {
            self.push_chunk(values, start);
            start += values.values.len();
        }
    }

    /// Adds the values of one chunk, whose items begin at `start` of those that are being added.
    fn push_chunk(&mut self, values: &FlatValues, start: usize) {
        let first_cell = u32::try_from(self.status.len()).expect("fewer than 2^32 cells");
        self.status.extend_from_slice(&values.status);
        for (cell, finding) in &values.findings {
            self.findings
                .push(first_cell + cell, finding.code, &finding.evidence);
        }
        let tags = self.tags(&values.values, start);
        let mut at = 0;
        for &end in &values.item_ends {
            let first = self.items.len();
            while at < end as usize {
                if at % WARMED == 0 {
                    let next = &tags[at..tags.len().min(at + WARMED)];
                    self.known.warm(next, |code| self.values.touch(code));
                }
                let code = self.item(values.values.get(at), tags[at], start + at);
                if !self.items[first..].contains(&code) {
                    self.items.push(code);
                }
                at += 1;
            }
            self.item_ends
                .push(u32::try_from(self.items.len()).expect("fewer than 2^32 items"));
        }
    }

    /// Tags of items: of their texts and of the codes of their parts.
    fn tags(&self, texts: &TextBatch, start: usize) -> Vec<u32> {
        let mut hashes: Vec<u64> = (0..texts.len()).map(|at| hash_text(texts.get(at))).collect();
        for part in &self.parts {
            let codes = &part.added[start..start + texts.len()];
            for (hash, &code) in hashes.iter_mut().zip(codes) {
                *hash = hash
                    .rotate_left(5)
                    .wrapping_add(u64::from(code).wrapping_mul(PART_FACTOR));
            }
        }
        let tag = |hash: u64| (mix(hash, 0) >> 32) as u32;
        hashes.into_iter().map(tag).collect()
    }

    /// Code of an item: equal text *and* equal parts, so that one text read in two ways stays two items and no
    /// reading depends on which cell came first.
    fn item(&mut self, value: &str, tag: u32, added: usize) -> u32 {
        let (values, parts) = (&self.values, &self.parts);
        let is_same = |code: u32| {
            values.get(code) == value
                && parts
                    .iter()
                    .all(|part| part.codes[code as usize] == part.added[added])
        };
        if let Some(code) = self.known.find(tag, is_same) {
            return code;
        }
        let code = self.values.push(value);
        for part in &mut self.parts {
            part.codes.push(part.added[added]);
        }
        self.known.insert(tag, code);
        code
    }

    /// The finished column.
    pub(super) fn finish(mut self) -> StandardColumn {
        // What growing took ahead would stay until the end of the run.
        self.values.shrink();
        self.raw.values.shrink();
        self.items.shrink_to_fit();
        self.item_ends.shrink_to_fit();
        self.status.shrink_to_fit();
        self.parts.iter_mut().for_each(|part| part.codes.shrink_to_fit());
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

/// The raw texts of a derived column's cells: those of their components joined; `text` gives the text of a component's cell.
fn joined_texts<'a>(derived: &DerivedColumn, text: impl Fn(usize, u32) -> &'a str) -> ValuePool {
    let mut texts = ValuePool::default();
    let mut joined = String::new();
    for cell in 1..derived.cells() {
        joined.clear();
        for (at, &code) in derived.tuple(cell).iter().enumerate() {
            if at > 0 {
                joined.push(COMPONENT_SEPARATOR);
            }
            joined.push_str(text(at, code));
        }
        texts.push(&joined);
    }
    texts.shrink();
    texts
}
