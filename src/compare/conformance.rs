//! What every comparator keeps to, and the levels of telling examples, on values standardised like those of a run.

use crate::compare::Bounds;
use crate::compare::Comparisons;
use crate::compare::UpperWeights;
use crate::compare::comparators;
use crate::compare::compare;
use crate::compare::compare_above;
use crate::field::customer_schema;
use crate::model::AgreementLevel;
use crate::model::ComparisonVector;
use crate::model::FieldName;
use crate::model::MatchWeight;
use crate::model::RecordIndex;
use crate::standardise::Settings;
use crate::standardise::standardise;
use crate::table::CandidatePairs;
use crate::table::Interner;
use crate::table::RawColumn;
use crate::table::StandardRecords;
use crate::text::hash::mix;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Records of one field.
fn records(field: &str, texts: &[&str]) -> StandardRecords {
    records_of(&[(field, texts)])
}

/// Records of several fields.
fn records_of(fields: &[(&str, &[&str])]) -> StandardRecords {
    let column = |(field, texts): &(&str, &[&str])| {
        let mut values = Interner::default();
        let codes = texts.iter().map(|text| values.intern(text)).collect();
        RawColumn {
            field: FieldName::from(*field),
            codes,
            values: values.finish(),
        }
    };
    let columns = fields.iter().map(column).collect();
    let settings = Settings {
        fields: customer_schema().to_vec(),
    };
    standardise(&settings, fields[0].1.len(), columns).unwrap()
}

/// Level of the comparison `name` between the first two records.
fn level_of(name: &str, fields: &[(&str, &[&str])]) -> AgreementLevel {
    let records = records_of(fields);
    let comparisons = Comparisons::new(&records);
    let position = comparisons.list().iter().position(|c| c.name == name);
    comparisons.level(position.unwrap(), RecordIndex(0), RecordIndex(1))
}

/// Level of the comparison `name` between two values of `field`.
fn level(name: &str, field: &str, left: &str, right: &str) -> AgreementLevel {
    let records = records(field, &[left, right]);
    let comparisons = Comparisons::new(&records);
    let position = comparisons.list().iter().position(|c| c.name == name);
    let position = position.unwrap_or_else(|| panic!("`{field}` has no comparison `{name}`"));
    comparisons.level(position, RecordIndex(0), RecordIndex(1))
}

/// English label of the level; empty when it is missing.
fn label(name: &str, field: &str, left: &str, right: &str) -> &'static str {
    let records = records(field, &[left, right]);
    let comparisons = Comparisons::new(&records);
    let position = comparisons.list().iter().position(|c| c.name == name).unwrap();
    let levels = comparisons.list()[position].comparator.levels();
    let level = comparisons.level(position, RecordIndex(0), RecordIndex(1));
    levels.get(level.at()).map_or("", |level| level.en)
}

/// Every comparison with a field that feeds it, and values in several scripts that are all usable.
const CASES: &[(&str, &str, &[&str])] = &[
    (
        "organisation_name",
        "customer_name",
        &[
            "上海德诚电子有限公司",
            "德诚电子（上海）有限公司",
            "北京德诚电子有限公司",
            "上海得诚电子有限公司",
            "上海德诚电子有限公司北京分公司",
            "Harbour Lights Ltd",
            "Harbor Lights Limited",
            "ＩＢＭ中国有限公司",
        ],
    ),
    (
        "person_name",
        "customer_name",
        &[
            "王伟",
            "王玮",
            "王芳",
            "欧阳娜娜",
            "John A. Smith",
            "Jon Smith",
            "Smith, John",
        ],
    ),
    (
        "organisation_key",
        "uscc",
        &["91310115MA1K4QX26Q", "91110105MA01B3E729", "91330106785298416X"],
    ),
    (
        "id_card",
        "id_card",
        &["110101199003074477", "440106198712034419"],
    ),
    (
        "other_identifier",
        "other_identifier",
        &["E12345678", "E12345679", "护照008"],
    ),
    ("registration_number", "registration_number", &["110108000000016"]),
    (
        "birth_date",
        "birth_date",
        &["1987-03-12", "1987-12-03", "1990-01-31"],
    ),
    (
        "phones",
        "phones",
        &[
            "13910038274",
            "021-62390417",
            "13910038274; 010-65129471",
            "+44 20 7946 0018",
        ],
    ),
    (
        "emails",
        "emails",
        &["wangwei@dechengdz.cn", "john.smith@example.org", "wangwei@qq.com"],
    ),
    (
        "location",
        "address",
        &[
            "上海市浦东新区世纪大道88号",
            "上海市浦东新区世纪大道89号",
            "浙江省杭州市西湖区文三路100号2幢301室",
            "12 High Street, Springfield",
        ],
    ),
    (
        "contact_name",
        "contact_name",
        &["李娜", "李纳", "Mary Jones", "M. Jones"],
    ),
    (
        "legal_representative",
        "legal_representative",
        &["张三丰", "张三封", "Ann Lee"],
    ),
    ("birth_place", "birth_place", &["上海", "浙江杭州", "Springfield"]),
    ("occupation", "occupation", &["教师", "教 师", "Teacher"]),
    ("website", "website", &["www.dechengdz.cn", "https://example.org"]),
    ("gender", "gender", &["男", "女", "F"]),
];

