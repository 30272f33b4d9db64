//! Groups of related customers, each made from its number alone, so that groups can be made in any order and in parallel.
//!
//! In: [`World`] and a group's index. Out: one to eight [`Entity`]s that are different customers, however alike: siblings in other
//! cities, parents and branches, group companies, shops of one owner, families, fathers and sons, namesakes; most groups have one.
//! Building a single customer is left to `makers`.

use super::Locale;
use super::companies;
use super::entity::Entity;
use super::entity::Kind;
use super::entity::Trap;
use super::latin;
use super::makers::Maker;
use super::nights;
use super::people;
use super::rng::Rng;
use super::world::World;

/// Names of accounts that are no customers.
const PLACEHOLDERS: [&str; 8] = [
    "测试客户",
    "散户",
    "现金客户",
    "零散客户",
    "测试",
    "其他",
    "默认客户",
    "XX公司",
];

/// The entities of group `index`, with the plans of their records.
pub(super) fn group(world: &World, index: u64) -> Vec<Entity> {
    let mut maker = Maker::new(world, Rng::new(world.seed, &[1, index]), index);
    let is_chinese = match world.locale {
        Locale::Zh => true,
        Locale::En => false,
        Locale::Mixed => maker.rng.chance(600),
    };
    if is_chinese {
        chinese_group(&mut maker)
    } else {
        latin_group(&mut maker)
    }
    let Maker {
        mut rng,
        mut entities,
        ..
    } = maker;
    for entity in &mut entities {
        nights::plan_records(world, &mut rng, entity);
    }
    entities
}

fn chinese_group(maker: &mut Maker) {
    match maker.rng.below(1000) {
        0..560 => {
            let city = maker.draw_city();
            let name = maker.company_name(city);
            maker.company(name, city, Kind::Company, Trap::None);
        }
        560..615 => siblings(maker),
        615..660 => parent_and_branches(maker),
        660..710 => group_companies(maker),
        710..820 => {
            let city = maker.draw_city();
            let owner = people::chinese_person(maker.world, &mut maker.rng, None, true);
            maker.shop(city, &owner, Trap::None);
        }
        820..845 => shops_of_one_owner(maker),
        845..930 => {
            let city = maker.draw_city();
            maker.person(true, city, None, Trap::None);
        }
        930..960 => household(maker, true),
        960..975 => father_and_son(maker, true),
        975..997 => namesakes(maker, true),
        _ => {
            let name = maker.rng.pick(&PLACEHOLDERS);
            maker.placeholder(name);
        }
    }
}

fn latin_group(maker: &mut Maker) {
    match maker.rng.below(1000) {
        0..520 => {
            let city = maker.draw_latin_city();
            maker.person(false, city, None, Trap::None);
        }
        520..660 => household(maker, false),
        660..700 => father_and_son(maker, false),
        700..740 => namesakes(maker, false),
        740..930 => {
            let (city, name) = (
                maker.draw_latin_city(),
                latin::firm_name(maker.world, &mut maker.rng),
            );
            maker.firm(name, city, Kind::Company, Trap::None);
        }
        _ => firm_family(maker),
    }
}

/// The same brand and trade in two to six cities.
fn siblings(maker: &mut Maker) {
    let core = companies::brand(maker.world, &mut maker.rng);
    let industry = maker.draw_industry();
    let count = 2 + maker.rng.below(3) + maker.rng.below(3) / 2;
    let mut used = Vec::new();
    for _ in 0..count {
        let city = maker.draw_city();
        if used.contains(&city) {
            continue;
        }
        used.push(city);
        let mut name = companies::company_name(maker.world, &mut maker.rng, city, &core, industry);
        if name.place == companies::RegionPlace::Absent {
            name.place = companies::RegionPlace::Front;
        }
        // A province or nothing would make two siblings one name.
        name.region = maker.world.cities[city].short.to_owned();
        maker.company(name, city, Kind::Company, Trap::Sibling);
    }
}

