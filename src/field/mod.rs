//! Field types: what guiyi knows about a kind of value.
//!
//! In: the raw text of one cell. Out: its standing, its standard values with their parts, and issues. Each type is one
//! file and one line of [`field_types`]; it also names, by string, its default comparator, blocking keys, survivorship
//! rule and masking class. The standard schema (`schema`) lists the fields of a customer and their types. What agreement
//! between two values is worth is decided by `compare` and `score`.

mod address;
mod amount;
mod bank_account;
mod bank_code;
mod calendar;
mod capitals;
mod cell;
mod check_digits;
mod code;
mod code_text;
mod date;
mod email;
mod enumeration;
mod gender;
mod id_card;
pub mod mask;
mod name_part;
mod organisation;
mod organisation_code;
mod organisation_latin;
mod party_kind;
mod party_name;
mod person;
mod person_latin;
mod person_name;
pub mod personal;
mod phone;
mod phone_foreign;
mod phone_text;
mod postcode;
mod qq;
mod region;
mod registration_number;
mod schema;
mod tax_flag;
mod tax_number;
mod text;
mod uscc;
mod website;
mod wechat;

pub use schema::DERIVED_FIELDS;
pub use schema::DerivedField;
pub use schema::FIELD_GROUPS;
pub use schema::FieldGroup;
pub use schema::FieldSpec;
pub use schema::Necessity;
pub use schema::Sensitivity;
pub use schema::customer_schema;
pub use schema::schema_rank;

use crate::model::IssueCode;
use crate::model::ValueStatus;
use std::borrow::Cow;

/// Separates the components of a derived field's raw text (U+001F, the ASCII unit separator).
pub const COMPONENT_SEPARATOR: char = '\u{1F}';

/// One standard value of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StandardItem {
    /// Standard text for people and golden records; never empty.
    pub value: String,
    /// Texts of the parts, one per name of [`FieldType::parts`]; empty when absent.
    pub parts: Vec<String>,
}

/// What a field type made of one cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StandardValue {
    /// Standing of the cell.
    pub status: ValueStatus,
    /// Standard values in the order of the cell; empty unless the status is usable.
    pub items: Vec<StandardItem>,
    /// What was found, each code once.
    pub findings: Vec<Finding>,
}

/// Something found in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was found.
    pub code: &'static IssueCode,
    /// What shows it, such as the value suggested or the repair made; empty when the code says all.
    pub evidence: Cow<'static, str>,
}

/// Knowledge of one kind of value. Implementations are unit structs; all methods are pure.
pub trait FieldType: Sync {
    /// Name in the schema and in job files, such as `organisation_name`.
    fn name(&self) -> &'static str;

    /// Labels, English then Chinese.
    fn labels(&self) -> [&'static str; 2];

    /// Names of the parts of a standard value, in order; may be empty.
    fn parts(&self) -> &'static [&'static str];

    /// Standardises one non-empty cell. Idempotent: the standard text standardises to itself.
    fn standardise(&self, raw: &str) -> StandardValue;

    /// The value of a derived field of this type from the reading of its first component, which is of this type too.
    ///
    /// `others` are the raw texts of the other components, in order. `None` when they ask for a reading of all components
    /// together; a value given here stands for that reading.
    fn derived(&self, _first: &StandardValue, _others: &[&str]) -> Option<StandardValue> {
        None
    }

    /// Name of the default comparator; `None` when the field is no evidence of identity.
    fn comparator(&self) -> Option<&'static str>;

    /// Name of the default survivorship rule.
    fn survivorship(&self) -> &'static str {
        "most_frequent"
    }

    /// Masking class: `none`, `name`, `phone`, `email`, `id`, `address`, `date`, `text`.
    fn masking(&self) -> &'static str;

    /// Raw texts with the standard text expected of each; `None` = not usable. Han, Latin, mixed, full-width.
    fn examples(&self) -> &'static [(&'static str, Option<&'static str>)];

    /// Raw texts with the name of a finding that each must give: what the type refuses, repairs or doubts.
    fn findings(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }
}

/// Every field type, in the order of the documentation.
pub fn field_types() -> &'static [&'static dyn FieldType] {
    FIELD_TYPES
}

/// The field type of this name.
pub fn field_type(name: &str) -> Option<&'static dyn FieldType> {
    field_types()
        .iter()
        .copied()
        .find(|field_type| field_type.name() == name)
}

