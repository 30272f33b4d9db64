//! Spelling only: two ways to write the same part, which no user would call a mistake.
//!
//! Applied to what was expected and to what was found alike, before both are compared exactly. Nothing here repairs a part: a form that
//! was read as another form, or a core that holds too much, stays a miss.

/// A part in the spelling that is compared.
pub(crate) fn spelling(part: &str, text: &str) -> String {
    let text = text.trim().to_lowercase().replace('（', "(").replace('）', ")");
    match part {
        "form" => form(&text),
        "road" => road(&plain(&text)),
        "core" | "family" | "given" | "locality" => plain(&text),
        "postcode" => text.to_uppercase().replace(' ', ""),
        _ => text,
    }
}

/// One of the equal spellings of a legal form.
fn form(text: &str) -> String {
    let text = text.replace(['.', ','], " ").replace('&', " ");
    let words: Vec<&str> = text
        .split_whitespace()
        .map(word)
        .filter(|word| !word.is_empty())
        .collect();
    let text = words.join(" ").replace("有限责任公司", "有限公司");
    for partnership in ["特殊普通合伙", "普通合伙", "有限合伙"] {
        if text.contains(partnership) {
            return partnership.to_owned();
        }
    }
    text
}

fn word(word: &str) -> &str {
    match word {
        "limited" => "ltd",
        "company" => "co",
        "corporation" => "corp",
        "incorporated" => "inc",
        "private" => "pvt",
        "proprietary" => "pty",
        "berhad" => "bhd",
        "and" => "",
        other => other,
    }
}

/// With street types in their short form.
fn road(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').map(street_type).collect();
    words.join(" ")
}

fn street_type(word: &str) -> &str {
    match word {
        "street" => "st",
        "road" => "rd",
        "avenue" => "ave",
        "crescent" => "cres",
        "drive" => "dr",
        "court" => "ct",
        "place" => "pl",
        "lane" => "ln",
        "boulevard" => "blvd",
        "highway" => "hwy",
        "parade" => "pde",
        "terrace" | "ter" => "tce",
        "close" => "cl",
        "square" => "sq",
        "circle" => "cir",
        "circuit" => "cct",
        "parkway" => "pkwy",
        other => other,
    }
}

/// Without accents of the Latin letters in use, apostrophes, stops and hyphens.
fn plain(text: &str) -> String {
    let letter = |c: char| match c {
        'à' | 'á' | 'â' | 'ä' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'í' => 'i',
        'ó' | 'ö' => 'o',
        'ú' | 'ü' => 'u',
        '-' | '.' => ' ',
        other => other,
    };
    let text = text.replace('ß', "ss").replace(['\'', '’'], "");
    let text: String = text.chars().map(letter).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
