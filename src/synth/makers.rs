//! Makes single customers: companies, branches, shops, persons, firms, placeholders.
//!
//! In: names drawn by `groups` and a place. Out: entities collected in [`Maker::entities`], complete but for their records' plans.
//! Relations between the members of a group (shared address, owner, name) are made here by copying from the first member.

use super::codes;
use super::companies;
use super::companies::CompanyName;
use super::dates::Day;
use super::dates::TODAY;
use super::entity::Contact;
use super::entity::Dated;
use super::entity::Entity;
use super::entity::Kind;
use super::entity::MEMBERS_MAX;
use super::entity::Name;
use super::entity::Trap;
use super::entity::push_pinyin;
use super::latin;
use super::latin::FirmName;
use super::nights;
use super::people;
use super::people::Person;
use super::places;
use super::places::Address;
use super::rng::Rng;
use super::world::World;

/// Collects the entities of one group.
#[derive(Debug)]
pub(super) struct Maker<'a> {
    pub(super) world: &'a World,
    pub(super) rng: Rng,
    pub(super) entities: Vec<Entity>,
    group: u64,
}

/// Bookkeeping agents per city; each answers the phone for many firms.
const AGENTS_PER_CITY: u64 = 6;

impl<'a> Maker<'a> {
    /// An empty group.
    pub(super) fn new(world: &'a World, rng: Rng, group: u64) -> Self {
        Self {
            world,
            rng,
            entities: Vec::new(),
            group,
        }
    }

    /// A Chinese city, large ones oftener.
    pub(super) fn draw_city(&mut self) -> usize {
        self.world.city_skew.pick(&mut self.rng)
    }

    /// A Latin city, large ones oftener.
    pub(super) fn draw_latin_city(&mut self) -> usize {
        self.world.latin.city_skew.pick(&mut self.rng)
    }

    /// A city of either list.
    pub(super) fn draw_place(&mut self, is_chinese: bool) -> usize {
        if is_chinese {
            self.draw_city()
        } else {
            self.draw_latin_city()
        }
    }

