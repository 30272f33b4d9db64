//! Field types: what guiyi knows about a kind of value.
//!
//! In: the raw text of one cell. Out: its standing, its standard values with their parts, and issues. Each type is one
//! file and one line of [`field_types`]; it also names, by string, its default comparator, blocking keys, survivorship
//! rule and masking class. The standard schema (`schema`) lists the fields of a customer and their types. What agreement
//! between two values is worth is decided by `compare` and `score`.

mod schema;

pub use schema::DERIVED_FIELDS;
pub use schema::DerivedField;
pub use schema::FieldSpec;
pub use schema::Necessity;
pub use schema::Sensitivity;
pub use schema::customer_schema;

use crate::model::IssueCode;
use crate::model::ValueStatus;

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
    pub issues: Vec<&'static IssueCode>,
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

const FIELD_TYPES: &[&dyn FieldType] = &[];
