//! Stop-gaps that people type instead of a value.
//!
//! Compiled for guiyi from what stewards meet, dated 2026-11. Words are in lower case and folded. Field types ask their
//! own lists; a value without any letter or digit is a stop-gap in every field.

use super::ReferenceData;
use crate::text::hash::hash_text;
use hashbrown::HashTable;
use std::sync::LazyLock;

/// Stop-gaps in any field.
pub const WORDS: &[&str] = &[
    "无",
    "没有",
    "不详",
    "未知",
    "不知道",
    "不清楚",
    "待定",
    "待补",
    "待补充",
    "待完善",
    "待确认",
    "待更新",
    "暂无",
    "暂缺",
    "暂未提供",
    "未提供",
    "未填",
    "未填写",
    "未录入",
    "未登记",
    "空",
    "缺",
    "缺失",
    "略",
    "同上",
    "如上",
    "测试",
    "测试数据",
    "默认",
    "保密",
    "拒绝提供",
    "null",
    "none",
    "nan",
    "nil",
    "n/a",
    "na",
    "n.a.",
    "n.a",
    "#n/a",
    "#ref!",
    "#value!",
    "#name?",
    "#null!",
    "#div/0!",
    "#num!",
    "(null)",
    "(blank)",
    "blank",
    "empty",
    "unknown",
    "not known",
    "not available",
    "not applicable",
    "not provided",
    "not specified",
    "undefined",
    "missing",
    "tbd",
    "tba",
    "tbc",
    "test",
    "testing",
    "demo",
    "dummy",
    "sample",
    "to be completed",
    "see above",
    "same as above",
    "xx",
    "xxx",
    "xxxx",
    "asdf",
    "qwerty",
    "aaa",
    "aaaa",
    "abc123",
    "无无",
    "无名",
    "暂无数据",
    "暂无信息",
    "<na>",
    "nat",
    "0.0",
];

/// Stop-gaps in a name.
pub const NAMES: &[&str] = &[
    "xx公司",
    "xxx公司",
    "某某",
    "某公司",
    "某某公司",
    "某客户",
    "某先生",
    "某女士",
    "张三",
    "李四",
    "王五",
    "先生",
    "女士",
    "小姐",
    "客户",
    "测试客户",
    "测试公司",
    "测试用户",
    "新客户",
    "公司",
    "有限公司",
    "企业",
    "单位",
    "联系人",
    "用户",
    "匿名",
    "匿名用户",
    "john doe",
    "jane doe",
    "test test",
    "test user",
    "test customer",
    "customer",
    "company",
    "noname",
    "no name",
    "anonymous",
    "first last",
    "mr",
    "mrs",
    "sir",
    "madam",
];

/// Accounts that gather many customers: kept, never matched.
pub const CATCH_ALL: &[&str] = &[
    "散户",
    "散客",
    "零散客户",
    "零售客户",
    "现金客户",
    "零售",
    "门店零售",
    "其他",
    "其它",
    "其他客户",
    "其它客户",
    "个人",
    "个人客户",
    "临时客户",
    "一次性客户",
    "普通客户",
    "网络客户",
    "线上客户",
    "散单",
    "现金",
    "默认客户",
    "默认",
    "一般客户",
    "公共客户",
    "公用客户",
    "虚拟客户",
    "匿名客户",
    "散客户",
    "零散",
    "零售散客",
    "门市零售",
    "门市客户",
    "前台客户",
    "default customer",
    "general customer",
    "counter sale",
    "counter sales",
    "counter customer",
    "one-off customer",
    "one off customer",
    "dummy customer",
    "guest",
    "guest customer",
    "house account",
    "unknown customer",
    "walk in customer",
    "walk-ins",
    "cash customer",
    "cash sale",
    "cash sales",
    "walk-in",
    "walk in",
    "walk-in customer",
    "retail customer",
    "one-time customer",
    "one time customer",
    "miscellaneous",
    "other",
    "others",
    "sundry",
    "sundry customers",
];