/// A head office and up to seven branches, each with its own code.
fn parent_and_branches(maker: &mut Maker) {
    let city = maker.draw_city();
    let parent = maker.company_name(city);
    maker.company(parent.clone(), city, Kind::Company, Trap::Branch);
    let count = 1 + maker.rng.below(4) + maker.rng.below(4) / 3 * maker.rng.below(4);
    let mut used = Vec::new();
    for _ in 0..count {
        let at = maker.draw_city();
        let ordinal = if maker.rng.chance(120) {
            maker.rng.pick(&["第一", "第二", "第三"])
        } else {
            ""
        };
        let suffix = maker
            .rng
            .pick(&["分公司", "分公司", "分公司", "办事处", "营业部"]);
        let branch = format!("{}{ordinal}{suffix}", maker.world.cities[at].short);
        if used.contains(&branch) {
            continue;
        }
        used.push(branch.clone());
        let mut name = parent.clone();
        name.branch = branch;
        maker.branch(name, at);
    }
}

/// The same brand in one city with two to four trades; they share an owner, a domain and mostly an address.
fn group_companies(maker: &mut Maker) {
    let city = maker.draw_city();
    let core = companies::brand(maker.world, &mut maker.rng);
    let count = 2 + maker.rng.below(3);
    let mut used = Vec::new();
    for _ in 0..count {
        let industry = maker.draw_industry();
        if used.contains(&industry) {
            continue;
        }
        used.push(industry);
        let mut name = companies::company_name(maker.world, &mut maker.rng, city, &core, industry);
        if used.len() == 1 && maker.rng.chance(400) {
            name.form = "集团有限公司";
        }
        maker.company(name, city, Kind::Company, Trap::GroupCompany);
        maker.share_with_first(600);
    }
}

/// Two to four shops of one owner, under one mobile number.
fn shops_of_one_owner(maker: &mut Maker) {
    let city = maker.draw_city();
    let is_male = maker.rng.chance(700);
    let owner = people::chinese_person(maker.world, &mut maker.rng, None, is_male);
    let count = 2 + maker.rng.below(3);
    for _ in 0..count {
        maker.shop(city, &owner, Trap::SameOwner);
        maker.share_with_first(150);
    }
}

/// Two to five persons at one address, most under one surname.
fn household(maker: &mut Maker, is_chinese: bool) {
    let city = maker.draw_place(is_chinese);
    maker.person(is_chinese, city, None, Trap::Family);
    let family = maker.first_family();
    let count = 1 + maker.rng.below(3) + maker.rng.below(2);
    for _ in 0..count {
        // Chinese wives keep their surname.
        let shares_name = maker.rng.chance(if is_chinese { 600 } else { 900 });
        maker.person(
            is_chinese,
            city,
            shares_name.then_some(family.as_str()),
            Trap::Family,
        );
        maker.share_address();
    }
}

/// One address, one surname, a given name that differs by a character (or by `Jr`), a generation between the birthdays.
fn father_and_son(maker: &mut Maker, is_chinese: bool) {
    let city = maker.draw_place(is_chinese);
    maker.person(is_chinese, city, None, Trap::FatherSon);
    let family = maker.first_family();
    maker.person(is_chinese, city, Some(&family), Trap::FatherSon);
    maker.share_address();
    maker.name_after_father();
}

/// Two or three persons of one name in different places.
fn namesakes(maker: &mut Maker, is_chinese: bool) {
    let city = maker.draw_place(is_chinese);
    maker.person(is_chinese, city, None, Trap::Namesake);
    let family = maker.first_family();
    for _ in 0..=maker.rng.below(2) {
        let other = maker.draw_place(is_chinese);
        maker.person(is_chinese, other, Some(&family), Trap::Namesake);
        maker.name_like_first();
    }
}

