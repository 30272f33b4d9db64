//! What the cells of a column look like.
//!
//! In: samples of a column. Out: the share of samples of each [`Kind`]; one cell may be of several. Shapes are judged
//! here; identifiers, phones, e-mail addresses and dates are also judged by their field type. Persons are told by
//! surname (Han) or by words of letters (Latin), organisations by their legal form. What follows is decided by `assign`.

use crate::field::FieldType;
use crate::field::field_type;
use crate::ingest::ColumnProfile;
use crate::reference::latin_addresses::STREET_TYPES;
use crate::reference::legal_forms;
use crate::reference::surnames::leading_surname;
use crate::text::fold::fold_case;
use crate::text::script::has_han;
use crate::text::script::is_han;
use crate::text::simplify::simplify;

/// Samples that are judged; more do not change a share.
const JUDGED_MAX: usize = 400;

/// A kind of cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Unified social credit code.
    Uscc,
    /// Chinese ID card number.
    IdCard,
    /// Mobile or landline number in full.
    Phone,
    /// E-mail address.
    Email,
    /// Internet address.
    Website,
    /// Date written as such.
    Date,
    /// Anything a date field takes, spreadsheet serials and epoch times included.
    DateLike,
    /// Number, with or without currency and unit.
    Number,
    /// Name of an organisation.
    Organisation,
    /// Name of a person, by surname or words of letters.
    Person,
    /// Address with its parts.
    Address,
    /// Letters of any script.
    Letters,
    /// Short text without blanks that holds a digit or no letter of Han.
    Code,
    /// A word for company or person.
    PartyType,
}

/// Every kind, the telling ones first.
pub(super) const KINDS: [Kind; 14] = [
    Kind::Uscc,
    Kind::IdCard,
    Kind::Email,
    Kind::Phone,
    Kind::Website,
    Kind::Date,
    Kind::Organisation,
    Kind::PartyType,
    Kind::Address,
    Kind::Person,
    Kind::Number,
    Kind::Code,
    Kind::DateLike,
    Kind::Letters,
];

impl Kind {
    /// The kind in words, English and Chinese.
    pub(super) fn labels(self) -> [&'static str; 2] {
        match self {
            Self::Uscc => ["social credit codes", "统一社会信用代码"],
            Self::IdCard => ["ID card numbers", "身份证号"],
            Self::Phone => ["telephone numbers", "电话号码"],
            Self::Email => ["e-mail addresses", "电子邮箱"],
            Self::Website => ["web addresses", "网址"],
            Self::Date | Self::DateLike => ["dates", "日期"],
            Self::Number => ["numbers", "数字"],
            Self::Organisation => ["names of organisations", "单位名称"],
            Self::Person => ["names of persons or words", "人名或词语"],
            Self::Address => ["addresses", "地址"],
            Self::Letters => ["text", "文本"],
            Self::Code => ["codes", "编码"],
            Self::PartyType => ["kinds of customers", "客户类型"],
        }
    }
}

impl Kind {
    /// Name of the field type that reads cells of this kind.
    pub(super) fn field_type(self) -> &'static str {
        match self {
            Self::Uscc => "uscc",
            Self::IdCard => "id_card",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Website => "website",
            Self::Date | Self::DateLike => "date",
            Self::Number => "amount",
            Self::Organisation => "party_name",
            Self::Person => "person_name",
            Self::Address => "address",
            Self::Letters => "text",
            Self::Code => "code",
            Self::PartyType => "enumeration",
        }
    }
}

/// Shares of the kinds in one column.
#[derive(Debug, Clone)]
pub(super) struct Content {
    /// Samples judged.
    pub(super) judged: usize,
    shares: [f64; KINDS.len()],
}

impl Content {
    /// Judges the samples of a column.
    pub(super) fn of(column: &ColumnProfile) -> Self {
        let step = column.samples.len().div_ceil(JUDGED_MAX).max(1);
        let judged: Vec<&String> = column.samples.iter().step_by(step).collect();
        let mut counts = [0_usize; KINDS.len()];
        for raw in &judged {
            let cell = Cell::new(raw);
            for (count, kind) in counts.iter_mut().zip(KINDS) {
                *count += usize::from(cell.is(kind));
            }
        }
        let shares = counts.map(|count| {
            if judged.is_empty() {
                0.0
            } else {
                count as f64 / judged.len() as f64
            }
        });
        Self {
            judged: judged.len(),
            shares,
        }
    }

