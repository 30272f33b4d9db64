//! One customer as one source exports it on one night.
//!
//! In: an entity, the plan of one of its records, the source's habit, the night. Out: the cells of a [`Row`].
//! Every aspect (name, address, phone …) has its own random stream, keyed by record and version: the same record is written the same
//! way every night, until the customer moves or is renamed and the source hears of it. Names are left to `variation`.

use super::codes;
use super::dates::DateStyle;
use super::dates::Day;
use super::dates::TODAY;
use super::entity::Contact;
use super::entity::Entity;
use super::entity::Kind;
use super::entity::Name;
use super::entity::version_at;
use super::formats::write_amount;
use super::formats::write_landline;
use super::formats::write_mobile;
use super::nights::Plan;
use super::noise;
use super::places::Address;
use super::rng::Rng;
use super::row::Field;
use super::row::Row;
use super::sources::Habit;
use super::variation::latin_parts;
use super::variation::slips;
use super::variation::write_name;
use super::variation::write_person;
use super::world::World;
use std::fmt::Write as _;

/// Streams of one record, one per aspect.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
enum Aspect {
    Name = 10,
    Address,
    Code,
    Contact,
    Phone,
    Email,
    Money,
    Dates,
    Rest,
}

/// One record to be written: who, which of its records, where and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) world: &'a World,
    pub(super) habit: &'a Habit,
    pub(super) entity: &'a Entity,
    pub(super) slot: usize,
    pub(super) night: u32,
}

impl Subject<'_> {
    fn plan(&self) -> Plan {
        self.entity.plans[self.slot]
    }

    fn rng(&self, aspect: Aspect, version: usize) -> Rng {
        let path = [
            3,
            self.entity.number,
            self.slot as u64,
            aspect as u64,
            version as u64,
        ];
        Rng::new(self.world.seed, &path)
    }

    /// Positions of the name and address versions that this record shows.
    pub(super) fn versions(&self) -> (usize, usize) {
        let (night, lag) = (i64::from(self.night), self.plan().lag);
        (
            version_at(&self.entity.names, night, lag),
            version_at(&self.entity.addresses, night, lag),
        )
    }

    /// The name behind this record, in clean parts.
    pub(super) fn name(&self) -> &Name {
        &self.entity.names[self.versions().0].value
    }

    /// The address behind this record, in clean parts.
    pub(super) fn address(&self) -> &Address {
        &self.entity.addresses[self.versions().1].value
    }
}

/// Fills `row` with the record's cells; `code` is the source's own key.
pub(super) fn render(subject: &Subject, code: &str, row: &mut Row) {
    row.clear();
    row.set(Field::Code, code);
    put_names(subject, row);
    put_address(subject, row);
    put_codes(subject, row);
    put_contact(subject, row);
    put_money(subject, row);
    put_dates(subject, row);
    put_rest(subject, row);
    if subject.habit.is_traditional {
        row.map_chars(|found| subject.world.noise.traditional(found));
    }
}

fn put_names(subject: &Subject, row: &mut Row) {
    let Subject {
        world, habit, entity, ..
    } = *subject;
    let (version, _) = subject.versions();
    let mut rng = subject.rng(Aspect::Name, version);
    let name = &entity.names[version].value;
    let has_parts = habit.has(Field::FamilyName);
    if has_parts && let Name::Person(person) = name {
        let (given, family) = if person.is_chinese {
            (person.given.clone(), person.family.clone())
        } else {
            latin_parts(world, &mut rng, habit, person)
        };
        let (given, family) = if slips(&mut rng, habit, 25) {
            (family, given)
        } else {
            (given, family)
        };
        row.set(Field::GivenName, &given);
        row.set(Field::FamilyName, &family);
    } else {
        let field = if has_parts {
            Field::Organisation
        } else {
            Field::Name
        };
        row.put(field, |out| {
            write_name(world, &mut rng, habit, name, out);
            if version > 0 && entity.is_chinese && slips(&mut rng, habit, 80) {
                out.push_str("(原:");
                out.push_str(&entity.names[version - 1].value.full());
                out.push(')');
            }
        });
        if has_parts && slips(&mut rng, habit, 400) {
            let person = &entity.contacts[0].person;
            row.set(Field::GivenName, &person.given);
            row.set(Field::FamilyName, &person.family);
        }
    }
    if let Name::Company(company) = name {
        if rng.chance(500) {
            row.put(Field::ShortName, |out| out.push_str(&company.short()));
        }
        if version > 0 && rng.chance(600) {
            row.put(Field::FormerName, |out| {
                out.push_str(&entity.names[version - 1].value.full())
            });
        }
    }
    if !entity.parent.is_empty() && rng.chance(700) {
        row.set(Field::Parent, &entity.parent);
    }
}