/// Runs `check` on every case, its records and its comparison, with an empty last record.
fn each_case(check: impl Fn(&str, &[&str], &dyn Fn(usize, usize) -> AgreementLevel, usize)) {
    for &(name, field, texts) in CASES {
        let texts: Vec<&str> = texts.iter().copied().chain([""]).collect();
        let records = records(field, &texts);
        let comparisons = Comparisons::new(&records);
        let position = comparisons.list().iter().position(|c| c.name == name);
        let position = position.unwrap_or_else(|| panic!("no comparison `{name}`"));
        let level =
            |a: usize, b: usize| comparisons.level(position, RecordIndex(a as u32), RecordIndex(b as u32));
        let levels = comparisons.list()[position].comparator.levels();
        check(name, &texts, &level, levels.len());
    }
}

#[test]
fn every_comparator_has_a_case() {
    let names: BTreeSet<&str> = comparators().iter().map(|c| c.name()).collect();
    let mut seen = BTreeSet::new();
    for &(name, field, texts) in CASES {
        let records = records(field, texts);
        let comparisons = Comparisons::new(&records);
        let found = comparisons.list().iter().find(|c| c.name == name);
        seen.extend(found.map(|c| c.comparator.name()));
    }
    assert_eq!(seen, names);
}

#[test]
fn levels_are_symmetric_and_in_range() {
    each_case(|name, texts, level, levels| {
        for a in 0..texts.len() {
            for b in 0..texts.len() {
                assert_eq!(level(a, b), level(b, a), "{name}: {} / {}", texts[a], texts[b]);
                assert!(
                    level(a, b) == AgreementLevel::NULL || level(a, b).at() < levels,
                    "{name}"
                );
            }
        }
    });
}

#[test]
fn a_value_agrees_with_itself_more_than_with_any_other() {
    each_case(|name, texts, level, levels| {
        for a in 0..texts.len() - 1 {
            let itself = level(a, a);
            // A Latin person has a middle name, a Han person has none and stops one level below the top.
            let top = if matches!(name, "person_name" | "contact_name" | "legal_representative") {
                levels - 2
            } else {
                levels - 1
            };
            let is_judged = itself != AgreementLevel::NULL;
            assert!(
                is_judged && itself.at() >= top,
                "{name}: {} gives {itself:?}",
                texts[a]
            );
            for b in (0..texts.len() - 1).filter(|&b| level(a, b) != AgreementLevel::NULL) {
                assert!(
                    level(a, b).at() <= itself.at(),
                    "{name}: {} / {}",
                    texts[a],
                    texts[b]
                );
            }
        }
    });
}

#[test]
fn a_judgement_is_among_the_levels_that_a_glance_leaves() {
    for &(name, field, texts) in CASES {
        let records = records(field, texts);
        let comparisons = Comparisons::new(&records);
        let position = comparisons.list().iter().position(|c| c.name == name).unwrap();
        let pairs = (0..texts.len() as u32).flat_map(|a| (0..texts.len() as u32).map(move |b| [a, b]));
        for pair in pairs {
            let [left, right] = pair.map(RecordIndex);
            let set = comparisons.glance(&comparisons.list()[position], left, right);
            let level = comparisons.level(position, left, right);
            assert!(set.contains(level), "{name}: {pair:?} {set:?} {level:?}");
        }
    }
}

