//! The roles: whose rows, and what of each field.
//!
//! A job may narrow them and add its own (`plan::roles`). Data goes no farther than a role's work needs (PIPL article 6, smallest scope; GB/T 35273-2020 clause 7.2, limits on display).

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

impl Rows {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::OwnRecords, Self::Customers, Self::Cells];

    /// Its word in a job file: the `scope` of a role.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnRecords => "own",
            Self::Customers => "all",
            Self::Cells => "counts",
        }
    }
}

/// What a role gets of a field, from most to least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Show {
    /// The value.
    Plain,
    /// The value masked by the class of its field.
    Masked,
    /// Nothing.
    Hidden,
}

/// One role; a field that neither of its lists names is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Name on the command line, and of the exported file.
    pub name: String,
    /// What it is for, English then Chinese; empty when the job does not say.
    pub purpose: [String; 2],
    /// Whose rows it gets.
    pub rows: Rows,
    /// Fields shown as they are; `*` is every field that neither list names.
    pub plain: Vec<String>,
    /// Fields shown masked; `*` as above. A field without a mask says nothing of a person and is shown.
    pub masked: Vec<String>,
    /// Does the job file say so? Built in otherwise.
    pub is_of_job: bool,
}

impl Role {
    /// What the role gets of a field.
    pub fn show(&self, field: &FieldSpec) -> Show {
        let name = if self.names(&field.name) {
            &*field.name
        } else {
            OTHERS
        };
        if has(&self.plain, name) {
            Show::Plain
        } else if !has(&self.masked, name) {
            Show::Hidden
        } else if masking_class(field) == MaskingClass::None {
            Show::Plain
        } else {
            Show::Masked
        }
    }

    /// What a role of [`Rows::OwnRecords`] gets of a shared field of the golden record: a role of the job what it names, a built-in
    /// one whatever the group shares.
    pub fn show_shared(&self, field: &FieldSpec) -> Show {
        if self.is_of_job {
            self.show(field)
        } else {
            Show::Plain
        }
    }

    /// Does one of the lists name the field?
    pub fn names(&self, field: &str) -> bool {
        has(&self.plain, field) || has(&self.masked, field)
    }

    /// The traits that [`Rows::Cells`] counts by.
    pub fn traits(&self) -> Vec<&str> {
        self.plain.iter().map(String::as_str).collect()
    }
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known == name)
}

/// Every field that no list names.
const OTHERS: &str = "*";

/// Every built-in role, in the order of the documentation.
pub fn roles() -> Vec<Role> {
    let texts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let role = |given: &BuiltIn| Role {
        name: given.name.to_owned(),
        purpose: given.purpose.map(str::to_owned),
        rows: given.rows,
        plain: texts(given.plain),
        masked: texts(given.masked),
        is_of_job: false,
    };
    ROLES.iter().map(role).collect()
}

/// A role as it is written here.
struct BuiltIn {
    name: &'static str,
    purpose: [&'static str; 2],
    rows: Rows,
    plain: &'static [&'static str],
    masked: &'static [&'static str],
}

const ROLES: &[BuiltIn] = &[
    BuiltIn {
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
        masked: &[],
    },
    BuiltIn {
        name: "marketing",
        purpose: [
            "how many customers of which kind, without names, contacts or small groups",
            "各类客户的数量画像；不含姓名、联系方式和小样本",
        ],
        rows: Rows::Cells,
        plain: &["party_type", "industry", "province", "level"],
        masked: &[],
    },
    BuiltIn {
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
        masked: &[],
    },
    BuiltIn {
        name: "subsidiary",
        purpose: [
            "own records whole, with the unified ID and what the group shares",
            "本单位全部记录，附统一客户编号和集团共享字段",
        ],
        rows: Rows::OwnRecords,
        plain: &[OTHERS],
        masked: &[],
    },
    BuiltIn {
        name: "auditor",
        purpose: ["every golden record, masked", "全部主数据，脱敏"],
        rows: Rows::Customers,
        plain: &[],
        masked: &[OTHERS],
    },
];
