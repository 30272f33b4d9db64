//! `[retention]` of the job file: how long customers are kept once nothing happens with them any more.
//!
//! In: the table. Out: [`Retention`]; a term that is none, an unknown field and one that is no date are faults. Who is due by it is for
//! `pipeline::retention` to say; nothing is erased by itself.

use crate::field::FieldSpec;
use crate::field::Sensitivity;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::job::RetentionTable;
use crate::plan::toml_table::Located;
use std::fmt;

/// Fields whose dates start the term unless the job names others.
const STARTS_WITH: [&str; 3] = ["last_trade_date", "updated_date", "created_date"];

/// Most years of a term.
const YEARS_MAX: u16 = 100;

/// How long customers are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Of customers without a value in a sensitive field.
    pub general: Term,
    /// Of customers with one.
    pub sensitive: Term,
    /// Fields that make a customer sensitive.
    pub sensitive_fields: Vec<String>,
    /// Date fields; the latest date in any of them, in any record of the customer, starts the term.
    pub starts_with: Vec<String>,
}

/// A length of time by the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Months; twelve a year.
    pub months: u16,
}

impl Term {
    const fn years(years: u16) -> Self {
        Self { months: years * 12 }
    }

    /// `5y` or `18m`.
    fn parse(text: &str) -> Option<Self> {
        let (number, months) = match (text.strip_suffix('y'), text.strip_suffix('m')) {
            (Some(number), _) => (number, 12),
            (_, Some(number)) => (number, 1),
            _ => return None,
        };
        let number: u16 = number.parse().ok()?;
        let months = number.checked_mul(months)?;
        (1..=YEARS_MAX * 12).contains(&months).then_some(Self { months })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.months % 12 {
            0 => write!(f, "{}y", self.months / 12),
            _ => write!(f, "{}m", self.months),
        }
    }
}

/// What the job gives; `None` when it has no such table.
pub(super) fn check(
    table: Option<&RetentionTable>,
    fields: &[FieldSpec],
    faults: &mut FaultList,
) -> Option<Retention> {
    let table = table?;
    let mut term = |given: &Option<Located<String>>, usual: Term| {
        let Some(given) = given else { return usual };
        Term::parse(given.value.trim()).unwrap_or_else(|| {
            let message = format!("`{}` is no term", given.value);
            let hint = "write years or months, such as \"5y\" or \"18m\"";
            faults.add_hint(given.span.clone(), message, hint);
            usual
        })
    };
    let general = term(&table.general, Term::years(5));
    let sensitive = term(&table.sensitive, Term::years(10));
    let is_sensitive = |field: &&FieldSpec| field.sensitivity == Sensitivity::Sensitive;
    let usual = fields
        .iter()
        .filter(is_sensitive)
        .map(|field| field.name.to_string());
    let sensitive_fields = names(&table.sensitive_fields, fields, |_| true, faults);
    let starts_with = names(
        &table.starts_with,
        fields,
        |field| field.field_type == "date",
        faults,
    );
    Some(Retention {
        general,
        sensitive,
        sensitive_fields: sensitive_fields.unwrap_or_else(|| usual.collect()),
        starts_with: starts_with.unwrap_or_else(|| STARTS_WITH.map(str::to_owned).to_vec()),
    })
}

/// The fields named, each of which must exist and be `allowed`.
fn names(
    given: &Option<Located<Vec<Located<String>>>>,
    fields: &[FieldSpec],
    allowed: impl Fn(&FieldSpec) -> bool,
    faults: &mut FaultList,
) -> Option<Vec<String>> {
    let given = given.as_ref()?;
    let allowed: Vec<&str> = fields
        .iter()
        .filter(|field| allowed(field))
        .map(|field| field.name.as_ref())
        .collect();
    for name in &given.value {
        if !allowed.contains(&name.value.as_str()) {
            let message = format!("`{}` is no field that can stand here", name.value);
            faults.add_hint(name.span.clone(), message, name_hint(&name.value, &allowed));
        }
    }
    Some(given.value.iter().map(|name| name.value.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_years_or_months() {
        let term = |text| Term::parse(text).map(|term| (term.months, term.to_string()));
        assert_eq!(term("5y"), Some((60, "5y".to_owned())));
        assert_eq!(term("18m"), Some((18, "18m".to_owned())));
        assert_eq!(term("24m"), Some((24, "2y".to_owned())));
        for text in ["", "5", "y", "0y", "101y", "5 y", "-1m", "五年", "5d"] {
            assert_eq!(term(text), None, "{text}");
        }
    }
}
