use super::*;

fn check(name: &str, expected: [&str; 4]) {
    let o = parse(name);
    let got = [&o.region, &o.core, &o.form, &o.branch].map(String::as_str);
    assert_eq!(got, expected, "{name}");
}

#[test]
fn latin_names_come_apart() {
    check(
        "Huaxia Technology Co., Ltd.",
        ["", "huaxia technology", "co ltd", ""],
    );
    check(
        "Huaxia Technology (Beijing) Co., Ltd.",
        ["beijing", "huaxia technology", "co ltd", ""],
    );
    check(
        "Beijing Huaxia Technology Co., Ltd.",
        ["beijing", "huaxia technology", "co ltd", ""],
    );
    check("Siemens (China) Ltd", ["china", "siemens", "ltd", ""]);
    check("Acme GmbH & Co. KG", ["", "acme", "gmbh co kg", ""]);
    check("The Acme Company Limited", ["", "acme", "co ltd", ""]);
    check("Müller & Söhne S.p.A.", ["", "muller and sohne", "spa", ""]);
    check("Siemens AG Munich Branch", ["", "siemens", "ag", "munich branch"]);
    check(
        "Siemens AG - Munich Office",
        ["", "siemens", "ag", "munich office"],
    );
    check(
        "Siemens AG, Shanghai Branch",
        ["", "siemens", "ag", "shanghai branch"],
    );
    check(
        "Bank of China Shanghai Branch",
        ["", "bank of china", "", "shanghai branch"],
    );
    check("Acme (Pty) Ltd", ["", "acme", "pty ltd", ""]);
    check("Ltd", ["", "ltd", "", ""]);
    assert_eq!(parse("Factory 3 North Ltd").numerals, "3 north");
    assert!(has_clear_form("ABC Ltd") && !has_clear_form("Maria Sa"));
}

#[test]
fn branches_set_apart_are_whole() {
    for (name, expected) in [
        (
            "Summit Furniture - San Diego Branch",
            ["", "summit furniture", "", "san diego branch"],
        ),
        (
            "Liberty Construction - New York Branch",
            ["", "liberty construction", "", "new york branch"],
        ),
        (
            "Liberty Construction \u{2013} New York Branch",
            ["", "liberty construction", "", "new york branch"],
        ),
        (
            "Northern Construction (Los Angeles Branch)",
            ["", "northern construction", "", "los angeles branch"],
        ),
        (
            "Acme Ltd, Hong Kong Office",
            ["", "acme", "ltd", "hong kong office"],
        ),
        (
            "Acme Ltd Hong Kong Office",
            ["", "acme", "ltd", "hong kong office"],
        ),
        (
            "Acme, Inc. (Retail Division)",
            ["", "acme", "inc", "retail division"],
        ),
        (
            "Huaxia Technology (Beijing) Co., Ltd. (Shanghai Branch)",
            ["beijing", "huaxia technology", "co ltd", "shanghai branch"],
        ),
        (
            "Summit Furniture San Diego Branch",
            ["", "summit furniture", "", "san diego branch"],
        ),
        (
            "Industrial and Commercial Bank of China Shanghai Branch",
            [
                "",
                "industrial and commercial bank of china",
                "",
                "shanghai branch",
            ],
        ),
        (
            "Acme Ltd \u{2013} Leeds Depot",
            ["", "acme", "ltd", "leeds depot"],
        ),
        (
            "Smith, Jones and Partners",
            ["", "smith jones and partners", "", ""],
        ),
        ("Fresh - The Coffee Shop", ["", "fresh the coffee shop", "", ""]),
    ] {
        check(name, expected);
    }
}

#[test]
fn names_of_trade_and_rare_forms_are_organisations() {
    for name in [
        "Cascade Catering",
        "Harbor Lakeside Chemicals",
        "Beacon Atlas Medical Devices",
        "Delta Plumbing",
        "Bäckerei Müller",
        "Boulangerie Dupont",
        "Ferretería Gómez",
        "Fratelli Rossi",
        "SAP SE",
        "Petronas Dagangan Berhad",
        "Michelin SCA",
        "Acme Ltd \u{2013} Leeds Depot",
        "APPLE COMPUTER, INC. (dissolved)",
        "Meta Platforms, Inc. (formerly Facebook, Inc.)",
    ] {
        assert!(is_latin_organisation(name), "{name}");
    }
    for name in [
        "Perry Mason",
        "Robert Plant",
        "Karen Carpenter",
        "Taylor Baker",
        "Marina Cook",
        "Marine Lefevre",
        "John Smith",
    ] {
        assert!(!is_latin_organisation(name), "{name}");
    }
    check("SAP SE", ["", "sap", "se", ""]);
    check("Petronas Dagangan Berhad", ["", "petronas dagangan", "bhd", ""]);
    check("Michelin SCA", ["", "michelin", "sca", ""]);
}

#[test]
fn remarks_behind_the_form_leave_the_form() {
    for (name, core, form, note, former) in [
        (
            "APPLE COMPUTER, INC. (dissolved)",
            "apple computer",
            "inc",
            "dissolved",
            "",
        ),
        (
            "Meta Platforms, Inc. (formerly Facebook, Inc.)",
            "meta platforms",
            "inc",
            "",
            "Facebook, Inc.",
        ),
        (
            "Meta Platforms, Inc. (formerly Facebook, Inc.) (dissolved)",
            "meta platforms",
            "inc",
            "dissolved",
            "Facebook, Inc.",
        ),
        ("Acme GmbH (in liquidation)", "acme", "gmbh", "in liquidation", ""),
        (
            "Meta Platforms, Inc. (formerly: Facebook, Inc.)",
            "meta platforms",
            "inc",
            "",
            "Facebook, Inc.",
        ),
        (
            "Meta Platforms, Inc., formerly Facebook, Inc.",
            "meta platforms",
            "inc",
            "",
            "Facebook, Inc.",
        ),
    ] {
        let o = parse(name);
        assert_eq!(
            [&o.core, &o.form, &o.note, &o.former],
            [core, form, note, former],
            "{name}"
        );
    }
}

#[test]
fn remarks_and_other_names_are_taken_off() {
    for (name, value, note, former) in [
        ("Acme Ltd (closed)", "Acme Ltd", "closed", ""),
        ("Acme Ltd (in liquidation)", "Acme Ltd", "in liquidation", ""),
        ("Acme Ltd - Inactive", "Acme Ltd", "Inactive", ""),
        ("Acme Ltd (formerly Apex Ltd)", "Acme Ltd", "", "Apex Ltd"),
        ("Acme Ltd t/a Best Foods", "Acme Ltd", "", "Best Foods"),
        ("Acme Ltd trading as Best Foods", "Acme Ltd", "", "Best Foods"),
        ("Acme LLC dba Best Foods", "Acme LLC", "", "Best Foods"),
        ("Acme Ltd (UK)", "Acme Ltd (UK)", "", ""),
    ] {
        let o = parse(name);
        assert_eq!(
            (o.value.as_str(), o.note.as_str(), o.former.as_str()),
            (value, note, former)
        );
    }
}
