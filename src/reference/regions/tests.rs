//! Tests of the divisions: current, former, and by other names.

use super::*;

fn codes(name: &str) -> Vec<u32> {
    divisions_named(name).map(|division| division.code).collect()
}

fn successors(name: &str) -> Vec<&'static str> {
    let all = former_named(name).flat_map(|former| former.successors);
    let mut names: Vec<_> = all
        .filter_map(|&code| division(code))
        .map(|division| division.name)
        .collect();
    names.dedup();
    names
}

#[test]
fn names_and_short_forms_find_their_division() {
    assert_eq!(codes("苏州"), [320_500]);
    assert_eq!(codes("昆山"), [320_583]);
    assert_eq!(codes("内蒙古"), [150_000]);
    assert_eq!(codes("广西"), [450_000]);
    assert_eq!(codes("延边"), [222_400]);
    assert_eq!(codes("鼓楼区").len(), 4);
    assert_eq!(codes("市中区").len(), 4);
    assert!(codes("赵").is_empty() && codes("赵县").len() == 1);
    assert_eq!(LIST.rows().count(), 3_214);
    assert!(DIVISIONS.rows.is_sorted_by_key(|row| row.code));
}

#[test]
fn the_counts_are_those_of_the_source() {
    let counties = LIST.rows().filter(|cells| cells[1] == "3");
    let mut names: Vec<_> = counties.map(|cells| cells[2]).collect();
    assert_eq!(names.len(), 2_847);
    let one_character = names.iter().filter(|name| name.chars().count() == 2).count();
    assert_eq!(one_character, 104);
    names.sort_unstable();
    let mut shared: Vec<_> = names
        .windows(2)
        .filter(|two| two[0] == two[1])
        .map(|two| two[0])
        .collect();
    shared.dedup();
    assert_eq!(shared.len(), 28);
    names.dedup();
    assert_eq!(names.len(), 2_811);
}

#[test]
fn units_of_2024_to_2026_are_there() {
    for (code, name) in [
        (653_132, "岑岭县"),
        (659_013, "草湖市"),
        (500_157, "两江新区"),
        (540_481, "米林市"),
        (540_581, "错那市"),
    ] {
        assert_eq!(division(code).map(|division| division.name), Some(name));
    }
    for name in ["和安县", "和康县", "白杨市"] {
        assert_eq!(codes(name).len(), 1, "{name}");
    }
    assert!(codes("渝北区").is_empty());
    assert_eq!(successors("渝北区"), ["两江新区"]);
    assert_eq!(division_as_of(500_105).map(|as_of| as_of.name()), Some("江北区"));
}

#[test]
fn cities_without_counties_have_none() {
    for city in ["东莞市", "中山市", "儋州市", "嘉峪关市"] {
        let code = codes(city)[0];
        assert!(DIVISIONS.rows.iter().all(|row| row.parent != code), "{city}");
    }
}

#[test]
fn prefixes_are_found_in_one_look_and_in_many() {
    let text = "江苏省徐州市鼓楼区";
    let found: Vec<_> = longest_prefixes(text)
        .map(|(length, all)| (&text[..length], all[0].code))
        .collect();
    assert_eq!(found, [("江苏省", 320_000), ("江苏", 320_000)]);
    for text in [
        text,
        "吉林通化市",
        "内蒙古自治区",
        "",
        "苏",
        "Beijing",
        "鼓楼区汉庭酒店",
        "１２３",
    ] {
        let by_look: Vec<_> = longest_prefixes(text)
            .map(|(length, all)| (length, all.len()))
            .collect();
        let by_length: Vec<_> = prefix_lengths(text)
            .map(|length| (length, divisions_named(&text[..length]).count()))
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(by_look, by_length, "{text}");
    }
    assert_eq!(prefix_lengths("苏州市").collect::<Vec<_>>(), [9, 6]);
    assert_eq!(prefix_lengths("苏").count(), 0);
}

#[test]
fn hong_kong_macao_and_taiwan_have_their_districts() {
    for (name, above) in [
        ("台北市", 710_000),
        ("新北市", 710_000),
        ("油尖旺区", 810_200),
        ("花地玛堂区", 820_000),
    ] {
        let found = divisions_named(name).next();
        assert_eq!(found.map(|division| division.parent), Some(above), "{name}");
    }
    let districts = DIVISIONS
        .rows
        .iter()
        .filter(|row| row.level == Level::County && row.code / 10_000 == 81);
    assert_eq!(districts.count(), 18);
    assert_eq!(
        DIVISIONS.rows.iter().filter(|row| row.parent == 820_000).count(),
        8
    );
    let kowloon = division(810_201).unwrap();
    assert!(is_within(kowloon, 810_200) && is_within(kowloon, 810_000));
    // 九龙 alone starts company names.
    assert!(codes("九龙").is_empty());
    assert_eq!(alias_of("九龙").map(|division| division.code), Some(810_200));
}

#[test]
fn former_names_lead_to_what_they_became() {
    for (former, now) in [
        ("下城区", vec!["拱墅区"]),
        ("江干区", vec!["上城区"]),
        ("襄樊市", vec!["襄阳市"]),
        ("密云县", vec!["密云区"]),
        ("郫县", vec!["郫都区"]),
        ("崇文区", vec!["东城区"]),
        ("宣武区", vec!["西城区"]),
        ("芜湖县", vec!["湾沚区"]),
        ("盘县", vec!["盘州市"]),
        ("米林县", vec!["米林市"]),
        ("蓬莱市", vec!["蓬莱区"]),
        ("居巢区", vec!["巢湖市"]),
        ("翠云区", vec!["思茅区"]),
        ("徽州地区", vec!["黄山市", "芜湖市", "池州市", "宣城市"]),
    ] {
        let got = successors(former);
        assert_eq!(got.first(), now.first(), "{former}: {got:?}");
    }
}