fn put_address(subject: &Subject, row: &mut Row) {
    let Subject {
        world, habit, entity, ..
    } = *subject;
    let (_, version) = subject.versions();
    let mut rng = subject.rng(Aspect::Address, version);
    let address = &entity.addresses[version].value;
    if slips(&mut rng, habit, 70) || entity.kind == Kind::Placeholder {
        if slips(&mut rng, habit, 200) {
            row.set(
                Field::Address,
                if address.is_chinese {
                    rng.pick(&["无", "同上", "不详"])
                } else {
                    "n/a"
                },
            );
        }
        return;
    }
    row.set(Field::Province, address.province);
    row.set(
        Field::City,
        if address.city.is_empty() {
            address.province
        } else {
            address.city
        },
    );
    if !slips(&mut rng, habit, 80) {
        row.set(Field::County, address.county);
    }
    if !slips(&mut rng, habit, 100) {
        row.set(Field::Postcode, &address.postcode);
    }
    row.put(Field::Address, |out| {
        let start = out.len();
        if address.is_chinese {
            write_chinese_address(&mut rng, habit, address, out);
            if slips(&mut rng, habit, 30) {
                let mut slipped = out.split_off(start);
                world.noise.homophone(&mut rng, &mut slipped);
                out.push_str(&slipped);
            }
        } else {
            write_latin_address(&mut rng, habit, address, out);
        }
    });
}

fn write_chinese_address(rng: &mut Rng, habit: &Habit, address: &Address, out: &mut String) {
    if habit.is_address_whole {
        let is_short = slips(rng, habit, 200);
        if !is_short || address.city.is_empty() {
            out.push_str(address.province);
        }
        // People leave out suffixes: 浙江杭州西湖区.
        if slips(rng, habit, 120) {
            for suffix in ["省", "市"] {
                if out.ends_with(suffix) {
                    out.truncate(out.len() - suffix.len());
                }
            }
        }
        out.push_str(address.city);
        if !slips(rng, habit, 120) {
            out.push_str(address.county);
        }
    }
    out.push_str(&address.road);
    let mark = if slips(rng, habit, 40) { "#" } else { "号" };
    let written = write!(out, "{}{mark}", address.number);
    debug_assert!(written.is_ok(), "writing to a String does not fail");
    if !address.building.is_empty() && !slips(rng, habit, 150) {
        out.push_str(&address.building);
    }
    if !address.room.is_empty() && !slips(rng, habit, 200) {
        if slips(rng, habit, 200) {
            out.push('-');
            out.push_str(&address.room);
        } else {
            out.push_str(&address.room);
            out.push('室');
        }
    }
}

