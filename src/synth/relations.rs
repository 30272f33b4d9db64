//! Relations between the members of a group: one owner, one address, one name, father and son.
//!
//! In: the members that `makers` has appended. Out: the last (or, for fathers, both) changed to be related to the first.

use super::codes;
use super::dates::Day;
use super::dates::TODAY;
use super::entity::Contact;
use super::entity::Name;
use super::makers::Maker;
use super::people;
use super::rng::Rng;

impl Maker<'_> {
    /// Gives the last member the first one's owner and contact, and in `permille` of cases its address and landline.
    pub(super) fn share_with_first(&mut self, permille: u64) {
        let shares_address = self.rng.chance(permille);
        let [first, .., last] = &mut self.entities[..] else {
            return;
        };
        last.legal.clone_from(&first.legal);
        last.contacts[0].clone_from(&first.contacts[0]);
        if shares_address {
            last.addresses.clone_from(&first.addresses);
            last.landline.clone_from(&first.landline);
        }
        if !first.website.is_empty() {
            last.website.clone_from(&first.website);
        }
    }

    /// Gives the last member the first one's address and landline.
    pub(super) fn share_address(&mut self) {
        if let [first, .., last] = &mut self.entities[..] {
            last.addresses.clone_from(&first.addresses);
            last.landline.clone_from(&first.landline);
        }
    }

    /// The surname of the first member; empty when it is no person.
    pub(super) fn first_family(&self) -> String {
        match self.entities.first().map(|entity| &entity.names[0].value) {
            Some(Name::Person(person)) => person.family.clone(),
            _ => String::new(),
        }
    }

    /// Gives the last member the given name of the first.
    pub(super) fn name_like_first(&mut self) {
        if let [first, .., last] = &mut self.entities[..] {
            last.names.clone_from(&first.names);
            last.names.truncate(1);
        }
        self.contact_like_name();
    }

    /// Makes the last member their own contact again, with an e-mail address to match.
    fn contact_like_name(&mut self) {
        let Some(last) = self.entities.last() else { return };
        let Name::Person(person) = last.names[0].value.clone() else {
            return;
        };
        let mobile = last.contacts[0].mobile.clone();
        let email = self.email(&person, &mobile, "");
        if let Some(last) = self.entities.last_mut() {
            last.contacts = vec![Contact {
                person,
                mobile,
                email,
            }];
        }
    }

    /// Makes the first member the father of the last: a generation older, nearly the same name.
    pub(super) fn name_after_father(&mut self) {
        let drawn = people::chinese_person(self.world, &mut self.rng, None, true).given;
        let father_born = Day(TODAY.0 - self.rng.between(52 * 365, 80 * 365));
        let son_born = Day(father_born.0 + self.rng.between(21 * 365, 32 * 365));
        let serial: Vec<u64> = (0..2).map(|_| self.rng.next()).collect();
        let [father, son] = &mut self.entities[..] else {
            return;
        };
        for ((entity, born), serial) in [(&mut *father, father_born), (&mut *son, son_born)]
            .into_iter()
            .zip(serial)
        {
            entity.born = Some(born);
            if !entity.id_card.is_empty() {
                let office = entity.id_card[..6].to_owned();
                entity.id_card = codes::id_card(&mut Rng::new(serial, &[]), &office, born, true);
            }
        }
        let (Name::Person(elder), Name::Person(younger)) =
            (&mut father.names[0].value, &mut son.names[0].value)
        else {
            return;
        };
        if elder.is_chinese {
            // The first character of the father's given name and another second one.
            younger.given = elder.given.chars().take(1).chain(drawn.chars().take(1)).collect();
            if younger.given == elder.given {
                younger.given.push('子');
            }
        } else {
            younger.given.clone_from(&elder.given);
            younger.middle = elder.middle;
            younger.suffix = "Jr";
        }
        self.contact_like_name();
    }
}

#[cfg(test)]
mod tests {
    use crate::synth::Locale;
    use crate::synth::entity::Trap;
    use crate::synth::makers::Maker;
    use crate::synth::rng::Rng;
    use crate::synth::world::World;

    #[test]
    fn a_son_is_younger_and_shares_the_address() {
        let world = World::new(1, Locale::Mixed, 5, 1);
        for is_chinese in [true, false] {
            let mut maker = Maker::new(&world, Rng::new(9, &[]), 0);
            maker.person(is_chinese, 0, None, Trap::FatherSon);
            let family = maker.first_family();
            maker.person(is_chinese, 0, Some(&family), Trap::FatherSon);
            maker.share_address();
            maker.name_after_father();
            let [father, son] = &maker.entities[..] else {
                panic!("two persons")
            };
            assert!(father.born < son.born);
            assert_eq!(father.addresses, son.addresses);
            assert_ne!(father.names[0].value.full(), son.names[0].value.full());
        }
    }
}
