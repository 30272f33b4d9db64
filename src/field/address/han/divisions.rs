//! Province, city and county at the start of a Chinese address.
//!
//! In: the key of an address. Out: every division that it can mean, and the text after it. Rules: from left to right, the
//! longest name wins; only downwards, a child belongs to its parent; a county never without its suffix, county-level
//! cities excepted; a short name before a road's or building's word (南京路, 北京大学) is no division. Former names count as
//! what they became. Which of several candidates is meant is decided in `settle`.

use crate::reference::regions::Division;
use crate::reference::regions::DivisionRef;
use crate::reference::regions::FormerDivision;
use crate::reference::regions::Level;
use crate::reference::regions::abbreviation;
use crate::reference::regions::alias_of;
use crate::reference::regions::division;
use crate::reference::regions::is_within;
use crate::reference::regions::longest_former_prefixes;
use crate::reference::regions::longest_prefixes;

/// What the start of an address names.
#[derive(Default)]
pub(super) struct Divisions {
    /// The lowest divisions it can mean, all named alike; none when it names no division.
    pub(super) candidates: Vec<DivisionRef>,
    /// The lowest name as it was written.
    pub(super) written: String,
    /// Former divisions, outermost first.
    pub(super) former: Vec<&'static FormerDivision>,
}

/// One name at the start of a text.
enum Name {
    Current(Vec<DivisionRef>),
    Former(&'static FormerDivision),
    /// A division above or the same again: 北京市北京市朝阳区.
    Repeated,
}

/// Fillers between levels that name nothing.
const FILLERS: &[&str] = &[
    "市辖区",
    "省直辖县级行政区划",
    "自治区直辖县级行政区划",
    "省直辖",
    "县级",
    "生产建设兵团",
];

/// Parts levels.
pub(super) const MARKS: &[char] = &[' ', ',', '-', '/'];

/// Reads divisions off the front of `text`, below those already found, and gives the rest.
pub(super) fn read<'a>(text: &'a str, found: &mut Divisions) -> &'a str {
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches(MARKS);
        let next = FILLERS
            .iter()
            .find_map(|filler| next.strip_prefix(filler))
            .unwrap_or(next);
        let next = without_county_filler(next, &found.candidates);
        let Some((length, name)) = name_at(next, found) else {
            return rest;
        };
        match name {
            Name::Current(divisions) => {
                found.candidates = divisions;
                next[..length].clone_into(&mut found.written);
            }
            Name::Former(former) => {
                let current: Vec<DivisionRef> = former
                    .successors
                    .iter()
                    .filter_map(|&code| division(code))
                    .collect();
                if !current.is_empty() {
                    found.candidates = current;
                }
                found.former.push(former);
                next[..length].clone_into(&mut found.written);
            }
            Name::Repeated => {
                // 吉林吉林市 is the city: of two readings the one that is now written in full.
                let name = &next[..length];
                if found.candidates.iter().any(|division| division.name == name) {
                    found.candidates.retain(|division| division.name == name);
                    name.clone_into(&mut found.written);
                }
            }
        }
        rest = &next[length..];
    }
}

/// 重庆市县云阳县: 县 stands for the city that the counties of a municipality do not have.
fn without_county_filler<'a>(text: &'a str, above: &[DivisionRef]) -> &'a str {
    let ([outer], Some(rest)) = (above, text.strip_prefix('县')) else {
        return text;
    };
    if outer.level == Level::Province && starts_with_child(outer, rest) {
        rest
    } else {
        text
    }
}

/// The name that starts `text` and fits below what was found, with its length.
fn name_at(text: &str, found: &Divisions) -> Option<(usize, Name)> {
    let current = current_at(text, found);
    if let Some((length, _)) = current
        && !(is_stem(&text[..length]) && text[length..].starts_with(['州', '县', '市', '区', '地']))
    {
        return current;
    }
    // 绍兴县 and 大理州 are more than the short name of a city.
    let longer = former_at(text, found).or_else(|| alias_at(text, found));
    let at = |found: &Option<(usize, Name)>| found.as_ref().map_or(0, |&(length, _)| length);
    if at(&longer) > at(&current) {
        return longer;
    }
    current.or_else(|| abbreviation_at(text, found))
}

fn is_stem(name: &str) -> bool {
    !name.ends_with(['省', '市', '区', '县', '州', '旗', '盟'])
}