fn write_latin_address(rng: &mut Rng, habit: &Habit, address: &Address, out: &mut String) {
    let mut road = address.road.clone();
    if slips(rng, habit, 250) {
        for (short, long) in [
            (" St", " Street"),
            (" Ave", " Avenue"),
            (" Rd", " Road"),
            (" Dr", " Drive"),
            (" Ln", " Lane"),
        ] {
            if let Some(stem) = road.strip_suffix(short) {
                road = format!("{stem}{long}");
                break;
            }
        }
    }
    if slips(rng, habit, 40) {
        noise::latin_typo(rng, &mut road);
    }
    let written = write!(out, "{} {road}", address.number);
    debug_assert!(written.is_ok(), "writing to a String does not fail");
    if !address.room.is_empty() && !slips(rng, habit, 150) {
        out.push_str(if slips(rng, habit, 300) { " " } else { ", " });
        out.push_str(&address.room);
    }
    if habit.is_address_whole {
        let written = write!(
            out,
            ", {}, {} {}",
            address.city, address.province, address.postcode
        );
        debug_assert!(written.is_ok(), "writing to a String does not fail");
    }
}

fn put_codes(subject: &Subject, row: &mut Row) {
    let Subject { habit, entity, .. } = *subject;
    let mut rng = subject.rng(Aspect::Code, 0);
    if rng.chance(habit.code_permille) {
        let mut id_card = entity.id_card.clone();
        if slips(&mut rng, habit, 20) {
            noise::substitute(&mut rng, &mut id_card);
        }
        if !id_card.is_empty() && slips(&mut rng, habit, 8) {
            // What a spreadsheet leaves of eighteen digits.
            id_card = format!("{}.{}E+17", &id_card[..1], &id_card[1..6]);
        }
        row.set(Field::IdCard, &id_card);
        let mut code = entity.code.clone();
        if entity.is_chinese && !code.is_empty() {
            code = worn_code(&mut rng, habit, &code);
        } else if !code.is_empty() && slips(&mut rng, habit, 40) {
            noise::substitute(&mut rng, &mut code);
        }
        if code.is_empty() && habit.is_id_in_code && rng.chance(400) {
            code = id_card;
        }
        row.set(Field::Uscc, &code);
    } else if rng.chance(60) && entity.is_chinese {
        row.set(
            Field::Uscc,
            rng.pick(&["无", "待补充", "000000000000000000", "暂无", "-"]),
        );
    }
}

/// A code as clerks keep it: mostly right, else one character wrong, cut short, the old tax number, or in odd dress.
fn worn_code(rng: &mut Rng, habit: &Habit, code: &str) -> String {
    let mut code = code.to_owned();
    if slips(rng, habit, 30) {
        noise::substitute(rng, &mut code);
    }
    match rng.below(1000) {
        0..8 => noise::drop_char(rng, &mut code),
        8..20 if !code.starts_with("92") => code = codes::old_tax_number(&code),
        20..35 => code.make_ascii_lowercase(),
        35..45 => code.insert(8.min(code.len()), ' '),
        45..55 => code.push('\t'),
        55..62 => code.insert(0, '\''),
        _ => {}
    }
    code
}

