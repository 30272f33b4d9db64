//! Headers of the exports of well-known products.
//!
//! In: the normal forms of a file's headers. Out: the product that they belong to, if enough of them do, and what its
//! headers mean. A preset settles what a header alone leaves open: in 纷享销客 the 负责人 is our own account manager.
//! Compiled for guiyi from the products' standard customer objects as they are known from exports, dated 2026-11; customised objects
//! keep most of these headers, therefore a preset asks for a share of them only.

/// One product's export of customers.
pub(super) struct Preset {
    /// Name for people.
    pub(super) name: &'static str,
    /// Headers that hardly any other product has; at least two must be there.
    marks: &'static str,
    /// Header and field; an empty field means that the header is known and not carried.
    headers: &'static [(&'static str, &'static str)],
}

/// Headers that must be there: marks, and marks and headers together.
const MARKS_MIN: usize = 2;
const FOUND_MIN: usize = 5;

const PRESETS: &[Preset] = &[
    Preset {
        name: "用友 U8",
        marks: "所属分类码 所属分类 专管业务员 分管部门 发展日期 停用日期 扣率 付款条件 信用额度 国税号 开票单位 总公司编码 客户助记码",
        headers: &[
            ("客户名称", "customer_name"),
            ("客户简称", "short_name"),
            ("税号", "tax_number"),
            ("法人", "legal_representative"),
            ("联系人", "contact_name"),
            ("手机", "phones"),
            ("电话", "phones"),
            ("email地址", "emails"),
            ("地址", "address"),
            ("邮政编码", "postcode"),
            ("币种", "amount_currency"),
            ("所属行业", "industry"),
            ("信用等级", "credit_rating"),
            ("客户级别", "level"),
            ("专管业务员", "owner"),
            ("发展日期", "created_date"),
            ("最后交易日期", "last_trade_date"),
            ("变更日期", "updated_date"),
            ("地区", ""),
        ],
    },
    Preset {
        name: "金蝶云星空",
        marks: "使用组织 创建组织 客户类别 结算币别 数据状态 禁用状态 纳税登记号 销售员 收款条件 价目表 对应组织 客户分组",
        headers: &[
            ("客户名称", "customer_name"),
            ("名称", "customer_name"),
            ("简称", "short_name"),
            ("统一社会信用代码", "uscc"),
            ("纳税登记号", "tax_number"),
            ("法人代表", "legal_representative"),
            ("联系人", "contact_name"),
            ("联系电话", "phones"),
            ("移动电话", "phones"),
            ("电子邮箱", "emails"),
            ("公司网址", "website"),
            ("通讯地址", "address"),
            ("邮编", "postcode"),
            ("国家", "country"),
            ("省份", "province"),
            ("城市", "city"),
            ("结算币别", "amount_currency"),
            ("客户类别", "level"),
            ("禁用状态", "status"),
            ("销售员", "owner"),
            ("创建日期", "created_date"),
            ("修改日期", "updated_date"),
        ],
    },
    Preset {
        name: "简道云",
        marks: "提交人 提交时间 数据id 流程状态 当前节点 扩展字段 提交者",
        headers: &[
            ("客户名称", "customer_name"),
            ("客户简称", "short_name"),
            ("统一社会信用代码", "uscc"),
            ("联系人", "contact_name"),
            ("联系人姓名", "contact_name"),
            ("联系电话", "phones"),
            ("手机", "phones"),
            ("邮箱", "emails"),
            ("客户地址", "address"),
            ("详细地址", "address"),
            ("所属行业", "industry"),
            ("客户等级", "level"),
            ("客户状态", "status"),
            ("跟进人", "owner"),
            ("提交时间", "created_date"),
            ("更新时间", "updated_date"),
            ("提交人", ""),
        ],
    },
    Preset {
        name: "Salesforce",
        marks: "accountowner accountownername billingstreet billingcity billingstateprovince billingstate billingzippostalcode \
                billingpostalcode billingcountry accountsite ownerid lastmodifieddate accountsource numberofemployees isdeleted",
        headers: &[
            ("accountname", "customer_name"),
            ("name", "customer_name"),
            ("firstname", "given_name"),
            ("lastname", "family_name"),
            ("phone", "phones"),
            ("mobile", "phones"),
            ("mobilephone", "phones"),
            ("email", "emails"),
            ("website", "website"),
            ("billingstreet", "street"),
            ("billingcity", "city"),
            ("billingstate", "province"),
            ("billingstateprovince", "province"),
            ("billingpostalcode", "postcode"),
            ("billingzippostalcode", "postcode"),
            ("billingcountry", "country"),
            ("annualrevenue", "amount"),
            ("currencyisocode", "amount_currency"),
            ("industry", "industry"),
            ("rating", "level"),
            ("accountowner", "owner"),
            ("parentaccount", "declared_parent"),
            ("createddate", "created_date"),
            ("lastmodifieddate", "updated_date"),
            ("ownerid", ""),
            ("type", ""),
            ("accountsource", ""),
        ],
    },
    Preset {
        name: "Zoho CRM",
        marks: "recordid accountownerid modifiedby createdby modifiedtime createdtime lastactivitytime accountsite billingcode shippingcode \
                ticker siccode ownership",
        headers: &[
            ("accountname", "customer_name"),
            ("phone", "phones"),
            ("mobile", "phones"),
            ("email", "emails"),
            ("website", "website"),
            ("billingstreet", "street"),
            ("billingcity", "city"),
            ("billingstate", "province"),
            ("billingcode", "postcode"),
            ("billingcountry", "country"),
            ("annualrevenue", "amount"),
            ("currency", "amount_currency"),
            ("industry", "industry"),
            ("rating", "level"),
            ("accountowner", "owner"),
            ("parentaccount", "declared_parent"),
            ("createdtime", "created_date"),
            ("modifiedtime", "updated_date"),
            ("accounttype", ""),
            ("createdby", ""),
            ("modifiedby", ""),
        ],
    },
    Preset {
        name: "纷享销客",
        marks: "负责人主属部门 归属部门 生命状态 成交状态 最后跟进时间 锁定状态 所属公海 外部负责人 业务类型 最后跟进人 报备状态",
        headers: &[
            ("客户名称", "customer_name"),
            ("客户简称", "short_name"),
            ("统一社会信用代码", "uscc"),
            ("纳税人识别号", "tax_number"),
            ("法定代表人", "legal_representative"),
            ("电话", "phones"),
            ("邮件", "emails"),
            ("网址", "website"),
            ("国家", "country"),
            ("省", "province"),
            ("市", "city"),
            ("区", "county"),
            ("详细地址", "address"),
            ("1级行业", "industry"),
            ("一级行业", "industry"),
            ("客户级别", "level"),
            ("生命状态", ""),
            ("成交状态", "status"),
            ("负责人", "owner"),
            ("上级客户", "declared_parent"),
            ("创建时间", "created_date"),
            ("最后修改时间", "updated_date"),
            ("最后成交时间", "last_trade_date"),
            ("来源", ""),
        ],
    },
    Preset {
        name: "销售易",
        marks: "客户所有人 所属部门 最新活动记录时间 最近活动记录时间 公海状态 所属公海 锁定状态 认领日期 总人数 客户所有人部门 退回次数",
        headers: &[
            ("客户名称", "customer_name"),
            ("电话", "phones"),
            ("公司网址", "website"),
            ("省份", "province"),
            ("市", "city"),
            ("区", "county"),
            ("详细地址", "address"),
            ("邮政编码", "postcode"),
            ("销售额", "amount"),
            ("行业", "industry"),
            ("客户级别", "level"),
            ("客户所有人", "owner"),
            ("上级客户", "declared_parent"),
            ("创建日期", "created_date"),
            ("最新修改日", "updated_date"),
            ("最新修改日期", "updated_date"),
            ("状态", "status"),
        ],
    },
    Preset {
        name: "SAP Business Partner",
        marks: "bugroup partnerguid nameorg1 nameorg2 kunnr busort1 bpkind taxtype partner land1 ktokd housenum1 postcode1 busort2 butype",
        headers: &[
            ("nameorg1", "customer_name"),
            ("name1", "customer_name"),
            ("namefirst", "given_name"),
            ("namelast", "family_name"),
            ("telnumber", "phones"),
            ("mobnumber", "phones"),
            ("telf1", "phones"),
            ("telf2", "phones"),
            ("smtpaddr", "emails"),
            ("street", "street"),
            ("stras", "street"),
            ("housenum1", "street_number"),
            ("city1", "city"),
            ("ort01", "city"),
            ("city2", "county"),
            ("ort02", "county"),
            ("region", "province"),
            ("regio", "province"),
            ("postcode1", "postcode"),
            ("pstlz", "postcode"),
            ("country", "country"),
            ("land1", "country"),
            ("taxnum", "tax_number"),
            ("stceg", "tax_number"),
            ("stcd1", "tax_number"),
            ("stcd5", "uscc"),
            ("birthdt", "birth_date"),
            ("brsch", "industry"),
            ("crdat", "created_date"),
            ("erdat", "created_date"),
            ("chdat", "updated_date"),
        ],
    },
];

