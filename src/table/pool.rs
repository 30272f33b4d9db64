//! Distinct values of one column, each with a dense code.
//!
//! Code 0 is the missing value (the empty text) in every pool. Codes are given in the order of first sight and never
//! decide anything that is published: only the texts do.

use crate::text::hash::hash_text;
use hashbrown::HashTable;

/// Distinct texts by code; one flat buffer, no allocation a value.
#[derive(Debug, Clone)]
pub struct ValuePool {
    bytes: String,
    ends: Vec<u64>,
}

impl Default for ValuePool {
    fn default() -> Self {
        Self {
            bytes: String::new(),
            ends: vec![0],
        }
    }
}

impl ValuePool {
    /// Text of `code`; code 0 is the empty text.
    #[inline]
    pub fn get(&self, code: u32) -> &str {
        let at = code as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
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
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u64);
        u32::try_from(self.ends.len() - 1).expect("a pool holds fewer than 2^32 values")
    }

    /// Bytes held, for the memory forecast.
    pub fn size_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u64>()
    }
}

/// Table hash of a tag. The table is placed by the stored tag alone, so that growing it reads no text again.
fn spread(tag: u32) -> u64 {
    u64::from(tag).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A [`ValuePool`] under construction: finds the code of a text or gives it the next one.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    pool: ValuePool,
    table: HashTable<(u32, u32)>,
}

impl Interner {
    /// Code of `text`; 0 for the empty text.
    pub fn intern(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let tag = (hash_text(text) >> 32) as u32;
        let pool = &self.pool;
        let found = self
            .table
            .find(spread(tag), |&(t, code)| t == tag && pool.get(code) == text);
        if let Some(&(_, code)) = found {
            return code;
        }
        let code = self.pool.push(text);
        self.table
            .insert_unique(spread(tag), (tag, code), |&(tag, _)| spread(tag));
        code
    }

    /// The values so far.
    pub fn pool(&self) -> &ValuePool {
        &self.pool
    }

    /// The finished pool.
    pub fn finish(self) -> ValuePool {
        self.pool
    }
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
}
