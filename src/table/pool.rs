//! Distinct values of one column, each with a dense code.
//!
//! Code 0 is the missing value (the empty text) in every pool. Codes are given in the order of first sight and never
//! decide anything that is published: only the texts do. Looking a text up costs what the memory behind it costs, so
//! [`Interner::intern_all`] takes many texts at once and touches their places first, where the waits overlap.

use crate::table::TagTable;
use crate::text::hash::hash_text;

/// Distinct texts by code; one flat buffer, no allocation a value.
#[derive(Debug, Clone)]
pub struct ValuePool {
    bytes: String,
    /// Per code, the low half of the end of its text.
    ends: Vec<u32>,
    /// The codes from which on one more 2^32 is to be added to the ends.
    wraps: Vec<u32>,
}

impl Default for ValuePool {
    fn default() -> Self {
        Self {
            bytes: String::new(),
            ends: vec![0],
            wraps: Vec::new(),
        }
    }
}

impl ValuePool {
    /// Text of `code`; code 0 is the empty text.
    #[inline]
    pub fn get(&self, code: u32) -> &str {
        let at = code as usize;
        let start = if at == 0 { 0 } else { self.end(at - 1) };
        &self.bytes[start..self.end(at)]
    }

    #[inline]
    fn end(&self, at: usize) -> usize {
        let low = self.ends[at] as usize;
        if self.wraps.is_empty() {
            low
        } else {
            low + (self.wraps.partition_point(|&wrap| wrap as usize <= at) << u32::BITS)
        }
    }

    /// Number of codes, code 0 included; at least 1.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Is there no value but the missing one?
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// Texts in code order, the empty text of code 0 first.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len() as u32).map(|code| self.get(code))
    }

    /// Appends `text` without looking whether it is there already, and returns its code.
    ///
    /// For columns whose values are nearly all distinct (record keys); [`Interner`] keeps values distinct.
    pub fn push(&mut self, text: &str) -> u32 {
        let code = u32::try_from(self.ends.len()).expect("a pool holds fewer than 2^32 values");
        let before = self.bytes.len() >> u32::BITS;
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
        for _ in before..self.bytes.len() >> u32::BITS {
            self.wraps.push(code);
        }
        code
    }

    /// Gives back the room that growing took ahead.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// Bytes held, for the memory forecast.
    pub fn size_bytes(&self) -> usize {
        self.bytes.capacity() + (self.ends.capacity() + self.wraps.capacity()) * size_of::<u32>()
    }
}

/// Texts one after the other, not distinct: a batch on its way into an [`Interner`].
#[derive(Debug, Clone, Default)]
pub struct TextBatch {
    bytes: String,
    ends: Vec<u32>,
}

impl TextBatch {
    /// Appends a text.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
    }

    /// The text at `at`.
    #[inline]
    pub fn get(&self, at: usize) -> &str {
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there no texts?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of all texts; a batch holds less than 2^32.
    pub fn size_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Takes all texts out and keeps the room.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}

/// A [`ValuePool`] under construction: finds the code of a text or gives it the next one.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    pool: ValuePool,
    table: TagTable,
}

/// Texts whose places are touched before the first of them is looked up.
const WARMED: usize = 32;

impl Interner {
    /// Code of `text`; 0 for the empty text.
    pub fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        self.intern_tagged(text, tag_of(text))
    }

    fn intern_tagged(&mut self, text: &str, tag: u32) -> u32 {
        let pool = &mut self.pool;
        match self.table.find(tag, |code| pool.get(code) == text) {
            Some(code) => code,
            None => {
                let code = pool.push(text);
                self.table.insert(tag, code);
                code
            }
        }
    }

    /// Appends the code of each text of `batch`, as [`intern`](Self::intern) gives them one after the other.
    ///
    /// Most parts of an address or a name say nothing in a whole batch: such a batch is not looked at text by text.
    pub fn intern_all(&mut self, batch: &TextBatch, codes: &mut Vec<u32>) {
        if batch.size_bytes() == 0 {
            codes.resize(codes.len() + batch.len(), 0);
            return;
        }
        codes.reserve(batch.len());
        let mut tags = [0u32; WARMED];
        for start in (0..batch.len()).step_by(WARMED) {
            let count = WARMED.min(batch.len() - start);
            for (at, tag) in tags[..count].iter_mut().enumerate() {
                *tag = tag_of(batch.get(start + at));
            }
            self.table.warm(&tags[..count], |code| self.pool.touch(code));
            for (at, &tag) in tags[..count].iter().enumerate() {
                let text = batch.get(start + at);
                codes.push(if text.is_empty() {
                    0
                } else {
                    self.intern_tagged(text, tag)
                });
            }
        }
    }

    /// The values so far.
    pub fn pool(&self) -> &ValuePool {
        &self.pool
    }

    /// The finished pool.
    pub fn finish(mut self) -> ValuePool {
        drop(self.table);
        self.pool.shrink();
        self.pool
    }
}

impl ValuePool {
    /// Reads the place and the first byte of a text, so that they are at hand soon after.
    #[inline]
    pub fn touch(&self, code: u32) -> u64 {
        let start = self.end((code as usize).saturating_sub(1));
        u64::from(self.bytes.as_bytes().get(start).copied().unwrap_or(0))
    }
}

/// The half of a text's hash by which it is found.
#[inline]
fn tag_of(text: &str) -> u32 {
    (hash_text(text) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_a_code_and_the_empty_text_is_zero() {
        let mut interner = Interner::default();
        let codes: Vec<u32> = ["王芳", "Ann", "", "王芳", "ann"]
            .iter()
            .map(|t| interner.intern(t))
            .collect();
        assert_eq!(codes, [1, 2, 0, 1, 3]);
        let pool = interner.finish();
        assert_eq!(pool.iter().collect::<Vec<_>>(), ["", "王芳", "Ann", "ann"]);
    }

    #[test]
    fn many_values_keep_their_codes() {
        let mut interner = Interner::default();
        let texts: Vec<String> = (0..10_000).map(|i| format!("值{i}")).collect();
        let first: Vec<u32> = texts.iter().map(|t| interner.intern(t)).collect();
        let again: Vec<u32> = texts.iter().map(|t| interner.intern(t)).collect();
        assert_eq!(first, again);
        assert_eq!(interner.pool().len(), 10_001);
    }

    #[test]
    fn a_batch_gets_the_codes_of_its_texts() {
        let texts: Vec<String> = (0..9_000).map(|i| format!("值{}", i * i % 5_000)).collect();
        let mut batch = TextBatch::default();
        batch.push("");
        for text in &texts {
            batch.push(text);
        }
        let (mut one, mut all, mut codes) = (Interner::default(), Interner::default(), vec![7]);
        all.intern_all(&batch, &mut codes);
        let expected: Vec<u32> = texts.iter().map(|text| one.intern(text)).collect();
        assert_eq!(codes[..2], [7, 0]);
        assert_eq!(codes[2..], expected);
        assert!(one.finish().iter().eq(all.finish().iter()));
    }

    #[test]
    fn a_batch_of_empty_texts_gets_the_code_of_the_missing_value() {
        let mut batch = TextBatch::default();
        (0..40).for_each(|_| batch.push(""));
        let (mut interner, mut codes) = (Interner::default(), vec![7]);
        interner.intern_all(&batch, &mut codes);
        assert_eq!(codes[0], 7);
        assert_eq!(codes[1..], [interner.intern(""); 40]);
        assert_eq!(interner.intern("王芳"), 1);
    }
}
