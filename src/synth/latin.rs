//! Latin persons, firms and places: word lists and how names are drawn from them.
//!
//! Out: persons with given, middle and family name, firm names, and American-style addresses from `data/latin_cities.txt`.
//! Name order follows the frequency lists of the US Census Bureau (1990 given names, 2010 surnames), public domain; tails are Zipf-like.

use super::people::Person;
use super::places::Address;
use super::rng::Rng;
use super::world::World;

/// Surnames, commonest first.
pub(super) const SURNAMES: &str = "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez \
    Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker \
    Young Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts \
    Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales Murphy Cook Rogers Gutierrez Ortiz \
    Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray \
    Mendoza Ruiz Hughes Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry Russell Sullivan \
    Bell Coleman Butler Henderson Barnes Fisher Vasquez Simmons Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace \
    West Cole Hayes Bryant Herrera Gibson Ellis Tran Medina Stevens Murray Ford Castro Marshall Owens Harrison Fernandez Woods \
    Washington Kennedy Wells O'Brien McDonald MacDonald O'Connor Schneider Schmidt Müller Fischer Weber Rossi Dubois Novak Lefèvre";

/// Men's given names with the short forms people use: `full/short`.
pub(super) const MALE: &str = "James/Jim John/Jack Robert/Bob Michael/Mike William/Bill David/Dave Richard/Rick Charles/Chuck \
    Joseph/Joe Thomas/Tom Christopher/Chris Daniel/Dan Paul Mark Donald/Don George Kenneth/Ken Steven/Steve Edward/Ed Brian \
    Ronald/Ron Anthony/Tony Kevin Jason Matthew/Matt Gary Timothy/Tim Jose Larry Jeffrey/Jeff Frank Scott Eric Stephen/Steve \
    Andrew/Andy Raymond/Ray Gregory/Greg Joshua/Josh Jerry Dennis Walter/Walt Patrick/Pat Peter/Pete Harold/Harry Douglas/Doug \
    Henry/Hank Carl Arthur/Art Ryan Roger Samuel/Sam Benjamin/Ben Alexander/Alex Nicholas/Nick Jürgen José André";

/// Women's given names with the short forms people use.
pub(super) const FEMALE: &str = "Mary/Molly Patricia/Pat Linda Barbara/Barb Elizabeth/Liz Jennifer/Jen Maria Susan/Sue Margaret/Peggy \
    Dorothy/Dot Lisa Nancy Karen Betty Helen Sandra/Sandy Donna Carol Ruth Sharon Michelle Laura Sarah Kimberly/Kim Deborah/Debbie \
    Jessica/Jess Shirley Cynthia/Cindy Angela/Angie Melissa Brenda Amy Anna Rebecca/Becky Virginia/Ginny Kathleen/Kathy Pamela/Pam \
    Martha Debra/Deb Amanda/Mandy Stephanie/Steph Carolyn Christine/Chris Catherine/Cathy Victoria/Vicky Samantha/Sam Alice Julie \
    Katherine/Kate Zoë Renée";

/// Streets, commonest first.
pub(super) const STREETS: &str = "Main_St Oak_Ave Maple_Ave Park_Ave Pine_St Cedar_Ln Elm_St Washington_Blvd Lake_Dr Hill_Rd Walnut_St \
    Spring_St North_Ave Ridge_Rd Church_St Willow_Ln Mill_Rd Sunset_Blvd Railroad_Ave Jefferson_St Center_St Highland_Ave Forest_Dr \
    Jackson_St River_Rd Meadow_Ln Broadway Franklin_St Chestnut_St Market_St Lincoln_Ave Cherry_St Prospect_Ave Madison_Ave \
    Industrial_Pkwy Commerce_Dr Airport_Rd College_Ave Victoria_Ct Hickory_Ct";

/// First words of firm names.
pub(super) const FIRM_WORDS: &str = "Summit Pioneer Atlas Liberty Apex Evergreen Cascade Sterling Horizon Beacon Keystone Delta Frontier \
    Golden Harbor Heritage Imperial Lakeside Metro Northern Pacific Premier Quantum Redwood Sierra Titan United Valley Western Zenith \
    Blue_Ridge Eagle Falcon Granite Iron Juniper Magnolia Nova Orion Phoenix";

/// Trades of firms.
pub(super) const FIRM_TRADES: &str = "Manufacturing Technologies Logistics Consulting Foods Construction Supply Electric Plumbing \
    Packaging Medical_Devices Software Automotive Textiles Printing Freight Energy Machinery Chemicals Furniture Marketing Staffing \
    Landscaping Security_Services Catering Equipment_Rental";

/// Legal forms of firms, commonest first.
pub(super) const FIRM_FORMS: &str = "Inc LLC Corp Co Ltd";

