//! Derived fields: the cells of several columns taken together, once per distinct combination.
//!
//! In: raw columns. Out: per record, the number of its combination of cells, and the combinations. Their texts are joined
//! by `column`.

use crate::field::DerivedField;
use crate::model::FieldName;
use crate::table::RawColumn;
use crate::table::TagTable;
use crate::text::hash::mix;

/// A derived column before it is standardised.
pub(super) struct DerivedColumn {
    /// Name of the derived field.
    pub(super) field: FieldName,
    /// The fields it is made of.
    pub(super) components: &'static [&'static str],
    /// Per record, its cell; 0 when every component is empty.
    pub(super) codes: Vec<u32>,
    /// Per cell from 1, the cells of its components; 0 where the record or the job has none.
    tuples: Vec<u32>,
}

impl DerivedColumn {
    /// Cells of the components of a cell from 1.
    pub(super) fn tuple(&self, cell: u32) -> &[u32] {
        tuple(&self.tuples, self.components.len(), cell)
    }

    /// Number of cells, the empty one included.
    pub(super) fn cells(&self) -> u32 {
        (self.tuples.len() / self.components.len()) as u32 + 1
    }
}

fn tuple(tuples: &[u32], width: usize, cell: u32) -> &[u32] {
    let start = (cell as usize - 1) * width;
    &tuples[start..start + width]
}

/// Records whose places are touched before the first of them is looked up.
const WARMED: usize = 32;

/// The column of `derived`, or `None` when no component is there.
pub(super) fn derive(derived: &DerivedField, len: usize, columns: &[RawColumn]) -> Option<DerivedColumn> {
    let components: Vec<(usize, &RawColumn)> = derived
        .components
        .iter()
        .enumerate()
        .filter_map(|(at, name)| {
            let column = columns.iter().find(|column| column.field.as_str() == *name)?;
            Some((at, column))
        })
        .collect();
    if components.is_empty() {
        return None;
    }
    let width = derived.components.len();
    let mut tuples: Vec<u32> = Vec::new();
    let mut table = TagTable::default();
    let mut codes = Vec::with_capacity(len);
    let mut given = vec![0u32; width];
    let mut tags = [0u32; WARMED];
    for start in (0..len).step_by(WARMED) {
        let count = WARMED.min(len - start);
        for (at, tag) in tags[..count].iter_mut().enumerate() {
            let cells = components.iter().map(|(_, column)| column.codes[start + at]);
            *tag = (cells.fold(0, |hash, cell| mix(hash, u64::from(cell))) >> 32) as u32;
        }
        table.warm(&tags[..count], |cell| {
            tuples
                .get((cell as usize).saturating_sub(1) * width)
                .map_or(0, |&cell| u64::from(cell))
        });
        for (record, &tag) in (start..).zip(&tags[..count]) {
            for &(at, column) in &components {
                given[at] = column.codes[record];
            }
            if given.iter().all(|&cell| cell == 0) {
                codes.push(0);
                continue;
            }
            let known = table.find(tag, |cell| tuple(&tuples, width, cell) == given);
            codes.push(known.unwrap_or_else(|| {
                tuples.extend_from_slice(&given);
                let cell = u32::try_from(tuples.len() / width).expect("fewer combinations than records");
                table.insert(tag, cell);
                cell
            }));
        }
    }
    Some(DerivedColumn {
        field: FieldName::from(derived.name),
        components: derived.components,
        codes,
        tuples,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Interner;

    fn column(field: &str, texts: &[&str]) -> RawColumn {
        let mut interner = Interner::default();
        let codes = texts.iter().map(|text| interner.intern(text)).collect();
        RawColumn {
            field: FieldName::from(field),
            codes,
            values: interner.finish(),
        }
    }

    #[test]
    fn components_are_taken_together_once_per_combination() {
        let derived = DerivedField {
            name: "party",
            field_type: "party_name",
            components: &["a", "none", "b"],
        };
        let columns = [
            column("b", &["Smith", "王", "", "Smith"]),
            column("a", &["Ann", "芳", "", "Ann"]),
        ];
        let party = derive(&derived, 4, &columns).expect("two components are there");
        assert_eq!(party.codes, [1, 2, 0, 1]);
        assert_eq!(party.cells(), 3);
        assert_eq!(party.tuple(1), [1, 0, 1]);
        assert_eq!(party.tuple(2), [2, 0, 2]);
        assert!(derive(&derived, 4, &[]).is_none());
    }
}