    /// Share of the samples that are of this kind, 0 to 1.
    pub(super) fn share(&self, kind: Kind) -> f64 {
        KINDS
            .iter()
            .position(|&known| known == kind)
            .map_or(0.0, |at| self.shares[at])
    }

    /// The most telling kind of the column, with its share.
    pub(super) fn main(&self) -> Option<(Kind, f64)> {
        let shared = KINDS.iter().map(|&kind| (kind, self.share(kind)));
        shared
            .clone()
            .find(|(_, share)| *share >= 0.6)
            .or_else(|| shared.rev().find(|(_, share)| *share > 0.0))
    }
}

/// One cell, folded once.
struct Cell<'r> {
    raw: &'r str,
    /// Folded, lower case, simplified.
    text: String,
    has_han: bool,
}

impl<'r> Cell<'r> {
    fn new(raw: &'r str) -> Self {
        let text = simplify(&fold_case(raw)).into_owned();
        let has_han = has_han(&text);
        Self { raw, text, has_han }
    }

    fn is(&self, kind: Kind) -> bool {
        match kind {
            Kind::Uscc => is_uscc_shape(&self.text) && self.suits("uscc"),
            Kind::IdCard => is_id_card_shape(&self.text) && self.suits("id_card"),
            Kind::Phone => is_phone_shape(&self.text) && self.suits("phone"),
            Kind::Email => is_email_shape(&self.text),
            Kind::Website => is_website_shape(&self.text),
            Kind::Date => is_date_shape(&self.text),
            Kind::DateLike => is_date_shape(&self.text) || is_time_number(&self.text),
            Kind::Number => is_number_shape(&self.text),
            Kind::Organisation => self.is_organisation(),
            Kind::Person => self.is_person(),
            Kind::Address => self.is_address(),
            Kind::Letters => self.text.chars().any(char::is_alphabetic),
            Kind::Code => is_code_shape(&self.text) && !self.has_han,
            Kind::PartyType => PARTY_TYPES.contains(&self.text.as_str()),
        }
    }

    /// Does the field type take the cell? Types that are not there judge nothing.
    fn suits(&self, name: &str) -> bool {
        let takes = |field_type: &dyn FieldType| field_type.standardise(self.raw).status.is_usable();
        field_type(name).is_none_or(takes)
    }

    fn is_organisation(&self) -> bool {
        if self.has_han {
            let name = self.text.trim_end_matches([')', ']', '】']);
            let has_form = legal_forms::HAN
                .iter()
                .any(|(form, _)| form.chars().count() > 1 && name.contains(form));
            return has_form
                || (name.chars().count() > 3 && ORGANISATION_ENDS.iter().any(|end| name.ends_with(end)));
        }
        let mut words = self
            .text
            .split([' ', ',', '.', '/'])
            .filter(|word| !word.is_empty());
        words.clone().count() > 1
            && words.any(|word| {
                let is_form = legal_forms::LATIN.iter().any(|(form, _)| *form == word);
                is_form || (word != "and" && legal_forms::LATIN_ORGANISATION_WORDS.contains(word))
            })
    }

    fn is_person(&self) -> bool {
        if self.is_organisation() {
            return false;
        }
        if self.has_han {
            let name: String = self
                .text
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '·')
                .collect();
            let length = name.chars().count();
            return (2..=4).contains(&length) && name.chars().all(is_han) && leading_surname(&name).is_some();
        }
        let words: Vec<&str> = self.text.split_whitespace().collect();
        let is_word = |word: &&str| {
            word.chars().any(char::is_alphabetic)
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '.' | ',' | '-' | '\'' | '’'))
        };
        (1..=5).contains(&words.len()) && words.iter().all(is_word)
    }

    fn is_address(&self) -> bool {
        if self.has_han {
            let parts = self
                .text
                .chars()
                .filter(|c| "省市区县旗镇乡村路街道巷弄号栋幢座楼层室".contains(*c))
                .count();
            return parts >= 2 && self.text.chars().count() >= 6 && !self.is_organisation();
        }
        let mut words = self.text.split([' ', ',', '.']).filter(|word| !word.is_empty());
        self.text.chars().any(|c| c.is_ascii_digit())
            && words.clone().count() >= 3
            && words.any(|word| {
                STREET_TYPES
                    .iter()
                    .any(|(short, full)| word == *short || word == *full)
            })
    }
}

