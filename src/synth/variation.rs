//! How one subsidiary writes a customer's name: variants, abbreviations and slips.
//!
//! In: a name in parts, the source's habit, a random stream of the record. Out: the name as it stands in the export.
//! Variants follow what data stewards meet: region moved into or out of brackets, dropped or lengthened; 有限公司 for
//! 有限责任公司; form left out; brand and trade only; homophones; traditional characters; brackets full width; notes behind the name.
//! Other fields belong to `render`; single slips are in `noise`.

use super::companies::CompanyName;
use super::companies::RegionPlace;
use super::entity::Name;
use super::latin::FirmName;
use super::noise;
use super::people::Person;
use super::rng::Rng;
use super::sources::Habit;
use super::world::World;

/// Adds the name as the source writes it to `out`.
pub(super) fn write_name(world: &World, rng: &mut Rng, habit: &Habit, name: &Name, out: &mut String) {
    match name {
        Name::Company(company) => write_company(world, rng, habit, company, out),
        Name::Firm(firm) => write_firm(rng, habit, firm, out),
        Name::Person(person) => write_person(world, rng, habit, person, out),
        Name::Fixed(fixed) => out.push_str(fixed),
    }
}

/// True in `permille` of 1,000 cases, scaled by the source's carelessness.
pub(super) fn slips(rng: &mut Rng, habit: &Habit, permille: u64) -> bool {
    rng.chance(permille * habit.noise_percent / 100)
}

fn write_company(world: &World, rng: &mut Rng, habit: &Habit, company: &CompanyName, out: &mut String) {
    let mut name = company.clone();
    if slips(rng, habit, 400) {
        vary_parts(world, rng, &mut name);
    }
    let mut text = name.registered();
    if slips(rng, habit, 45) {
        shorten(rng, &name, &mut text);
    }
    if slips(rng, habit, 60) {
        slip(world, rng, &name, &mut text);
    }
    if !habit.is_traditional && slips(rng, habit, 25) {
        text = to_traditional(world, rng, &text);
    }
    let is_full_width = if slips(rng, habit, 120) {
        !habit.is_full_width
    } else {
        habit.is_full_width
    };
    if slips(rng, habit, 15) {
        text.insert_str(0, rng.pick(&[" ", "\u{3000}", "1、"]));
    }
    if slips(rng, habit, 20) {
        text.push_str(rng.pick(&["(停用)", "(已更名)", "(重复)", " ", "(收)", "\u{3000}"]));
    }
    noise::set_brackets(&text, is_full_width, out);
}

/// Changes one part of a company name to an equal or shorter one.
fn vary_parts(world: &World, rng: &mut Rng, name: &mut CompanyName) {
    let city = world
        .cities
        .iter()
        .find(|city| name.region.starts_with(city.short));
    match (rng.below(100), name.place) {
        // 有限公司 and 有限责任公司 are the same form in law.
        (0..26, _) => {
            name.form = match name.form {
                "有限公司" => "有限责任公司",
                "有限责任公司" => "有限公司",
                "股份有限公司" => "股份公司",
                "集团有限公司" => "集团",
                form => form,
            };
        }
        (26..44, RegionPlace::Front) => {
            if let Some(city) = city {
                let longer = if name.region == city.short {
                    city.full().to_owned()
                } else {
                    city.short.to_owned()
                };
                name.region = longer;
            }
        }
        (44..50, RegionPlace::Front) => {
            if let Some(city) = city.filter(|city| !city.name.is_empty()) {
                name.region = format!("{}{}", city.province, city.name);
            }
        }
        (50..64, RegionPlace::Front) if name.form.contains("公司") => {
            name.place = RegionPlace::Bracket;
            if let Some(city) = city {
                city.short.clone_into(&mut name.region);
            }
        }
        (26..64, RegionPlace::Bracket) => name.place = RegionPlace::Front,
        (64..82, _) => name.place = RegionPlace::Absent,
        _ => name.form = if name.branch.is_empty() { "" } else { name.form },
    }
}

/// Leaves only what people say: brand and trade, the brand, or first characters.
fn shorten(rng: &mut Rng, name: &CompanyName, text: &mut String) {
    *text = match rng.below(10) {
        0..6 => format!("{}{}", name.short(), name.branch),
        6..8 if name.place != RegionPlace::Absent => format!("{}{}{}", name.region, name.core, name.branch),
        8 => {
            let first = |part: &str| part.chars().next().map(String::from).unwrap_or_default();
            let region = if name.place == RegionPlace::Absent {
                String::new()
            } else {
                first(&name.region)
            };
            format!("{region}{}{}{}", name.core, first(name.industry), name.branch)
        }
        _ => format!("{}{}", name.core, name.branch),
    };
}

/// One slip: mostly a homophone in the brand, else a character dropped, doubled or exchanged.
fn slip(world: &World, rng: &mut Rng, name: &CompanyName, text: &mut String) {
    match rng.below(100) {
        0..55 => {
            let mut core = name.core.clone();
            if world.noise.homophone(rng, &mut core) {
                *text = text.replacen(&name.core, &core, 1);
            } else {
                noise::swap_chars(rng, text);
            }
        }
        55..72 => noise::drop_char(rng, text),
        72..86 => noise::double_char(rng, text),
        86..94 => noise::swap_chars(rng, text),
        _ => {
            *text = text.replacen(
                "有限公司",
                rng.pick(&["有限公词", "有限公", "有限公司司", "限公司"]),
                1,
            )
        }
    }
}

/// All characters, or only some, as traditional.
fn to_traditional(world: &World, rng: &mut Rng, text: &str) -> String {
    let share = if rng.chance(600) { 1000 } else { 400 };
    text.chars()
        .map(|found| {
            if rng.chance(share) {
                world.noise.traditional(found)
            } else {
                found
            }
        })
        .collect()
}

