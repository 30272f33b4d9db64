//! The habits of subsidiaries: format, encoding, headers, and how each writes names, phones, dates and amounts.
//!
//! Out: [`habit`] for the n-th source of a locale; the lists are cycled when there are more sources than habits.
//! Headers and traps follow what exports of Chinese ERP and CRM products show: contact headers 对接人, 负责人, 联系人; units in
//! headers; title rows and totals; one column for all phones. How a row becomes bytes belongs to `writers`.

use super::Locale;
use super::dates::DateStyle;
use super::row::Field;

/// Encoding of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Gbk,
    Gb18030,
    Big5,
    Windows1252,
}

/// Format of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Text with a delimiter and an encoding; `is_crlf` sets the line ends.
    Delimited {
        encoding: Encoding,
        delimiter: char,
        is_crlf: bool,
        extension: &'static str,
    },
    /// Workbook with a merged title row above the header and a totals row at the end.
    Workbook {
        title: &'static str,
        total: &'static str,
    },
    /// Parquet.
    Parquet,
    /// JSON lines, empty fields left out.
    JsonLines,
}

/// How a source writes amounts of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AmountStyle {
    /// `1234567.00`
    Plain,
    /// `1,234,567.00`
    Commas,
    /// `123.46`, in ten thousands
    TenThousands,
    /// `1234.6`, in thousands
    Thousands,
    /// `123.46万元`, the unit in the cell
    WithUnit,
    /// `$1,234,567`
    Dollars,
}

/// How a source writes phone numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PhoneStyle {
    /// `13812345678`, `010-82345678`
    Plain,
    /// `138-1234-5678`, `010-8234-5678`
    Hyphens,
    /// `138 1234 5678`, `(010)82345678`
    Spaced,
    /// `+86 13812345678`, `+86 10 82345678`
    Country,
    /// Each record as its clerk typed it.
    Mixed,
}

/// How customer codes look: a prefix and a number of digits.
pub(super) type CodeStyle = (&'static str, usize);

/// Everything that makes one source unlike another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Habit {
    /// Folder name.
    pub(super) name: &'static str,
    pub(super) format: Format,
    pub(super) columns: &'static [(Field, &'static str)],
    pub(super) code: CodeStyle,
    pub(super) dates: DateStyle,
    pub(super) amount: AmountStyle,
    pub(super) phones: PhoneStyle,
    /// True when the address cell repeats province, city and county.
    pub(super) is_address_whole: bool,
    /// True when brackets are typed full width.
    pub(super) is_full_width: bool,
    /// True when everything is in traditional characters.
    pub(super) is_traditional: bool,
    /// True when persons' ID cards stand in the tax number column.
    pub(super) is_id_in_code: bool,
    /// Of 1,000 records, how many have their code; contacts and phones are a little better kept.
    pub(super) code_permille: u64,
    /// Scale of carelessness: 100 is ordinary.
    pub(super) noise_percent: u64,
}

impl Habit {
    /// True when the source exports this field.
    pub(super) fn has(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.0 == field)
    }

    /// Folder name of the n-th source: habits that are used again are numbered.
    pub(super) fn folder(&self, cycle: usize) -> String {
        if cycle == 0 {
            self.name.to_owned()
        } else {
            format!("{}{}", self.name, cycle + 1)
        }
    }
}

const ORDINARY: Habit = Habit {
    name: "",
    format: Format::JsonLines,
    columns: &[],
    code: ("", 6),
    dates: DateStyle::Iso,
    amount: AmountStyle::Plain,
    phones: PhoneStyle::Plain,
    is_address_whole: true,
    is_full_width: false,
    is_traditional: false,
    is_id_in_code: false,
    code_permille: 800,
    noise_percent: 100,
};

const fn delimited(encoding: Encoding, delimiter: char, is_crlf: bool, extension: &'static str) -> Format {
    Format::Delimited {
        encoding,
        delimiter,
        is_crlf,
        extension,
    }
}

