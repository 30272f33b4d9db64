//! Addresses by their parts, as one piece of evidence.
//!
//! Street, city and postcode as three comparisons count the same agreement three times (measured by others: F1 .594
//! against .755 with one), so all parts make one level. House number and room are hard: another number is another place.

use crate::compare::Comparator;
use crate::compare::PreparedComparison;
use crate::compare::Use;
use crate::compare::similarity::Nearness;
use crate::compare::similarity::nearness;
use crate::compare::view::FirstItems;
use crate::compare::view::PartView;
use crate::compare::view::Stand;
use crate::compare::view::stand;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::Interner;
use crate::table::StandardColumn;
use crate::text::script::has_han;
use std::fmt::Write;

/// Compares the derived field `location`.
pub(super) struct Address;

const PLACE: usize = 0;
const AREA: usize = 1;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("nothing agrees", "均不同"),
    LevelSpec::plain("same city or state", "同城市或省"),
    LevelSpec::of_term(
        "same postcode, locality, district or city",
        "同邮编、区县或城市",
        AREA,
    ),
    LevelSpec::plain("same postcode and locality", "邮编与区县均相同"),
    LevelSpec::plain("same road in the area, other number", "同路不同号"),
    LevelSpec::plain("same road, number missing", "同路，门牌缺失"),
    LevelSpec::plain("same road and number, other room", "同路同号，不同室"),
    LevelSpec::plain("road alike, same number", "路名相近，门牌相同"),
    LevelSpec::of_term("same road and number", "同路同号", PLACE),
    LevelSpec::of_term("same road, number and room", "同路同号同室", PLACE),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
    first: FirstItems,
    cities: [PartView<'a>; 3],
    county: PartView<'a>,
    locality: PartView<'a>,
    postcode: PartView<'a>,
    road: PartView<'a>,
    number: PartView<'a>,
    /// Per item, a code of its building, or of its Chinese compound where no building is numbered.
    site: Vec<u32>,
    /// Room, or the flat or floor where no room is numbered.
    rooms: [PartView<'a>; 3],
    /// Per item, a code of its road and number together.
    place: Vec<u32>,
    places: usize,
    /// Per item, a code of its smallest known area.
    area: Vec<u32>,
    areas: usize,
}

impl Comparator for Address {
    fn name(&self) -> &'static str {
        "address"
    }

    fn uses(&self) -> &'static [Use] {
        const { &[Use::of("location", &["location"])] }
    }

    fn levels(&self) -> &'static [LevelSpec] {
        LEVELS
    }

    fn counts_names(&self) -> bool {
        true
    }

    fn prepare<'a>(&self, columns: &[&'a StandardColumn]) -> Option<Box<dyn PreparedComparison + 'a>> {
        let column = *columns.first()?;
        let part = |name| PartView::new(column, name);
        let (road, number) = (part("road")?, part("number")?);
        let (postcode, locality, county) = (part("postcode")?, part("locality")?, part("county")?);
        let city = part("city")?;
        let mut places = Interner::default();
        let mut areas = Interner::default();
        let mut text = String::new();
        let items = 0..column.values.len() as u32;
        let place = items
            .clone()
            .map(|item| {
                if road.code(item) == 0 || number.code(item) == 0 {
                    return 0;
                }
                text.clear();
                // Writing to a String cannot fail.
                let _ = write!(text, "{}\u{1F}{}", road.text(item), number.text(item));
                places.intern(&text)
            })
            .collect();
        let smallest = |item: u32| {
            let parts = [postcode, locality, county, city];
            parts
                .iter()
                .map(|part| part.text(item))
                .find(|text| !text.is_empty())
                .unwrap_or("")
        };
        let (building, compound) = (part("building")?, part("compound")?);
        let mut sites = Interner::default();
        let site = items
            .clone()
            .map(|item| match building.text(item) {
                // House names of Latin addresses come and go: they part nothing.
                "" if has_han(compound.text(item)) => sites.intern(compound.text(item)),
                building => sites.intern(building),
            })
            .collect();
        let area = items.map(|item| areas.intern(smallest(item))).collect();
        Some(Box::new(Prepared {
            column,
            first: FirstItems::new(column),
            cities: [city, part("province")?, part("state")?],
            county,
            locality,
            postcode,
            road,
            number,
            site,
            rooms: [part("room")?, part("unit")?, part("floor")?],
            place,
            places: places.pool().len(),
            area,
            areas: areas.pool().len(),
        }))
    }
}