const FIELD_TYPES: &[&dyn FieldType] = &[
    &party_name::PartyName,
    &person_name::PersonName,
    &name_part::NamePart,
    &phone::Phone,
    &email::Email,
    &website::Website,
    &address::Address,
    &postcode::Postcode,
    &uscc::Uscc,
    &organisation_code::OrganisationCode,
    &registration_number::RegistrationNumber,
    &tax_number::TaxNumber,
    &id_card::IdCard,
    &bank_account::BankAccount,
    &bank_code::BankCode,
    &wechat::Wechat,
    &qq::Qq,
    &code::Code,
    &date::Date,
    &gender::Gender,
    &amount::Amount,
    &tax_flag::TaxFlag,
    &enumeration::Enumeration,
    &text::Text,
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn values(value: &StandardValue) -> Vec<&str> {
        value.items.iter().map(|item| item.value.as_str()).collect()
    }

    fn check_shape(field_type: &dyn FieldType, raw: &str) {
        let value = field_type.standardise(raw);
        assert_eq!(
            value.status.is_usable(),
            !value.items.is_empty(),
            "{} `{raw}`",
            field_type.name()
        );
        for item in &value.items {
            assert!(!item.value.is_empty());
            assert_eq!(
                item.parts.len(),
                field_type.parts().len(),
                "{} `{raw}`",
                field_type.name()
            );
        }
        // Components of a derived field are never published, only their joined text is.
        if let [item] = value.items.as_slice()
            && !raw.contains(COMPONENT_SEPARATOR)
        {
            let again = field_type.standardise(&item.value);
            assert_eq!(
                values(&again),
                [item.value.as_str()],
                "{} `{raw}`",
                field_type.name()
            );
        }
    }

    #[test]
    fn every_field_of_the_schema_has_its_type() {
        let names: BTreeSet<_> = field_types().iter().map(|field_type| field_type.name()).collect();
        assert_eq!(names.len(), field_types().len());
        for field in customer_schema() {
            assert!(names.contains(&*field.field_type), "{}", field.field_type);
        }
        assert!(
            DERIVED_FIELDS
                .iter()
                .all(|derived| names.contains(derived.field_type))
        );
    }

    #[test]
    fn examples_hold_and_standard_text_stays() {
        for field_type in field_types() {
            for &(raw, expected) in field_type.examples() {
                let value = field_type.standardise(raw);
                let expected: Vec<&str> = expected.into_iter().collect();
                assert_eq!(values(&value), expected, "{} `{raw}`", field_type.name());
                check_shape(*field_type, raw);
            }
        }
    }

    #[test]
    fn stated_findings_are_made() {
        for field_type in field_types() {
            for &(raw, code) in field_type.findings() {
                let value = field_type.standardise(raw);
                let found: Vec<_> = value.findings.iter().map(|finding| finding.code.name).collect();
                assert!(found.contains(&code), "{} `{raw}`: {found:?}", field_type.name());
            }
        }
    }

    #[test]
    fn a_derived_value_is_the_reading_of_all_components() {
        let separators = |of: &str, name: &str| {
            let derived = DERIVED_FIELDS.iter().find(|derived| derived.field_type == name);
            let count = derived.map_or(0, |derived| derived.components.len() - 1);
            format!("{of}{}", COMPONENT_SEPARATOR.to_string().repeat(count))
        };
        for name in ["party_name", "address"] {
            let field_type = field_type(name).expect("the type is there");
            let mut taken = 0;
            for &(raw, _) in field_type.examples() {
                let joined = separators(raw, name);
                let others: Vec<&str> = joined.split(COMPONENT_SEPARATOR).skip(1).collect();
                if let Some(value) = field_type.derived(&field_type.standardise(raw), &others) {
                    assert_eq!(
                        value.items,
                        field_type.standardise(&joined).items,
                        "{name} `{raw}`"
                    );
                    taken += 1;
                }
            }
            assert!(taken > 1, "{name}");
        }
    }

    #[test]
    fn an_empty_cell_is_missing() {
        for field_type in field_types() {
            for raw in ["", "  ", "\u{3000}", "\u{1F}\u{1F}"] {
                assert_eq!(
                    field_type.standardise(raw).status,
                    ValueStatus::Missing,
                    "{} `{raw}`",
                    field_type.name()
                );
            }
        }
    }

    const WORDS: &[&str] = &[
        "北京",
        "市",
        "华夏",
        "科技",
        "有限公司",
        "(",
        ")",
        "集团",
        "分公司",
        "第",
        "一",
        "王",
        "小明",
        "总",
        "先生",
        "欧阳",
        " ",
        "-",
        "/",
        ",",
        "、",
        ".",
        "@",
        "+86",
        "0",
        "13812349876",
        "021",
        "55667799",
        "转",
        "路",
        "号",
        "栋",
        "室",
        "朝阳区",
        "镇",
        "John",
        "O'Brien",
        "van",
        "St",
        "Ltd",
        "Co",
        "GmbH",
        "unit",
        "nsw",
        "2000",
        "NG7",
        "年",
        "月",
        "日",
        "2024",
        "12",
        "万",
        "元",
        "￥",
        "含税",
        "Jan",
        "T",
        ":",
        "\u{1F}",
        "·",
        "91440300192181490G",
        "x",
        "１",
        "＠",
        "www.",
        "a.b",
        "null",
        "#",
        "壹",
        "拾",
        "\u{FFFD}",
        "ß",
        "İ",
        "é",
        "\u{301}",
        "亿",
        "~",
        "廿",
        "民国",
        "E+",
        "转801",
        "852-",
        "0565-",
        "'",
        "=\"",
        "。",
        "qq.com",
        ".con",
        "鏈夐檺",
        "Ã©",
        "锟斤拷",
        "\u{E816}",
        "\u{E000}",
        "11010519491231002X",
        "6222",
        "http://",
        "統一編號",
    ];

    fn likely_text() -> impl Strategy<Value = String> {
        let words = prop::sample::select(WORDS);
        prop::collection::vec(words, 0..9).prop_map(|words| words.concat())
    }

    proptest! {
        #[test]
        fn no_text_breaks_a_field_type(text in any::<String>(), likely in likely_text()) {
            for field_type in field_types() {
                check_shape(*field_type, &text);
                check_shape(*field_type, &likely);
            }
        }
    }
}
