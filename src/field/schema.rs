//! The standard schema `customer`: the fields of a customer record.
//!
//! In: nothing. Out: the fields in their published order with labels, type, sensitivity and necessity, and the derived
//! fields that matching reads. Sensitivity follows GB/T 43697-2024 in three steps (public, internal, sensitive: personal
//! data under PIPL article 28 or an identifier of a person). A job file may add fields; it never changes these.

use crate::model::FieldName;
use std::borrow::Cow;

/// Who may see a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    /// Published in registers.
    Public,
    /// For the group.
    Internal,
    /// Personal or financial; masked by default.
    Sensitive,
}

/// Is the field needed to serve the customer? Completeness counts necessary fields only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Necessity {
    /// Expected in every record.
    Necessary,
    /// Kept when given.
    Optional,
}

/// One field of the schema, built in or added by the job file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpec {
    /// English identifier; the column name of published tables.
    pub name: Cow<'static, str>,
    /// English label.
    pub en: Cow<'static, str>,
    /// Chinese label.
    pub zh: Cow<'static, str>,
    /// Name of the field type.
    pub field_type: Cow<'static, str>,
    /// Who may see it.
    pub sensitivity: Sensitivity,
    /// Is it expected?
    pub necessity: Necessity,
}

/// A field made from others for matching, never published as such.
#[derive(Debug, Clone, Copy)]
pub struct DerivedField {
    /// Its name, such as `party`.
    pub name: &'static str,
    /// Name of the field type that parses the components.
    pub field_type: &'static str,
    /// Schema fields whose raw texts are joined by `COMPONENT_SEPARATOR`, in order, missing ones empty.
    pub components: &'static [&'static str],
}

/// Fields that matching reads instead of their components.
///
/// `party` is whoever the record is about, from the whole name or its parts; `location` is the address, whole or in parts.
pub const DERIVED_FIELDS: &[DerivedField] = &[
    DerivedField {
        name: "party",
        field_type: "party_name",
        components: &[
            "customer_name",
            "given_name",
            "middle_name",
            "family_name",
            "party_type",
        ],
    },
    DerivedField {
        name: "location",
        field_type: "address",
        components: &[
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
        ],
    },
];

/// Fields whose golden values belong together.
#[derive(Debug, Clone, Copy)]
pub struct FieldGroup {
    /// The first that a customer has leads; the others come from records that say the same of it.
    pub fields: &'static [&'static str],
    /// Where none of those has a value, may it come from a record that says nothing of the leading field?
    pub fills_gaps: bool,
}

/// The groups: no address, account, amount or register entry is put together from two.
pub const FIELD_GROUPS: &[FieldGroup] = &[
    FieldGroup {
        fields: &[
            "uscc",
            "customer_name",
            "registration_number",
            "organisation_code",
        ],
        fills_gaps: true,
    },
    FieldGroup {
        fields: &["bank_account", "bank_name", "bank_code"],
        fills_gaps: false,
    },
    FieldGroup {
        fields: &["amount", "amount_currency", "amount_tax"],
        fills_gaps: false,
    },
    FieldGroup {
        fields: &[
            "address",
            "street",
            "street_number",
            "address_line2",
            "locality",
            "postcode",
            "county",
            "city",
            "province",
            "country",
        ],
        fills_gaps: false,
    },
];

/// The fields of a customer, in their published order.
pub fn customer_schema() -> &'static [FieldSpec] {
    CUSTOMER
}

/// Position of a field in the schema; behind all others when it is not of the schema.
pub fn schema_rank(field: &FieldName) -> usize {
    let known = CUSTOMER.iter().position(|spec| spec.name == field.as_str());
    known.unwrap_or(usize::MAX)
}

macro_rules! schema {
    ($($name:ident $en:literal $zh:literal $field_type:ident $sensitivity:ident $necessity:ident;)*) => {
        const CUSTOMER: &[FieldSpec] = &[$(FieldSpec {
            name: Cow::Borrowed(stringify!($name)), en: Cow::Borrowed($en), zh: Cow::Borrowed($zh),
            field_type: Cow::Borrowed(stringify!($field_type)),
            sensitivity: Sensitivity::$sensitivity, necessity: Necessity::$necessity,
        }),*];
    };
}

