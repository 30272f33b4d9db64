//! Which values (terms) every record holds, for term-frequency adjustment.

use crate::model::RecordIndex;

/// Terms of one kind for every record, such as the family names or the telephone numbers.
#[derive(Debug, Clone, Default)]
pub struct TermColumn {
    /// Number of codes, code 0 (missing) included.
    codes_len: usize,
    /// Per record, the end of its codes; none while every record has at most one.
    ends: Vec<u32>,
    /// Codes of all records, record after record, without 0; one of every record, 0 when it has none, while there are no
    /// ends.
    codes: Vec<u32>,
}

impl TermColumn {
    /// The terms of `records` records, whose codes are below `codes_len`; `fill` appends those of one record, without 0.
    pub fn build(codes_len: usize, records: usize, fill: impl Fn(RecordIndex, &mut Vec<u32>)) -> Self {
        let mut column = Self {
            codes_len,
            ends: Vec::new(),
            codes: Vec::with_capacity(records),
        };
        let mut own = Vec::new();
        for record in 0..records as u32 {
            own.clear();
            fill(RecordIndex(record), &mut own);
            if own.len() > 1 && column.ends.is_empty() {
                column.make_room(records);
            }
            match own[..] {
                _ if !column.ends.is_empty() => {
                    column.codes.extend_from_slice(&own);
                    column.ends.push(column.codes.len() as u32);
                }
                [] => column.codes.push(0),
                [code, ..] => column.codes.push(code),
            }
        }
        column
    }

    /// Makes room for records of several codes.
    fn make_room(&mut self, records: usize) {
        // An end before the first record, so that there are ends from now on.
        self.ends.reserve_exact(records + 1);
        self.ends.push(0);
        let mut end = 0;
        for &code in &self.codes {
            end += u32::from(code != 0);
            self.ends.push(end);
        }
        self.codes.retain(|&code| code != 0);
    }

    /// Codes of a record.
    #[inline]
    pub fn of(&self, record: RecordIndex) -> &[u32] {
        let at = record.at();
        if self.ends.is_empty() {
            let start = at + usize::from(self.codes[at] == 0);
            return &self.codes[start..=at];
        }
        &self.codes[self.ends[at] as usize..self.ends[at + 1] as usize]
    }

    /// Number of records.
    pub fn records(&self) -> usize {
        if self.ends.is_empty() {
            self.codes.len()
        } else {
            self.ends.len() - 1
        }
    }

    /// Number of codes, code 0 (missing) included.
    pub fn codes_len(&self) -> usize {
        self.codes_len
    }
}

/// Terms of every comparison: `columns[comparison][term]`.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// Columns by comparison, then by term.
    pub columns: Vec<Vec<TermColumn>>,
    /// Per record, a code of the customer's name; 0 = none. Shared values are counted by different names.
    pub name_of: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_several_codes_leaves_those_before_it_as_they_were() {
        let all: [&[u32]; 5] = [&[3], &[], &[1], &[2, 3], &[]];
        for len in 0..=all.len() {
            let fill = |record: RecordIndex, out: &mut Vec<u32>| out.extend(all[record.at()]);
            let column = TermColumn::build(4, len, fill);
            assert_eq!(column.records(), len);
            for (record, own) in all[..len].iter().enumerate() {
                assert_eq!(column.of(RecordIndex(record as u32)), *own);
            }
        }
    }
}