#[test]
fn cities_that_were_split_keep_every_part() {
    let chaohu = former_named("巢湖市").next().unwrap();
    assert_eq!(
        (chaohu.level, chaohu.from_year, chaohu.to_year),
        (Level::City, 1999, 2010)
    );
    assert_eq!(chaohu.successors, [340_181, 340_100, 340_200, 340_500]);
    assert!(successors("莱芜市").contains(&"莱芜区") && successors("莱芜市").contains(&"钢城区"));
    let simao: Vec<_> = former_named("思茅市")
        .map(|former| (former.code, former.to_year))
        .collect();
    assert_eq!(simao, [(530_800, 2006), (532_701, 2002)]);
    assert_eq!(successors("思茅地区"), ["普洱市"]);
}

#[test]
fn reused_codes_and_early_books_make_no_names() {
    // 同名改码: the county kept its name when its code moved.
    assert!(former_with_code(110_208).all(|former| !former.is_name));
    assert_eq!(former_named("密云县").count(), 1);
    // 码位改派: code 130226 was 玉田县 until 1983 and then 迁安县; 玉田县 is current elsewhere.
    assert_eq!(former_named("玉田县").count(), 0);
    assert!(former_with_code(130_226).any(|former| former.name == "玉田县"));
    let early = former_rows().filter(|former| former.is_name && former.to_year < 1983);
    assert_eq!(early.count(), 0);
}

fn former_rows() -> impl Iterator<Item = &'static FormerDivision> {
    (110_000..840_000).flat_map(former_with_code)
}

#[test]
fn successors_are_current_and_years_are_ordered() {
    assert!(former_rows().count() > 4_000);
    for former in former_rows() {
        assert!(
            former.from_year <= former.to_year && former.to_year < 2027,
            "{former:?}"
        );
        assert!(
            former.successors.iter().all(|&code| division(code).is_some()),
            "{former:?}"
        );
        assert!(!former.is_name || !former.successors.is_empty(), "{former:?}");
    }
}

#[test]
fn codes_of_identity_cards_are_known_in_any_year() {
    for code in [
        110_105, 440_524, 330_103, 420_600, 510_202, 810_000, 820_000, 830_000,
    ] {
        assert!(is_known_code(code), "{code}");
    }
    for code in [0, 123_456, 999_999, 100_000] {
        assert!(!is_known_code(code), "{code}");
    }
    let now: Vec<_> = division_as_of(512_301)
        .unwrap()
        .current()
        .map(|division| division.name)
        .collect();
    assert_eq!(now, ["涪陵区"]);
}

#[test]
fn other_names_stand_for_whole_texts_only() {
    let alias = |text| alias_of(text).map(|division| division.name);
    assert_eq!(alias("内蒙"), Some("内蒙古自治区"));
    assert_eq!(alias("呼市"), Some("呼和浩特市"));
    assert_eq!(alias("前郭县"), Some("前郭尔罗斯蒙古族自治县"));
    assert_eq!(alias("红河州"), Some("红河哈尼族彝族自治州"));
    assert_eq!(alias("延边州"), Some("延边朝鲜族自治州"));
    assert_eq!(alias("内蒙呼市"), None);
    assert_eq!(alias(""), None);
    let short = |c| abbreviation(c).map(|division| division.short);
    for (character, name) in [
        ('京', "北京"),
        ('沪', "上海"),
        ('粤', "广东"),
        ('蜀', "四川"),
        ('陇', "甘肃"),
        ('穗', "广州"),
        ('深', "深圳"),
        ('甬', "宁波"),
    ] {
        assert_eq!(short(character), Some(name));
    }
    assert_eq!(short('人'), None);
    let all = "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤琼川蜀黔贵滇云藏陕秦甘陇青台蒙桂宁新港澳穗深蓉杭甬";
    assert!(all.chars().all(|character| abbreviation(character).is_some()));
}

#[test]
fn latin_names_find_provinces_and_cities() {
    let first = |text: &str| by_pinyin(text).next().map(|division| division.short);
    for (text, name) in [
        ("Beijing", "北京"),
        ("Shenzhen", "深圳"),
        ("guangdong", "广东"),
        ("Xi'an", "西安"),
        ("Hohhot", "呼和浩特"),
        ("Urumqi", "乌鲁木齐"),
        ("Harbin", "哈尔滨"),
        ("Lhasa", "拉萨"),
        ("Tibet", "西藏"),
        ("Inner Mongolia", "内蒙古"),
        ("Hong Kong", "香港"),
        ("Macau", "澳门"),
        ("Taipei", "台北"),
        ("Shaanxi", "陕西"),
        ("Shanxi", "山西"),
        ("Chongqing", "重庆"),
        ("Xiamen", "厦门"),
        ("Changsha", "长沙"),
        ("kunshan", "昆山"),
        ("Lvliang", "吕梁"),
        ("Lüliang", "吕梁"),
        ("Lu'an", "六安"),
    ] {
        assert_eq!(first(text), Some(name), "{text}");
    }
    assert_eq!(
        by_pinyin("suzhou").map(|d| d.code).collect::<Vec<_>>(),
        [320_500, 341_300]
    );
    assert_eq!(by_pinyin("shanxi").count(), 1);
    assert_eq!(by_pinyin("").count(), 0);
    assert_eq!(by_pinyin("springfield").count(), 0);
}
