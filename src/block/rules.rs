//! The blocking rules: which features, put together, make a blocking key.

/// One blocking rule. Its number is its position, published pairs carry the name of the first rule that makes them.
#[derive(Debug)]
pub struct BlockingRule {
    /// Name in tables and reports.
    pub name: &'static str,
    /// Features whose hashes are combined; a record gets one key for every combination, and for every two different
    /// hashes of a feature that stands twice.
    pub features: &'static [&'static str],
    /// Fields the rule reads: comparisons of these fields learn nothing from its pairs.
    pub fields: &'static [&'static str],
}

/// What a rule did in this run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleReport {
    /// Name of the rule.
    pub rule: &'static str,
    /// Blocks of two or more records.
    pub blocks: u64,
    /// Pairs inside these blocks; the same pair may come from several rules.
    pub pairs: u64,
    /// Largest block that was used.
    pub block_size_max: u64,
    /// Blocks that were too large, or whose value many names share, and were refined by further keys.
    pub refined: u64,
    /// Blocks whose value is shared by so many different names that it says little by itself: an agent's telephone, an
    /// address where companies are registered by the hundred. They are among the refined.
    pub shared: u64,
    /// Pairs that no part of a refined or left out block holds; other rules may still make them.
    pub pairs_dropped: u64,
}

const fn rule(
    name: &'static str,
    features: &'static [&'static str],
    fields: &'static [&'static str],
) -> BlockingRule {
    BlockingRule {
        name,
        features,
        fields,
    }
}

/// Every rule, most specific first; at most 32, for the bits of a pair's rule mask.
pub fn blocking_rules() -> &'static [BlockingRule] {
    RULES
}

const RULES: &[BlockingRule] = &[
    rule(
        "organisation_key",
        &["organisation_key"],
        &["uscc", "organisation_code", "tax_number"],
    ),
    rule(
        "identifier",
        &["identifier"],
        &["id_card", "other_identifier", "registration_number"],
    ),
    rule("email", &["email"], &["emails"]),
    rule("phone", &["phone"], &["phones"]),
    rule("full_name", &["full_name"], &["party"]),
    rule("former_name", &["former_name"], &["party", "former_names"]),
    rule("core", &["core"], &["party"]),
    rule("core_sound", &["core_sound"], &["party"]),
    rule("core_near", &["core_near"], &["party"]),
    rule("core_gram", &["core_gram"], &["party"]),
    rule(
        "core_bigram_region",
        &["core_bigram", "region"],
        &["party", "location"],
    ),
    rule(
        "core_bigram_road",
        &["core_bigram", "road"],
        &["party", "location"],
    ),
    rule(
        "name_birth",
        &["name_prefix", "birth_date"],
        &["party", "birth_date"],
    ),
    rule(
        "sound_birth_digits",
        &["family_sound", "birth_digits"],
        &["party", "birth_date"],
    ),
    rule(
        "initials_birth",
        &["given_initial", "birth_digits"],
        &["party", "birth_date"],
    ),
    rule("name_sounds", &["family_sound", "given_sound"], &["party"]),
    rule("name_tokens", &["name_token", "name_token"], &["party"]),
    rule("rare_token", &["any_token"], &["party"]),
    rule("family_near", &["family_near", "given_initial"], &["party"]),
    rule("given_near", &["given_near", "family_initial"], &["party"]),
    rule(
        "token_year",
        &["name_token", "birth_year"],
        &["party", "birth_date"],
    ),
    rule(
        "token_postcode",
        &["name_token", "postcode"],
        &["party", "location"],
    ),
    rule(
        "token_place",
        &["name_token", "place"],
        &["party", "location", "birth_place"],
    ),
    rule(
        "token_occupation",
        &["name_token", "occupation"],
        &["party", "occupation"],
    ),
    rule("birth_digits", &["birth_digits"], &["birth_date"]),
    rule("email_near", &["email_near"], &["emails"]),
    rule("phone_near", &["phone_near"], &["phones"]),
    rule("road_number", &["road", "number"], &["location"]),
    rule(
        "birth_postcode",
        &["birth_date", "postcode"],
        &["birth_date", "location"],
    ),
    rule(
        "birth_place",
        &["birth_date", "place"],
        &["birth_date", "location", "birth_place"],
    ),
    rule(
        "address_token_postcode",
        &["address_token", "postcode"],
        &["location"],
    ),
    rule(
        "contact_road",
        &["contact", "road"],
        &["contact_name", "legal_representative", "location"],
    ),
];

/// Features that split a block which is too large or shared by many names.
pub(super) const REFINERS: &[&str] = &[
    "name_token",
    "core_sound",
    "core",
    "birth_date",
    "email",
    "phone",
    "road",
    "contact",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::features::Reader;
    use crate::block::features::feature;
    use crate::table::StandardRecords;
    use std::collections::BTreeSet;

    #[test]
    fn rules_name_known_features_and_fit_the_mask() {
        let none = StandardRecords::default();
        for name in RULES.iter().flat_map(|rule| rule.features).chain(REFINERS) {
            assert!(feature(name, &mut Reader::new(&none)).is_none(), "{name}");
        }
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.name).collect();
        assert_eq!(names.len(), RULES.len());
        assert!(RULES.len() <= 32);
    }
}