fn put_contact(subject: &Subject, row: &mut Row) {
    let Subject {
        world, habit, entity, ..
    } = *subject;
    let mut rng = subject.rng(Aspect::Contact, 0);
    // The first contact is known to most.
    let which = rng
        .index(entity.contacts.len())
        .min(rng.index(entity.contacts.len()));
    let contact = &entity.contacts[which];
    if entity.kind != Kind::Person || !entity.is_chinese || rng.chance(300) {
        match rng.below(1000) {
            0..80 => {}
            80..90 if entity.is_chinese => row.set(Field::Contact, rng.pick(&["无", "不详", "测试", "张三"])),
            90..130 if entity.is_chinese => {
                let title = rng.pick(&["总", "经理", "先生", "工"]);
                row.put(Field::Contact, |out| {
                    out.push_str(&contact.person.family);
                    out.push_str(title);
                });
            }
            drawn => row.put(Field::Contact, |out| {
                write_person(world, &mut rng, habit, &contact.person, out);
                if drawn < 142 && entity.contacts.len() > 1 {
                    // Two names in one cell.
                    let other = &entity.contacts[(which + 1) % entity.contacts.len()];
                    out.push('/');
                    write_person(world, &mut rng, habit, &other.person, out);
                }
                if drawn >= 970 && entity.is_chinese {
                    out.push('(');
                    out.push_str(rng.pick(&world.titles));
                    out.push(')');
                }
            }),
        }
    }
    if !entity.legal.is_empty() && rng.chance(850) {
        row.set(Field::LegalRepresentative, &entity.legal);
    }
    put_phones(subject, contact, row);
    let mut rng = subject.rng(Aspect::Email, 0);
    if !contact.email.is_empty() && rng.chance(620) {
        let mut email = contact.email.clone();
        if slips(&mut rng, habit, 25) {
            noise::latin_typo(&mut rng, &mut email);
        } else if slips(&mut rng, habit, 15) {
            email = email.replace('@', "＠");
        } else if slips(&mut rng, habit, 30) {
            email = email.to_uppercase();
        }
        row.set(Field::Email, &email);
    } else if rng.chance(15) {
        row.set(
            Field::Email,
            if entity.is_chinese { "无" } else { "none@none.com" },
        );
    }
    if rng.chance(500) {
        row.set(Field::Website, &entity.website);
    }
}

fn put_phones(subject: &Subject, contact: &Contact, row: &mut Row) {
    let Subject { habit, entity, .. } = *subject;
    let mut rng = subject.rng(Aspect::Phone, 0);
    let mut mobile = String::new();
    let mut landline = String::new();
    match rng.below(1000) {
        0..110 => {}
        110..118 => mobile.push_str(if entity.is_chinese {
            "13800138000"
        } else {
            "555-0100"
        }),
        118..122 => mobile.push_str(if entity.is_chinese { "无" } else { "none" }),
        _ => {
            let mut digits = contact.mobile.clone();
            if slips(&mut rng, habit, 20) {
                noise::substitute(&mut rng, &mut digits);
            }
            write_mobile(&mut rng, habit.phones, &digits, entity.is_chinese, &mut mobile);
        }
    }
    if !entity.landline.1.is_empty() && rng.chance(550) {
        let mut local = entity.landline.1.clone();
        if slips(&mut rng, habit, 20) {
            noise::substitute(&mut rng, &mut local);
        }
        write_landline(&mut rng, habit.phones, &entity.landline.0, &local, &mut landline);
    }
    row.put(Field::Phones, |out| {
        let (first, second) = if rng.chance(700) {
            (&mobile, &landline)
        } else {
            (&landline, &mobile)
        };
        out.push_str(first);
        if !first.is_empty() && !second.is_empty() {
            if rng.chance(250) {
                return;
            }
            out.push_str(rng.pick(&["/", ";", "、", " "]));
        }
        out.push_str(second);
    });
    row.set(Field::Mobile, &mobile);
    row.set(Field::Landline, &landline);
}

fn put_money(subject: &Subject, row: &mut Row) {
    let Subject { habit, entity, .. } = *subject;
    let mut rng = subject.rng(Aspect::Money, 0);
    if rng.chance(120) {
        return;
    }
    let amount = entity.amount * (5 + rng.below(90)) / 100;
    row.put(Field::Amount, |out| write_amount(habit.amount, amount, out));
    row.set(Field::Currency, if entity.is_chinese { "CNY" } else { "USD" });
}