const CHINESE: [Habit; 8] = [
    Habit {
        name: "huadong",
        format: delimited(Encoding::Gbk, ',', true, "csv"),
        columns: &[
            (Field::Code, "客户编码"),
            (Field::Name, "客户名称"),
            (Field::PartyType, "客户类型"),
            (Field::Uscc, "统一社会信用代码"),
            (Field::IdCard, "身份证号"),
            (Field::Contact, "对接人"),
            (Field::Mobile, "手机"),
            (Field::Landline, "固定电话"),
            (Field::Email, "电子邮箱"),
            (Field::Province, "省份"),
            (Field::City, "城市"),
            (Field::County, "区县"),
            (Field::Address, "详细地址"),
            (Field::Industry, "所属行业"),
            (Field::Rating, "信用等级"),
            (Field::Amount, "合作金额"),
            (Field::Status, "客户状态"),
            (Field::Owner, "业务员"),
            (Field::Created, "建档日期"),
            (Field::LastTrade, "最后交易日期"),
        ],
        code: ("HD", 6),
        dates: DateStyle::Slash,
        amount: AmountStyle::Commas,
        phones: PhoneStyle::Hyphens,
        is_address_whole: false,
        code_permille: 860,
        ..ORDINARY
    },
    Habit {
        name: "huabei",
        format: delimited(Encoding::Utf8Bom, ',', false, "csv"),
        columns: &[
            (Field::Code, "编号"),
            (Field::Name, "公司名称"),
            (Field::ShortName, "简称"),
            (Field::Uscc, "税号"),
            (Field::Contact, "负责人"),
            (Field::Phones, "联系电话"),
            (Field::Email, "邮箱"),
            (Field::Address, "公司地址"),
            (Field::Website, "网址"),
            (Field::Amount, "年合作额(元,含税)"),
            (Field::Level, "客户级别"),
            (Field::Status, "状态"),
            (Field::Created, "创建时间"),
            (Field::Updated, "更新时间"),
        ],
        code: ("", 7),
        dates: DateStyle::IsoTime,
        phones: PhoneStyle::Mixed,
        is_full_width: true,
        is_id_in_code: true,
        code_permille: 640,
        noise_percent: 130,
        ..ORDINARY
    },
    Habit {
        name: "huanan",
        format: Format::Workbook {
            title: "华南公司客户档案（2026年6月）",
            total: "合计",
        },
        columns: &[
            (Field::Code, "客户代码"),
            (Field::Name, "单位全称"),
            (Field::FormerName, "曾用名"),
            (Field::Uscc, "纳税人识别号"),
            (Field::LegalRepresentative, "法定代表人"),
            (Field::Contact, "联系人"),
            (Field::Phones, "联系方式"),
            (Field::Address, "通讯地址"),
            (Field::Postcode, "邮编"),
            (Field::Amount, "合作金额(万元)"),
            (Field::Rating, "信用评级"),
            (Field::Created, "登记日期"),
            (Field::Remark, "备注"),
        ],
        code: ("KH-", 5),
        dates: DateStyle::Serial,
        amount: AmountStyle::TenThousands,
        phones: PhoneStyle::Spaced,
        is_id_in_code: true,
        code_permille: 780,
        ..ORDINARY
    },
    Habit {
        name: "xinan",
        format: Format::Parquet,
        columns: &[
            (Field::Code, "customer_id"),
            (Field::Name, "customer_name"),
            (Field::PartyType, "party_type"),
            (Field::Uscc, "uscc"),
            (Field::IdCard, "id_card"),
            (Field::Contact, "contact_name"),
            (Field::Mobile, "mobile"),
            (Field::Landline, "telephone"),
            (Field::Email, "email"),
            (Field::Province, "province"),
            (Field::City, "city"),
            (Field::County, "district"),
            (Field::Address, "address"),
            (Field::Industry, "industry"),
            (Field::Amount, "amount"),
            (Field::Currency, "currency"),
            (Field::Level, "customer_level"),
            (Field::Parent, "parent_name"),
            (Field::Created, "created_at"),
            (Field::Updated, "updated_at"),
        ],
        code: ("C", 8),
        is_address_whole: false,
        code_permille: 910,
        noise_percent: 60,
        ..ORDINARY
    },
    Habit {
        name: "beifang",
        format: delimited(Encoding::Utf16Le, '\t', true, "txt"),
        columns: &[
            (Field::Code, "单位编号"),
            (Field::Name, "单位名称"),
            (Field::Uscc, "税号"),
            (Field::LegalRepresentative, "法人"),
            (Field::Contact, "联络人"),
            (Field::Phones, "电话"),
            (Field::Address, "地址"),
            (Field::Postcode, "邮政编码"),
            (Field::Amount, "年销售额"),
            (Field::Created, "开户日期"),
            (Field::LastTrade, "末次交易"),
            (Field::Remark, "备注"),
        ],
        code: ("", 6),
        dates: DateStyle::Compact,
        amount: AmountStyle::WithUnit,
        phones: PhoneStyle::Plain,
        is_full_width: true,
        is_id_in_code: true,
        code_permille: 700,
        noise_percent: 120,
        ..ORDINARY
    },
    Habit {
        name: "xibei",
        format: Format::JsonLines,
        columns: &[
            (Field::Code, "accountNumber"),
            (Field::Name, "name"),
            (Field::FormerName, "formerName"),
            (Field::PartyType, "type"),
            (Field::Uscc, "creditCode"),
            (Field::IdCard, "idNumber"),
            (Field::Contact, "contactName"),
            (Field::Mobile, "mobilePhone"),
            (Field::Landline, "phone"),
            (Field::Email, "email"),
            (Field::Website, "website"),
            (Field::Address, "billingAddress"),
            (Field::Amount, "annualAmount"),
            (Field::Currency, "currency"),
            (Field::Owner, "ownerName"),
            (Field::Created, "createdDate"),
            (Field::Updated, "lastModifiedDate"),
        ],
        code: ("XB", 7),
        dates: DateStyle::EpochMillis,
        phones: PhoneStyle::Country,
        code_permille: 750,
        ..ORDINARY
    },
    Habit {
        name: "dongbei",
        format: delimited(Encoding::Gb18030, ';', true, "csv"),
        columns: &[
            (Field::Code, "往来单位编码"),
            (Field::Name, "往来单位"),
            (Field::ShortName, "单位简称"),
            (Field::Uscc, "纳税人登记号"),
            (Field::Contact, "经办人"),
            (Field::Mobile, "移动电话"),
            (Field::Landline, "办公电话"),
            (Field::City, "所在地区"),
            (Field::Address, "收货地址"),
            (Field::Amount, "应收金额(千元)"),
            (Field::Owner, "专管业务员"),
            (Field::Created, "发展日期"),
            (Field::Status, "停用标志"),
        ],
        code: ("DB.", 5),
        dates: DateStyle::Han,
        amount: AmountStyle::Thousands,
        phones: PhoneStyle::Mixed,
        code_permille: 600,
        noise_percent: 140,
        ..ORDINARY
    },
    Habit {
        name: "gangao",
        format: delimited(Encoding::Big5, ',', true, "csv"),
        columns: &[
            (Field::Code, "客戶編號"),
            (Field::Name, "客戶名稱"),
            (Field::Uscc, "統一社會信用代碼"),
            (Field::Contact, "聯絡人"),
            (Field::Mobile, "行動電話"),
            (Field::Landline, "電話"),
            (Field::Email, "電郵"),
            (Field::Address, "地址"),
            (Field::Amount, "交易金額"),
            (Field::Created, "建檔日期"),
        ],
        code: ("HK", 5),
        dates: DateStyle::Dotted,
        amount: AmountStyle::Commas,
        phones: PhoneStyle::Country,
        is_traditional: true,
        is_id_in_code: true,
        code_permille: 550,
        ..ORDINARY
    },
];

