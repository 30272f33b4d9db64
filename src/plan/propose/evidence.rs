//! Do the contents of a column suit a field?
//!
//! In: a field, a column and what its cells look like. Out: a factor from 0 to 1 on the header's score, or `None` when
//! the contents contradict the field. Few samples contradict nothing. The limits are low on purpose: exports are dirty,
//! and a column called 手机 that is half empty of sense is still the mobile number.

use crate::ingest::ColumnProfile;
use crate::plan::propose::content::Content;
use crate::plan::propose::content::Kind;

/// Samples below which contents contradict nothing.
const JUDGED_MIN: usize = 5;

/// Fields whose values are classes and come back again and again.
const CLASSES: [&str; 8] = [
    "party_type",
    "credit_rating",
    "level",
    "status",
    "amount_currency",
    "amount_tax",
    "consent_basis",
    "gender",
];

/// How well the contents suit `field`; `options` are all fields that the header may mean.
pub(super) fn suits(field: &str, column: &ColumnProfile, content: &Content, options: &[&str]) -> Option<f64> {
    if content.judged < JUDGED_MIN {
        // Without contents the plain reading of an open header is the better one.
        return Some(if field == "uscc" && options.contains(&"tax_number") {
            0.5
        } else {
            0.9
        });
    }
    if CLASSES.contains(&field) && !comes_back(column) {
        return None;
    }
    let share = |kind: Kind| content.share(kind);
    match field {
        "uscc" if options.len() > 1 => least(share(Kind::Uscc) / (1.0 - share(Kind::IdCard)).max(0.05), 0.5),
        "uscc" => least(share(Kind::Uscc) + share(Kind::IdCard), 0.2),
        "tax_number" | "organisation_code" | "registration_number" => {
            least(share(Kind::Code), 0.3).map(|factor| 0.9 * factor)
        }
        "id_card" => least(share(Kind::IdCard), 0.3),
        "other_identifier" => least(share(Kind::Code), 0.3).map(|factor| 0.9 * factor),
        "phones" => least(share(Kind::Phone), 0.2),
        "emails" => least(share(Kind::Email), 0.2),
        "birth_date" | "created_date" | "updated_date" | "last_trade_date" => {
            least(share(Kind::DateLike), 0.3)
        }
        "amount" => least(share(Kind::Number), 0.3),
        "party_type" => least(share(Kind::PartyType), 0.4),
        "customer_name" => least(share(Kind::Letters) - codes_only(content), 0.5),
        "contact_name" | "legal_representative" => {
            let is_other =
                share(Kind::Phone) > 0.5 || share(Kind::Email) > 0.5 || share(Kind::Organisation) > 0.5;
            if is_other {
                None
            } else {
                least(share(Kind::Letters), 0.5)
            }
        }
        "given_name" | "middle_name" | "family_name" | "declared_parent" | "short_name" | "former_names"
        | "address" | "street" | "city" | "province" | "county" | "locality" => {
            least(share(Kind::Letters), 0.4)
        }
        _ => Some(0.95),
    }
}

/// The kind of cell that a field expects; `None` = any text.
pub(super) fn expected(field: &str) -> Option<Kind> {
    Some(match field {
        "uscc" => Kind::Uscc,
        "tax_number" | "organisation_code" | "registration_number" | "other_identifier" => Kind::Code,
        "id_card" => Kind::IdCard,
        "phones" => Kind::Phone,
        "emails" => Kind::Email,
        "website" => Kind::Website,
        "birth_date" | "created_date" | "updated_date" | "last_trade_date" => Kind::DateLike,
        "amount" => Kind::Number,
        "party_type" => Kind::PartyType,
        "former_names" | "declared_parent" => Kind::Organisation,
        "contact_name" | "legal_representative" | "given_name" | "middle_name" | "family_name" => {
            Kind::Person
        }
        "address" => Kind::Address,
        "customer_name" | "postcode" | "street_number" | "qq" => return None,
        _ => Kind::Letters,
    })
}

/// Share of cells that are codes rather than names.
fn codes_only(content: &Content) -> f64 {
    let code = content.share(Kind::Code);
    if code > 0.8 && content.share(Kind::Organisation) < 0.2 {
        code
    } else {
        0.0
    }
}

/// From 0.6 to 1 with the share; nothing below the limit.
fn least(share: f64, limit: f64) -> Option<f64> {
    (share >= limit).then(|| 0.6 + 0.4 * share.min(1.0))
}

fn comes_back(column: &ColumnProfile) -> bool {
    column.filled < 20 || column.distinct as f64 <= 0.5 * column.filled as f64
}
