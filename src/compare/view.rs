//! One part of one column, ready to be read for a record.

use crate::compare::texts::Texts;
use crate::model::RecordIndex;
use crate::table::StandardColumn;
use crate::table::TagTable;
use crate::table::ValuePool;
use crate::text::hash::mix;

/// Codes and texts of a part, by item.
#[derive(Clone, Copy)]
pub(super) struct PartView<'a> {
    codes: &'a [u32],
    values: &'a ValuePool,
}

impl<'a> PartView<'a> {
    /// The part of this name, or `None`.
    pub(super) fn new(column: &'a StandardColumn, name: &str) -> Option<Self> {
        let part = column.part(name)?;
        Some(Self {
            codes: &part.codes,
            values: &part.values,
        })
    }

    /// Code of the part of an item; 0 = missing.
    #[inline]
    pub(super) fn code(&self, item: u32) -> u32 {
        self.codes[item as usize]
    }

    /// Text of the part of an item; empty = missing.
    #[inline]
    pub(super) fn text(&self, item: u32) -> &'a str {
        self.values.get(self.codes[item as usize])
    }

    /// The part's texts with sketches of them.
    pub(super) fn texts(&self) -> Texts<'a> {
        Texts::new(self.values)
    }

    /// Number of codes, 0 included.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Per code, what `of` makes of its text.
    pub(super) fn map_codes<T>(&self, of: impl Fn(&str) -> T) -> Vec<T> {
        self.values.iter().map(of).collect()
    }

    /// Per code, is its text as `is` asks?
    pub(super) fn codes_where(&self, is: impl Fn(&str) -> bool) -> Vec<bool> {
        self.map_codes(is)
    }

    /// Appends the distinct codes that a record's items hold, without 0.
    pub(super) fn codes_of(&self, column: &StandardColumn, record: RecordIndex, out: &mut Vec<u32>) {
        let first = out.len();
        for &item in column.items_of(record) {
            let code = self.code(item);
            if code != 0 && !out[first..].contains(&code) {
                out.push(code);
            }
        }
    }
}

/// Codes of pairs of codes, from 1 on in the order of first sight.
#[derive(Default)]
pub(super) struct CodePairs {
    pairs: Vec<[u32; 2]>,
    table: TagTable,
}

impl CodePairs {
    /// Code of a pair; 0 when either of it is missing.
    pub(super) fn code(&mut self, first: u32, second: u32) -> u32 {
        if first == 0 || second == 0 {
            return 0;
        }
        let pair = [first, second];
        let tag = (mix(u64::from(first), u64::from(second)) >> 32) as u32;
        if let Some(code) = self.table.find(tag, |code| self.pairs[code as usize - 1] == pair) {
            return code;
        }
        self.pairs.push(pair);
        let code = self.pairs.len() as u32;
        self.table.insert(tag, code);
        code
    }

    /// Number of codes, code 0 included.
    pub(super) fn len(&self) -> usize {
        self.pairs.len() + 1
    }
}

/// How two parts stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Missing on at least one side.
    Missing,
    /// Both there and equal.
    Equal,
    /// Both there and not equal.
    Differ,
}

/// Stands of two part codes of one pool.
#[inline]
pub(super) fn stand(left: u32, right: u32) -> Stand {
    match (left, right) {
        (0, _) | (_, 0) => Stand::Missing,
        _ if left == right => Stand::Equal,
        _ => Stand::Differ,
    }
}
