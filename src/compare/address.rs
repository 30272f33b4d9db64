//! Addresses by their parts, as one piece of evidence.
//!
//! Street, city and postcode as three comparisons count the same agreement three times (measured by others: F1 .594
//! against .755 with one), so all parts make one level. House number and room are hard: another number is another place.

use crate::compare::Comparator;
use crate::compare::LevelSet;
use crate::compare::PreparedComparison;
use crate::compare::Side;
use crate::compare::Use;
use crate::compare::hint::Hint;
use crate::compare::rows::words;
use crate::compare::similarity::Nearness;
use crate::compare::texts::Texts;
use crate::compare::texts::is_close;
use crate::compare::texts::nearness;
use crate::compare::view::CodePairs;
use crate::compare::view::PartView;
use crate::compare::view::Stand;
use crate::compare::view::stand;
use crate::model::AgreementLevel;
use crate::model::LevelSpec;
use crate::model::RecordIndex;
use crate::table::Interner;
use crate::table::StandardColumn;
use crate::text::script::has_han;

/// Compares the derived field `location`.
pub(super) struct Address;

const PLACE: usize = 0;
const AREA: usize = 1;

const LEVELS: &[LevelSpec] = &[
    LevelSpec::plain("nothing agrees", "均不同"),
    LevelSpec::plain("same city or state", "同城市或省").by_chance(4),
    LevelSpec::of_term(
        "same postcode, locality, district or city",
        "同邮编、区县或城市",
        AREA,
    )
    .by_chance(7),
    LevelSpec::plain("same postcode and locality", "邮编与区县均相同").by_chance(12),
    LevelSpec::plain("same road in the area, other number", "同路不同号").by_chance(8),
    LevelSpec::plain("same road, number missing", "同路，门牌缺失").by_chance(14),
    LevelSpec::plain("same road and number, other room", "同路同号，不同室").by_chance(14),
    LevelSpec::plain("road alike, same number", "路名相近，门牌相同").by_chance(14),
    LevelSpec::of_term("same road and number", "同路同号", PLACE).by_chance(13),
    LevelSpec::of_term("same road, number and room", "同路同号同室", PLACE).by_chance(14),
];

struct Prepared<'a> {
    column: &'a StandardColumn,
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
    roads: Texts<'a>,
    localities: Texts<'a>,
}

/// The words of a row.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// 0 = no address.
    item: u32,
    road: u32,
    number: u32,
    site: u32,
    rooms: [u32; 3],
    postcode: u32,
    locality: u32,
    county: u32,
    cities: [u32; 3],
    road_hint: Hint,
}

impl Place {
    /// Words of a row.
    const WIDTH: usize = 13 + Hint::WIDTH;

    #[inline]
    fn from_row(row: &[u32]) -> Self {
        let &[
            item,
            road,
            number,
            site,
            room,
            unit,
            floor,
            postcode,
            locality,
            county,
            city,
            province,
            state,
            hint @ ..,
        ] = words::<{ Self::WIDTH }>(row);
        Self {
            item,
            road,
            number,
            site,
            rooms: [room, unit, floor],
            postcode,
            locality,
            county,
            cities: [city, province, state],
            road_hint: Hint::from_words(hint),
        }
    }
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
        let mut places = CodePairs::default();
        let mut areas = Interner::default();
        let items = 0..column.values.len() as u32;
        let place = items
            .clone()
            .map(|item| places.code(road.code(item), number.code(item)))
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
            cities: [city, part("province")?, part("state")?],
            county,
            locality,
            postcode,
            road,
            number,
            site,
            rooms: [part("room")?, part("unit")?, part("floor")?],
            place,
            places: places.len(),
            area,
            areas: areas.pool().len(),
            roads: road.texts(),
            localities: locality.texts(),
        }))
    }
}

/// How the first of the parts that both sides have stands; parts that only one has say nothing.
fn stand_of_first(left: [u32; 3], right: [u32; 3]) -> Stand {
    left.into_iter()
        .zip(right)
        .map(|(left, right)| stand(left, right))
        .find(|stand| *stand != Stand::Missing)
        .unwrap_or(Stand::Missing)
}