/// One Latin city.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct LatinCity {
    /// City in full.
    pub(super) name: &'static str,
    /// State code.
    pub(super) state: &'static str,
    /// First three digits of the postcode.
    pub(super) postcode: &'static str,
    /// Telephone area code.
    pub(super) area_code: &'static str,
}

/// A firm's name in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FirmName {
    /// `Blue Ridge`
    pub(super) core: String,
    /// `Medical Devices`
    pub(super) trade: String,
    /// `Inc`
    pub(super) form: &'static str,
    /// `Denver Branch`; empty for head offices.
    pub(super) branch: String,
}

impl FirmName {
    /// `Summit Foods Inc`, `Summit Foods Inc - Denver Branch`.
    pub(super) fn registered(&self) -> String {
        let mut name = format!("{} {} {}", self.core, self.trade, self.form);
        if !self.branch.is_empty() {
            name.push_str(" - ");
            name.push_str(&self.branch);
        }
        name
    }
}

/// Cities of the embedded list, largest first.
pub(super) fn cities() -> Vec<LatinCity> {
    let lines = include_str!("data/latin_cities.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let parts: Vec<&'static str> = line.split('|').collect();
            let [name, state, postcode, area_code] = parts[..] else {
                return None;
            };
            Some(LatinCity {
                name,
                state,
                postcode,
                area_code,
            })
        })
        .collect()
}

/// The words of a list, underscores read as blanks.
pub(super) fn words(list: &'static str) -> Vec<String> {
    list.split_whitespace()
        .map(|word| word.replace('_', " "))
        .collect()
}

/// Draws a Latin person; `family` fixes the surname.
pub(super) fn person(world: &World, rng: &mut Rng, family: Option<&str>, is_male: bool) -> Person {
    let latin = &world.latin;
    let family = family.map_or_else(
        || latin.surnames[latin.surname_skew.pick(rng)].to_owned(),
        ToOwned::to_owned,
    );
    let names = if is_male { &latin.male } else { &latin.female };
    let given = names[latin.given_skew.pick(rng).min(names.len() - 1)]
        .0
        .to_owned();
    let middle = if rng.chance(350) {
        rng.pick(&["A", "B", "C", "D", "E", "J", "L", "M", "R", "S"])
    } else {
        ""
    };
    Person {
        family,
        given,
        middle,
        suffix: "",
        is_male,
        is_chinese: false,
    }
}

/// Draws a firm's name.
pub(super) fn firm_name(world: &World, rng: &mut Rng) -> FirmName {
    let latin = &world.latin;
    let core = match rng.below(10) {
        0..6 => latin.firm_words[latin.firm_skew.pick(rng)].clone(),
        6..8 => format!(
            "{} {}",
            rng.pick_ref(&latin.firm_words),
            rng.pick_ref(&latin.firm_words)
        ),
        _ => format!(
            "{} & {}",
            latin.surnames[latin.surname_skew.pick(rng)],
            rng.pick(&latin.surnames)
        ),
    };
    let form = latin.firm_forms[rng
        .index(latin.firm_forms.len())
        .min(rng.index(latin.firm_forms.len()))];
    FirmName {
        core,
        trade: rng.pick_ref(&latin.firm_trades).clone(),
        form,
        branch: String::new(),
    }
}

/// Draws an address in a city.
pub(super) fn address(world: &World, rng: &mut Rng, city: usize, is_home: bool) -> Address {
    let latin = &world.latin;
    let place = &latin.cities[city];
    let room = if rng.chance(if is_home { 250 } else { 500 }) {
        format!(
            "{} {}",
            if is_home { "Apt" } else { "Suite" },
            1 + rng.below(if is_home { 40 } else { 900 })
        )
    } else {
        String::new()
    };
    Address {
        province: place.state,
        city: place.name,
        county: "",
        road: latin.streets[latin.street_skew.pick(rng)].clone(),
        number: 1 + rng.below(9800).min(rng.below(9800)),
        building: String::new(),
        room,
        postcode: format!("{}{:02}", place.postcode, rng.below(60)),
        is_chinese: false,
    }
}

#[cfg(test)]
mod tests {
    use super::cities;
    use super::firm_name;
    use super::person;
    use crate::synth::Locale;
    use crate::synth::rng::Rng;
    use crate::synth::world::World;

    #[test]
    fn the_city_list_is_read_in_full() {
        assert_eq!(
            cities().len(),
            include_str!("data/latin_cities.txt").lines().count() - 1
        );
    }

    #[test]
    fn persons_and_firms_have_all_their_parts() {
        let world = World::new(5, Locale::En, 5, 1);
        let mut rng = Rng::new(5, &[]);
        let drawn = person(&world, &mut rng, Some("O'Brien"), false);
        assert!(drawn.full().ends_with("O'Brien") && !drawn.given.is_empty());
        let firm = firm_name(&world, &mut rng);
        assert!(firm.registered().starts_with(&firm.core) && firm.registered().ends_with(firm.form));
    }
}
