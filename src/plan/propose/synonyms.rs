//! What the fields of a customer are called in exports.
//!
//! In: a normalised header (`header`). Out: the fields it may mean. Compiled for guiyi from the column titles of Chinese
//! ERP and CRM products, registers, web shops and public data sets, dated 2026-11; earlier words of a field are the better
//! ones. Words that two fields share are listed under both: then the contents decide.

use crate::field::FieldSpec;
use crate::field::customer_schema;
use crate::plan::propose::header::normal;

/// Header words of one field.
pub(super) struct Synonyms {
    /// Field of the schema.
    pub(super) field: &'static str,
    /// Whole headers in normal form, best first, separated by blanks.
    pub(super) whole: &'static str,
    /// Han words that make a header mean the field when it ends with them, best first.
    pub(super) ending: &'static str,
}

const fn words(field: &'static str, whole: &'static str, ending: &'static str) -> Synonyms {
    Synonyms { field, whole, ending }
}

/// Fields with their headers, in the order of the schema.
pub(super) const SYNONYMS: &[Synonyms] = &[
    words(
        "customer_name",
        "客户名称 客户全称 客户名 客户姓名 单位名称 单位全称 公司名称 公司全称 企业名称 企业全称 机构名称 往来单位名称 往来单位 往来单位全称 \
         购货单位 购买方名称 买方名称 开票名称 发票抬头 抬头 会员姓名 会员名称 商户名称 门店名称 供应商名称 名称 全称 姓名 客户 公司 单位 企业 \
         customername customerfullname customer clientname client accountname account partyname partnername businesspartnername \
         fullname name companyname company organisationname organizationname organisation organization businessname \
         legalname buyername buyer cname custname nameorg1 name1",
        "客户名称 公司名称 单位名称 企业名称 全称",
    ),
    words(
        "former_names",
        "曾用名 曾用名称 原名 原名称 更名前名称 旧名称 formername formernames previousname oldname",
        "曾用名",
    ),
    words(
        "short_name",
        "客户简称 简称 单位简称 公司简称 企业简称 助记名 shortname abbreviation abbreviatedname",
        "简称",
    ),
    words(
        "given_name",
        "名 名字 givenname givennames firstname forename fname firstnames namefirst",
        "",
    ),
    words(
        "middle_name",
        "中间名 middlename middlenames middleinitial mname",
        "",
    ),
    words(
        "family_name",
        "姓 姓氏 familyname surname lastname lname sname namelast",
        "",
    ),
    words(
        "party_type",
        "客户类型 客户性质 单位性质 企业性质 主体类型 客户属性 类型 partytype customertype entitytype type",
        "",
    ),
    words(
        "uscc",
        "统一社会信用代码 社会信用代码 统一信用代码 信用代码 统一代码 社会统一信用代码 营业执照号 营业执照号码 营业执照 税号 纳税人识别号 \
         纳税识别号 纳税人登记号 纳税登记号 税务登记号 uscc usci creditcode unifiedsocialcreditcode unifiedcreditcode socialcreditcode \
         taxno taxnumber taxid",
        "信用代码",
    ),
    words(
        "organisation_code",
        "组织机构代码 组织机构代码证号 机构代码 organisationcode organizationcode orgcode",
        "机构代码",
    ),
    words(
        "registration_number",
        "工商注册号 注册号 营业执照注册号 营业执照号 营业执照号码 registrationnumber registrationno regno companynumber \
         companyregistrationnumber",
        "注册号",
    ),
    words(
        "tax_number",
        "纳税人识别号 税号 纳税识别号 纳税人登记号 纳税登记号 税务登记号 税务登记证号 taxnumber taxno taxid taxcode vatnumber vatno vatid \
         vat ein abn stceg taxnum taxregistrationnumber",
        "税号 识别号",
    ),
    words(
        "id_card",
        "身份证号 身份证号码 身份证 公民身份号码 证件号码 证件号 idcard idcardno idcardnumber idnumber identitycard nationalid",
        "身份证号 身份证号码",
    ),
    words(
        "other_identifier",
        "其他证件号 护照号 护照号码 证件号码 证件号 socsecid ssn socialsecuritynumber socialsecurity socialsecurityid passport passportno \
         passportnumber nino dunsnumber duns",
        "",
    ),
    words(
        "birth_date",
        "出生日期 生日 出生年月 出生年月日 birthdate dateofbirth dob birthday born bornon birthdt",
        "出生日期 生日",
    ),
    words("gender", "性别 gender sex", ""),
    words("birth_place", "出生地 籍贯 birthplace placeofbirth", ""),
    words("occupation", "职业 occupation profession", ""),
    words(
        "contact_name",
        "主要联系人姓名 主要联系人 联系人姓名 联系人 首要联系人 默认联系人 对接人 对接人姓名 联络人 联络人姓名 经办人 经办人姓名 接口人 \
         业务联系人 客户联系人 采购联系人 收货联系人 收件人 收货人 采购负责人 contactname primarycontact maincontact contact contactperson \
         contactfullname contactperson1 attention attn",
        "联系人 对接人 联络人 经办人 联系人姓名",
    ),
    words(
        "legal_representative",
        "法定代表人 法人代表 法人 法人姓名 法定代表人姓名 企业法人 法人代表姓名 legalrepresentative legalperson legalrep",
        "法定代表人 法人代表",
    ),
    words(
        "phones",
        "联系电话 手机 手机号 手机号码 移动电话 行动电话 电话 电话号码 固定电话 座机 固话 办公电话 公司电话 单位电话 联系方式 联系手机 \
         联系人电话 联系人手机 联系人手机号 对接人电话 客户电话 客户手机 办公室电话 家庭电话 其他电话 电话1 电话2 手机1 手机2 会员手机 \
         收货电话 phone phones mobile mobilephone mobileno mobilenumber mobilephonenumber cellphone cell telephone telephoneno \
         telephonenumber telephones tel tel1 tel2 telno phoneno phonenumber phonenumbers phone1 phone2 landline officephone \
         workphone homephone otherphone businessphone contactphone contactmobile telnumber telf1 telf2 contactno contact",
        "电话 手机 手机号 手机号码 电话号码 座机 联系方式",
    ),
    words(
        "emails",
        "电子邮箱 电子邮件 邮箱 邮箱地址 电邮 邮件 邮件地址 联系邮箱 联系人邮箱 email emails emailaddress mail mailaddress contactemail \
         workemail smtpaddr emailaddr email1 email2",
        "邮箱 电子邮件 电邮",
    ),
    words("wechat", "微信 微信号 wechat wechatid weixin", "微信号 微信"),
    words(
        "phone_status",
        "号码状态 空号检测 号码检测结果 运营商状态 phonestatus carrierstatus",
        "号码状态",
    ),
    words("qq", "qq qq号 qq号码 联系qq", ""),
    words(
        "website",
        "网站 网址 公司网址 公司网站 公司主页 官网 主页 website web url homepage webaddress site",
        "网址 网站 官网",
    ),
    words(
        "address",
        "地址 详细地址 公司地址 单位地址 企业地址 客户地址 联系地址 通讯地址 通信地址 办公地址 经营地址 注册地址 住所 收货地址 送货地址 \
         邮寄地址 开票地址 家庭地址 住址 address fulladdress addressfull customeraddress postaladdress mailingaddress streetaddress \
         billingaddress businessaddress officeaddress registeredaddress shippingaddress deliveryaddress homeaddress addr",
        "地址 住所",
    ),
    words(
        "country",
        "国家 国家地区 国别 country countryregion countryname billingcountry mailingcountry landl",
        "",
    ),
    words(
        "province",
        "省份 省 所在省 所在省份 省市 省直辖市 province state stateprovince region billingstate mailingstate billingprovince",
        "省份",
    ),
    words(
        "city",
        "城市 市 所在城市 地市 所在地区 所在地 地区 city town billingcity mailingcity cityname ort01 city1",
        "城市",
    ),
    words(
        "county",
        "区县 区 县 县区 区县名称 所在区县 县市区 county district",
        "区县",
    ),
    words(
        "street",
        "街道 街道地址 street street1 streetname addressline1 address1 addr1 billingstreet mailingstreet stras roadname",
        "街道",
    ),
    words(
        "street_number",
        "门牌号 门牌 streetnumber streetno housenumber houseno housenum1 numberstreet",
        "门牌号",
    ),
    words(
        "address_line2",
        "地址第二行 地址2 addressline2 address2 addr2 street2",
        "",
    ),
    words(
        "locality",
        "郊区 村镇 suburb locality neighbourhood neighborhood township",
        "",
    ),
    words(
        "postcode",
        "邮政编码 邮编 邮政编号 postcode postalcode zip zipcode zippostalcode billingpostalcode billingzip billingcode \
         mailingpostalcode mailingzip postcode1 pstlz postcodefake",
        "邮编 邮政编码",
    ),
    words(
        "amount",
        "合作金额 年合作金额 年合作额 合作额 交易金额 成交金额 交易额 成交额 累计金额 累计交易金额 合同金额 合同额 销售额 年销售额 \
         年交易额 销售金额 订单金额 采购金额 采购额 应收金额 应收余额 应收账款 金额 总金额 amount totalamount annualamount turnover sales \
         revenue annualrevenue annualturnover annualsales contractamount orderamount balance salesamount",
        "金额 合作额 交易额 成交额 销售额 合同额 采购额",
    ),
    words(
        "amount_currency",
        "币种 币别 结算币别 结算币种 货币 currency currencycode currencyisocode waers",
        "币种 币别",
    ),
    words(
        "amount_tax",
        "含税标志 是否含税 含税 taxincluded istaxincluded taxflag",
        "",
    ),
    words(
        "bank_name",
        "开户银行 开户行 开户行名称 开户银行名称 银行名称 bankname",
        "开户银行 开户行",
    ),
    words(
        "bank_account",
        "银行账号 银行帐号 开户账号 银行账户 银行卡号 bankaccount iban",
        "银行账号 银行帐号 银行卡号",
    ),
    words(
        "bank_code",
        "开户行联行号 联行号 开户行行号 行号 bankcode cnaps swiftcode bic",
        "联行号",
    ),
    words(
        "industry",
        "所属行业 行业 行业类别 行业名称 一级行业 行业分类 industry sector branchofindustry",
        "行业",
    ),
    words(
        "credit_rating",
        "信用等级 信用评级 信用级别 资信等级 信用 creditrating creditgrade creditlevel rating",
        "信用等级 信用评级",
    ),
    words(
        "level",
        "客户级别 客户等级 级别 等级 客户分级 会员等级 重要程度 level customerlevel customergrade grade class tier customerclass",
        "级别 等级",
    ),
    words(
        "status",
        "客户状态 状态 合作状态 停用标志 禁用状态 停用状态 是否停用 生命状态 经营状态 status customerstatus accountstatus state1 isactive",
        "状态",
    ),
    words(
        "owner",
        "客户归属人 客户所有人 归属人 所属人 客户经理 业务员 专管业务员 销售员 销售代表 业务代表 客服经理 跟进人 销售负责人 业务负责人 \
         我方负责人 客户负责人 所有人 拥有者 owner ownername accountowner accountmanager salesperson salesrep salesrepresentative \
         accountownername relationshipmanager",
        "业务员 客户经理 销售员 归属人 所有人",
    ),
    words(
        "declared_parent",
        "上级单位 上级客户 母公司 上级公司 总公司 集团名称 所属集团 上级机构 父客户 parent parentname parentaccount parentcompany \
         parentaccountname declaredparent groupname",
        "母公司 上级单位 所属集团",
    ),
    words(
        "consent_basis",
        "授权依据 授权方式 同意方式 处理依据 consentbasis legalbasis consent gdprbasis",
        "",
    ),
    words(
        "created_date",
        "创建日期 创建时间 建档日期 建档时间 登记日期 登记时间 开户日期 开户时间 发展日期 录入日期 录入时间 注册时间 新增日期 提交时间 \
         createddate createdate createdat created createdtime createdon creationdate createtime dateadded opendate crdat erdat \
         registrationdate",
        "创建日期 创建时间 建档日期",
    ),
    words(
        "updated_date",
        "更新日期 更新时间 修改日期 修改时间 最后修改时间 最近修改时间 最后更新时间 最后修改日期 updateddate updatedate updatedat updated \
         modifieddate modifiedtime modifiedat lastmodifieddate lastmodified lastmodifiedat lastupdated updatetime modifiedon chdat aedat",
        "更新日期 更新时间 修改日期 修改时间",
    ),
    words(
        "last_trade_date",
        "最近交易日期 最后交易日期 最近交易时间 最后交易时间 末次交易 末次交易日期 最近成交日期 最后成交时间 最后成交日期 最近下单时间 \
         最近购买日期 最后销售日期 lasttrade lasttradedate lasttransactiondate lastorderdate lastpurchasedate",
        "交易日期 成交日期 交易时间",
    ),
];

