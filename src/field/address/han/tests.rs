use crate::field::FieldType;
use crate::field::address::Address;
use proptest::prelude::*;

/// The parts that are filled, as `name=text`, without `full`, `locality` and `division`.
fn parts(raw: &str) -> String {
    let value = Address.standardise(raw);
    let Some(item) = value.items.first() else {
        return String::new();
    };
    let named = Address.parts().iter().zip(&item.parts);
    let shown = named.filter(|(name, text)| {
        !text.is_empty() && !matches!(**name, "full" | "locality" | "division" | "tokens")
    });
    let shown: Vec<String> = shown.map(|(name, text)| format!("{name}={text}")).collect();
    shown.join(" ")
}

fn check(raw: &str, expected: &str) {
    assert_eq!(parts(raw), expected, "{raw}");
}

fn finding(raw: &str, code: &str) -> Option<String> {
    let value = Address.standardise(raw);
    let found = value.findings.iter().find(|finding| finding.code.name == code);
    found.map(|finding| finding.evidence.to_string())
}

fn division(raw: &str) -> String {
    Address.standardise(raw).items[0].parts[18].clone()
}

#[rustfmt::skip]
const CASES: &[(&str, &str)] = &[
    ("北京市朝阳区建国路88号3栋501室", "province=北京市 county=朝阳区 road=建国路 number=88 building=3 room=501"),
    ("江苏省徐州市鼓楼区中山路5号", "province=江苏省 city=徐州市 county=鼓楼区 road=中山路 number=5"),
    ("黑龙江省安达市朝阳街168号", "province=黑龙江省 city=绥化市 county=安达市 road=朝阳街 number=168"),
    ("上海市山西北路12号", "province=上海市 road=山西北路 number=12"),
    ("广东深圳南山区科苑路15号科兴科学园B栋12层", "province=广东省 city=深圳市 county=南山区 road=科苑路 number=15 compound=科兴科学园 building=b floor=12"),
    ("长沙市五一路三号", "province=湖南省 city=长沙市 road=五一路 number=3"),
    ("北京市北京市海淀区中关村大街1号", "province=北京市 county=海淀区 road=中关村大街 number=1"),
    ("北京市朝阳区北京市朝阳区建国路88号", "province=北京市 county=朝阳区 road=建国路 number=88"),
    ("南京路100号", "road=南京路 number=100"),
    ("太仓市城厢镇华源上海城", "province=江苏省 city=苏州市 county=太仓市 town=城厢镇 compound=华源上海城"),
    ("吉林通化市东昌区新华大街5号", "province=吉林省 city=通化市 county=东昌区 road=新华大街 number=5"),
    ("吉林市昌邑区解放路5号", "province=吉林省 city=吉林市 county=昌邑区 road=解放路 number=5"),
    ("贵阳市观山湖区金阳南路龙泉苑3栋2单元501", "province=贵州省 city=贵阳市 county=观山湖区 road=金阳南路 compound=龙泉苑 building=3 unit=2 room=501"),
    ("东莞市莞城区东莞大道11号", "province=广东省 city=东莞市 county=莞城区 road=东莞大道 number=11"),
    ("杭州市下城区青云街5号", "province=浙江省 city=杭州市 county=下城区 road=青云街 number=5"),
    ("浙江省杭州市江干区钱江路1366号华润大厦A座", "province=浙江省 city=杭州市 county=江干区 road=钱江路 number=1366 compound=华润大厦 building=a"),
    ("湖北省襄樊市襄城区胜利街5号", "province=湖北省 city=襄樊市 county=襄城区 road=胜利街 number=5"),
    ("内蒙呼市新城区新华大街5号", "province=内蒙古自治区 city=呼和浩特市 county=新城区 road=新华大街 number=5"),
    ("吉林省前郭县查干花镇", "province=吉林省 city=松原市 county=前郭尔罗斯蒙古族自治县 town=查干花镇"),
    ("重庆市县云阳县青龙街1号", "province=重庆市 county=云阳县 road=青龙街 number=1"),
    ("沪南京西路1266号", "province=上海市 road=南京西路 number=1266"),
    ("粤深圳市福田区深南大道1号", "province=广东省 city=深圳市 county=福田区 road=深南大道 number=1"),
    ("苏州昆山市前进东路100号", "province=江苏省 city=苏州市 county=昆山市 road=前进东路 number=100"),
    ("苏州昆山前进东路100号", "province=江苏省 city=苏州市 county=昆山市 road=前进东路 number=100"),
    ("湖北省仙桃市沔州大道5号", "province=湖北省 county=仙桃市 road=沔州大道 number=5"),
    ("重庆市渝中区解放碑民权路28号", "province=重庆市 county=渝中区 road=解放碑民权路 number=28"),
    ("望京园603号楼望京园603号楼", "compound=望京园 building=603"),
    ("江蘇省蘇州市工業園區星湖街328號", "province=江苏省 city=苏州市 zone=工业园区 road=星湖街 number=328"),
    ("成都市高新区天府大道中段1366号", "province=四川省 city=成都市 zone=高新区 road=天府大道中段 number=1366"),
    ("中国（上海）自由贸易试验区张杨路828号", "province=上海市 zone=中国(上海)自由贸易试验区 road=张杨路 number=828"),
    ("武汉市东湖新技术开发区光谷大道77号", "province=湖北省 city=武汉市 zone=东湖新技术开发区 road=光谷大道 number=77"),
    ("河北省廊坊市永清县永宁镇王家村3组12号", "province=河北省 city=廊坊市 county=永清县 town=永宁镇 number=12 compound=王家村3组"),
    ("河北省沧州市青县G104国道12号", "province=河北省 city=沧州市 county=青县 road=g104国道 number=12"),
    ("北京市朝阳区三里屯路19号", "province=北京市 county=朝阳区 road=三里屯路 number=19"),
    ("北京市海淀区学院路甲12号院3号楼", "province=北京市 county=海淀区 road=学院路 number=甲12 building=3"),
    ("上海市徐汇区漕溪路100弄12号501室", "province=上海市 county=徐汇区 road=漕溪路 number=100弄12 room=501"),
    ("北京市西城区阜成门外大街12-3号", "province=北京市 county=西城区 road=阜成门外大街 number=12-3"),
    ("北京市西城区阜成门外大街12之3号", "province=北京市 county=西城区 road=阜成门外大街 number=12-3"),
    ("北京市东城区东四十条甲22号", "province=北京市 county=东城区 road=东四十条 number=甲22"),
    ("天津市和平区南京路189号津汇广场2座十二层二〇五室", "province=天津市 county=和平区 road=南京路 number=189 compound=津汇广场 building=2 floor=12 room=205"),
    ("深圳市福田区福华路88号负一层B101室", "province=广东省 city=深圳市 county=福田区 road=福华路 number=88 floor=b1 room=b101"),
    ("深圳市福田区福华路88号3-5层", "province=广东省 city=深圳市 county=福田区 road=福华路 number=88 floor=3-5"),
    ("北京市朝阳区望京园3-2-501", "province=北京市 county=朝阳区 compound=望京园 building=3 unit=2 room=501"),
    ("北京市朝阳区望京园3-501", "province=北京市 county=朝阳区 compound=望京园 building=3 room=501"),
    ("北京市朝阳区望京园3#501", "province=北京市 county=朝阳区 compound=望京园 building=3 room=501"),
    ("郑州市金水区农业路与文化路交叉口东南角", "province=河南省 city=郑州市 county=金水区 road=农业路 note=与文化路交叉口东南角"),
    ("郑州市金水区农业路花园路口以东300米路北", "province=河南省 city=郑州市 county=金水区 road=农业路 note=花园路口以东300米路北"),
    ("广州市天河区体育西路103号维多利广场A塔12楼1203室(张三收)", "province=广东省 city=广州市 county=天河区 road=体育西路 number=103 compound=维多利广场 building=a floor=12 room=1203 note=张三收"),
    ("成都市武侯区人民南路四段11号大陆国际2号楼3单元(收)送货上门", "province=四川省 city=成都市 county=武侯区 road=人民南路四段 number=11 compound=大陆国际 building=2 unit=3 note=收 送货上门"),
    ("北京市海淀区中关村街道科学院南路2号融科资讯中心C座9层", "province=北京市 county=海淀区 town=中关村街道 road=科学院南路 number=2 compound=融科资讯中心 building=c floor=9"),
    ("上海市浦东新区陆家嘴环路1000号恒生银行大厦50楼5001室 200120", "province=上海市 county=浦东新区 road=陆家嘴环路 number=1000 compound=恒生银行大厦 floor=50 room=5001 postcode=200120"),
    ("阳光花园二期3栋2单元501", "compound=阳光花园2期 building=3 unit=2 room=501"),
    ("北京市朝阳区沃尔玛对面", "province=北京市 county=朝阳区 note=沃尔玛对面"),
    ("广东省深训市南山区科苑路15号", "province=广东省 city=深圳市 county=南山区 road=科苑路 number=15"),
    ("北京市朝阳曲建国路88号", "province=北京市 county=朝阳区 road=建国路 number=88"),
    ("3楼2单元501", "building=3 unit=2 room=501"),
    ("科技园科苑路15号5楼501室", "road=科苑路 number=15 compound=科技园 floor=5 room=501"),
    ("北京市 朝阳区 建国路 88号 SOHO现代城 3号楼 1203", "province=北京市 county=朝阳区 road=建国路 number=88 compound=soho现代城 building=3 room=1203"),
    ("杭州市西湖区浙江大学玉泉校区3号楼", "province=浙江省 city=杭州市 county=西湖区 compound=浙江大学玉泉校区 building=3"),
    ("江苏省宜兴市和桥镇南新工业园区5号", "province=江苏省 city=无锡市 county=宜兴市 town=和桥镇 zone=南新工业园区 number=5"),
    ("香港九龍尖沙咀彌敦道100號The ONE 20樓A室", "province=香港特别行政区 city=九龙 town=尖沙咀 road=弥敦道 number=100 compound=the one floor=20 room=a"),
    ("香港中環皇后大道中99號中環中心35樓", "province=香港特别行政区 town=中环 road=皇后大道中 number=99 compound=中环中心 floor=35"),
    ("香港新界沙田區源禾路1號G/F 999077", "province=香港特别行政区 city=新界 county=沙田区 road=源禾路 number=1 floor=g postcode=999077"),
    ("澳門新口岸北京街202號澳門金融中心16樓", "province=澳门特别行政区 town=新口岸 road=北京街 number=202 compound=澳门金融中心 floor=16"),
    ("110台北市信義區三張里5鄰信義路五段7號35樓之2", "province=台湾省 city=台北市 county=信义区 town=三张里 road=信义路五段 number=7 floor=35 room=2 postcode=110"),
    ("臺灣新北市板橋區中山路一段161號", "province=台湾省 city=新北市 county=板桥区 road=中山路一段 number=161"),
    ("高雄市三民區建國三路25巷3弄12號", "province=台湾省 city=高雄市 county=三民区 road=建国三路 number=25巷3弄12"),
];