const LATIN: [Habit; 7] = [
    Habit {
        name: "north",
        format: delimited(Encoding::Utf8, ',', false, "csv"),
        columns: &[
            (Field::Code, "customer_id"),
            (Field::GivenName, "given_name"),
            (Field::FamilyName, "family_name"),
            (Field::Organisation, "company"),
            (Field::Address, "street_address"),
            (Field::City, "city"),
            (Field::Province, "state"),
            (Field::Postcode, "postcode"),
            (Field::Email, "email"),
            (Field::Mobile, "phone"),
            (Field::Born, "date_of_birth"),
            (Field::Created, "created"),
        ],
        code: ("N", 6),
        is_address_whole: false,
        noise_percent: 90,
        ..ORDINARY
    },
    Habit {
        name: "south",
        format: delimited(Encoding::Windows1252, ';', true, "csv"),
        columns: &[
            (Field::Code, "Customer No"),
            (Field::Name, "Customer Name"),
            (Field::Uscc, "Tax No"),
            (Field::Contact, "Contact"),
            (Field::Mobile, "Telephone"),
            (Field::Email, "E-mail"),
            (Field::Address, "Street"),
            (Field::City, "City"),
            (Field::Province, "State"),
            (Field::Postcode, "ZIP"),
            (Field::Born, "Birthday"),
            (Field::Amount, "Turnover (thousands)"),
        ],
        code: ("", 7),
        dates: DateStyle::European,
        amount: AmountStyle::Thousands,
        phones: PhoneStyle::Spaced,
        is_address_whole: false,
        noise_percent: 120,
        ..ORDINARY
    },
    Habit {
        name: "east",
        format: Format::Workbook {
            title: "Customer list East, June 2026",
            total: "Total",
        },
        columns: &[
            (Field::Code, "Account"),
            (Field::FamilyName, "Last Name"),
            (Field::GivenName, "First Name"),
            (Field::Organisation, "Organization"),
            (Field::Mobile, "Phone"),
            (Field::Email, "Email Address"),
            (Field::Address, "Address"),
            (Field::Born, "DOB"),
            (Field::Amount, "Amount"),
            (Field::Remark, "Notes"),
        ],
        code: ("E-", 5),
        dates: DateStyle::Serial,
        phones: PhoneStyle::Mixed,
        noise_percent: 130,
        ..ORDINARY
    },
    Habit {
        name: "west",
        format: Format::Parquet,
        columns: &[
            (Field::Code, "id"),
            (Field::GivenName, "first_name"),
            (Field::FamilyName, "last_name"),
            (Field::Organisation, "organisation"),
            (Field::Uscc, "tax_id"),
            (Field::Mobile, "phone"),
            (Field::Email, "email"),
            (Field::Address, "street"),
            (Field::City, "city"),
            (Field::Province, "state"),
            (Field::Postcode, "zip"),
            (Field::Born, "dob"),
            (Field::Amount, "amount"),
            (Field::Currency, "currency"),
            (Field::Updated, "updated_at"),
        ],
        code: ("W", 8),
        is_address_whole: false,
        noise_percent: 60,
        ..ORDINARY
    },
    Habit {
        name: "central",
        format: delimited(Encoding::Utf16Le, '\t', true, "txt"),
        columns: &[
            (Field::Code, "No."),
            (Field::Name, "Full name"),
            (Field::Address, "Full address"),
            (Field::Phones, "Phone numbers"),
            (Field::Email, "Mail"),
            (Field::Born, "Born on"),
            (Field::Amount, "Sales"),
            (Field::Level, "Class"),
        ],
        code: ("", 6),
        dates: DateStyle::American,
        amount: AmountStyle::Dollars,
        phones: PhoneStyle::Hyphens,
        noise_percent: 140,
        ..ORDINARY
    },
    Habit {
        name: "online",
        format: Format::JsonLines,
        columns: &[
            (Field::Code, "userId"),
            (Field::GivenName, "givenName"),
            (Field::FamilyName, "surname"),
            (Field::Organisation, "organization"),
            (Field::Email, "email"),
            (Field::Mobile, "phoneNumber"),
            (Field::Address, "street"),
            (Field::City, "city"),
            (Field::Province, "state"),
            (Field::Postcode, "postalCode"),
            (Field::Created, "createdAt"),
        ],
        code: ("U", 7),
        dates: DateStyle::EpochMillis,
        phones: PhoneStyle::Country,
        is_address_whole: false,
        ..ORDINARY
    },
    Habit {
        name: "partners",
        format: delimited(Encoding::Utf8, '|', false, "txt"),
        columns: &[
            (Field::Code, "PARTNER_ID"),
            (Field::Name, "PARTNER_NAME"),
            (Field::Uscc, "EIN"),
            (Field::Contact, "CONTACT"),
            (Field::Landline, "OFFICE_PHONE"),
            (Field::Address, "ADDRESS"),
            (Field::Website, "WEB"),
            (Field::Parent, "PARENT_NAME"),
            (Field::Born, "BIRTH_DATE"),
        ],
        code: ("P", 5),
        ..ORDINARY
    },
];