fn current_at(text: &str, found: &Divisions) -> Option<(usize, Name)> {
    for (length, all) in longest_prefixes(text) {
        let name = &text[..length];
        let after = &text[length..];
        let is_longer = is_stem(name) && after.starts_with(['区', '市', '县', '州']);
        if !is_longer
            && found.candidates.iter().any(|above| is_repeated(name, above))
            && !is_other_word(name, after)
        {
            return Some((length, Name::Repeated));
        }
        let fitting: Vec<DivisionRef> = all
            .iter()
            .copied()
            .filter(|&division| is_below(division, &found.candidates))
            .filter(|division| name == division.name || is_short_name(division, after, found))
            .collect();
        if !fitting.is_empty() {
            return Some((length, Name::Current(fitting)));
        }
    }
    None
}

/// Is the name that of the division or, in full, of one above it?
fn is_repeated(name: &str, found: &Division) -> bool {
    if name == found.name || name == found.short {
        return true;
    }
    let mut above = division(found.parent);
    while let Some(outer) = above {
        if name == outer.name {
            return true;
        }
        above = division(outer.parent);
    }
    false
}

fn is_below(inner: &Division, above: &[DivisionRef]) -> bool {
    above.is_empty()
        || above
            .iter()
            .any(|outer| inner.level > outer.level && is_within(inner, outer.code))
}

/// May the short name of `division` stand for it, given the text after it?
fn is_short_name(division: &Division, after: &str, found: &Divisions) -> bool {
    if is_other_word(division.short, after) && !starts_with_child(division, after) {
        return false;
    }
    // Stems of county-level cities (东方, 永安) are common words: a parent or a town must speak for them.
    division.level < Level::County
        || !found.candidates.is_empty()
        || starts_with_town(after)
        || (!COMMON_STEMS.contains(&division.short) && starts_with_road(after))
}

/// Stems of county-level cities that are words, brands or parts of road names: a road does not speak for them.
#[rustfmt::skip]
const COMMON_STEMS: &[&str] = &[
    "东方", "永安", "永康", "瑞安", "建德", "宁安", "福安", "德兴", "华亭", "万宁", "北安", "同江", "天长", "乐昌", "龙泉",
    "东兴", "兴化", "大安", "高安", "东阳", "乐平", "高平", "福鼎", "英德", "信宜", "常宁", "兴宁", "新民", "海阳", "兴平",
    "丰城", "新乐", "新星", "双河", "昆玉", "和龙", "武安", "白杨", "北屯", "海城", "三河", "安达", "开平", "安丘", "华阴",
    "南康", "平湖", "新泰", "建瓯", "凤城", "荣成", "永城", "福清", "宜城", "安国", "安宁", "兴城", "海林", "海宁", "海伦",
];

fn starts_with_road(after: &str) -> bool {
    let chars: Vec<char> = after.chars().take(12).collect();
    let road = super::road::find(&chars).filter(|road| road.place == 0 && road.start == 0);
    road.is_some_and(|road| road.end >= 3) && !is_road_name(after)
}

/// 哈尔滨道里区 and 唐山路北区: what looks like a road's word begins the name of a district.
fn starts_with_child(outer: &Division, after: &str) -> bool {
    longest_prefixes(after).any(|(length, all)| {
        let is_child = |inner: &DivisionRef| inner.name.len() == length && is_within(inner, outer.code);
        all.iter().any(is_child)
    })
}

fn starts_with_town(after: &str) -> bool {
    let chars: Vec<char> = after.chars().take(12).collect();
    super::area::town_length(&chars).1 > 2 || super::area::zone_length(&chars) > 0
}

/// Does the text after a short name make it another word: 南京(东)路, 长春桥路, 北京大学, 上海花园?
fn is_other_word(name: &str, after: &str) -> bool {
    const WORDS: &[&str] = &[
        "大学",
        "学院",
        "师范",
        "理工",
        "交通大学",
        "大厦",
        "花园",
        "饭店",
        "宾馆",
        "酒店",
        "广场",
        "公寓",
        "新村",
        "小区",
        "城市",
        "银行",
        "中学",
        "小学",
        "医院",
        "大楼",
        "商城",
        "家园",
        "公馆",
        "站",
        "人家",
        "国际",
    ];
    if name.ends_with(['省', '市', '区', '县', '州', '旗', '盟']) && name.chars().nth(2).is_some() {
        return false;
    }
    is_road_name(after) || WORDS.iter().any(|word| after.starts_with(word))
}