/// Headers of record keys, best first.
const KEYS: &str = "客户编码 客户编号 客户代码 客户id 客户号 单位编号 单位编码 单位代码 往来单位编码 往来单位编号 往来单位代码 会员编号 会员号 会员id \
     会员卡号 供应商编码 档案编号 数据id 唯一标识 记录id 主键 编号 编码 代码 id uuid guid customerid customerno customernumber \
     customercode customerkey clientid clientno clientcode accountid accountno accountnumber accountcode partnerid partner \
     businesspartner bpnumber kunnr userid memberid memberno recordid recordno recid rid key no number code account 18位id";

/// Headers that name the subsidiary of each row without doubt.
const SUBSIDIARIES: &str = "子公司 所属子公司 所属公司 分公司 所属分公司 来源系统 数据来源 来源公司 所属组织 source sourcesystem datasource subsidiary \
     sourcename branchcompany companycode";

/// Headers that name the subsidiary of each row in some exports, and the customer or a marketing channel in others.
const PERHAPS_SUBSIDIARIES: &str = "来源 公司 单位 company";

/// Headers of the person in charge, who may be the contact, our own account manager or the legal representative.
const RESPONSIBLE: &str = "负责人 负责人姓名 公司负责人 单位负责人 企业负责人 主要负责人 personincharge responsible responsibleperson";