const ORGANISATION_ENDS: [&str; 18] = [
    "公司",
    "厂",
    "商行",
    "经营部",
    "事务所",
    "中心",
    "医院",
    "学校",
    "大学",
    "学院",
    "银行",
    "商店",
    "超市",
    "酒店",
    "合作社",
    "工作室",
    "研究院",
    "委员会",
];

const PARTY_TYPES: [&str; 30] = [
    "企业",
    "公司",
    "单位",
    "法人",
    "机构",
    "组织",
    "个人",
    "个体",
    "个体户",
    "个体工商户",
    "自然人",
    "事业单位",
    "政府",
    "政府机关",
    "社会团体",
    "company",
    "corporate",
    "organisation",
    "organization",
    "business",
    "person",
    "individual",
    "private",
    "enterprise",
    "firm",
    "c",
    "p",
    "o",
    "sole_trader",
    "sole trader",
];

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

fn is_uscc_shape(text: &str) -> bool {
    text.len() == 18
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && digits(text) >= 8
        && matches!(text.as_bytes()[0], b'1'..=b'9' | b'a' | b'n' | b'y')
        && !is_id_card_shape(text)
}

fn is_id_card_shape(text: &str) -> bool {
    text.is_ascii()
        && text.len() == 18
        && digits(&text[..17]) == 17
        && matches!(text.as_bytes()[17], b'0'..=b'9' | b'x')
        && matches!(&text[6..8], "19" | "20")
        && ("01"..="12").contains(&&text[10..12])
        && ("01"..="31").contains(&&text[12..14])
}

fn is_phone_shape(text: &str) -> bool {
    let count = digits(text);
    let has_other = text
        .chars()
        .any(|c| c.is_alphabetic() && !"extx转分机或".contains(c));
    if !(7..=60).contains(&count) || has_other || text.contains(['@', '%', '￥', '$']) || is_date_shape(text)
    {
        return false;
    }
    let plain: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_bare = plain.len() == text.len();
    if is_bare {
        let is_mobile =
            plain.len() == 11 && plain.starts_with('1') && !matches!(plain.as_bytes()[1], b'0'..=b'2');
        let is_landline = (10..=12).contains(&plain.len()) && plain.starts_with('0');
        let is_service = plain.len() == 10 && (plain.starts_with("400") || plain.starts_with("800"));
        let is_american =
            plain.len() == 10 && matches!(plain.as_bytes()[0], b'2'..=b'9') && plain.as_bytes()[3] > b'1';
        return is_mobile || is_landline || is_service || is_american;
    }
    let is_decimal = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) && count < 16;
    !is_decimal && count >= 7
}

fn is_email_shape(text: &str) -> bool {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    text.split_once('@').is_some_and(|(user, domain)| {
        !user.is_empty() && domain.contains('.') && !domain.starts_with('.') && !text.contains("://")
    })
}

fn is_website_shape(text: &str) -> bool {
    const ENDS: [&str; 8] = [".com", ".cn", ".net", ".org", ".com/", ".cn/", ".co.uk", ".hk"];
    text.starts_with("http://")
        || text.starts_with("https://")
        || text.starts_with("www.")
        || (!text.contains(['@', ' ']) && ENDS.iter().any(|end| text.ends_with(end)))
}

