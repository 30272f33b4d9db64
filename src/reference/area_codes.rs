//! Area codes of Chinese landlines.
//!
//! Source: JioNLP 1.5.31 `landline_phone_area_code.txt` (Apache-2.0), with corrected places; lengths of local numbers from
//! libphonenumber 9.0.43 metadata (Apache-2.0); retired codes and their successors compiled for guiyi. `data/area_codes.tsv` is
//! made by `scripts/reference/area_codes.py`. Codes of four digits start `03`–`09`, codes of three are 010 and 02x.

use super::ReferenceData;
use super::hashing::FixedMap;
use super::list::List;
use super::list::is_code;
use super::list::is_word;
use super::list::packed;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "area_codes",
    version: "1.5.31",
    source: "JioNLP; lengths of local numbers from libphonenumber 9.0.43; retired codes compiled for guiyi",
    licence: "Apache-2.0",
    packed: packed!("area_codes"),
    is_row: |cells| {
        matches!(cells, [code, place, now, "" | "7" | "8" | "7-8", _]
            if is_code(code, 3..=4) && is_word(place) && (now.is_empty() || is_code(now, 3..=4)))
    },
    loaded: OnceLock::new(),
};

/// Length of the local numbers of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalDigits {
    /// Seven digits.
    Seven,
    /// Eight digits.
    Eight,
    /// Seven or eight.
    SevenOrEight,
}

impl LocalDigits {
    /// May a local number have this many digits?
    pub fn allows(self, digits: usize) -> bool {
        match self {
            Self::Seven => digits == 7,
            Self::Eight => digits == 8,
            Self::SevenOrEight => matches!(digits, 7 | 8),
        }
    }
}

struct Area {
    code: &'static str,
    place: &'static str,
    now: &'static str,
    digits: LocalDigits,
}

struct Areas {
    by_code: FixedMap<&'static str, Area>,
    by_city: FixedMap<&'static str, &'static str>,
    shared: Vec<&'static str>,
}

static AREAS: LazyLock<Areas> = LazyLock::new(|| {
    let mut areas = Areas {
        by_code: FixedMap::default(),
        by_city: FixedMap::default(),
        shared: Vec::new(),
    };
    for cells in LIST.rows() {
        let [code, place, now, digits, also] = cells[..] else {
            continue;
        };
        let in_use = if now.is_empty() { code } else { now };
        if !now.is_empty() || !also.is_empty() {
            areas.shared.push(in_use);
        }
        let cities = also.split(',').chain([city(place)]);
        for city in cities.filter(|city| !city.is_empty()) {
            areas.by_city.entry(city).or_insert(in_use);
        }
        let digits = match digits {
            "8" => LocalDigits::Eight,
            "7-8" => LocalDigits::SevenOrEight,
            _ => LocalDigits::Seven,
        };
        areas.by_code.insert(
            code,
            Area {
                code,
                place,
                now,
                digits,
            },
        );
    }
    areas
});

fn city(place: &'static str) -> &'static str {
    place.rsplit('/').next().unwrap_or(place)
}

/// The area code, retired ones included, that starts `digits` (with its leading zero).
pub fn leading_area_code(digits: &str) -> Option<&'static str> {
    [3, 4]
        .into_iter()
        .filter_map(|length| digits.get(..length))
        .find_map(|code| AREAS.by_code.get(code))
        .map(|area| area.code)
}

/// Province and city of an area code, joined by `/`.
pub fn place_of(area_code: &str) -> Option<&'static str> {
    AREAS.by_code.get(area_code).map(|area| area.place)
}

/// The city of an area code, without 市: 苏州 for 0512.
pub fn city_of(area_code: &str) -> Option<&'static str> {
    place_of(area_code).map(city)
}