#[test]
fn addresses_are_read_into_their_levels() {
    let mut wrong = Vec::new();
    for (raw, expected) in CASES {
        let got = parts(raw);
        if got != *expected {
            wrong.push(format!("{raw}\n  want {expected}\n  got  {got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_district_of_several_cities_is_ambiguous_until_something_settles_it() {
    check("朝阳区汉庭酒店", "county=朝阳区 compound=汉庭酒店");
    assert_eq!(
        finding("朝阳区汉庭酒店", "ambiguous_value").as_deref(),
        Some("北京市朝阳区 | 长春市朝阳区")
    );
    check(
        "朝阳区建国路88号 100022",
        "province=北京市 county=朝阳区 road=建国路 number=88 postcode=100022",
    );
    check(
        "科苑路15号\u{1F}\u{1F}广东\u{1F}深圳\u{1F}南山",
        "province=广东省 city=深圳市 county=南山区 road=科苑路 number=15",
    );
    check(
        "朝阳区红旗街5号\u{1F}\u{1F}\u{1F}长春",
        "province=吉林省 city=长春市 county=朝阳区 road=红旗街 number=5",
    );
}

#[test]
fn former_names_stay_and_are_found() {
    assert_eq!(
        finding("杭州市下城区青云街5号", "former_region").as_deref(),
        Some("下城区 → 拱墅区")
    );
    assert_eq!(
        finding("襄樊市长虹路8号", "former_region").as_deref(),
        Some("襄樊市 → 襄阳市")
    );
    assert_eq!(division("杭州市下城区青云街5号"), "330105");
    assert_eq!(division("襄樊市襄城区胜利街5号"), "420602");
    assert_eq!(division("北京市朝阳区建国路88号"), "110105");
}

#[test]
fn wrong_characters_are_suggested_and_put_right_below_a_known_division() {
    assert_eq!(
        finding("杭洲市文三路5号", "typo_suggested").as_deref(),
        Some("杭洲市 → 杭州市")
    );
    assert_eq!(
        finding("广东省深训市南山区", "repaired").as_deref(),
        Some("深训市 → 深圳市")
    );
    assert_eq!(
        finding("北京市朝阳曲建国路88号", "repaired").as_deref(),
        Some("朝阳曲 → 朝阳区")
    );
    assert_eq!(
        Address.standardise("北京市朝阳曲建国路88号").items[0].value,
        "北京市朝阳区建国路88号"
    );
}

#[test]
fn a_misspelt_first_division_is_put_right_when_the_next_lies_inside() {
    for (raw, evidence, value) in [
        (
            "疆苏省南京市秦淮区汉中路140号",
            "疆苏省 → 江苏省",
            "江苏省南京市秦淮区汉中路140号",
        ),
        (
            "合北省唐山市路南区北新道225号",
            "合北省 → 河北省",
            "河北省唐山市路南区北新道225号",
        ),
        (
            "田津市西青区洞庭路14号",
            "田津市 → 天津市",
            "天津市西青区洞庭路14号",
        ),
        (
            "北晶市朝阳区环城北路318号",
            "北晶市 → 北京市",
            "北京市朝阳区环城北路318号",
        ),
        (
            "京北市朝阳区建国路88号",
            "京北市 → 北京市",
            "北京市朝阳区建国路88号",
        ),
        (
            "海上市浦东新区张杨路828号",
            "海上市 → 上海市",
            "上海市浦东新区张杨路828号",
        ),
        (
            "杭洲市西湖区文三路5号",
            "杭洲市 → 杭州市",
            "杭州市西湖区文三路5号",
        ),
    ] {
        assert_eq!(finding(raw, "repaired").as_deref(), Some(evidence), "{raw}");
        let standard = Address.standardise(raw);
        assert_eq!(standard.items[0].value, value);
        assert_eq!(standard.status, crate::model::ValueStatus::Repaired, "{raw}");
        assert_eq!(
            standard.items[0].parts,
            Address.standardise(value).items[0].parts,
            "{raw}"
        );
    }
}

#[test]
fn a_misspelt_first_division_that_nothing_confirms_is_suggested_and_read_past() {
    for (raw, evidence, levels) in [
        (
            "疆苏省武汉市中山路5号",
            "疆苏省 → 湖北省",
            "province=湖北省 city=武汉市 road=中山路 number=5",
        ),
        (
            "华比省石家庄市中山路5号",
            "华比省 → 河北省",
            "province=河北省 city=石家庄市 road=中山路 number=5",
        ),
        (
            "杭洲市文三路5号",
            "杭洲市 → 杭州市",
            "city=杭洲市 road=文三路 number=5",
        ),
    ] {
        assert_eq!(finding(raw, "typo_suggested").as_deref(), Some(evidence), "{raw}");
        check(raw, levels);
    }
    assert_eq!(finding("海上市5号", "typo_suggested"), None);
}

/// An address beside the columns province, city and county.
fn beside(address: &str, columns: [&str; 3]) -> String {
    format!(
        "{address}\u{1F}\u{1F}{}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}",
        columns.join("\u{1F}")
    )
}

#[test]
fn columns_name_current_divisions_before_former_ones() {
    for (columns, levels) in [
        (["重庆市", "重庆市", "渝中区"], "province=重庆市 county=渝中区"),
        (["重庆市", "市辖区", "渝中区"], "province=重庆市 county=渝中区"),
        (["重庆市", "县", "云阳县"], "province=重庆市 county=云阳县"),
        (["", "北京市", "朝阳区"], "province=北京市 county=朝阳区"),
        (["", "上海", "黄浦"], "province=上海市 county=黄浦区"),
        (["天津市", "天津市", ""], "province=天津市"),
        (
            ["江苏省", "昆山市", ""],
            "province=江苏省 city=苏州市 county=昆山市",
        ),
        (
            ["浙江省", "杭州市", "下城区"],
            "province=浙江省 city=杭州市 county=下城区",
        ),
        (["湖北省", "襄樊市", ""], "province=湖北省 city=襄樊市"),
    ] {
        check(
            &beside("中山三路172号", columns),
            &format!("{levels} road=中山三路 number=172"),
        );
        if !columns[0].is_empty() {
            let alone =
                beside("", columns).replacen("\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}", "\u{1F}中山三路172号", 1);
            check(&alone, &format!("{levels} road=中山三路 number=172"));
        }
    }
}

#[test]
fn a_hash_behind_the_road_is_the_house_number() {
    for (raw, levels) in [
        ("中关村大街50#", "road=中关村大街 number=50"),
        ("南坪西路188#", "road=南坪西路 number=188"),
        (
            "创业路45#银融产业园2709室",
            "road=创业路 number=45 compound=银融产业园 room=2709",
        ),
        ("建国路88号3#", "road=建国路 number=88 building=3"),
        ("建国路3#楼501室", "road=建国路 building=3 room=501"),
        (
            "建国路88号阳光花园3#501",
            "road=建国路 number=88 compound=阳光花园 building=3 room=501",
        ),
    ] {
        check(raw, levels);
    }
}

#[test]
fn a_square_with_a_house_number_is_the_road() {
    check(
        "青岛市市南区五四广场156号",
        "province=山东省 city=青岛市 county=市南区 road=五四广场 number=156",
    );
    check(
        "长沙市芙蓉区五一广场",
        "province=湖南省 city=长沙市 county=芙蓉区 compound=五一广场",
    );
    check("人民路万达广场5号楼", "road=人民路 compound=万达广场 building=5");
}

#[test]
fn a_row_of_three_numbers_can_be_read_otherwise() {
    assert_eq!(
        finding("北京市朝阳区望京园3-2-501", "ambiguous_value").as_deref(),
        Some("3-2-501")
    );
    assert_eq!(finding("北京市朝阳区望京园3-501", "ambiguous_value"), None);
}

#[test]
fn a_lost_zero_of_the_postcode_is_put_back_beside_a_chinese_address() {
    let raw = "山西省大同市平城区永泰街5号\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}\u{1F}37100";
    assert_eq!(finding(raw, "repaired").as_deref(), Some("37100 → 037100"));
}

#[rustfmt::skip]
const WORDS: &[&str] = &[
    "北京市",
    "朝阳曲",
    "深训市",
    "广东省",
    "下城区",
    "吉林",
    "沪",
    "(",
    ")",
    "收",
    "路",
    "街",
    "道",
    "中",
    "村",
    "镇",
    "之",
    "号",
    "楼",
    "单元",
    "室",
    "栋",
    "期",
    "弄",
    "米",
    "3",
    "12",
    "-",
    "/",
    "f",
    "g",
    "一",
    "十",
    "甲",
    " ",
    ",",
    "、",
    "内",
    "对面",
    "大厦",
    "社区",
    "负",
    "地下",
    "邮编",
    "100022",
    "台",
    "香港",
    "里",
    "邻",
    "區",
    "中国(",
    "自由贸易试验区",
    "a",
    "soho",
    "１",
    "#",
    "中国",
    "地址",
];

proptest! {
    #[test]
    fn any_text_is_read_and_standard_text_stays(words in prop::collection::vec(prop::sample::select(WORDS), 0..12)) {
        let raw = words.concat();
        let value = Address.standardise(&raw);
        if let [item] = value.items.as_slice() {
            let again = Address.standardise(&item.value);
            prop_assert_eq!(&again.items[0].value, &item.value);
        }
    }
}
