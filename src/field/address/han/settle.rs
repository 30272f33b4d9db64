//! Which division is meant when several have the name, and the levels that columns add.
//!
//! In: the candidates of an address, its columns and postcode. Out: the levels province, city, county and the code of
//! the lowest division. Columns or the postcode may leave one candidate; otherwise the name stays as it was written, the
//! levels above it are those that all candidates share, and a finding lists them: nothing is guessed. A former name stays
//! too, with what it became as a finding.

use super::Components;
use super::Levels;
use super::divisions::Divisions;
use super::divisions::names_of;
use crate::field::organisation::han_key;
use crate::reference::regions::Division;
use crate::reference::regions::DivisionRef;
use crate::reference::regions::FormerDivision;
use crate::reference::regions::Level;
use crate::reference::regions::division;
use crate::reference::regions::divisions_named;
use crate::reference::regions::former_named;
use crate::reference::regions::is_within;

/// Candidates that a finding lists at most.
const LISTED_MAX: usize = 5;

/// First two digits of postcodes by province (postal code of China, GB/T 7407 as assigned), first and last.
const POSTAL_PREFIXES: &[(u32, u32, u32)] = &[
    (1, 2, 150_000),
    (3, 4, 140_000),
    (5, 7, 130_000),
    (10, 10, 110_000),
    (11, 12, 210_000),
    (13, 13, 220_000),
    (15, 16, 230_000),
    (20, 20, 310_000),
    (21, 22, 320_000),
    (23, 24, 340_000),
    (25, 27, 370_000),
    (30, 30, 120_000),
    (31, 32, 330_000),
    (33, 34, 360_000),
    (35, 36, 350_000),
    (40, 40, 500_000),
    (41, 42, 430_000),
    (43, 44, 420_000),
    (45, 47, 410_000),
    (51, 52, 440_000),
    (53, 54, 450_000),
    (55, 56, 520_000),
    (57, 57, 460_000),
    (61, 64, 510_000),
    (65, 67, 530_000),
    (71, 72, 610_000),
    (73, 74, 620_000),
    (75, 75, 640_000),
    (81, 81, 630_000),
    (83, 84, 650_000),
    (85, 86, 540_000),
];

/// Code of the province whose postcodes begin like this one.
fn province_of_postcode(postcode: &str) -> Option<u32> {
    let head: u32 = postcode.get(..2).filter(|_| postcode.len() == 6)?.parse().ok()?;
    POSTAL_PREFIXES
        .iter()
        .find(|(first, last, _)| (*first..=*last).contains(&head))
        .map(|&(_, _, province)| province)
}

/// Writes what the address and its columns name into `levels`.
pub(super) fn settle(mut found: Divisions, components: &Components, levels: &mut Levels) {
    narrow(&mut found, components, &levels.postcode);
    match found.candidates.as_slice() {
        [] => {}
        [only] => set(levels, only),
        several => keep_several(several, &found.written, levels),
    }
    for former in &found.former {
        set_former(levels, former);
    }
    fill(levels, components);
}

/// Leaves the candidates that columns and postcode allow, if any do.
fn narrow(found: &mut Divisions, components: &Components, postcode: &str) {
    if found.candidates.len() < 2 {
        return;
    }
    for (text, level) in [
        (&components.province, Level::Province),
        (&components.city, Level::City),
        (&components.county, Level::County),
    ] {
        if text.is_empty() {
            continue;
        }
        let key = han_key(text);
        let outer: Vec<DivisionRef> = divisions_named(&key)
            .filter(|outer| outer.level <= level)
            .collect();
        keep_if(&mut found.candidates, |inner| {
            outer.iter().any(|outer| is_within(inner, outer.code))
        });
    }
    if let Some(province) = province_of_postcode(postcode) {
        keep_if(&mut found.candidates, |inner| is_within(inner, province));
    }
    // 吉林 is the province and a city in it; 海南 the province and a prefecture: the outer level is certain.
    if let Some(outermost) = found.candidates.iter().map(|division| division.level).min() {
        let is_short = found
            .candidates
            .iter()
            .all(|division| division.name != found.written);
        if is_short {
            keep_if(&mut found.candidates, |division| division.level == outermost);
        }
    }
}

fn keep_if(candidates: &mut Vec<DivisionRef>, is_kept: impl Fn(&Division) -> bool) {
    if candidates.iter().any(|division| is_kept(division)) {
        candidates.retain(|division| is_kept(division));
    }
}

/// Sets the level of a division and those above it.
pub(super) fn set(levels: &mut Levels, found: &Division) {
    let [province, city, county] = names_of(found);
    for (level, name) in [
        (&mut levels.province, province),
        (&mut levels.city, city),
        (&mut levels.county, county),
    ] {
        if !name.is_empty() {
            name.clone_into(level);
        }
    }
    levels.division = found.code.to_string();
}