/// Records of persons and companies, some of them alike.
fn mixed_records() -> StandardRecords {
    let names = [
        "Jon Smith",
        "John Smith",
        "王伟",
        "王玮",
        "上海德诚电子有限公司",
        "上海得诚电子有限公司",
    ];
    let emails = [
        "jon.smith@a.com",
        "john.smith@a.com",
        "wang@b.cn",
        "sales@b.cn; wang@b.cn",
    ];
    let phones = ["13910038274", "13910038275", "13910038274; 010-65129471", ""];
    let addresses = [
        "12 High Street, Springfield",
        "上海市浦东新区世纪大道88号",
        "14 Hihg Street, Springfield",
    ];
    let of = |texts: &[&'static str], step: usize| -> Vec<&'static str> {
        (0..72).map(|at| texts[at / step % texts.len()]).collect()
    };
    let columns = [of(&names, 1), of(&emails, 2), of(&phones, 3), of(&addresses, 5)];
    records_of(&[
        ("customer_name", &columns[0]),
        ("emails", &columns[1]),
        ("phones", &columns[2]),
        ("address", &columns[3]),
    ])
}

#[test]
fn pruning_loses_no_pair_that_reaches_the_floor_and_changes_no_vector() {
    let records = mixed_records();
    let comparisons = Comparisons::new(&records);
    let mut batch = CandidatePairs::default();
    for left in 0..72 {
        (left + 1..72).for_each(|right| batch.push(RecordIndex(left), RecordIndex(right), 1));
    }
    let weight = |left: RecordIndex, comparison: usize, level: usize| {
        let random = mix(mix(u64::from(left.0 % 7), comparison as u64), level as u64);
        MatchWeight((random % 20_000) as i32 - 10_000)
    };
    let vectors = compare(&comparisons, &batch);
    for floor in [-30_000, -5_000, 0, 8_000, 20_000, 60_000].map(MatchWeight) {
        let bounds = Bounds {
            floor,
            constant: MatchWeight(-1_000),
            // The tight weights of every left record are asked for as soon as the loose ones let several pairs pass.
            upper: [[MatchWeight(10_000); 16]; ComparisonVector::WIDTH_MAX],
            upper_of: &|left, upper: &mut UpperWeights| {
                for (comparison, levels) in upper.iter_mut().enumerate() {
                    *levels = std::array::from_fn(|level| weight(left, comparison, level));
                }
            },
        };
        let (kept, kept_vectors) = compare_above(&comparisons, &batch, &bounds);
        let total = |at: usize| {
            let weights = (0..comparisons.list().len())
                .map(|comparison| weight(batch.left[at], comparison, vectors[at].level(comparison).at()).0);
            weights.sum::<i32>() - 1_000
        };
        let pair = |of: &CandidatePairs, at: usize| (of.left[at], of.right[at]);
        let kept: BTreeMap<_, _> = (0..kept.len())
            .map(|at| (pair(&kept, at), kept_vectors[at]))
            .collect();
        for (at, vector) in vectors.iter().enumerate() {
            let found = kept.get(&pair(&batch, at));
            assert!(found.is_none_or(|found| found == vector), "{floor:?}");
            assert!(found.is_some() || total(at) < floor.0, "{floor:?}");
        }
        assert!(kept.len() < batch.len() || floor.0 < 0);
    }
    for (at, vector) in vectors.iter().enumerate() {
        assert_eq!(*vector, comparisons.vector(batch.left[at], batch.right[at]));
    }
}

#[test]
fn a_missing_value_has_no_level() {
    each_case(|name, texts, level, _| {
        let missing = texts.len() - 1;
        for (at, text) in texts.iter().enumerate() {
            assert_eq!(level(at, missing), AgreementLevel::NULL, "{name}: {text}");
        }
    });
}

#[test]
fn han_given_names_agree_by_sound_and_not_by_a_shared_stroke() {
    let person = |left, right| label("person_name", "customer_name", left, right);
    assert_eq!(person("王伟", "王玮"), "both names nearly equal or sound alike");
    assert_eq!(person("王伟", "王芳"), "family name agrees, given name differs");
    assert_eq!(person("王伟", "李伟"), "given name agrees, family name differs");
    assert_eq!(person("王伟", "王 伟"), "equal");
    assert_eq!(person("欧阳娜娜", "欧阳娜娜"), "equal");
    assert_eq!(person("John Smith", "Smith, John"), "equal");
    assert_eq!(
        person("John Smith", "Jon Smith"),
        "both names nearly equal or sound alike"
    );
    assert_eq!(person("John Smith", "Mary Jones"), "both names differ");
}

#[test]
fn branches_and_numerals_contradict_and_regions_speak_of_siblings() {
    let name = |left, right| label("organisation_name", "customer_name", left, right);
    let branch = "same core, other branch or numeral";
    assert_eq!(
        name(
            "中国平安保险股份有限公司北京分公司",
            "中国平安保险股份有限公司天津分公司"
        ),
        branch
    );
    assert_eq!(
        name("中铁建设集团有限公司", "中铁建设集团有限公司第一分公司"),
        branch
    );
    assert_eq!(
        name("北京德诚电子有限公司", "天津德诚电子有限公司"),
        "same core, other region"
    );
    assert_eq!(
        name("上海德诚电子有限公司", "上海德诚餐饮有限公司"),
        "same core, other industry"
    );
    assert_eq!(name("上海德诚电子有限公司", "上海德诚电子有限公司"), "equal");
    assert_eq!(
        name("上海德诚电子有限公司", "上海德诚电子股份有限公司"),
        "same parts, other spelling or legal form"
    );
    assert_eq!(
        name("上海德诚电子有限公司", "上海得诚电子有限公司"),
        "cores sound alike, rest agrees"
    );
    assert_eq!(
        name("上海德诚电子有限公司", "广州蓝海餐饮有限公司"),
        "cores differ"
    );
    assert_eq!(
        name("王伟", "上海德诚电子有限公司"),
        "a person and an organisation",
        "one organisation is enough for a level"
    );
}

#[test]
fn one_slip_tears_a_name_apart_and_is_still_seen() {
    let name = |left, right| label("organisation_name", "customer_name", left, right);
    let near = "cores or names nearly equal, rest agrees";
    assert_eq!(
        name("上海运春博车汽租赁有限公司", "上海运春博汽车租赁有限公司"),
        near
    );
    assert_eq!(name("大天鑫装工程有限公司", "宁波大天鑫装饰工程有限公司"), near);
    assert_eq!(name("Summit Rpinting Inc", "Summit Printing LLC"), near);
    // Another region, another branch, or another character is no slip.
    assert_eq!(
        name("宁波大天鑫装工程有限公司", "杭州大天鑫装饰工程有限公司"),
        "cores sound alike or nearly equal, rest differs"
    );
    assert_ne!(name("永安实业有限公司", "永安置业有限公司"), near);
}

#[test]
fn a_short_name_that_is_equal_is_no_registered_name() {
    let name = |left, right| label("organisation_name", "customer_name", left, right);
    assert_eq!(name("德诚", "德诚"), "equal, short name");
    assert_eq!(name("德诚电子", "德诚电子"), "equal");
    assert_eq!(name("Acme Trading Ltd", "Acme Trading Ltd"), "equal");
}

#[test]
fn a_former_name_ties_whether_it_stands_beside_the_name_or_in_a_column() {
    let names: &[&str] = &["月中贸易(原:广州昌宏润贸易有限公司)", "广州昌宏润贸易有限公司"];
    let former = AgreementLevel(11);
    assert_eq!(level_of("organisation_name", &[("customer_name", names)]), former);
    let names: &[&str] = &["厦门宝盛宏品建筑工程有限公司", "粤西建筑工程(厦门)有限公司"];
    let columns: &[&str] = &["粤西建筑工程（厦门）有限公司", ""];
    assert_eq!(
        level_of(
            "organisation_name",
            &[("customer_name", names), ("former_names", columns)]
        ),
        former
    );
    let names: &[&str] = &["Brandt Logistics Ltd", "Meyer Transport Ltd"];
    let columns: &[&str] = &["", "Brandt Logistics Ltd"];
    assert_eq!(
        level_of(
            "organisation_name",
            &[("customer_name", names), ("former_names", columns)]
        ),
        former
    );
}

#[test]
fn a_son_is_told_from_his_father_by_what_stands_behind_the_name() {
    let person = |left, right| label("person_name", "customer_name", left, right);
    let other = "equal, one of another generation";
    assert_eq!(person("Charles Garcia Jr", "Charles Garcia"), other);
    assert_eq!(person("Charles Garcia Jr.", "Charles Garcia, Sr."), other);
    assert_eq!(person("Charles Garcia III", "Charles Garcia III"), "equal");
}

#[test]
fn a_full_width_or_traditional_spelling_is_the_same_name() {
    let name = |left, right| label("organisation_name", "customer_name", left, right);
    assert_eq!(
        name("德诚（上海）电子有限公司", "德诚(上海)电子有限公司"),
        "equal"
    );
    assert_eq!(name("上海德誠電子有限公司", "上海德诚电子有限公司"), "equal");
    assert_eq!(name("ＡＢＣ　Trading Ltd", "ABC Trading Ltd"), "equal");
}

#[test]
fn house_number_and_room_are_another_place() {
    let place = |left: &str, right: &str| label("location", "address", left, right);
    let road = "上海市浦东新区世纪大道";
    assert_eq!(
        place(&format!("{road}88号"), &format!("{road}89号")),
        "same road in the area, other number"
    );
    assert_eq!(
        place(&format!("{road}88号"), &format!("{road}88号")),
        "same road, number and room"
    );
    assert_eq!(
        place(&format!("{road}88号1201室"), &format!("{road}88号1202室")),
        "same road and number, other room"
    );
    assert_eq!(place(&format!("{road}88号"), road), "same road, number missing");
    assert_eq!(
        place("12 High Street, Springfield", "14 High Street, Springfield"),
        "same road in the area, other number"
    );
}

#[test]
fn valid_codes_that_differ_are_a_conflict_and_one_wrong_character_is_not() {
    let code = |left, right| label("organisation_key", "uscc", left, right);
    assert_eq!(
        code("91310115MA1K4QX26Q", "91110105MA01B3E729"),
        "both valid, differ"
    );
    assert_eq!(code("91310115MA1K4QX26Q", "91310115 MA1K4QX26 Q"), "equal");
    assert_eq!(
        level("phones", "phones", "13910038274", "+86 139 1003 8274").at(),
        2
    );
    assert_eq!(
        level("phones", "phones", "13910038274; 13800138001", "13910038275").at(),
        1
    );
}

#[test]
fn a_persons_contact_is_the_customer_and_says_nothing_more() {
    let contacts: &[&str] = &["李梅", "李梅"];
    let of = |names: &[&str]| {
        level_of(
            "contact_name",
            &[("customer_name", names), ("contact_name", contacts)],
        )
    };
    assert_eq!(of(&["李梅", "李梅"]), AgreementLevel::NULL);
    assert_eq!(of(&["Mark King", "Mark King"]), AgreementLevel::NULL);
    assert_eq!(of(&["华夏科技有限公司", "北方贸易有限公司"]), AgreementLevel(10));
    assert_eq!(of(&["华夏科技有限公司", "李梅"]), AgreementLevel(10));
}

#[test]
fn addresses_made_of_the_names_say_nothing_by_being_alike() {
    let of = |emails: &[&str]| {
        let names: &[&str] = &["Mark King", "Mark King"];
        level_of("emails", &[("customer_name", names), ("emails", emails)])
    };
    assert_eq!(of(&["mark.king@a.com", "mark.king@b.org"]), AgreementLevel::NULL);
    assert_eq!(of(&["mark.king@a.com", "mark.kingg@a.com"]), AgreementLevel::NULL);
    assert_eq!(of(&["mark.king83@a.com", "mark.king83@b.org"]), AgreementLevel(2));
    assert_eq!(of(&["mark.king@a.com", "mark.king@a.com"]), AgreementLevel(3));
    assert_eq!(of(&["sunflower@a.com", "sunflower@b.org"]), AgreementLevel(2));
    assert_eq!(of(&["mark.king@a.com", "zebra@b.org"]), AgreementLevel(0));
}
