//! Derived fields: the raw texts of several columns joined into one, once per distinct combination.

use crate::field::COMPONENT_SEPARATOR;
use crate::field::DerivedField;
use crate::model::FieldName;
use crate::table::RawColumn;
use crate::table::ValuePool;
use crate::text::hash::mix;
use hashbrown::HashTable;

/// A derived column before it is standardised.
pub(super) struct DerivedColumn {
    /// The joined texts.
    pub(super) raw: RawColumn,
    /// Per cell of `raw`, the cell of its first component; 0 when that is empty.
    pub(super) first: Vec<u32>,
}

/// The column of `derived`, or `None` when no component is there.
pub(super) fn derive(derived: &DerivedField, len: usize, columns: &[RawColumn]) -> Option<DerivedColumn> {
    let components: Vec<Option<&RawColumn>> = derived
        .components
        .iter()
        .map(|name| columns.iter().find(|column| column.field.as_str() == *name))
        .collect();
    if components.iter().all(Option::is_none) {
        return None;
    }
    let mut combinations = Combinations {
        width: components.len(),
        ..Combinations::default()
    };
    let mut tuple = vec![0u32; components.len()];
    let mut codes = Vec::with_capacity(len);
    for record in 0..len {
        for (slot, component) in tuple.iter_mut().zip(&components) {
            *slot = component.map_or(0, |column| column.codes[record]);
        }
        codes.push(if tuple.iter().all(|&code| code == 0) {
            0
        } else {
            combinations.code(&tuple)
        });
    }
    let mut values = ValuePool::default();
    let mut first = vec![0];
    let mut text = String::new();
    for tuple in combinations.tuples.chunks_exact(components.len()) {
        text.clear();
        for (at, (&code, component)) in tuple.iter().zip(&components).enumerate() {
            if at > 0 {
                text.push(COMPONENT_SEPARATOR);
            }
            text.push_str(component.map_or("", |column| column.values.get(code)));
        }
        values.push(&text);
        first.push(tuple[0]);
    }
    let field = FieldName::from(derived.name);
    Some(DerivedColumn {
        raw: RawColumn { field, codes, values },
        first,
    })
}

/// Distinct combinations of codes; the code of a combination is its position + 1.
#[derive(Default)]
struct Combinations {
    width: usize,
    tuples: Vec<u32>,
    table: HashTable<u32>,
}

impl Combinations {
    fn tuple(tuples: &[u32], width: usize, code: u32) -> &[u32] {
        let start = (code as usize - 1) * width;
        &tuples[start..start + width]
    }

    fn hash(tuple: &[u32]) -> u64 {
        tuple.iter().fold(0, |hash, &code| mix(hash, u64::from(code)))
    }

    fn code(&mut self, tuple: &[u32]) -> u32 {
        let (width, tuples) = (self.width, &self.tuples);
        let hash = Self::hash(tuple);
        if let Some(&code) = self
            .table
            .find(hash, |&code| Self::tuple(tuples, width, code) == tuple)
        {
            return code;
        }
        self.tuples.extend_from_slice(tuple);
        let code = u32::try_from(self.tuples.len() / width).expect("fewer combinations than records");
        let tuples = &self.tuples;
        self.table
            .insert_unique(hash, code, |&code| Self::hash(Self::tuple(tuples, width, code)));
        code
    }
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
    fn components_are_joined_once_per_combination() {
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
        assert_eq!(party.raw.codes, [1, 2, 0, 1]);
        assert_eq!(party.raw.values.get(2), "芳\u{1F}\u{1F}王");
        assert_eq!(party.first, [0, 1, 2]);
        assert!(derive(&derived, 4, &[]).is_none());
    }
}
