//! Columns that changed places, told by what their values look like.
//!
//! In: the shape of every mapped field of a source, tonight and in the last run. Out: pairs of fields whose values look like
//! each other's. A shape is the mix of scripts and the mean length of a sample of values, so that it holds no value. Two
//! columns of one kind (two names of persons) look alike and are not told apart here.

use super::night::SourceFigures;
use serde::Deserialize;
use serde::Serialize;

/// What the values of a field look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FieldShape {
    /// Values looked at.
    pub values: u64,
    /// Their characters by kind: Han, other letters, digits, `@`, others.
    pub kinds: [u64; 5],
}

/// Values below which a shape says nothing.
const VALUES_MIN: u64 = 20;

/// How unlike their own past two fields must be, both together.
const DISTANCE_MIN: f64 = 0.8;

/// How much nearer the other's past must be.
const NEARER: f64 = 4.0;

impl FieldShape {
    /// Takes one value into account; blank ones say nothing.
    pub fn add(&mut self, value: &str) {
        if value.trim().is_empty() {
            return;
        }
        self.values += 1;
        for c in value.chars().filter(|c| !c.is_whitespace()) {
            let kind = match c {
                '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}' => 0,
                '0'..='9' | '０'..='９' => 2,
                '@' => 3,
                c if c.is_alphabetic() => 1,
                _ => 4,
            };
            self.kinds[kind] += 1;
        }
    }

    fn characters(&self) -> u64 {
        self.kinds.iter().sum()
    }

    /// 0 for alike, at most 3: difference of the mix (0 to 2) and of the mean length (0 to 1).
    fn distance(&self, other: &Self) -> f64 {
        let share = |shape: &Self, kind: usize| shape.kinds[kind] as f64 / shape.characters().max(1) as f64;
        let mix: f64 = (0..self.kinds.len())
            .map(|kind| (share(self, kind) - share(other, kind)).abs())
            .sum();
        let length = |shape: &Self| shape.characters() as f64 / shape.values.max(1) as f64;
        let (a, b) = (length(self), length(other));
        mix + (a - b).abs() / a.max(b).max(1.0)
    }
}

/// Pairs of fields of one source that changed places since `before`, in published order.
pub(super) fn swapped<'a>(now: &'a SourceFigures, before: &SourceFigures) -> Vec<(&'a str, &'a str)> {
    let shapes: Vec<(&str, FieldShape, FieldShape)> = now
        .fields
        .iter()
        .filter_map(|field| {
            let past = before.field(&field.field)?.shape;
            let is_known = field.shape.values.min(past.values) >= VALUES_MIN;
            is_known.then_some((field.field.as_str(), field.shape, past))
        })
        .collect();
    let mut found = Vec::new();
    for (at, (a, a_now, a_past)) in shapes.iter().enumerate() {
        for (b, b_now, b_past) in &shapes[at + 1..] {
            let own = a_now.distance(a_past) + b_now.distance(b_past);
            let cross = a_now.distance(b_past) + b_now.distance(a_past);
            if own > DISTANCE_MIN && cross * NEARER < own {
                found.push((*a, *b));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::FieldFigures;
    use crate::guard::Part;

    fn source(columns: &[(&str, &str)]) -> SourceFigures {
        let field = |(name, value): &(&str, &str)| {
            let mut shape = FieldShape::default();
            (0..30).for_each(|_| shape.add(value));
            FieldFigures {
                field: (*name).to_owned(),
                is_matched: true,
                unusable: Part::default(),
                shape,
            }
        };
        SourceFigures {
            fields: columns.iter().map(field).collect(),
            ..SourceFigures::default()
        }
    }

    #[test]
    fn columns_that_changed_places_are_found_in_both_scripts() {
        let before = source(&[
            ("customer_name", "北京启明软件有限公司"),
            ("phones", "13810010001"),
            ("emails", "a@b.cn"),
        ]);
        let now = source(&[
            ("customer_name", "13810010001"),
            ("phones", "北京启明软件有限公司"),
            ("emails", "a@b.cn"),
        ]);
        assert_eq!(swapped(&now, &before), [("customer_name", "phones")]);
        let before = source(&[
            ("customer_name", "Harbour Lights Ltd"),
            ("phones", "+44 20 7946 0018"),
        ]);
        let now = source(&[
            ("customer_name", "+44 20 7946 0018"),
            ("phones", "Harbour Lights Ltd"),
        ]);
        assert_eq!(swapped(&now, &before), [("customer_name", "phones")]);
        assert!(swapped(&now, &now).is_empty());
    }

    #[test]
    fn one_column_of_another_kind_is_no_swap() {
        let before = source(&[
            ("customer_name", "北京启明软件有限公司"),
            ("phones", "13810010001"),
        ]);
        let now = source(&[("customer_name", "Beijing Qiming Ltd"), ("phones", "13810010001")]);
        assert!(swapped(&now, &before).is_empty());
    }
}