/// Adds a person's name as the source writes it; Latin names may come short, turned round or in capitals.
pub(super) fn write_person(world: &World, rng: &mut Rng, habit: &Habit, person: &Person, out: &mut String) {
    if person.is_chinese {
        let mut full = person.full();
        if slips(rng, habit, 30) {
            world.noise.homophone(rng, &mut full);
        }
        if slips(rng, habit, 12) {
            full = to_traditional(world, rng, &full);
        }
        if full.chars().count() == 2 && slips(rng, habit, 40) {
            full.insert(person.family.len().min(full.len()), ' ');
        }
        out.push_str(&full);
        return;
    }
    let (given, family) = latin_parts(world, rng, habit, person);
    let middle = if person.middle.is_empty() || rng.chance(400) {
        ""
    } else {
        person.middle
    };
    let start = out.len();
    if slips(rng, habit, 120) {
        out.push_str(&family);
        out.push_str(", ");
        out.push_str(&given);
    } else {
        out.push_str(&given);
        if !middle.is_empty() {
            out.push(' ');
            out.push_str(middle);
        }
        out.push(' ');
        out.push_str(&family);
    }
    if slips(rng, habit, 60) {
        let upper = out.split_off(start).to_uppercase();
        out.push_str(&upper);
    }
}

/// Given and family name of a Latin person with short forms, initials, slips and perhaps the suffix.
pub(super) fn latin_parts(world: &World, rng: &mut Rng, habit: &Habit, person: &Person) -> (String, String) {
    let names = if person.is_male {
        &world.latin.male
    } else {
        &world.latin.female
    };
    let mut given = person.given.clone();
    if slips(rng, habit, 110) {
        let short = names
            .iter()
            .find(|name| name.0 == given)
            .map_or(given.as_str(), |name| name.1);
        given = short.to_owned();
    } else if slips(rng, habit, 30) {
        given = given.chars().take(1).collect();
    }
    let mut family = person.family.clone();
    if slips(rng, habit, 35) {
        noise::latin_typo(rng, &mut given);
    }
    if slips(rng, habit, 45) {
        noise::latin_typo(rng, &mut family);
    }
    if !person.suffix.is_empty() && rng.chance(750) {
        family.push(' ');
        family.push_str(person.suffix);
    }
    (given, family)
}

fn write_firm(rng: &mut Rng, habit: &Habit, firm: &FirmName, out: &mut String) {
    let mut form = match (firm.form, rng.below(10)) {
        ("Inc", 0..2) => "Incorporated",
        ("Inc", 2..4) => "Inc.",
        ("Corp", 0..3) => "Corporation",
        ("Co", 0..3) => "Company",
        ("Ltd", 0..4) => "Limited",
        ("LLC", 0..2) => "L.L.C.",
        (form, _) => form,
    };
    if slips(rng, habit, 130) {
        form = "";
    }
    let mut text = format!("{} {}", firm.core, firm.trade);
    if slips(rng, habit, 40) {
        text = text.replace(" & ", " and ");
    }
    if slips(rng, habit, 70) {
        noise::latin_typo(rng, &mut text);
    }
    if !form.is_empty() {
        text.push_str(if rng.chance(200) { ", " } else { " " });
        text.push_str(form);
    }
    if !firm.branch.is_empty() {
        text.push_str(if rng.chance(300) { " (" } else { " - " });
        text.push_str(&firm.branch);
        if text.contains(" (") {
            text.push(')');
        }
    }
    if slips(rng, habit, 60) {
        text = text.to_uppercase();
    }
    out.push_str(&text);
}

#[cfg(test)]
mod tests {
    use super::write_name;
    use crate::synth::Locale;
    use crate::synth::companies::CompanyName;
    use crate::synth::companies::RegionPlace;
    use crate::synth::entity::Name;
    use crate::synth::latin;
    use crate::synth::rng::Rng;
    use crate::synth::sources;
    use crate::synth::world::World;

    fn variants(name: &Name) -> Vec<String> {
        let world = World::new(1, Locale::Mixed, 5, 1);
        let (habit, _) = sources::habit(Locale::Zh, 1, false);
        let mut seen: Vec<String> = (0..4000)
            .map(|index| {
                let mut out = String::new();
                write_name(&world, &mut Rng::new(3, &[index]), &habit, name, &mut out);
                out
            })
            .collect();
        seen.sort();
        seen.dedup();
        seen
    }

    #[test]
    fn a_company_is_written_in_the_known_ways() {
        let name = Name::Company(CompanyName {
            region: "北京".to_owned(),
            place: RegionPlace::Front,
            core: "华夏".to_owned(),
            industry: "科技",
            form: "有限公司",
            branch: String::new(),
        });
        let seen = variants(&name);
        for wanted in [
            "北京华夏科技有限公司",
            "北京市华夏科技有限公司",
            "华夏科技（北京）有限公司",
            "华夏科技(北京)有限公司",
            "北京华夏科技有限责任公司",
            "华夏科技有限公司",
            "北京华夏科技",
            "华夏科技",
            "華夏科技有限公司",
        ] {
            assert!(seen.iter().any(|found| found == wanted), "{wanted}");
        }
        assert!(seen.len() > 40);
    }

    #[test]
    fn a_latin_firm_and_a_latin_person_vary_too() {
        let world = World::new(1, Locale::En, 5, 1);
        let mut rng = Rng::new(1, &[]);
        assert!(variants(&Name::Firm(latin::firm_name(&world, &mut rng))).len() > 20);
        let person = latin::person(&world, &mut rng, Some("Smith"), true);
        let seen = variants(&Name::Person(person));
        assert!(seen.iter().any(|found| found.starts_with("Smith, ")) && seen.len() > 20);
    }
}