schema! {
    customer_name "Customer name" "客户名称" party_name Internal Necessary;
    former_names "Former names" "曾用名" party_name Internal Optional;
    short_name "Short name" "客户简称" text Internal Optional;
    given_name "Given name" "名" name_part Sensitive Optional;
    middle_name "Middle name" "中间名" name_part Sensitive Optional;
    family_name "Family name" "姓" name_part Sensitive Optional;
    party_type "Party type" "客户类型" enumeration Public Optional;
    uscc "Unified social credit code" "统一社会信用代码" uscc Public Optional;
    organisation_code "Organisation code" "组织机构代码" organisation_code Public Optional;
    registration_number "Registration number" "工商注册号" registration_number Public Optional;
    tax_number "Tax number" "纳税人识别号" tax_number Internal Optional;
    id_card "ID card number" "身份证号" id_card Sensitive Optional;
    other_identifier "Other identifier" "其他证件号" code Sensitive Optional;
    birth_date "Date of birth" "出生日期" date Sensitive Optional;
    gender "Gender" "性别" gender Sensitive Optional;
    birth_place "Place of birth" "出生地" text Sensitive Optional;
    occupation "Occupation" "职业" text Internal Optional;
    contact_name "Main contact name" "主要联系人姓名" person_name Sensitive Optional;
    legal_representative "Legal representative" "法定代表人" person_name Internal Optional;
    phones "Telephone" "联系电话" phone Sensitive Necessary;
    phone_status "Telephone status" "号码状态" enumeration Internal Optional;
    emails "E-mail" "电子邮箱" email Sensitive Optional;
    wechat "WeChat" "微信号" wechat Sensitive Optional;
    qq "QQ" "QQ号" qq Sensitive Optional;
    website "Website" "网站" website Public Optional;
    address "Address" "地址" address Sensitive Necessary;
    country "Country" "国家" text Public Optional;
    province "Province or state" "省份" text Public Optional;
    city "City" "城市" text Public Optional;
    county "District or county" "区县" text Public Optional;
    street "Street" "街道" text Sensitive Optional;
    street_number "Street number" "门牌号" text Sensitive Optional;
    address_line2 "Address line 2" "地址第二行" text Sensitive Optional;
    locality "Suburb or locality" "郊区或村镇" text Public Optional;
    postcode "Postcode" "邮政编码" postcode Public Optional;
    amount "Amount" "金额" amount Internal Optional;
    amount_currency "Currency" "币种" enumeration Public Optional;
    amount_tax "Tax statement" "含税标志" tax_flag Public Optional;
    bank_name "Bank" "开户银行" text Internal Optional;
    bank_account "Bank account" "银行账号" bank_account Sensitive Optional;
    bank_code "Bank branch code" "开户行联行号" bank_code Internal Optional;
    industry "Industry" "所属行业" text Public Optional;
    credit_rating "Credit rating" "信用等级" enumeration Internal Optional;
    level "Customer level" "客户级别" enumeration Internal Optional;
    status "Status" "客户状态" enumeration Internal Optional;
    owner "Account owner" "客户归属人" text Internal Optional;
    declared_parent "Declared parent" "上级单位" party_name Internal Optional;
    consent_basis "Consent basis" "授权依据" enumeration Internal Optional;
    created_date "Created" "创建日期" date Public Optional;
    updated_date "Updated" "更新日期" date Public Optional;
    last_trade_date "Last trade" "最近交易日期" date Internal Optional;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_components_exist() {
        let names: BTreeSet<_> = customer_schema().iter().map(|field| &*field.name).collect();
        assert_eq!(names.len(), customer_schema().len());
        for derived in DERIVED_FIELDS {
            assert!(
                derived.components.iter().all(|c| names.contains(c)),
                "{}",
                derived.name
            );
        }
        let grouped: Vec<_> = FIELD_GROUPS.iter().flat_map(|group| group.fields).collect();
        assert!(grouped.iter().all(|field| names.contains(**field)));
        let distinct: BTreeSet<_> = grouped.iter().collect();
        assert_eq!(distinct.len(), grouped.len(), "a field is of one group");
    }
}