fn is_date_shape(text: &str) -> bool {
    let day = text.split(['t', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = day
        .split(['-', '/', '.', '年', '月', '日'])
        .filter(|part| !part.is_empty())
        .collect();
    let is_year = |part: &str| {
        part.is_ascii() && part.len() == 4 && matches!(&part[..2], "17" | "18" | "19" | "20" | "21" | "99")
    };
    let is_short = |part: &&str| (1..=2).contains(&part.len()) && digits(part) == part.len();
    let number = |part: &str| part.parse::<u32>().unwrap_or(99);
    if !parts.iter().all(|part| digits(part) == part.len()) {
        return false;
    }
    match parts.as_slice() {
        [whole] => {
            whole.len() == 8
                && is_year(&whole[..4])
                && number(&whole[4..6]) <= 12
                && number(&whole[6..]) <= 31
        }
        [year, rest @ ..] if is_year(year) => rest.len() <= 2 && rest.iter().all(is_short),
        [first, second, year] => is_short(first) && is_short(second) && (is_year(year) || is_short(year)),
        _ => false,
    }
}

/// A spreadsheet's day number, or seconds or milliseconds since 1970.
fn is_time_number(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    if whole.len() != digits(whole) {
        return false;
    }
    match whole.len() {
        4 | 5 => whole
            .parse::<u32>()
            .is_ok_and(|serial| (1..=80_000).contains(&serial)),
        9..=13 => true,
        _ => false,
    }
}

fn is_number_shape(text: &str) -> bool {
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | ' ' | '￥' | '¥' | '$' | '€' | '£' | '+' | '-'))
        .collect();
    let bare = ["rmb", "cny", "usd", "eur", "hkd"]
        .iter()
        .fold(bare, |bare, code| bare.replace(code, ""));
    let bare = bare.trim_end_matches(['元', '整', '万', '亿', '千', '百', '%', 'k', 'm']);
    digits(bare) > 0 && bare.chars().filter(|c| *c != '.').all(|c| c.is_ascii_digit())
}

fn is_code_shape(text: &str) -> bool {
    text.len() <= 40
        && !text.contains([' ', '@'])
        && text.chars().any(|c| c.is_ascii_alphanumeric())
        && digits(text) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(raw: &str) -> Vec<Kind> {
        let cell = Cell::new(raw);
        KINDS.into_iter().filter(|&kind| cell.is(kind)).collect()
    }

    #[test]
    fn cells_are_of_the_kinds_they_look_like() {
        let examples = [
            ("914403001922038216", Kind::Uscc),
            ("11010519491231002X", Kind::IdCard),
            ("13912345687", Kind::Phone),
            ("010-82345678", Kind::Phone),
            ("+44 20 7946 0958", Kind::Phone),
            ("k.t50@hernandez.com", Kind::Email),
            ("www.example.cn", Kind::Website),
            ("2024年1月2日", Kind::Date),
            ("19461118", Kind::Date),
            ("1946-11-18 10:00:00", Kind::Date),
            ("45293", Kind::DateLike),
            ("1,234.56万元", Kind::Number),
            ("北京华夏科技有限公司", Kind::Organisation),
            ("Acme Trading Ltd", Kind::Organisation),
            ("欧阳娜娜", Kind::Person),
            ("Mary O'Neil", Kind::Person),
            ("北京市海淀区中关村大街1号", Kind::Address),
            ("12 Main Street", Kind::Address),
            ("KH-00012", Kind::Code),
            ("个体工商户", Kind::PartyType),
        ];
        for (raw, kind) in examples {
            assert!(kinds(raw).contains(&kind), "{raw} {kind:?} {:?}", kinds(raw));
        }
    }

    #[test]
    fn cells_are_not_what_they_are_not() {
        let examples = [
            ("2024-01-02", Kind::Phone),
            ("1234567.89", Kind::Phone),
            ("11010519491231002X", Kind::Uscc),
            ("华夏公司", Kind::Person),
            ("Acme Ltd", Kind::Person),
            ("13912345687", Kind::Date),
            ("", Kind::Letters),
        ];
        for (raw, kind) in examples {
            assert!(!kinds(raw).contains(&kind), "{raw} {kind:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_judged(raw in "\\PC{0,24}|[0-9年月日./年XxＡ技-]{0,20}") {
            kinds(&raw);
        }
    }
}