fn put_dates(subject: &Subject, row: &mut Row) {
    let Subject { habit, entity, .. } = *subject;
    let mut rng = subject.rng(Aspect::Dates, 0);
    let first = entity.founded.0.max(Day::from_ymd(2006, 1, 1).0);
    let created = Day(rng.between(first, TODAY.0 - 30));
    let mut updated = Day(rng.between(created.0, TODAY.0));
    let traded = Day(rng.between(created.0, TODAY.0));
    let (lag, night) = (subject.plan().lag, i64::from(subject.night));
    // A change the source has heard of since the first night moves the date of the last update.
    let heard = entity.names.iter().map(|version| version.since);
    let heard = heard.chain(entity.addresses.iter().map(|version| version.since));
    let latest = heard
        .map(|since| since.saturating_add(lag))
        .filter(|heard| (2..=night).contains(heard))
        .max();
    if let Some(latest) = latest {
        updated = Day(TODAY.0 + latest - 1);
    }
    let style = |rng: &mut Rng| {
        if slips(rng, habit, 15) {
            DateStyle::Han
        } else {
            habit.dates
        }
    };
    if rng.chance(15) {
        row.set(Field::Created, "1900-01-01");
    } else {
        let style = style(&mut rng);
        row.put(Field::Created, |out| created.write(style, out));
    }
    if rng.chance(800) {
        row.put(Field::Updated, |out| updated.write(habit.dates, out));
    }
    if rng.chance(700) {
        let style = style(&mut rng);
        row.put(Field::LastTrade, |out| traded.write(style, out));
    }
    if let Some(mut born) = entity.born.filter(|_| rng.chance(880)) {
        let (year, month, day) = born.ymd();
        if day <= 12 && slips(&mut rng, habit, 20) {
            born = Day::from_ymd(year, day, month);
        } else if slips(&mut rng, habit, 20) {
            born = Day(born.0 + 10);
        }
        row.put(Field::Born, |out| born.write(habit.dates, out));
    }
}

fn put_rest(subject: &Subject, row: &mut Row) {
    const RATINGS: [&str; 6] = ["A", "AA", "AAA", "BBB", "BB", "B"];
    const LEVELS: [&str; 4] = ["普通", "重要", "VIP", "潜在"];
    const STATES: [&str; 4] = ["正常", "暂停", "冻结", "注销"];
    const OWNERS: [&str; 8] = ["王伟", "李娜", "张敏", "刘洋", "陈静", "杨磊", "赵丽", "周强"];
    const LATIN_OWNERS: [&str; 4] = ["K. Weber", "J. Miller", "A. Rossi", "S. Clark"];
    let entity = subject.entity;
    let mut rng = subject.rng(Aspect::Rest, 0);
    if entity.is_chinese {
        row.set(
            Field::PartyType,
            match entity.kind {
                Kind::Company | Kind::Branch => "企业",
                Kind::SoleTrader => "个体工商户",
                Kind::Person | Kind::Placeholder => "个人",
            },
        );
        row.set(Field::Owner, rng.pick(&OWNERS));
    } else {
        row.set(
            Field::PartyType,
            if entity.kind == Kind::Person {
                "person"
            } else {
                "company"
            },
        );
        row.set(Field::Owner, rng.pick(&LATIN_OWNERS));
    }
    if rng.chance(850) {
        row.set(Field::Industry, entity.industry);
    }
    // Subsidiaries judge for themselves, but not at random.
    let own =
        |rng: &mut Rng, truth: usize, limit: usize| if rng.chance(200) { rng.index(limit) } else { truth };
    let (rating, level) = (
        own(&mut rng, entity.grades[0], 6),
        own(&mut rng, entity.grades[1], 4),
    );
    if rng.chance(800) {
        row.set(Field::Rating, RATINGS[rating]);
    }
    row.set(
        Field::Level,
        if entity.is_chinese {
            LEVELS[level]
        } else {
            ["C", "B", "A", "D"][level]
        },
    );
    row.set(Field::Status, STATES[own(&mut rng, entity.grades[2], 4)]);
    if rng.chance(80) {
        let notes = if entity.is_chinese {
            ["老客户", "账期30天", "需开专票", "年底对账", "月结"]
        } else {
            ["net 30", "key account", "call back", "new address?", "prepaid"]
        };
        row.set(Field::Remark, rng.pick(&notes));
    }
}