/// A Latin firm with branches, or with siblings of the same first word.
fn firm_family(maker: &mut Maker) {
    let first = latin::firm_name(maker.world, &mut maker.rng);
    let city = maker.draw_latin_city();
    let has_branches = maker.rng.chance(500);
    let trap = if has_branches { Trap::Branch } else { Trap::Sibling };
    maker.firm(first.clone(), city, Kind::Company, trap);
    let mut used = vec![city];
    for _ in 0..=maker.rng.below(3) {
        let at = maker.draw_latin_city();
        if used.contains(&at) {
            continue;
        }
        used.push(at);
        let mut name = first.clone();
        if has_branches {
            name.branch = format!("{} Branch", maker.world.latin.cities[at].name);
            maker.firm(name, at, Kind::Branch, trap);
        } else {
            name.trade = maker.rng.pick_ref(&maker.world.latin.firm_trades).clone();
            maker.firm(name, at, Kind::Company, trap);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::group;
    use crate::synth::Locale;
    use crate::synth::codes::id_card_check;
    use crate::synth::codes::organisation_check;
    use crate::synth::codes::uscc_check;
    use crate::synth::entity::Entity;
    use crate::synth::entity::Name;
    use crate::synth::entity::Trap;
    use crate::synth::world::World;

    fn entities(locale: Locale) -> Vec<Entity> {
        let world = World::new(7, locale, 5, 1);
        (0..4000).flat_map(|index| group(&world, index)).collect()
    }

    #[test]
    fn every_kind_of_hard_negative_is_present() {
        let (zh, en) = (entities(Locale::Zh), entities(Locale::En));
        let has = |list: &[Entity], trap| list.iter().filter(|entity| entity.trap == trap).count() > 5;
        for trap in [
            Trap::Sibling,
            Trap::Branch,
            Trap::GroupCompany,
            Trap::AgentPhone,
            Trap::SameOwner,
        ] {
            assert!(has(&zh, trap), "{trap:?}");
        }
        for trap in [
            Trap::Family,
            Trap::FatherSon,
            Trap::Namesake,
            Trap::Branch,
            Trap::Sibling,
        ] {
            assert!(has(&en, trap), "{trap:?}");
        }
        assert!(has(&zh, Trap::FatherSon) && has(&zh, Trap::Namesake) && has(&zh, Trap::Placeholder));
    }

    #[test]
    fn siblings_share_a_brand_but_no_code() {
        let zh = entities(Locale::Zh);
        let siblings: Vec<&Entity> = zh.iter().filter(|entity| entity.trap == Trap::Sibling).collect();
        for pair in siblings
            .windows(2)
            .filter(|pair| pair[0].group() == pair[1].group())
        {
            let (Name::Company(left), Name::Company(right)) =
                (&pair[0].names[0].value, &pair[1].names[0].value)
            else {
                panic!("siblings are companies");
            };
            assert_eq!(left.core, right.core);
            assert_ne!(left.region, right.region);
            assert_ne!(pair[0].code, pair[1].code);
        }
    }

    #[test]
    fn codes_of_entities_pass_their_checks_and_are_not_shared() {
        let mut codes = Vec::new();
        for entity in entities(Locale::Zh) {
            if !entity.code.is_empty() {
                assert_eq!(entity.code.chars().last(), Some(uscc_check(&entity.code[..17])));
                assert_eq!(
                    entity.code.chars().nth(16),
                    Some(organisation_check(&entity.code[8..16]))
                );
                codes.push(entity.code);
            }
            if !entity.id_card.is_empty() {
                assert_eq!(
                    entity.id_card.chars().last(),
                    Some(id_card_check(&entity.id_card[..17]))
                );
            }
        }
        let count = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn mixed_data_has_both_scripts() {
        let mixed = entities(Locale::Mixed);
        let chinese = mixed.iter().filter(|entity| entity.is_chinese).count();
        assert!(chinese * 10 > mixed.len() * 4 && chinese * 10 < mixed.len() * 8);
    }
}
