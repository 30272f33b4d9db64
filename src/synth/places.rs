//! Chinese cities for generated addresses, telephone numbers and office codes, largest first.
//!
//! In: the embedded list `data/cities.txt` (county codes of GB/T 2260 as of 2024; area codes and lengths of local numbers of the
//! national numbering plan). Out: [`cities`], common road and building words, and [`Address`], one place where a customer is.
//! How an address is written by a source belongs to `render`; Latin places are in `latin`.

use super::rng::Rng;
use super::world::World;

/// One city with what an address and a telephone number need.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct City {
    /// Name without its suffix: `深圳`.
    pub(super) short: &'static str,
    /// Province, region or municipality in full: `广东省`, `北京市`.
    pub(super) province: &'static str,
    /// City in full; empty for the four municipalities.
    pub(super) name: &'static str,
    /// Area code with its zero: `0755`.
    pub(super) area_code: &'static str,
    /// Digits of a local number: 7 or 8.
    pub(super) local_digits: usize,
    /// First four digits of the postcode.
    pub(super) postcode: &'static str,
    /// Counties and districts with their six-digit codes, largest first.
    pub(super) counties: Vec<(&'static str, &'static str)>,
    /// Roads of this city.
    pub(super) roads: Vec<&'static str>,
}

impl City {
    /// The city as it heads a name: `深圳市`, `北京市`.
    pub(super) fn full(&self) -> &'static str {
        if self.name.is_empty() {
            self.province
        } else {
            self.name
        }
    }
}

/// Roads that every city has.
pub(super) const ROADS: &str = "人民路 中山路 解放路 建设路 新华路 和平路 文化路 胜利路 工业大道 迎宾大道 滨河路 创业路 \
    科技路 长江路 黄河路 学府路 东风路 光明路 青年路 环城北路 兴业街 友谊大街 振兴街 站前路";

/// Buildings and compounds in which firms are.
pub(super) const OFFICES: &str = "国际大厦 创业园 科技园 商务中心 金融广场 世纪大厦 工业园 软件园 财富中心 时代广场 物流园 \
    万达广场 银座大厦 汽配城 建材市场 产业园";

/// Compounds in which people live.
pub(super) const HOMES: &str =
    "嘉园 花园小区 新村 锦绣城 阳光花园 金色家园 翠苑小区 丽景苑 和平里 幸福里 碧水湾 东方名城";

/// Cities of the embedded list, largest first; a line that lacks a part is left out (a test holds that none does).
pub(super) fn cities() -> Vec<City> {
    include_str!("data/cities.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(city)
        .collect()
}

fn city(line: &'static str) -> Option<City> {
    let parts: Vec<&'static str> = line.split('|').collect();
    let [
        short,
        province,
        name,
        area_code,
        digits,
        postcode,
        counties,
        roads,
    ] = parts[..]
    else {
        return None;
    };
    let counties = counties
        .split(' ')
        .map(|county| {
            county
                .split_at_checked(county.len().saturating_sub(6))
                .unwrap_or((county, ""))
        })
        .collect();
    let roads = roads.split(' ').collect();
    Some(City {
        short,
        province,
        name,
        area_code,
        local_digits: digits.parse().ok()?,
        postcode,
        counties,
        roads,
    })
}

/// One place where a customer is, in clean parts; Chinese or Latin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    /// Province in full, or the Latin state code.
    pub(super) province: &'static str,
    /// City in full (empty for municipalities), or the Latin city.
    pub(super) city: &'static str,
    /// County or district; empty for Latin places.
    pub(super) county: &'static str,
    /// Road or street.
    pub(super) road: String,
    /// House number.
    pub(super) number: u64,
    /// Building or compound: `国际大厦3号楼`; empty when there is none, or for Latin places.
    pub(super) building: String,
    /// Room or flat: `1502`; empty when there is none.
    pub(super) room: String,
    /// Postcode.
    pub(super) postcode: String,
    /// True for Chinese places.
    pub(super) is_chinese: bool,
}

/// Draws a Chinese address in a city and one of its counties; `is_home` chooses compounds over offices.
pub(super) fn chinese_address(
    world: &World,
    rng: &mut Rng,
    city: usize,
    county: usize,
    is_home: bool,
) -> Address {
    let place = &world.cities[city];
    let road = if rng.chance(600) {
        rng.pick(&place.roads)
    } else {
        rng.pick(&world.roads)
    };
    let mut building = String::new();
    let mut room = String::new();
    if is_home || rng.chance(650) {
        if rng.chance(350) {
            building.push(rng.pick_char("华金恒新东世银嘉中天"));
            building.push(rng.pick_char("业融盛城方贸都丰海宇"));
        }
        building.push_str(rng.pick(if is_home { &world.homes } else { &world.offices }));
        if is_home || rng.chance(300) {
            let block = 1 + rng.below(if is_home { 28 } else { 8 });
            building.push_str(&format!("{block}{}", rng.pick(&["号楼", "栋", "座", "幢"])));
        }
        let floor = 1 + rng.below(if is_home { 18 } else { 30 });
        room = format!("{floor}{:02}", 1 + rng.below(if is_home { 4 } else { 20 }));
    }
    Address {
        province: place.province,
        city: place.name,
        county: place.counties.get(county).map_or("", |found| found.0),
        road: road.to_owned(),
        number: 1 + rng.below(400).min(rng.below(900)),
        building,
        room,
        postcode: format!("{}{:02}", place.postcode, rng.below(90)),
        is_chinese: true,
    }
}

#[cfg(test)]
mod tests {
    use super::cities;

    #[test]
    fn every_city_is_complete_and_its_counties_share_the_province_code() {
        let cities = cities();
        let lines = include_str!("data/cities.txt").lines().count();
        assert_eq!(cities.len(), lines - 1);
        assert!(cities.len() >= 40);
        for city in cities {
            assert!(city.area_code.starts_with('0') && (city.local_digits == 7 || city.local_digits == 8));
            assert_eq!(city.postcode.len(), 4);
            assert!(
                city.counties.len() >= 3 && city.roads.len() >= 5,
                "{}",
                city.short
            );
            for (name, code) in &city.counties {
                assert_eq!(code[..4], city.counties[0].1[..4], "{}", city.short);
                assert!(name.ends_with(['区', '市', '县']), "{name}");
            }
            assert!(city.full().starts_with(city.short));
        }
    }
}
