//! The customers behind the records: what is true, night by night, before any subsidiary writes it down.
//!
//! Out: [`Entity`] with names and addresses as dated versions, contacts, identifiers and figures. `groups` makes entities,
//! `nights` says which subsidiary knows them since when, `render` shows them as a source would.

use super::companies::CompanyName;
use super::dates::Day;
use super::latin::FirmName;
use super::nights::Plan;
use super::people::Person;
use super::places::Address;
use pinyin::ToPinyin;

/// Entities per group at most; entity number = group × this + member.
pub(super) const MEMBERS_MAX: u64 = 16;

/// What a customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A company with its own legal person.
    Company,
    /// A branch with its own code but no legal person.
    Branch,
    /// A sole trader's shop (个体工商户).
    SoleTrader,
    /// A person.
    Person,
    /// A catch-all or test account, not a customer.
    Placeholder,
}

impl Kind {
    /// The word in truth files.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::Branch => "branch",
            Self::SoleTrader => "sole_trader",
            Self::Person => "person",
            Self::Placeholder => "placeholder",
        }
    }
}

/// Why a customer is easily taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trap {
    /// Nothing special.
    None,
    /// The same brand and trade in another city.
    Sibling,
    /// A parent and its branches.
    Branch,
    /// The same brand with another trade, often at one address.
    GroupCompany,
    /// A bookkeeping agent's phone stands for the firm's.
    AgentPhone,
    /// Several persons at one address.
    Family,
    /// Father and son: one address, nearly one name.
    FatherSon,
    /// The same name, nothing else.
    Namesake,
    /// Several shops of one owner.
    SameOwner,
    /// Test and catch-all accounts.
    Placeholder,
}

impl Trap {
    /// The word in truth files; empty for none.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Sibling => "sibling",
            Self::Branch => "branch",
            Self::GroupCompany => "group_company",
            Self::AgentPhone => "agent_phone",
            Self::Family => "family",
            Self::FatherSon => "father_son",
            Self::Namesake => "namesake",
            Self::SameOwner => "same_owner",
            Self::Placeholder => "placeholder",
        }
    }
}

/// A name in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Name {
    /// A Chinese company or shop.
    Company(CompanyName),
    /// A Latin firm.
    Firm(FirmName),
    /// A person.
    Person(Person),
    /// A placeholder.
    Fixed(&'static str),
}

impl Name {
    /// The registered or full spelling.
    pub(super) fn full(&self) -> String {
        match self {
            Self::Company(name) => name.registered(),
            Self::Firm(name) => name.registered(),
            Self::Person(person) => person.full(),
            Self::Fixed(name) => (*name).to_owned(),
        }
    }
}

/// A value that holds from a night on; versions are in order of time, the first holds since ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dated<T> {
    /// The night; 1 is the first, earlier ones are 0 and below.
    pub(super) since: i64,
    /// The value.
    pub(super) value: T,
}

/// The version that a record shows which learns of changes `lag` nights late: its position and the night it was learnt.
pub(super) fn version_at<T>(versions: &[Dated<T>], night: i64, lag: i64) -> usize {
    versions
        .iter()
        .rposition(|version| version.since.saturating_add(lag) <= night)
        .unwrap_or(0)
}

/// Someone a subsidiary speaks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Contact {
    /// The person.
    pub(super) person: Person,
    /// Mobile number.
    pub(super) mobile: String,
    /// E-mail address.
    pub(super) email: String,
}

/// One customer, as it is in truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entity {
    /// Unique number; group and member can be read from it.
    pub(super) number: u64,
    /// What it is.
    pub(super) kind: Kind,
    /// Why it is easily mistaken.
    pub(super) trap: Trap,
    /// City and number of the bookkeeping agent whose phone stands for its own.
    pub(super) agent: Option<(usize, u64)>,
    /// Names over time.
    pub(super) names: Vec<Dated<Name>>,
    /// Addresses over time.
    pub(super) addresses: Vec<Dated<Address>>,
    /// Contacts, never empty; a person is their own first contact.
    pub(super) contacts: Vec<Contact>,
    /// Legal representative or owner; empty for persons.
    pub(super) legal: String,
    /// USCC, Latin tax number, or empty for persons.
    pub(super) code: String,
    /// ID card of Chinese persons.
    pub(super) id_card: String,
    /// Area code and local number.
    pub(super) landline: (String, String),
    /// Website; empty when there is none.
    pub(super) website: String,
    /// Class of business; empty for persons.
    pub(super) industry: &'static str,
    /// Yearly business with the whole group, in yuan or dollars.
    pub(super) amount: u64,
    /// Position in the lists of ratings, levels and states.
    pub(super) grades: [usize; 3],
    /// Founding day.
    pub(super) founded: Day,
    /// Birthday of persons.
    pub(super) born: Option<Day>,
    /// Name of the parent company; empty when there is none.
    pub(super) parent: String,
    /// True when name and address are Chinese.
    pub(super) is_chinese: bool,
    /// Who holds records of it.
    pub(super) plans: Vec<Plan>,
}

impl Entity {
    /// The group of related entities it was made in.
    pub(super) fn group(&self) -> u64 {
        self.number / MEMBERS_MAX
    }

    /// How it is related to customers that are not it, and the name of their group; `None` when it stands alone.
    pub(super) fn relation(&self) -> Option<(&'static str, String)> {
        match (self.trap, self.agent) {
            (Trap::None | Trap::Placeholder, None) => None,
            (_, Some((city, which))) => Some((Trap::AgentPhone.as_str(), format!("A{city:03}-{which}"))),
            (trap, None) => Some((trap.as_str(), format!("G{:07}", self.group()))),
        }
    }

    /// Its place in the group.
    pub(super) fn member(&self) -> u64 {
        self.number % MEMBERS_MAX
    }
}

/// Adds the plain pinyin of each Han character to `out`; ASCII letters and digits are kept in lower case, the rest is left out.
/// With `initials` only the first letter of each syllable is taken.
pub(super) fn push_pinyin(text: &str, initials: bool, out: &mut String) {
    for found in text.chars() {
        if let Some(syllable) = found.to_pinyin() {
            let plain = syllable.plain();
            out.push_str(if initials {
                plain.get(..1).unwrap_or(plain)
            } else {
                plain
            });
        } else if found.is_ascii_alphanumeric() {
            out.push(found.to_ascii_lowercase());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Dated;
    use super::push_pinyin;
    use super::version_at;

    #[test]
    fn late_subsidiaries_show_the_old_version() {
        let versions = [
            Dated {
                since: i64::MIN,
                value: "old",
            },
            Dated {
                since: 2,
                value: "new",
            },
        ];
        assert_eq!(version_at(&versions, 1, 0), 0);
        assert_eq!(version_at(&versions, 2, 0), 1);
        assert_eq!(version_at(&versions, 3, 2), 0);
        assert_eq!(version_at(&versions, 9, 1000), 0);
    }

    #[test]
    fn pinyin_covers_han_and_latin() {
        let mut out = String::new();
        push_pinyin("华夏IT 3", false, &mut out);
        assert_eq!(out, "huaxiait3");
        out.clear();
        push_pinyin("科技", true, &mut out);
        assert_eq!(out, "kj");
    }
}
