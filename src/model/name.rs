//! Names of the standard schema's fields.

use std::fmt;
use std::sync::Arc;

/// English identifier of a field of the standard schema, such as `customer_name`; cheap to clone.
///
/// # Examples
/// ```
/// use guiyi::model::FieldName;
/// assert_eq!(FieldName::from("customer_name").as_str(), "customer_name");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName(Arc<str>);

impl FieldName {
    /// The identifier as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for FieldName {
    fn from(name: &str) -> Self {
        Self(Arc::from(name))
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