/// One name of several divisions: the levels that they share, the name as written, and the candidates as a finding.
fn keep_several(several: &[DivisionRef], written: &str, levels: &mut Levels) {
    let first = names_of(several[0]);
    let is_shared = |at: usize| several.iter().all(|division| names_of(division)[at] == first[at]);
    for (at, level) in [&mut levels.province, &mut levels.city, &mut levels.county]
        .into_iter()
        .enumerate()
    {
        if is_shared(at) {
            first[at].clone_into(level);
        } else if several.iter().any(|division| division.level as usize == at) {
            written.clone_into(level);
        }
    }
    let listed: Vec<String> = several
        .iter()
        .take(LISTED_MAX)
        .map(|division| path_of(division))
        .collect();
    levels.is_ambiguous = true;
    levels.find("ambiguous_value", listed.join(" | "));
}

/// A county with its city (a municipality's district with the municipality), a city with its province.
fn path_of(inner: &Division) -> String {
    let above = division(inner.parent).map_or("", |above| above.name);
    format!("{above}{}", inner.name)
}

/// A former division: its name as written, the division it became as a finding and as the code.
fn set_former(levels: &mut Levels, former: &FormerDivision) {
    let mut above = division(former.parent);
    while let Some(outer) = above {
        let level = level_mut(levels, outer.level);
        outer.name.clone_into(level);
        above = division(outer.parent);
    }
    former.name.clone_into(level_mut(levels, former.level));
    let became: Vec<&str> = former
        .successors
        .iter()
        .filter_map(|&code| division(code))
        .map(|successor| successor.name)
        .collect();
    levels.find(
        "former_region",
        format!("{} → {}", former.name, became.join("、")),
    );
    if let [only] = former.successors
        && (levels.division.is_empty() || former.level == Level::County || levels.county.is_empty())
    {
        levels.division = only.to_string();
    }
    if former.successors.len() > 1 && levels.county.is_empty() {
        levels.division = former.code.to_string();
    }
}

pub(super) fn level_mut(levels: &mut Levels, level: Level) -> &mut String {
    match level {
        Level::Province => &mut levels.province,
        Level::City => &mut levels.city,
        Level::County => &mut levels.county,
    }
}

/// Is the division inside the city and province that are already known?
fn fits(found: &Division, levels: &Levels) -> bool {
    let [province, city, _] = names_of(found);
    let is_other = |known: &str, name: &str| !known.is_empty() && !name.is_empty() && known != name;
    !(is_other(&levels.province, province) || (found.level > Level::City && is_other(&levels.city, city)))
}

/// The one division of this name and level that fits what is known.
fn only_division(name: &str, level: Level, levels: &Levels) -> Option<DivisionRef> {
    let mut found =
        divisions_named(name).filter(|division| division.level == level && fits(division, levels));
    found.next().filter(|_| found.next().is_none())
}

/// Levels that the address does not name, from their own columns.
fn fill(levels: &mut Levels, components: &Components) {
    for (text, level) in [
        (&components.province, Level::Province),
        (&components.city, Level::City),
        (&components.county, Level::County),
    ] {
        if text.is_empty() || !level_mut(levels, level).is_empty() {
            continue;
        }
        let key = han_key(text);
        let municipality = municipality_named(&key).filter(|_| level == Level::City);
        if municipality.is_some_and(|province| levels.province == province.name) {
            continue;
        }
        if let Some(only) = municipality.or_else(|| current_in_column(&key, level, levels)) {
            let is_lower = levels.county.is_empty() && (level > Level::City || levels.city.is_empty());
            let code = std::mem::take(&mut levels.division);
            let county = levels.county.clone();
            set(levels, only);
            if !is_lower {
                levels.division = code;
                levels.county = county;
            }
        } else if let Some(former) =
            former_named(&key).find(|former| former.level == level && fits_former(former, levels))
        {
            let known = [levels.province.clone(), levels.city.clone()];
            set_former(levels, former);
            for (level, known) in [&mut levels.province, &mut levels.city].into_iter().zip(known) {
                if !known.is_empty() {
                    *level = known;
                }
            }
        }
    }
}

/// A municipality in the column of cities is the province: 北京市, 重庆.
fn municipality_named(name: &str) -> Option<DivisionRef> {
    divisions_named(name).find(|division| division.level == Level::Province && division.name.ends_with('市'))
}

/// The current division that a column names: of its own level, without its suffix (南山 in a column of counties), or of
/// another level by its full name (昆山市 in a column of cities).
fn current_in_column(key: &str, level: Level, levels: &mut Levels) -> Option<DivisionRef> {
    if let Some(only) = only_division(key, level, levels) {
        return Some(only);
    }
    let mut suffixes = ["区", "县", "市", "旗"]
        .into_iter()
        .filter(|_| level == Level::County);
    let only = suffixes.find_map(|suffix| only_division(&format!("{key}{suffix}"), level, levels));
    if only.is_some() {
        return only;
    }
    let mut others = divisions_named(key).filter(|division| division.name == key && fits(division, levels));
    let only = others.next().filter(|_| others.next().is_none())?;
    level_mut(levels, only.level).is_empty().then_some(only)
}

/// Was the former division inside the province that is known, or is what it became?
fn fits_former(former: &FormerDivision, levels: &Levels) -> bool {
    let was_inside = division(former.code / 10_000 * 10_000)
        .is_some_and(|province| levels.province.is_empty() || levels.province == province.name);
    let mut current = former.successors.iter().filter_map(|&code| division(code));
    was_inside || current.any(|successor| fits(successor, levels))
}