/// Does the text after a short name make it the name of a road or place: 南京路, 南京(西二)路, 上海(中)街, 北京镇?
///
/// One character, or sides and numerals only, may stand between; 上海(中山)路 is a road in 上海.
fn is_road_name(after: &str) -> bool {
    const SIDES: &str = "东西南北中大上下内外前后新老一二三四五六七八九十";
    let (mut between, mut are_sides) = (0, true);
    let mut chars = after.chars().peekable();
    while let Some(c) = chars.next() {
        let is_district = c == '街' && chars.peek() == Some(&'道');
        match c {
            _ if is_district => return false,
            '路' | '街' | '巷' => return are_sides || between <= 1,
            '道' | '镇' | '乡' | '村' | '弄' | '里' => return are_sides,
            _ if between == 3 => return false,
            _ => are_sides &= SIDES.contains(c),
        }
        between += 1;
    }
    false
}

fn former_at(text: &str, found: &Divisions) -> Option<(usize, Name)> {
    for (length, all) in longest_former_prefixes(text) {
        let mut fitting = all
            .iter()
            .copied()
            .filter(|former| is_former_below(former, found));
        if let Some(last) = fitting.next_back()
            && fitting.all(|other| other.successors == last.successors)
        {
            return Some((length, Name::Former(last)));
        }
    }
    None
}

fn is_former_below(former: &FormerDivision, found: &Divisions) -> bool {
    if found.candidates.is_empty() {
        return true;
    }
    found.candidates.iter().any(|outer| {
        let was_inside = former.level > outer.level
            && (former.parent == outer.code || former.code / 10_000 * 10_000 == outer.code);
        let is_inside = former
            .successors
            .iter()
            .filter_map(|&code| division(code))
            .any(|successor| {
                let is_county = successor.code == outer.code && outer.level == Level::County;
                is_county || (successor.level > outer.level && is_within(successor, outer.code))
            });
        was_inside || is_inside
    })
}

fn alias_at(text: &str, found: &Divisions) -> Option<(usize, Name)> {
    const ALIAS_CHARS_MAX: usize = 7;
    let mut chars = text.char_indices();
    chars.next()?;
    let ends = chars.take(ALIAS_CHARS_MAX).map(|(at, c)| at + c.len_utf8());
    let mut longest = None;
    for end in ends {
        let alias = alias_of(&text[..end]).filter(|division| is_below(division, &found.candidates));
        if let Some(alias) = alias
            && !is_other_word(&text[..end], &text[end..])
        {
            longest = Some((end, Name::Current(vec![alias])));
        }
    }
    longest
}

/// One character for a province or city (沪, 粤): at the very start, right before a division inside it or a road.
fn abbreviation_at(text: &str, found: &Divisions) -> Option<(usize, Name)> {
    if !found.candidates.is_empty() {
        return None;
    }
    let first = text.chars().next()?;
    let outer = abbreviation(first)?;
    let after = &text[first.len_utf8()..];
    let inside = longest_prefixes(after).find_map(|(length, all)| {
        let is_inside =
            |division: &&DivisionRef| division.name == &after[..length] && is_below(division, &[outer]);
        all.iter().find(is_inside)
    });
    let is_apart = after.starts_with(MARKS);
    (is_apart || inside.is_some() || is_municipal_road(outer, after))
        .then(|| (first.len_utf8(), Name::Current(vec![outer])))
}

/// 沪南京西路: a road with a name of its own; 沪太路 is itself a road.
fn is_municipal_road(outer: &Division, after: &str) -> bool {
    let chars: Vec<char> = after.chars().take(10).collect();
    let road = super::road::find(&chars).filter(|road| road.place == 0 && road.start == 0);
    let is_municipality = outer.level == Level::Province && outer.name.ends_with('市');
    is_municipality
        && !is_road_name(after)
        && road.is_some_and(|road| {
            road.end >= 4 && chars[road.end - 2] != '公' && !chars[..road.end].contains(&'区')
        })
}

/// The names of province, city and county that hold `inner`, itself included.
pub(super) fn names_of(inner: &Division) -> [&'static str; 3] {
    let mut names = [""; 3];
    names[inner.level as usize] = inner.name;
    let mut above = division(inner.parent);
    while let Some(outer) = above {
        names[outer.level as usize] = outer.name;
        above = division(outer.parent);
    }
    names
}