fn same_street(road: Nearness, left: Place, right: Place) -> Option<u8> {
    let unit = match stand(left.site, right.site) {
        Stand::Differ => Stand::Differ,
        _ => stand_of_first(left.rooms, right.rooms),
    };
    match (road, stand(left.number, right.number), unit) {
        (Nearness::Equal, Stand::Equal, Stand::Equal) => Some(9),
        (Nearness::Equal, Stand::Equal, Stand::Missing) => Some(8),
        (Nearness::Equal, Stand::Equal, Stand::Differ) => Some(6),
        (Nearness::Close | Nearness::Near, Stand::Equal, _) => Some(7),
        _ => None,
    }
}

/// Level of two places whose roads are as near as `road` says, in localities that are close or not.
#[inline]
fn judge(left: Place, right: Place, road: Nearness, is_same_locality: bool) -> u8 {
    let is_same = |left: u32, right: u32| stand(left, right) == Stand::Equal;
    // Smaller areas that agree.
    let areas = u32::from(is_same(left.postcode, right.postcode))
        + u32::from(is_same_locality)
        + u32::from(is_same(left.county, right.county));
    let city = left
        .cities
        .iter()
        .zip(right.cities)
        .any(|(&left, right)| is_same(left, right));
    // A road of this name is in every town: without a common area it says little, with a contradicting city nothing.
    let contradicts = areas == 0 && stand(left.cities[0], right.cities[0]) == Stand::Differ;
    if let Some(level) = same_street(road, left, right).filter(|_| !contradicts) {
        return level;
    }
    if road >= Nearness::Close && (areas > 0 || city) {
        return if stand(left.number, right.number) == Stand::Missing {
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

/// Nearness by the codes; `None` when the texts must tell.
#[inline]
fn by_codes(left: u32, right: u32) -> Option<Nearness> {
    match stand(left, right) {
        Stand::Equal => Some(Nearness::Equal),
        Stand::Missing => Some(Nearness::Unlike),
        Stand::Differ => None,
    }
}

impl PreparedComparison for Prepared<'_> {
    fn width(&self) -> usize {
        Place::WIDTH
    }

    fn write(&self, record: RecordIndex, row: &mut [u32]) {
        let item = self.column.item_of(record);
        if item == 0 {
            return;
        }
        let [room, unit, floor] = self.rooms.map(|part| part.code(item));
        let [city, province, state] = self.cities.map(|part| part.code(item));
        let (codes, hint) = row.split_at_mut(13);
        hint.copy_from_slice(&self.roads.get(self.road.code(item)).hint().words());
        codes.copy_from_slice(&[
            item,
            self.road.code(item),
            self.number.code(item),
            self.site[item as usize],
            room,
            unit,
            floor,
            self.postcode.code(item),
            self.locality.code(item),
            self.county.code(item),
            city,
            province,
            state,
        ]);
    }

    #[inline]
    fn glance(&self, left: &[u32], right: &[u32]) -> LevelSet {
        let (left, right) = (Place::from_row(left), Place::from_row(right));
        if left.item == 0 || right.item == 0 {
            return LevelSet::NULL;
        }
        if left.item == right.item && left.road != 0 && left.number != 0 {
            return LevelSet::only(9);
        }
        let may_be_near = || left.road_hint.may_be_near(&right.road_hint);
        let road = by_codes(left.road, right.road).or_else(|| (!may_be_near()).then_some(Nearness::Unlike));
        let locality = by_codes(left.locality, right.locality);
        let of_roads = |is_same_locality: bool| match road {
            Some(road) => LevelSet::only(judge(left, right, road, is_same_locality)),
            None => {
                let of = |road| LevelSet::only(judge(left, right, road, is_same_locality));
                of(Nearness::Unlike)
                    .or(of(Nearness::Near))
                    .or(of(Nearness::Close))
            }
        };
        match locality {
            Some(nearness) => of_roads(nearness >= Nearness::Close),
            None => of_roads(false).or(of_roads(true)),
        }
    }

    fn judge(&self, left: Side, right: Side) -> AgreementLevel {
        let (left, right) = (Place::from_row(left.words), Place::from_row(right.words));
        let road = by_codes(left.road, right.road)
            .unwrap_or_else(|| nearness(self.roads.get(left.road), self.roads.get(right.road)));
        let is_same_locality = by_codes(left.locality, right.locality).map_or_else(
            || {
                is_close(
                    self.localities.get(left.locality),
                    self.localities.get(right.locality),
                )
            },
            |nearness| nearness >= Nearness::Close,
        );
        AgreementLevel(judge(left, right, road, is_same_locality))
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