/// The habit of source `position` and how often it was used before; `is_plain` turns every file into UTF-8 CSV.
pub(super) fn habit(locale: Locale, position: usize, is_plain: bool) -> (Habit, usize) {
    let (mut habit, cycle) = match locale {
        Locale::Zh => (CHINESE[position % CHINESE.len()], position / CHINESE.len()),
        Locale::En => (LATIN[position % LATIN.len()], position / LATIN.len()),
        Locale::Mixed if position.is_multiple_of(2) => (
            CHINESE[position / 2 % CHINESE.len()],
            position / 2 / CHINESE.len(),
        ),
        Locale::Mixed => (LATIN[position / 2 % LATIN.len()], position / 2 / LATIN.len()),
    };
    if is_plain {
        habit.format = delimited(Encoding::Utf8, ',', false, "csv");
        if matches!(habit.dates, DateStyle::Serial | DateStyle::EpochMillis) {
            habit.dates = DateStyle::Iso;
        }
    } else if locale == Locale::Mixed
        && let Format::Delimited {
            encoding: encoding @ Encoding::Windows1252,
            ..
        } = &mut habit.format
    {
        // A Latin code page would turn Chinese customers into question marks.
        *encoding = Encoding::Utf8;
    }
    (habit, cycle)
}

#[cfg(test)]
mod tests {
    use super::Field;
    use super::habit;
    use crate::synth::Locale;

    #[test]
    fn folders_of_many_sources_do_not_collide() {
        for locale in [Locale::Zh, Locale::En, Locale::Mixed] {
            let mut folders: Vec<String> = (0..40)
                .map(|position| {
                    let (habit, cycle) = habit(locale, position, false);
                    habit.folder(cycle)
                })
                .collect();
            folders.sort();
            folders.dedup();
            assert_eq!(folders.len(), 40, "{locale:?}");
        }
    }

    #[test]
    fn every_source_has_a_key_and_a_name() {
        for locale in [Locale::Zh, Locale::En] {
            for position in 0..8 {
                let (habit, _) = habit(locale, position, false);
                assert!(habit.has(Field::Code));
                assert!(habit.has(Field::Name) || habit.has(Field::FamilyName));
            }
        }
    }

    #[test]
    fn the_three_contact_headers_are_there() {
        let headers: Vec<&str> = (0..3)
            .filter_map(|position| {
                habit(Locale::Zh, position, false)
                    .0
                    .columns
                    .iter()
                    .find(|column| column.0 == Field::Contact)
            })
            .map(|column| column.1)
            .collect();
        assert_eq!(headers, ["对接人", "负责人", "联系人"]);
    }
}