    /// An industry word.
    pub(super) fn draw_industry(&mut self) -> &'static str {
        self.world.industries[self.world.industry_skew.pick(&mut self.rng)].0
    }

    /// A new company name in a city.
    pub(super) fn company_name(&mut self, city: usize) -> CompanyName {
        let core = companies::brand(self.world, &mut self.rng);
        let industry = self.draw_industry();
        companies::company_name(self.world, &mut self.rng, city, &core, industry)
    }

    fn draw_county(&mut self, city: usize) -> usize {
        let count = self.world.cities[city].counties.len();
        self.rng.index(count).min(self.rng.index(count))
    }

    /// Appends an entity with everything that does not depend on its kind.
    fn push(
        &mut self,
        kind: Kind,
        trap: Trap,
        name: Name,
        address: Address,
        contacts: Vec<Contact>,
    ) -> &mut Entity {
        let number = self.group * MEMBERS_MAX + (self.entities.len() as u64).min(MEMBERS_MAX - 1);
        let zeros = self.rng.below(5).min(self.rng.below(5)) + 3;
        let amount = (1 + self.rng.below(899)) * 10_u64.pow(u32::try_from(zeros).unwrap_or(3)) / 10
            + self.rng.below(1000);
        let founded = Day(TODAY.0 - self.rng.between(400, 9000));
        let grades = [
            self.rng.index(6).min(self.rng.index(6)),
            self.rng.index(4),
            self.rng.index(12).saturating_sub(8),
        ];
        let is_chinese = address.is_chinese;
        self.entities.push(Entity {
            number,
            kind,
            trap,
            agent: None,
            names: vec![Dated {
                since: i64::MIN,
                value: name,
            }],
            addresses: vec![Dated {
                since: i64::MIN,
                value: address,
            }],
            contacts,
            legal: String::new(),
            code: String::new(),
            id_card: String::new(),
            landline: (String::new(), String::new()),
            website: String::new(),
            industry: "",
            amount,
            grades,
            founded,
            born: None,
            parent: String::new(),
            is_chinese,
            plans: Vec::new(),
        });
        self.entities.last_mut().expect("an entity was just pushed")
    }

    fn landline(&mut self, city: usize) -> (String, String) {
        let place = &self.world.cities[city];
        let local = codes::landline_local(&mut self.rng, place.local_digits);
        (place.area_code.to_owned(), local)
    }

    fn latin_phone(&mut self, city: usize) -> String {
        let mut phone = self.world.latin.cities[city].area_code.to_owned();
        phone.push(self.rng.pick_char("23456789"));
        self.rng.digits(6, &mut phone);
        phone
    }

    fn contact(&mut self, person: Person, domain: &str) -> Contact {
        let mobile = codes::mobile(&mut self.rng);
        let email = self.email(&person, &mobile, domain);
        Contact {
            person,
            mobile,
            email,
        }
    }

    /// An e-mail address under the firm's domain, or under a public one.
    pub(super) fn email(&mut self, person: &Person, mobile: &str, domain: &str) -> String {
        let mut local = String::new();
        if person.is_chinese {
            push_pinyin(&person.family, false, &mut local);
            push_pinyin(&person.given, self.rng.chance(500), &mut local);
        } else {
            push_pinyin(&person.given, self.rng.chance(300), &mut local);
            local.push(self.rng.pick_char("._."));
            push_pinyin(&person.family, false, &mut local);
        }
        if !domain.is_empty() {
            return format!("{local}@{domain}");
        }
        if !person.is_chinese {
            self.rng.digits(2, &mut local);
            return format!(
                "{local}@{}",
                self.rng
                    .pick(&["gmail.com", "yahoo.com", "outlook.com", "hotmail.com"])
            );
        }
        match self.rng.below(10) {
            0..5 => {
                let mut number = String::from(self.rng.pick_char("123456789"));
                let length = 7 + self.rng.index(3);
                self.rng.digits(length, &mut number);
                format!("{number}@qq.com")
            }
            5..6 => format!("{mobile}@139.com"),
            _ => {
                self.rng.digits(3, &mut local);
                format!(
                    "{local}@{}",
                    self.rng.pick(&["163.com", "126.com", "sina.com", "foxmail.com"])
                )
            }
        }
    }

    /// A company with code, contacts, domain and perhaps a past.
    pub(super) fn company(&mut self, name: CompanyName, city: usize, kind: Kind, trap: Trap) {
        let county = self.draw_county(city);
        let address = places::chinese_address(self.world, &mut self.rng, city, county, false);
        let mut domain = String::new();
        if self.rng.chance(450) {
            push_pinyin(&name.core, false, &mut domain);
            push_pinyin(name.industry, true, &mut domain);
            domain.push_str(self.rng.pick(&[".com", ".com", ".cn", ".com.cn", ".net"]));
        }
        let is_male = self.rng.chance(700);
        let legal = people::chinese_person(self.world, &mut self.rng, None, is_male).full();
        let agent = (trap == Trap::None && self.rng.chance(60)).then(|| self.agent(city));
        let trap = if agent.is_some() { Trap::AgentPhone } else { trap };
        let (agent, contacts) = match agent {
            Some((which, contact)) => (Some((city, which)), vec![contact]),
            None => (None, self.contacts(&domain)),
        };
        let (landline, is_new) = (self.landline(city), self.rng.chance(550));
        let class = self
            .world
            .industries
            .iter()
            .find(|found| found.0 == name.industry)
            .map_or("", |found| found.1);
        let office = self.world.cities[city].counties[county].1;
        let entity = self.push(kind, trap, Name::Company(name), address, contacts);
        entity.agent = agent;
        entity.code = codes::uscc(entity.number, false, office, is_new);
        entity.legal = legal;
        entity.landline = landline;
        entity.industry = class;
        if !domain.is_empty() {
            entity.website = format!("www.{domain}");
        }
        self.company_past(city, county);
    }

    fn contacts(&mut self, domain: &str) -> Vec<Contact> {
        let count = 1 + self.rng.below(3).min(self.rng.below(3));
        (0..count)
            .map(|_| {
                let is_male = self.rng.chance(550);
                let person = people::chinese_person(self.world, &mut self.rng, None, is_male);
                self.contact(person, domain)
            })
            .collect()
    }

    /// One of the city's bookkeeping agents and the contact there; the same for every firm that uses this agent.
    fn agent(&mut self, city: usize) -> (u64, Contact) {
        let which = self
            .rng
            .below(AGENTS_PER_CITY)
            .min(self.rng.below(AGENTS_PER_CITY));
        let mut rng = Rng::new(self.world.seed, &[2, city as u64, which]);
        let person = people::chinese_person(self.world, &mut rng, None, false);
        let mut email = String::new();
        push_pinyin(&person.full(), false, &mut email);
        email.push_str("@163.com");
        let contact = Contact {
            mobile: codes::mobile(&mut rng),
            person,
            email,
        };
        (which, contact)
    }

    /// Some companies were renamed, some moved, mostly within their city.
    fn company_past(&mut self, city: usize, county: usize) {
        let renamed = self.rng.chance(55);
        let moved = self.rng.chance(80);
        let Some(Name::Company(name)) = self
            .entities
            .last()
            .and_then(|entity| entity.names.last())
            .map(|dated| dated.value.clone())
        else {
            return;
        };
        if renamed {
            let mut new = name;
            if self.rng.chance(500) {
                new.core = companies::brand(self.world, &mut self.rng);
            } else {
                new.industry = self.draw_industry();
            }
            let since = nights::night_of_change(self.world, &mut self.rng);
            self.with_last(|entity| {
                entity.names.push(Dated {
                    since,
                    value: Name::Company(new),
                })
            });
        }
        if moved {
            let county = if self.rng.chance(500) {
                county
            } else {
                self.draw_county(city)
            };
            let value = places::chinese_address(self.world, &mut self.rng, city, county, false);
            let since = nights::night_of_change(self.world, &mut self.rng);
            self.with_last(|entity| entity.addresses.push(Dated { since, value }));
        }
    }

    fn with_last(&mut self, change: impl FnOnce(&mut Entity)) {
        if let Some(entity) = self.entities.last_mut() {
            change(entity);
        }
    }

    /// A branch of the group's first company.
    pub(super) fn branch(&mut self, name: CompanyName, city: usize) {
        self.company(name, city, Kind::Branch, Trap::Branch);
        let Some(parent) = self.entities.first().map(|first| first.names[0].value.full()) else {
            return;
        };
        self.with_last(|entity| {
            entity.parent = parent;
            // A branch that is renamed alone would not be a branch any more.
            entity.names.truncate(1);
        });
    }

    /// A sole trader's shop, named after its owner or a lucky word.
    pub(super) fn shop(&mut self, city: usize, owner: &Person, trap: Trap) {
        let county = self.draw_county(city);
        let core = match self.rng.below(10) {
            0..2 => format!("老{}", owner.family),
            2..4 => owner.full(),
            _ => companies::brand(self.world, &mut self.rng),
        };
        let name = companies::shop_name(self.world, &mut self.rng, city, county, &core);
        let mut address = places::chinese_address(self.world, &mut self.rng, city, county, false);
        if self.rng.chance(600) {
            address.building.clear();
            address.room.clear();
        }
        let contact = self.contact(owner.clone(), "");
        let landline = self.landline(city);
        let office = self.world.cities[city].counties[county].1;
        let class = if ["餐饮", "小吃", "早餐"].contains(&name.industry) {
            "餐饮业"
        } else {
            "零售业"
        };
        let entity = self.push(
            Kind::SoleTrader,
            trap,
            Name::Company(name),
            address,
            vec![contact],
        );
        entity.code = codes::uscc(entity.number, true, office, true);
        entity.legal = owner.full();
        entity.landline = landline;
        entity.industry = class;
        entity.amount /= 20;
    }

    /// A person in a city; `family` fixes the surname.
    pub(super) fn person(&mut self, is_chinese: bool, city: usize, family: Option<&str>, trap: Trap) {
        let is_male = self.rng.chance(if trap == Trap::FatherSon { 1000 } else { 500 });
        let born = Day(TODAY.0 - self.rng.between(19 * 365, 75 * 365));
        if is_chinese {
            let person = people::chinese_person(self.world, &mut self.rng, family, is_male);
            let county = self.draw_county(city);
            let address = places::chinese_address(self.world, &mut self.rng, city, county, true);
            let contact = self.contact(person.clone(), "");
            let landline = self.landline(city);
            let id_card = codes::id_card(
                &mut self.rng,
                self.world.cities[city].counties[county].1,
                born,
                is_male,
            );
            let entity = self.push(Kind::Person, trap, Name::Person(person), address, vec![contact]);
            entity.landline = landline;
            entity.id_card = id_card;
        } else {
            let person = latin::person(self.world, &mut self.rng, family, is_male);
            let address = latin::address(self.world, &mut self.rng, city, true);
            let mobile = self.latin_phone(city);
            let email = self.email(&person, &mobile, "");
            let contact = Contact {
                person: person.clone(),
                mobile,
                email,
            };
            self.push(Kind::Person, trap, Name::Person(person), address, vec![contact]);
        }
        self.with_last(|entity| {
            entity.born = Some(born);
            entity.amount /= 50;
        });
        self.person_past(is_chinese, city);
    }

    /// Some persons moved; some Latin women took another surname.
    fn person_past(&mut self, is_chinese: bool, city: usize) {
        if self.rng.chance(90) {
            let value = if is_chinese {
                let county = self.draw_county(city);
                places::chinese_address(self.world, &mut self.rng, city, county, true)
            } else {
                latin::address(self.world, &mut self.rng, city, true)
            };
            let since = nights::night_of_change(self.world, &mut self.rng);
            self.with_last(|entity| entity.addresses.push(Dated { since, value }));
        }
        let marries = !is_chinese && self.rng.chance(60);
        let Some(Name::Person(person)) = self.entities.last().map(|entity| entity.names[0].value.clone())
        else {
            return;
        };
        if marries && !person.is_male {
            let mut married = latin::person(self.world, &mut self.rng, None, false);
            married.given = person.given;
            married.middle = person.middle;
            let since = nights::night_of_change(self.world, &mut self.rng);
            self.with_last(|entity| {
                entity.names.push(Dated {
                    since,
                    value: Name::Person(married),
                })
            });
        }
    }

    /// A Latin firm.
    pub(super) fn firm(&mut self, name: FirmName, city: usize, kind: Kind, trap: Trap) {
        let address = latin::address(self.world, &mut self.rng, city, false);
        let is_male = self.rng.chance(500);
        let person = latin::person(self.world, &mut self.rng, None, is_male);
        let mut domain = String::new();
        push_pinyin(&name.core, false, &mut domain);
        if self.rng.chance(500) {
            push_pinyin(&name.trade, false, &mut domain);
        }
        domain.push_str(".com");
        let mobile = self.latin_phone(city);
        let email = self.email(&person, &mobile, &domain);
        let legal = person.full();
        let area_code = self.world.latin.cities[city].area_code.to_owned();
        let local = self.latin_phone(city).split_off(3);
        let contacts = vec![Contact {
            person,
            mobile,
            email,
        }];
        let parent = match (kind, self.entities.first()) {
            (Kind::Branch, Some(first)) => first.names[0].value.full(),
            _ => String::new(),
        };
        let entity = self.push(kind, trap, Name::Firm(name), address, contacts);
        // Nine digits, one to one in the entity number; the factor shares no divisor with 10.
        let serial = (entity.number % 1_000_000_000).wrapping_mul(314_159_267) % 1_000_000_000;
        entity.code = format!("{:02}-{:07}", serial / 10_000_000, serial % 10_000_000);
        entity.website = format!("www.{domain}");
        entity.legal = legal;
        entity.landline = (area_code, local);
        entity.parent = parent;
    }

    /// An account that is no customer.
    pub(super) fn placeholder(&mut self, name: &'static str) {
        let city = self.draw_city();
        let address = places::chinese_address(self.world, &mut self.rng, city, 0, false);
        let person = people::chinese_person(self.world, &mut self.rng, None, true);
        let contact = Contact {
            person,
            mobile: "13800138000".to_owned(),
            email: "test@test.com".to_owned(),
        };
        self.push(
            Kind::Placeholder,
            Trap::Placeholder,
            Name::Fixed(name),
            address,
            vec![contact],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::Maker;
    use crate::synth::Locale;
    use crate::synth::entity::Kind;
    use crate::synth::entity::Name;
    use crate::synth::entity::Trap;
    use crate::synth::rng::Rng;
    use crate::synth::world::World;

    #[test]
    fn a_branch_names_its_parent() {
        let world = World::new(1, Locale::Zh, 5, 1);
        let mut maker = Maker::new(&world, Rng::new(9, &[]), 0);
        let parent = maker.company_name(0);
        maker.company(parent.clone(), 0, Kind::Company, Trap::Branch);
        let mut branch = parent.clone();
        branch.branch = "上海分公司".to_owned();
        maker.branch(branch, 1);
        assert_eq!(maker.entities[1].parent, parent.registered());
        assert!(matches!(&maker.entities[1].names[0].value, Name::Company(name) if !name.branch.is_empty()));
        assert_ne!(maker.entities[0].code, maker.entities[1].code);
    }
}
