//! Countries and territories by their Chinese and English names.
//!
//! Compiled for guiyi after ISO 3166-1 and the common short names of both languages, dated 2026-11. In: a whole text, Chinese
//! in simplified characters or English in lower case. Out: the two-letter code. Hong Kong, Macao and Taiwan have codes of
//! their own in ISO 3166-1 and stand in `regions` as divisions; they are not here.

use super::ReferenceData;
use super::hashing::FixedMap;
use std::sync::LazyLock;

/// Code with the Chinese and English names.
#[rustfmt::skip]
pub const COUNTRIES: &[(&str, &[&str])] = &[
    ("ae", &["阿联酋", "阿拉伯联合酋长国", "united arab emirates", "uae"]), ("ar", &["阿根廷", "argentina"]), ("at", &["奥地利", "austria"]),
    ("au", &["澳大利亚", "澳洲", "australia"]), ("bd", &["孟加拉国", "孟加拉", "bangladesh"]), ("be", &["比利时", "belgium"]),
    ("bg", &["保加利亚", "bulgaria"]), ("br", &["巴西", "brazil"]), ("by", &["白俄罗斯", "belarus"]), ("ca", &["加拿大", "canada"]),
    ("ch", &["瑞士", "switzerland"]), ("cl", &["智利", "chile"]),
    ("cn", &["中国", "中华人民共和国", "china", "p r china", "pr china", "people s republic of china", "peoples republic of china"]),
    ("co", &["哥伦比亚", "colombia"]), ("cz", &["捷克", "czechia", "czech republic"]), ("de", &["德国", "germany", "deutschland"]),
    ("dk", &["丹麦", "denmark"]), ("eg", &["埃及", "egypt"]), ("es", &["西班牙", "spain"]), ("et", &["埃塞俄比亚", "ethiopia"]),
    ("fi", &["芬兰", "finland"]), ("fr", &["法国", "france"]),
    ("gb", &["英国", "united kingdom", "great britain", "uk", "england", "scotland", "wales"]), ("gr", &["希腊", "greece"]),
    ("hr", &["克罗地亚", "croatia"]), ("hu", &["匈牙利", "hungary"]), ("id", &["印度尼西亚", "印尼", "indonesia"]), ("ie", &["爱尔兰", "ireland"]),
    ("il", &["以色列", "israel"]), ("in", &["印度", "india"]), ("iq", &["伊拉克", "iraq"]), ("ir", &["伊朗", "iran"]), ("it", &["意大利", "italy"]),
    ("jp", &["日本", "japan"]), ("ke", &["肯尼亚", "kenya"]), ("kh", &["柬埔寨", "cambodia"]),
    ("kp", &["朝鲜", "north korea"]), ("kr", &["韩国", "south korea", "korea", "republic of korea"]), ("kw", &["科威特", "kuwait"]),
    ("kz", &["哈萨克斯坦", "kazakhstan"]), ("la", &["老挝", "laos"]), ("lk", &["斯里兰卡", "sri lanka"]), ("lu", &["卢森堡", "luxembourg"]),
    ("ma", &["摩洛哥", "morocco"]), ("mm", &["缅甸", "myanmar"]), ("mn", &["蒙古国", "mongolia"]), ("mx", &["墨西哥", "mexico"]),
    ("my", &["马来西亚", "malaysia"]), ("ng", &["尼日利亚", "nigeria"]), ("nl", &["荷兰", "netherlands", "the netherlands", "holland"]),
    ("no", &["挪威", "norway"]), ("np", &["尼泊尔", "nepal"]), ("nz", &["新西兰", "new zealand"]), ("pe", &["秘鲁", "peru"]),
    ("ph", &["菲律宾", "philippines"]), ("pk", &["巴基斯坦", "pakistan"]), ("pl", &["波兰", "poland"]), ("pt", &["葡萄牙", "portugal"]),
    ("qa", &["卡塔尔", "qatar"]), ("ro", &["罗马尼亚", "romania"]), ("rs", &["塞尔维亚", "serbia"]),
    ("ru", &["俄罗斯", "俄罗斯联邦", "russia", "russian federation"]), ("sa", &["沙特阿拉伯", "沙特", "saudi arabia"]), ("se", &["瑞典", "sweden"]),
    ("sg", &["新加坡", "singapore"]), ("si", &["斯洛文尼亚", "slovenia"]), ("sk", &["斯洛伐克", "slovakia"]), ("th", &["泰国", "thailand"]),
    ("tr", &["土耳其", "turkey", "türkiye"]), ("tz", &["坦桑尼亚", "tanzania"]), ("ua", &["乌克兰", "ukraine"]),
    ("us", &["美国", "美利坚合众国", "united states", "united states of america", "usa", "u s a"]), ("uz", &["乌兹别克斯坦", "uzbekistan"]),
    ("ve", &["委内瑞拉", "venezuela"]), ("vg", &["英属维尔京群岛", "british virgin islands", "bvi"]), ("ky", &["开曼群岛", "cayman islands"]),
    ("vn", &["越南", "vietnam", "viet nam"]), ("za", &["南非", "south africa"]),
];

static BY_NAME: LazyLock<FixedMap<&'static str, &'static str>> = LazyLock::new(|| {
    let names = COUNTRIES
        .iter()
        .flat_map(|(code, names)| names.iter().map(move |name| (*name, *code)));
    names.collect()
});

/// The two-letter code, in lower case, of a country's name.
///
/// # Examples
/// ```
/// use guiyi::reference::country_names::country_code;
/// assert_eq!(country_code("德国"), Some("de"));
/// assert_eq!(country_code("united states"), Some("us"));
/// assert_eq!(country_code("北京"), None);
/// ```
pub fn country_code(name: &str) -> Option<&'static str> {
    BY_NAME.get(name).copied()
}

pub(super) fn about() -> ReferenceData {
    let names: Vec<&[&str]> = COUNTRIES.iter().map(|(_, names)| *names).collect();
    let codes: Vec<&str> = COUNTRIES.iter().map(|(code, _)| *code).collect();
    super::own(
        "country_names",
        &[&[codes.as_slice()], names.as_slice()].concat(),
        &[],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_and_code_occurs_once() {
        let names: usize = COUNTRIES.iter().map(|(_, names)| names.len()).sum();
        assert_eq!(BY_NAME.len(), names);
        let mut codes: Vec<_> = COUNTRIES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), COUNTRIES.len());
        assert_eq!(country_code("中国"), Some("cn"));
        assert_eq!(country_code(""), None);
    }
}