impl Preset {
    /// The field of a header: `None` = the preset does not know it, `Some("")` = known and not carried.
    pub(super) fn field(&self, normal: &str) -> Option<&'static str> {
        self.headers
            .iter()
            .find(|(header, _)| *header == normal)
            .map(|(_, field)| *field)
    }

    /// Marks and other headers found among `normals`.
    fn found(&self, normals: &[String]) -> (usize, usize) {
        let has = |word: &str| normals.iter().any(|normal| normal == word);
        let marks = self.marks.split_whitespace().filter(|mark| has(mark)).count();
        let others = self
            .headers
            .iter()
            .filter(|(header, _)| has(header) && !self.marks.contains(header))
            .count();
        (marks, others)
    }
}

/// The product with the most headers of the file, when there are enough of them.
pub(super) fn recognise(normals: &[String]) -> Option<&'static Preset> {
    let mut best: Option<(usize, &'static Preset)> = None;
    for preset in PRESETS {
        let (marks, others) = preset.found(normals);
        let is_enough = marks >= MARKS_MIN && marks + others >= FOUND_MIN;
        // Marks weigh more: several products share the plain words.
        let points = 3 * marks + others;
        if is_enough && best.is_none_or(|(most, _)| points > most) {
            best = Some((points, preset));
        }
    }
    best.map(|(_, preset)| preset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::customer_schema;
    use crate::plan::propose::header::normal;

    fn recognised(headers: &str) -> Option<&'static str> {
        let normals: Vec<String> = headers.split(',').map(normal).collect();
        recognise(&normals).map(|preset| preset.name)
    }

    #[test]
    fn products_are_told_by_their_headers() {
        let examples = [
            (
                "客户编码,客户名称,客户简称,所属分类码,税号,法人,专管业务员,分管部门,发展日期",
                "用友 U8",
            ),
            (
                "创建组织,使用组织,编码,名称,简称,纳税登记号,客户分组,禁用状态",
                "金蝶云星空",
            ),
            (
                "客户名称,联系人,联系电话,客户等级,提交人,提交时间,更新时间",
                "简道云",
            ),
            (
                "Account ID,Account Name,Billing Street,Billing City,Billing Country,Phone,Account Owner",
                "Salesforce",
            ),
            (
                "Id,Name,BillingStreet,BillingCity,BillingPostalCode,Phone,OwnerId,LastModifiedDate",
                "Salesforce",
            ),
            (
                "Record Id,Account Name,Account Owner,Billing Code,Created Time,Modified Time,Modified By",
                "Zoho CRM",
            ),
            (
                "客户名称,负责人,归属部门,生命状态,成交状态,电话,客户级别,创建时间",
                "纷享销客",
            ),
            (
                "客户名称,客户所有人,所属部门,客户级别,电话,省份,最新修改日,公海状态",
                "销售易",
            ),
            (
                "PARTNER,BU_GROUP,NAME_ORG1,NAME_ORG2,STREET,HOUSE_NUM1,POST_CODE1,CITY1,COUNTRY",
                "SAP Business Partner",
            ),
            (
                "KUNNR,LAND1,NAME1,ORT01,PSTLZ,STRAS,TELF1,KTOKD",
                "SAP Business Partner",
            ),
        ];
        for (headers, name) in examples {
            assert_eq!(recognised(headers), Some(name), "{headers}");
        }
    }

    #[test]
    fn plain_headers_belong_to_no_product() {
        assert_eq!(
            recognised("客户编码,客户名称,统一社会信用代码,对接人,手机,省份,城市,区县,详细地址"),
            None
        );
        assert_eq!(recognised("id,first_name,surname,dob,city,email"), None);
    }

    #[test]
    fn presets_are_in_normal_form_and_name_fields_of_the_schema() {
        for preset in PRESETS {
            for (header, field) in preset.headers {
                assert_eq!(normal(header), *header, "{}", preset.name);
                let is_known = field.is_empty() || customer_schema().iter().any(|known| known.name == *field);
                assert!(is_known, "{field}");
            }
            for mark in preset.marks.split_whitespace() {
                assert_eq!(normal(mark), mark, "{}", preset.name);
            }
        }
    }
}
