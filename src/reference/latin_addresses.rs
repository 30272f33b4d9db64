//! Street types, unit words and states of addresses in Latin script.
//!
//! Compiled for guiyi, dated 2026-11: street types after USPS Publication 28, appendix C and AS 4590, states after ISO
//! 3166-2:AU and ISO 3166-2:US, nations of the United Kingdom. Abbreviations map to the full word.

use super::ReferenceData;

/// Abbreviated street types, sorted.
pub const STREET_TYPES: &[(&str, &str)] = &[
    ("aly", "alley"),
    ("arc", "arcade"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("aven", "avenue"),
    ("avn", "avenue"),
    ("bch", "beach"),
    ("bld", "boulevard"),
    ("bldg", "building"),
    ("blv", "boulevard"),
    ("blvd", "boulevard"),
    ("boul", "boulevard"),
    ("brdg", "bridge"),
    ("bvd", "boulevard"),
    ("cct", "circuit"),
    ("cir", "circle"),
    ("cirt", "circuit"),
    ("cl", "close"),
    ("clb", "club"),
    ("cnr", "corner"),
    ("cr", "crescent"),
    ("cres", "crescent"),
    ("crs", "crescent"),
    ("crsc", "crescent"),
    ("crst", "crest"),
    ("crt", "court"),
    ("cswy", "causeway"),
    ("ct", "court"),
    ("cts", "courts"),
    ("dr", "drive"),
    ("drv", "drive"),
    ("dve", "drive"),
    ("esp", "esplanade"),
    ("expy", "expressway"),
    ("ext", "extension"),
    ("fwy", "freeway"),
    ("gdn", "garden"),
    ("gdns", "gardens"),
    ("gr", "grove"),
    ("grn", "green"),
    ("gro", "grove"),
    ("grv", "grove"),
    ("gte", "gate"),
    ("hts", "heights"),
    ("hwy", "highway"),
    ("jct", "junction"),
    ("la", "lane"),
    ("ln", "lane"),
    ("lndg", "landing"),
    ("lp", "loop"),
    ("mtwy", "motorway"),
    ("mws", "mews"),
    ("pde", "parade"),
    ("pkwy", "parkway"),
    ("pky", "parkway"),
    ("pl", "place"),
    ("plc", "place"),
    ("plz", "plaza"),
    ("prom", "promenade"),
    ("pwy", "parkway"),
    ("qy", "quay"),
    ("rd", "road"),
    ("rdge", "ridge"),
    ("rds", "roads"),
    ("rte", "route"),
    ("sq", "square"),
    ("st", "street"),
    ("str", "street"),
    ("strt", "street"),
    ("tce", "terrace"),
    ("ter", "terrace"),
    ("terr", "terrace"),
    ("tpke", "turnpike"),
    ("trce", "trace"),
    ("trk", "track"),
    ("trl", "trail"),
    ("vlg", "village"),
    ("vw", "view"),
    ("wk", "walk"),
    ("wy", "way"),
    ("xing", "crossing"),
];

/// Words that end the name of a street.
pub const STREET_WORDS: &[&str] = &[
    "alley",
    "arcade",
    "avenue",
    "boulevard",
    "bridge",
    "circle",
    "circuit",
    "close",
    "court",
    "courts",
    "cove",
    "crescent",
    "crest",
    "crossing",
    "drive",
    "esplanade",
    "expressway",
    "freeway",
    "garden",
    "gardens",
    "gate",
    "glade",
    "green",
    "grove",
    "heights",
    "highway",
    "hill",
    "lane",
    "loop",
    "mews",
    "motorway",
    "parade",
    "park",
    "parkway",
    "path",
    "place",
    "plaza",
    "promenade",
    "quay",
    "ridge",
    "rise",
    "road",
    "route",
    "row",
    "square",
    "street",
    "terrace",
    "track",
    "trail",
    "turnpike",
    "view",
    "walk",
    "way",
    "weg",
    "strasse",
    "rue",
    "via",
    "calle",
];

/// Words before the number of a flat, suite or floor.
pub const UNIT_WORDS: &[&str] = &[
    "unit",
    "flat",
    "apt",
    "apartment",
    "suite",
    "ste",
    "room",
    "rm",
    "level",
    "floor",
    "fl",
    "lot",
    "shop",
    "office",
    "villa",
    "u",
];

/// States, territories and nations by name, and their code.
pub const STATES: &[(&str, &str)] = &[
    ("new south wales", "nsw"),
    ("victoria", "vic"),
    ("queensland", "qld"),
    ("south australia", "sa"),
    ("western australia", "wa"),
    ("tasmania", "tas"),
    ("northern territory", "nt"),
    ("australian capital territory", "act"),
    ("alabama", "al"),
    ("alaska", "ak"),
    ("arizona", "az"),
    ("arkansas", "ar"),
    ("california", "ca"),
    ("colorado", "co"),
    ("connecticut", "ct"),
    ("delaware", "de"),
    ("district of columbia", "dc"),
    ("florida", "fl"),
    ("georgia", "ga"),
    ("hawaii", "hi"),
    ("idaho", "id"),
    ("illinois", "il"),
    ("indiana", "in"),
    ("iowa", "ia"),
    ("kansas", "ks"),
    ("kentucky", "ky"),
    ("louisiana", "la"),
    ("maine", "me"),
    ("maryland", "md"),
    ("massachusetts", "ma"),
    ("michigan", "mi"),
    ("minnesota", "mn"),
    ("mississippi", "ms"),
    ("missouri", "mo"),
    ("montana", "mt"),
    ("nebraska", "ne"),
    ("nevada", "nv"),
    ("new hampshire", "nh"),
    ("new jersey", "nj"),
    ("new mexico", "nm"),
    ("new york", "ny"),
    ("north carolina", "nc"),
    ("north dakota", "nd"),
    ("ohio", "oh"),
    ("oklahoma", "ok"),
    ("oregon", "or"),
    ("pennsylvania", "pa"),
    ("rhode island", "ri"),
    ("south carolina", "sc"),
    ("south dakota", "sd"),
    ("tennessee", "tn"),
    ("texas", "tx"),
    ("utah", "ut"),
    ("vermont", "vt"),
    ("virginia", "va"),
    ("washington", "wa"),
    ("west virginia", "wv"),
    ("wisconsin", "wi"),
    ("wyoming", "wy"),
    ("england", "eng"),
    ("scotland", "sct"),
    ("wales", "wls"),
    ("northern ireland", "nir"),
];

/// The full word of an abbreviated street type.
pub fn street_type(token: &str) -> Option<&'static str> {
    STREET_TYPES
        .binary_search_by_key(&token, |&(short, _)| short)
        .ok()
        .map(|at| STREET_TYPES[at].1)
}

/// The code of a state given by name or code, in lower case.
pub fn state_code(text: &str) -> Option<&'static str> {
    STATES
        .iter()
        .find(|(name, code)| *name == text || *code == text)
        .map(|&(_, code)| code)
}

pub(super) fn about() -> ReferenceData {
    let rows = STREET_TYPES.len() + STREET_WORDS.len() + UNIT_WORDS.len() + STATES.len();
    super::own("latin_addresses", rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_sorted_and_found() {
        assert!(STREET_TYPES.is_sorted());
        assert_eq!(street_type("cres"), Some("crescent"));
        assert_eq!(state_code("new south wales"), Some("nsw"));
    }
}