/// Stop-gaps in an address.
pub const ADDRESSES: &[&str] = &[
    "本市",
    "本地",
    "中国",
    "本省",
    "中华人民共和国",
    "china",
    "地址",
    "address",
    "外地",
    "国内",
];

/// Stop-gaps in an e-mail address.
pub const EMAILS: &[&str] = &[
    "无@无.com",
    "test@test.com",
    "123@qq.com",
    "a@a.com",
    "aa@aa.com",
    "1@1.com",
    "xxx@xxx.com",
    "abc@abc.com",
    "no@no.com",
    "none@none.com",
    "noemail@noemail.com",
    "na@na.com",
    "123456@qq.com",
    "123@123.com",
    "test@qq.com",
    "admin@example.com",
    "test@example.com",
    "no@email.com",
    "12345@qq.com",
    "email@email.com",
];

/// Codes that pass a check digit and still mean nothing.
pub const CODES: &[&str] = &[
    "123456789012345678",
    "123456789012345",
    "110101199001011237",
    "1234567890",
    "0123456789",
    "12345678",
    "123456789",
    "12345678901",
    "123456",
    "987654321",
    "91110000000000000X",
    "11010119900101001X",
    "110101190001010000",
    "110101197001010000",
    "111111111111111111",
    "123456200001010000",
    "91110000123456789X",
    "6222021234567890123",
    "6222000000000000000",
    "6225888888888888",
];

/// Telephone numbers that stand in public samples.
pub const PHONES: &[&str] = &[
    "13800138000",
    "13000000000",
    "13900000000",
    "12345678901",
    "11111111111",
    "12345678",
    "1008600000",
    "13800000000",
    "13900139000",
    "18888888888",
    "12345678910",
    "1234567890",
    "0123456789",
    "5555555555",
    "13012345678",
    "15000000000",
    "18000000000",
    "1234567",
];

/// Dates, as ISO text, that a system writes when it has none.
pub const DATES: &[&str] = &[
    "1900-01-01",
    "1900-01-00",
    "1970-01-01",
    "1899-12-30",
    "1899-12-31",
    "0001-01-01",
    "2099-12-31",
    "9999-12-31",
    "1111-11-11",
    "2999-12-31",
    "0000-00-00",
];

/// The words of one list, found by hash.
pub struct WordSet {
    table: HashTable<&'static str>,
    bytes_max: usize,
    /// Per first byte, a bit for every length in bytes, the last for all from there on. Nearly every cell is asked and nearly
    /// none is a word: these two tell most of them without a hash.
    lengths_by_first: [u64; 256],
}

impl WordSet {
    fn new(words: &'static [&'static str]) -> Self {
        let mut table = HashTable::with_capacity(words.len());
        let mut lengths_by_first = [0; 256];
        for &word in words {
            table.insert_unique(hash_text(word), word, |word| hash_text(word));
            if let Some(&first) = word.as_bytes().first() {
                lengths_by_first[usize::from(first)] |= length_bit(word);
            }
        }
        let bytes_max = words.iter().map(|word| word.len()).max().unwrap_or(0);
        Self {
            table,
            bytes_max,
            lengths_by_first,
        }
    }

    /// Is the folded text, in any case, one of the words?
    pub fn has(&self, text: &str) -> bool {
        const ASCII_MAX: usize = 32;
        let Some(&first) = text.as_bytes().first().filter(|_| text.len() <= self.bytes_max) else {
            return false;
        };
        // Lower case has another first byte or another length beyond ASCII only.
        let is_possible = |first: u8| self.lengths_by_first[usize::from(first)] & length_bit(text) != 0;
        if text.is_ascii() && !is_possible(first.to_ascii_lowercase()) {
            return false;
        }
        if text.is_ascii() && text.len() <= ASCII_MAX {
            let mut lower = [0u8; ASCII_MAX];
            let lower = &mut lower[..text.len()];
            lower.copy_from_slice(text.as_bytes());
            lower.make_ascii_lowercase();
            return std::str::from_utf8(lower).is_ok_and(|lower| self.find(lower));
        }
        self.find(text) || text.chars().any(char::is_uppercase) && self.find(&text.to_lowercase())
    }

    fn find(&self, lower: &str) -> bool {
        self.table.find(hash_text(lower), |word| *word == lower).is_some()
    }
}

