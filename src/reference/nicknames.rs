//! Short forms of Latin given names.
//!
//! Compiled for guiyi from common English usage, dated 2026-11. A short form may stand for several names; the most usual
//! one is listed, so two names that share an entry may be one person, never must be.

use super::ReferenceData;

/// Short form and full name, sorted by short form.
pub const NICKNAMES: &[(&str, &str)] = &[
    ("abby", "abigail"),
    ("al", "albert"),
    ("alex", "alexander"),
    ("andy", "andrew"),
    ("annie", "anne"),
    ("art", "arthur"),
    ("barb", "barbara"),
    ("becky", "rebecca"),
    ("ben", "benjamin"),
    ("bert", "albert"),
    ("bess", "elizabeth"),
    ("beth", "elizabeth"),
    ("betsy", "elizabeth"),
    ("betty", "elizabeth"),
    ("bill", "william"),
    ("billy", "william"),
    ("bob", "robert"),
    ("bobby", "robert"),
    ("cathy", "catherine"),
    ("charlie", "charles"),
    ("chris", "christopher"),
    ("chuck", "charles"),
    ("cindy", "cynthia"),
    ("dan", "daniel"),
    ("danny", "daniel"),
    ("dave", "david"),
    ("deb", "deborah"),
    ("debbie", "deborah"),
    ("dick", "richard"),
    ("dot", "dorothy"),
    ("ed", "edward"),
    ("eddie", "edward"),
    ("eliza", "elizabeth"),
    ("fanny", "frances"),
    ("frank", "francis"),
    ("fred", "frederick"),
    ("gabe", "gabriel"),
    ("greg", "gregory"),
    ("hank", "henry"),
    ("harry", "henry"),
    ("jack", "john"),
    ("jake", "jacob"),
    ("jen", "jennifer"),
    ("jenny", "jennifer"),
    ("jerry", "gerald"),
    ("jim", "james"),
    ("jimmy", "james"),
    ("joe", "joseph"),
    ("joey", "joseph"),
    ("johnny", "john"),
    ("jon", "jonathan"),
    ("josh", "joshua"),
    ("kate", "katherine"),
    ("kathy", "katherine"),
    ("katie", "katherine"),
    ("ken", "kenneth"),
    ("kim", "kimberly"),
    ("larry", "lawrence"),
    ("len", "leonard"),
    ("liz", "elizabeth"),
    ("lizzie", "elizabeth"),
    ("maggie", "margaret"),
    ("mandy", "amanda"),
    ("matt", "matthew"),
    ("max", "maxwell"),
    ("meg", "margaret"),
    ("mick", "michael"),
    ("mike", "michael"),
    ("mitch", "mitchell"),
    ("molly", "mary"),
    ("nat", "nathaniel"),
    ("nate", "nathaniel"),
    ("ned", "edward"),
    ("nell", "eleanor"),
    ("nick", "nicholas"),
    ("pam", "pamela"),
    ("pat", "patrick"),
    ("patty", "patricia"),
    ("peggy", "margaret"),
    ("pete", "peter"),
    ("phil", "philip"),
    ("polly", "mary"),
    ("ray", "raymond"),
    ("rick", "richard"),
    ("rob", "robert"),
    ("ron", "ronald"),
    ("sally", "sarah"),
    ("sam", "samuel"),
    ("sandy", "alexander"),
    ("steve", "stephen"),
    ("stu", "stuart"),
    ("sue", "susan"),
    ("susie", "susan"),
    ("ted", "edward"),
    ("terry", "terence"),
    ("theo", "theodore"),
    ("tim", "timothy"),
    ("tom", "thomas"),
    ("tommy", "thomas"),
    ("tony", "anthony"),
    ("val", "valerie"),
    ("vicky", "victoria"),
    ("vince", "vincent"),
    ("walt", "walter"),
    ("wes", "wesley"),
    ("will", "william"),
    ("zach", "zachary"),
];

/// The full name of a short form, in lower case.
pub fn full_name(nickname: &str) -> Option<&'static str> {
    NICKNAMES
        .binary_search_by_key(&nickname, |&(short, _)| short)
        .ok()
        .map(|at| NICKNAMES[at].1)
}

pub(super) fn about() -> ReferenceData {
    super::own("nicknames", &[], &[NICKNAMES])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_found() {
        assert!(NICKNAMES.is_sorted());
        assert_eq!(full_name("bob"), Some("robert"));
        assert_eq!(full_name("xyz"), None);
    }
}
