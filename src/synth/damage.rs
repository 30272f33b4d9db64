//! What happened to a record on its way into an export, as far as it makes a customer harder to find.
//!
//! In: the subject and the row that was rendered. Out: [`Damage`], some of a fixed list of words for `truth.csv`. Ways of writing that every
//! subsidiary has (layout of phones and dates, region in front or in brackets) are no damage; how a name departs from the
//! registered one is not told apart.

use super::render::Subject;
use super::row::Field;
use super::row::Row;

/// The words, in the order of the bits.
const WORDS: [&str; 7] = [
    "former_name",
    "former_address",
    "no_code",
    "other_code",
    "no_phone",
    "no_address",
    "other_name",
];

/// Some of the words, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Damage(u8);

impl Damage {
    /// What happened to the record of `subject` that was rendered as `row`.
    pub(super) fn of(subject: &Subject, row: &Row) -> Self {
        let Subject { habit, entity, .. } = subject;
        let shown = |field| if habit.has(field) { row.get(field) } else { "" };
        let night = i64::from(subject.night);
        let (name, address) = subject.versions();
        let now = |since: &mut dyn Iterator<Item = i64>| since.filter(|&since| since <= night).count();
        let is_late = [
            name + 1 < now(&mut entity.names.iter().map(|dated| dated.since)),
            address + 1 < now(&mut entity.addresses.iter().map(|dated| dated.since)),
        ];
        let codes = [shown(Field::Uscc), shown(Field::IdCard)];
        let own = [&entity.code, &entity.id_card];
        let lacks_code = codes.iter().all(|code| code.is_empty()) && own.iter().any(|own| !own.is_empty());
        let is_other = codes
            .iter()
            .any(|code| !code.is_empty() && own.iter().all(|own| own != code));
        let has_phone = [Field::Mobile, Field::Landline, Field::Phones]
            .iter()
            .any(|&field| !shown(field).is_empty());
        let full = subject.name().full();
        let written = shown(Field::Name);
        let is_known = [
            is_late[0],
            is_late[1],
            lacks_code,
            is_other,
            !has_phone,
            shown(Field::Address).is_empty(),
            !written.is_empty() && written != full,
        ];
        let bits = is_known
            .iter()
            .enumerate()
            .fold(0, |bits, (at, &is_so)| bits | u8::from(is_so) << at);
        Self(bits)
    }

    /// The words, parted by blanks.
    pub(super) fn words(self) -> String {
        let words = WORDS.iter().enumerate();
        let held: Vec<&str> = words
            .filter(|(at, _)| self.0 >> at & 1 == 1)
            .map(|(_, word)| *word)
            .collect();
        held.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::Damage;
    use super::WORDS;
    use crate::synth::Locale;
    use crate::synth::groups::group;
    use crate::synth::render::Subject;
    use crate::synth::render::render;
    use crate::synth::row::Row;
    use crate::synth::sources::habit;
    use crate::synth::world::World;

    #[test]
    fn words_are_parted_by_blanks_in_a_fixed_order() {
        assert_eq!(Damage(0).words(), "");
        assert_eq!(Damage(0b101).words(), "former_name no_code");
    }

    #[test]
    fn every_damage_happens_to_some_records_and_none_to_all() {
        for locale in [Locale::Zh, Locale::En] {
            let world = World::new(3, locale, 5, 1);
            let (habit, _) = habit(locale, 0, true);
            let mut row = Row::new();
            let mut counts = [0; WORDS.len()];
            let entities: Vec<_> = (0..1_500).flat_map(|index| group(&world, index)).collect();
            for entity in &entities {
                let subject = Subject {
                    world: &world,
                    habit: &habit,
                    entity,
                    slot: 0,
                    night: 1,
                };
                render(&subject, "1", &mut row);
                let damage = Damage::of(&subject, &row);
                (0..WORDS.len()).for_each(|at| counts[at] += usize::from(damage.0 >> at & 1 == 1));
            }
            for (count, word) in counts.iter().zip(WORDS) {
                assert!(*count < entities.len(), "{word}");
                assert!(*count > 0 || locale == Locale::En, "{word}");
            }
        }
    }
}