/// The bit of a text's length.
fn length_bit(text: &str) -> u64 {
    1 << text.len().min(63)
}

static WORD_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(WORDS));
static NAME_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(NAMES));
static CATCH_ALL_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(CATCH_ALL));
static ADDRESS_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(ADDRESSES));
static EMAIL_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(EMAILS));
static CODE_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(CODES));
static PHONE_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(PHONES));
static DATE_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::new(DATES));

/// Is the folded text, in any case, a stop-gap in every field?
pub fn is_placeholder(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric) || WORD_SET.has(text)
}

/// Is the folded text, in any case, a stop-gap in a name?
pub fn is_name(text: &str) -> bool {
    NAME_SET.has(text)
}

/// Is the folded text, in any case, an account for many customers?
pub fn is_catch_all(text: &str) -> bool {
    CATCH_ALL_SET.has(text)
}

/// Is the folded text, in any case, a stop-gap in an address?
pub fn is_address(text: &str) -> bool {
    ADDRESS_SET.has(text)
}

/// Is this a stop-gap in an e-mail address?
pub fn is_email(address: &str) -> bool {
    EMAIL_SET.has(address)
}

/// Is this code one of those that mean nothing, whatever its check digit says?
pub fn is_code(code: &str) -> bool {
    CODE_SET.has(code) || is_repeated(code, 2)
}

/// Is this number, of digits, a public sample?
pub fn is_phone(digits: &str) -> bool {
    PHONE_SET.has(digits)
}

/// Is this ISO date one that a system writes when it has none?
pub fn is_date(iso: &str) -> bool {
    DATE_SET.has(iso)
}

/// Is the text of letters or digits one character again and again, at least `length_min` long?
pub fn is_repeated(text: &str, length_min: usize) -> bool {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    chars.all(|c| c == first) && text.chars().count() >= length_min
}

pub(super) fn about() -> ReferenceData {
    let lists = [WORDS, NAMES, CATCH_ALL, ADDRESSES, EMAILS, CODES, PHONES, DATES];
    super::own("placeholders", &lists, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_has_its_words_in_any_case_and_no_others() {
        let lists = [WORDS, NAMES, CATCH_ALL, ADDRESSES, EMAILS, CODES, PHONES, DATES];
        for list in lists {
            let set = WordSet::new(list);
            for word in lists.concat() {
                let (lower, upper) = (word.to_lowercase(), word.to_uppercase());
                for text in [word, &lower, &upper, &format!("{word}x"), &format!("无{word}")] {
                    // ASCII is sought in lower case alone.
                    let is_word = list.contains(&text.to_lowercase().as_str())
                        || !text.is_ascii() && list.contains(&text);
                    assert_eq!(set.has(text), is_word, "{text}");
                }
            }
            assert!(!set.has(""));
        }
    }

    #[test]
    fn stop_gaps_are_found_in_any_case_and_script() {
        for text in [
            "无",
            "NULL",
            "n/a",
            "#REF!",
            "待补充",
            "——",
            "??",
            "To Be Completed",
        ] {
            assert!(is_placeholder(text), "{text}");
        }
        for text in ["吴", "Nullarbor Ltd", "北京华夏科技有限公司", "a"] {
            assert!(!is_placeholder(text), "{text}");
        }
        assert!(is_name("John Doe") && is_name("XX公司") && is_catch_all("散户") && is_address("本市"));
        assert!(is_code("123456789012345678") && is_code("7777777") && !is_code("91440300192181490G"));
        assert!(is_phone("13800138000") && is_date("1900-01-01") && is_email("test@test.com"));
    }
}