/// How the first of `parts` that both items have stands; parts that only one has say nothing.
fn stand_of(parts: &[PartView], left: u32, right: u32) -> Stand {
    let stands = parts.iter().map(|part| stand(part.code(left), part.code(right)));
    stands
        .into_iter()
        .find(|stand| *stand != Stand::Missing)
        .unwrap_or(Stand::Missing)
}

impl<'a> Prepared<'a> {
    fn is_same(&self, part: PartView<'a>, left: u32, right: u32) -> bool {
        stand(part.code(left), part.code(right)) == Stand::Equal
    }

    fn near(&self, part: PartView<'a>, left: u32, right: u32) -> Nearness {
        match stand(part.code(left), part.code(right)) {
            Stand::Equal => Nearness::Equal,
            Stand::Missing => Nearness::Unlike,
            Stand::Differ => nearness(part.text(left), part.text(right)),
        }
    }

    /// How the smaller areas agree: 0 none, 1 one of them, 2 two or more.
    fn areas_agreeing(&self, left: u32, right: u32) -> usize {
        let postcode = self.is_same(self.postcode, left, right);
        let locality = self.near(self.locality, left, right) >= Nearness::Close;
        let county = self.is_same(self.county, left, right);
        usize::from(postcode) + usize::from(locality) + usize::from(county)
    }

    fn same_street(&self, road: Nearness, left: u32, right: u32) -> Option<u8> {
        let number = stand(self.number.code(left), self.number.code(right));
        let unit = match stand(self.site[left as usize], self.site[right as usize]) {
            Stand::Differ => Stand::Differ,
            _ => stand_of(&self.rooms, left, right),
        };
        match (road, number, unit) {
            (Nearness::Equal, Stand::Equal, Stand::Equal) => Some(9),
            (Nearness::Equal, Stand::Equal, Stand::Missing) => Some(8),
            (Nearness::Equal, Stand::Equal, Stand::Differ) => Some(6),
            (Nearness::Close | Nearness::Near, Stand::Equal, _) => Some(7),
            _ => None,
        }
    }

    fn judge(&self, left: u32, right: u32) -> u8 {
        let road = self.near(self.road, left, right);
        let areas = self.areas_agreeing(left, right);
        let city = self.cities.iter().any(|part| self.is_same(*part, left, right));
        // A road of this name is in every town: without a common area it says little, with a contradicting city nothing.
        let contradicts =
            areas == 0 && stand(self.cities[0].code(left), self.cities[0].code(right)) == Stand::Differ;
        if let Some(level) = self.same_street(road, left, right).filter(|_| !contradicts) {
            return level;
        }
        if road >= Nearness::Close && (areas > 0 || city) {
            return if stand(self.number.code(left), self.number.code(right)) == Stand::Missing {
                5
            } else {
                4
            };
        }
        match (areas, city) {
            (2.., _) => 3,
            (1, _) => 2,
            (0, true) => 1,
            (0, false) => 0,
        }
    }
}

impl PreparedComparison for Prepared<'_> {
    fn level(&self, left: RecordIndex, right: RecordIndex) -> AgreementLevel {
        let (left, right) = (self.first.of(left), self.first.of(right));
        if left == 0 || right == 0 {
            return AgreementLevel::NULL;
        }
        if left == right && self.place[left as usize] != 0 {
            return AgreementLevel(9);
        }
        AgreementLevel(self.judge(left, right))
    }

    fn term_codes(&self, term: usize) -> usize {
        [self.places, self.areas][term]
    }

    fn terms(&self, term: usize, record: RecordIndex, out: &mut Vec<u32>) {
        let first = out.len();
        for &item in self.column.items_of(record) {
            let code = [&self.place, &self.area][term][item as usize];
            if code != 0 && !out[first..].contains(&code) {
                out.push(code);
            }
        }
    }
}