/// Headers that are never a field although they end like one.
const NEVER: &str = "firstandsurname 备注 说明 联系人职务 联系人部门 联系人类型 发票类型 账号 银行 部门 分管部门 所属部门 \
     remark remarks note notes comment comments description fax 传真 传真号 传真号码";

/// Fields that the header may mean: position of the word in the field's list, and whether the whole header is the word.
pub(super) fn fields_of(word: &str) -> Vec<(&'static str, usize, bool)> {
    if is_one_of(word, NEVER) || word.is_empty() {
        return Vec::new();
    }
    let whole: Vec<_> = SYNONYMS
        .iter()
        .filter_map(|row| whole_rank(row, word).map(|at| (row.field, at, true)))
        .collect();
    if !whole.is_empty() {
        return whole;
    }
    let ends_with = |row: &Synonyms| row.ending.split_whitespace().position(|end| word.ends_with(end));
    SYNONYMS
        .iter()
        .filter_map(|row| ends_with(row).map(|at| (row.field, at, false)))
        .collect()
}

/// Position of the header among the field's words; its own name and labels are the first.
fn whole_rank(row: &Synonyms, word: &str) -> Option<usize> {
    let is_own = |field: &FieldSpec| {
        field.name == row.field
            && [&field.name, &field.zh, &field.en]
                .iter()
                .any(|own| normal(own) == word)
    };
    if customer_schema().iter().any(is_own) {
        return Some(0);
    }
    row.whole.split_whitespace().position(|known| known == word)
}

