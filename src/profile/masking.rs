//! Which values of a column may be shown, and how.
//!
//! In: what a column was taken for, and a value. Out: the masked value. A mapped column has the class of its field. An
//! unmapped one may hold anything: its values are shown only where they are few and come back, as classes do, and names
//! of persons never. Whatever the class, a value that looks personal by itself (telephone, e-mail, card) is masked as
//! what it looks like, because columns hold what does not belong there.

use super::values::DistinctValues;
use crate::field::FieldSpec;
use crate::field::mask::MaskingClass;
use crate::field::mask::mask;
use crate::field::mask::masking_class;
use crate::field::personal::personal_shape;
use crate::reference::placeholders::is_placeholder;
use crate::reference::surnames::leading_surname;
use crate::text::fold::fold;
use crate::text::fold::fold_case;
use crate::text::script::is_han;
use crate::text::simplify::simplify;

/// Distinct values of a column of classes, at most.
const CLASSES_MAX: u64 = 100;

/// Longest stop-gap that is shown: it is nobody's.
const STOP_GAP_CHARS_MAX: usize = 8;

/// Masks the values of one column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Masker {
    class: MaskingClass,
    /// Nobody knows what the column holds.
    is_unmapped: bool,
}

impl Masker {
    /// For a column that `field` takes, or none.
    pub(super) fn new(field: Option<&FieldSpec>, filled: u64, values: &DistinctValues) -> Self {
        let is_class = values.distinct <= CLASSES_MAX && values.distinct.saturating_mul(5) <= filled;
        Self {
            class: match field {
                Some(field) => masking_class(field),
                None if is_class => MaskingClass::None,
                None => MaskingClass::Text,
            },
            is_unmapped: field.is_none(),
        }
    }

    /// The class as a word.
    pub(super) fn class(self) -> &'static str {
        self.class.as_str()
    }

    /// The field's class.
    pub(super) fn is_open(self) -> bool {
        self.class == MaskingClass::None
    }

    /// An end or quantile of a range. Long numbers in a column that nobody knows may be telephones.
    pub(super) fn quantile(self, text: &str) -> String {
        let whole = text.split('.').next().unwrap_or_default();
        let is_long = whole.bytes().filter(u8::is_ascii_digit).count() >= 7;
        let is_date = text.get(4..5) == Some("-");
        match (self.is_unmapped, is_long) {
            (true, _) if is_date => mask(MaskingClass::Date, text),
            (true, true) => mask(MaskingClass::Text, whole),
            (false, _) if !self.is_open() => self.mask(text),
            _ => text.to_owned(),
        }
    }

    /// The masked value, on one line.
    pub(super) fn mask(self, value: &str) -> String {
        let lower = fold_case(value);
        if lower.chars().count() <= STOP_GAP_CHARS_MAX && is_placeholder(&lower) && !is_person(value) {
            return lower;
        }
        let class = match (self.class, personal_shape(value)) {
            (MaskingClass::None | MaskingClass::Text | MaskingClass::Date, Some(shape)) => shape,
            (MaskingClass::Name | MaskingClass::Address, Some(_)) => MaskingClass::Text,
            (MaskingClass::None, None) if self.is_unmapped && is_person(value) => MaskingClass::Name,
            (class, _) => class,
        };
        let is_text = class == MaskingClass::Text && self.class != MaskingClass::Text;
        let masked = if is_text || (class == MaskingClass::Text && starts_with_surname(value)) {
            // Two characters may be the whole name of a person.
            let first = value.trim().chars().next();
            format!("{}******", first.map(String::from).unwrap_or_default())
        } else {
            mask(class, value)
        };
        let shown: String = masked
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(60)
            .collect();
        if shown.len() < masked.len() {
            format!("{shown}…")
        } else {
            shown
        }
    }
}

/// Does the text look like the name of a person: a Chinese surname with one to three characters, or capitalised words?
fn is_person(value: &str) -> bool {
    let folded = fold(value);
    let text = simplify(&folded);
    if text.chars().all(is_han) {
        let length = text.chars().count();
        // Four characters are a name only with a surname of two.
        return leading_surname(&text).is_some_and(|surname| {
            let given = length - surname.chars().count();
            (1..=2).contains(&given)
        });
    }
    let is_name = |word: &str| {
        word.chars().next().is_some_and(char::is_uppercase)
            && word
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’' | ','))
    };
    let words = text.split_whitespace();
    (2..=4).contains(&words.clone().count()) && words.into_iter().all(is_name)
}

fn starts_with_surname(value: &str) -> bool {
    let folded = fold(value);
    let text = simplify(&folded);
    text.chars().count() > 1 && text.chars().nth(1).is_some_and(is_han) && leading_surname(&text).is_some()
}

/// How the headers of a file may be shown: a file without a header has its first record in their place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Headers {
    are_data: bool,
}

impl Headers {
    /// Looks at all headers of the file: one that looks personal makes all of them a record.
    pub(super) fn new<'h>(mut headers: impl Iterator<Item = &'h str>) -> Self {
        Self {
            are_data: headers.any(|header| personal_shape(header).is_some()),
        }
    }

    /// Is the first record in their place?
    pub(super) fn are_data(self) -> bool {
        self.are_data
    }

    /// The header as it may be shown.
    pub(super) fn show(self, header: &str) -> String {
        let unmapped = Masker {
            class: MaskingClass::Text,
            is_unmapped: true,
        };
        if self.are_data {
            unmapped.mask(header)
        } else {
            header.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;

    fn masker(field: &str) -> Masker {
        let field = customer_schema().iter().find(|known| known.name == field);
        let values = DistinctValues {
            distinct: 3,
            ..DistinctValues::default()
        };
        Masker::new(field, 100, &values)
    }

    #[test]
    fn what_looks_personal_is_masked_in_any_column() {
        let cases = [
            ("city", "上海", "上海"),
            ("city", "13800138000", "138****8000"),
            ("city", "张三 13800138000", "张******"),
            ("level", "高级", "高级"),
            ("contact_name", "张三", "张*"),
            ("contact_name", "不详", "不详"),
            ("contact_name", "13800138000", "1******"),
            ("uscc", "91440300192181490G", "91440300192181490G"),
            ("uscc", "11010519491231002X", "110***********002X"),
            ("", "张三", "张*"),
            ("", "John Smith", "J*** S***"),
            ("", "普通客户", "普通客户"),
            ("", "VIP", "VIP"),
        ];
        for (field, value, expected) in cases {
            assert_eq!(masker(field).mask(value), expected, "{field} `{value}`");
        }
        let open = Masker::new(
            None,
            4,
            &DistinctValues {
                distinct: 3,
                ..DistinctValues::default()
            },
        );
        assert_eq!(open.mask("内部备注甲"), "内部***");
        assert_eq!(open.quantile("13800138000.00"), "13******");
        assert_eq!(open.quantile("-12.50"), "-12.50");
        assert_eq!(open.quantile("1980-01-02"), "1980-**-**");
        assert_eq!(masker("amount").quantile("13800138000.00"), "13800138000.00");
        assert_eq!(masker("birth_date").quantile("1980-01-02"), "1980-**-**");
    }

    #[test]
    fn a_record_in_place_of_the_headers_is_masked() {
        let show = |all: [&str; 2]| {
            let headers = Headers::new(all.into_iter());
            all.map(|header| headers.show(header))
        };
        assert_eq!(show(["张三", "13800138000"]), ["张******", "138****8000"]);
        assert_eq!(show(["姓名", "联系电话"]), ["姓名", "联系电话"]);
    }
}