/// The area code in use for a city, with or without 市, 地区 or 盟.
///
/// # Examples
/// ```
/// use guiyi::reference::area_codes::area_code_of;
/// assert_eq!(area_code_of("苏州市"), Some("0512"));
/// assert_eq!(area_code_of("开封"), Some("0371"));
/// assert_eq!(area_code_of("Suzhou"), None);
/// ```
pub fn area_code_of(city: &str) -> Option<&'static str> {
    let stems = ["", "市", "地区", "盟", "县", "州"];
    let mut stems = stems.iter().filter_map(|suffix| city.strip_suffix(suffix));
    stems.find_map(|stem| AREAS.by_city.get(stem)).copied()
}

/// The code that is in use for an area: 0851 for 0852; the code itself unless it is retired.
pub fn current_area_code(area_code: &str) -> Option<&'static str> {
    let area = AREAS.by_code.get(area_code)?;
    Some(if area.now.is_empty() { area.code } else { area.now })
}

/// Do several cities have the code in use, because those of others were merged into it (0851: 贵阳, 遵义, 安顺)?
pub fn is_shared(area_code: &str) -> bool {
    AREAS.shared.contains(&area_code)
}

/// Is the code out of use?
pub fn is_retired(area_code: &str) -> bool {
    AREAS
        .by_code
        .get(area_code)
        .is_some_and(|area| !area.now.is_empty())
}

/// Length of local numbers; of the successor for a retired code.
pub fn local_digits(area_code: &str) -> Option<LocalDigits> {
    let code = current_area_code(area_code)?;
    AREAS.by_code.get(code).map(|area| area.digits)
}

pub(super) fn about() -> ReferenceData {
    LIST.about()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retired_codes_lead_to_those_in_use() {
        for (old, now) in [
            ("0565", "0551"),
            ("0634", "0531"),
            ("0852", "0851"),
            ("0853", "0851"),
            ("0732", "0731"),
            ("0733", "0731"),
            ("0378", "0371"),
            ("0410", "024"),
            ("0413", "024"),
            ("0910", "029"),
        ] {
            assert!(is_retired(old));
            assert_eq!(current_area_code(old), Some(now));
            assert!(current_area_code(now) == Some(now) && !is_retired(now));
        }
        // 内江 and 乐山 keep their codes; only 资阳 and 眉山 left them for 028.
        assert!(!is_retired("0832") && !is_retired("0833"));
        assert!(is_shared("0851") && is_shared("0731") && !is_shared("021") && !is_shared("0571"));
        assert_eq!(
            (area_code_of("资阳"), area_code_of("眉山市")),
            (Some("028"), Some("028"))
        );
        assert_eq!(
            (area_code_of("株洲"), area_code_of("湘潭市")),
            (Some("0731"), Some("0731"))
        );
    }

    #[test]
    fn local_numbers_have_seven_or_eight_digits() {
        assert_eq!(local_digits("010"), Some(LocalDigits::Eight));
        assert_eq!(local_digits("0512"), Some(LocalDigits::Eight));
        assert_eq!(local_digits("0754"), Some(LocalDigits::SevenOrEight));
        assert_eq!(local_digits("0310"), Some(LocalDigits::Seven));
        assert_eq!(local_digits("0378"), Some(LocalDigits::Eight));
        assert_eq!(local_digits("0999"), Some(LocalDigits::Seven));
        assert!(LocalDigits::SevenOrEight.allows(7) && !LocalDigits::Eight.allows(7));
    }

    #[test]
    fn codes_and_cities_find_each_other() {
        assert_eq!(leading_area_code("051288886666"), Some("0512"));
        assert_eq!(leading_area_code("01082325566"), Some("010"));
        assert_eq!(leading_area_code("1382325566"), None);
        assert_eq!((city_of("0431"), city_of("0555")), (Some("长春"), Some("马鞍山")));
        assert_eq!(place_of("0512"), Some("江苏/苏州"));
        assert_eq!((area_code_of("三亚市"), area_code_of("")), (Some("0898"), None));
        assert_eq!(area_code_of("锡林郭勒盟"), Some("0479"));
    }
}