/// Rank of a header among those of record keys, 0 is best.
pub(super) fn key_rank(normal: &str) -> Option<usize> {
    KEYS.split_whitespace().position(|word| word == normal)
}

/// Does the header name the subsidiary of each row: `Some(true)` without doubt, `Some(false)` perhaps?
pub(super) fn subsidiary(normal: &str) -> Option<bool> {
    if is_one_of(normal, SUBSIDIARIES) {
        Some(true)
    } else if is_one_of(normal, PERHAPS_SUBSIDIARIES) {
        Some(false)
    } else {
        None
    }
}

/// Is it the header of the person in charge?
pub(super) fn is_responsible(normal: &str) -> bool {
    is_one_of(normal, RESPONSIBLE)
}

/// Is it a header that is known and never carried?
pub(super) fn is_never(normal: &str) -> bool {
    is_one_of(normal, NEVER)
}

fn is_one_of(normal: &str, words: &str) -> bool {
    words.split_whitespace().any(|word| word == normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_in_normal_form_and_fields_in_the_schema() {
        for row in SYNONYMS {
            assert!(
                customer_schema().iter().any(|field| field.name == row.field),
                "{}",
                row.field
            );
            for word in row.whole.split_whitespace().chain(row.ending.split_whitespace()) {
                assert_eq!(normal(word), word, "{}", row.field);
            }
        }
    }

    #[test]
    fn every_field_finds_itself_by_name_and_label() {
        for field in customer_schema() {
            for header in [&*field.name, &*field.zh] {
                let found = fields_of(&normal(header));
                assert!(
                    found.iter().any(|(name, ..)| *name == field.name),
                    "{header}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn headers_end_like_their_field() {
        assert_eq!(fields_of("最新客户经理"), [("owner", 1, false)]);
        assert!(fields_of("备注").is_empty());
        assert!(fields_of("").is_empty());
        assert_eq!(key_rank("客户编码"), Some(0));
        assert_eq!(subsidiary("来源"), Some(false));
    }
}
