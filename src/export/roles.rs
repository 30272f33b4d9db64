//! The roles: whose rows, and what of each field.
//!
//! Data goes no farther than a role's work needs (PIPL article 6, smallest scope; GB/T 35273-2020 clause 7.2, limits on display).

use crate::field::FieldSpec;
use crate::field::mask::MaskingClass;
use crate::field::mask::masking_class;

/// Whose rows a role gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// The records of one source, with the unified ID and what the group shares of the customer.
    OwnRecords,
    /// One row a customer: its golden record.
    Customers,
    /// Counts of customers by a few traits, small ones left out.
    Cells,
}

/// What a role gets of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// The value.
    Plain,
    /// The value masked by the class of its field.
    Masked,
    /// Nothing.
    Hidden,
}

/// One role.
#[derive(Debug, Clone, Copy)]
pub struct Role {
    /// Name on the command line.
    pub name: &'static str,
    /// What it is for, English then Chinese.
    pub purpose: [&'static str; 2],
    /// Whose rows it gets.
    pub rows: Rows,
    /// Fields shown as they are.
    plain: &'static [&'static str],
    /// What it gets of every other field.
    others: Show,
}

impl Role {
    /// What the role gets of a field.
    pub fn show(&self, field: &FieldSpec) -> Show {
        if self.plain.contains(&"*") || self.plain.contains(&&*field.name) {
            return Show::Plain;
        }
        match (self.others, masking_class(field)) {
            // A field without a mask says nothing of a person.
            (Show::Masked, MaskingClass::None) => Show::Plain,
            (others, _) => others,
        }
    }

    /// The traits that [`Rows::Cells`] counts by.
    pub fn traits(&self) -> &'static [&'static str] {
        self.plain
    }
}

/// The role of this name.
pub fn role(name: &str) -> Option<&'static Role> {
    ROLES.iter().find(|role| role.name == name)
}

/// Every role, in the order of the documentation.
pub const fn roles() -> &'static [Role] {
    ROLES
}

const ROLES: &[Role] = &[
    Role {
        name: "sales",
        purpose: [
            "own customers with contacts; no identifiers, no money",
            "本单位客户及联系方式；不含证件与资金信息",
        ],
        rows: Rows::OwnRecords,
        plain: &[
            "customer_name",
            "short_name",
            "former_names",
            "given_name",
            "middle_name",
            "family_name",
            "party_type",
            "contact_name",
            "phones",
            "phone_status",
            "emails",
            "wechat",
            "qq",
            "website",
            "address",
            "country",
            "province",
            "city",
            "county",
            "street",
            "street_number",
            "address_line2",
            "locality",
            "postcode",
            "industry",
            "level",
            "status",
            "owner",
            "last_trade_date",
        ],
        others: Show::Hidden,
    },
    Role {
        name: "marketing",
        purpose: [
            "how many customers of which kind, without names, contacts or small groups",
            "各类客户的数量画像；不含姓名、联系方式和小样本",
        ],
        rows: Rows::Cells,
        plain: &["party_type", "industry", "province", "level"],
        others: Show::Hidden,
    },
    Role {
        name: "finance",
        purpose: [
            "who is invoiced, accounts and amounts; no contacts",
            "开票、账户与金额；不含联系方式",
        ],
        rows: Rows::Customers,
        plain: &[
            "customer_name",
            "party_type",
            "uscc",
            "organisation_code",
            "registration_number",
            "tax_number",
            "bank_name",
            "bank_account",
            "bank_code",
            "amount",
            "amount_currency",
            "amount_tax",
            "credit_rating",
            "declared_parent",
        ],
        others: Show::Hidden,
    },
    Role {
        name: "subsidiary",
        purpose: [
            "own records whole, with the unified ID and what the group shares",
            "本单位全部记录，附统一客户编号和集团共享字段",
        ],
        rows: Rows::OwnRecords,
        plain: &["*"],
        others: Show::Hidden,
    },
    Role {
        name: "auditor",
        purpose: ["every golden record, masked", "全部主数据，脱敏"],
        rows: Rows::Customers,
        plain: &[],
        others: Show::Masked,
    },
];
