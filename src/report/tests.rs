//! The page against the figures it was made from.

use super::*;
use crate::quality::fixture::Fixture;
use serde_json::Value;

const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

fn quality() -> Quality {
    let first = Fixture::group().measure();
    let mut fixture = Fixture::group();
    fixture.run.run_number = 2;
    fixture.run.warnings = vec!["<script>alert(1)</script>".to_owned()];
    fixture.records.accounts[0].read += 1_000;
    fixture.records.accounts[0].skipped += 1_000;
    fixture.measure_after(&first)
}

/// Every (path, text) that the page shows.
fn figures(page: &str) -> Vec<(&str, &str)> {
    page.split("data-path=\"")
        .skip(1)
        .map(|rest| {
            let (path, rest) = rest.split_once('"').expect("a closing quote");
            let (_, rest) = rest.split_once('>').expect("an element");
            let (text, _) = rest.split_once('<').expect("an end");
            (path, text)
        })
        .collect()
}

fn lookup<'a>(json: &'a Value, path: &str) -> &'a Value {
    path.split('.')
        .fold(json, |value, step| match step.parse::<usize>() {
            Ok(at) => &value[at],
            Err(_) => &value[step],
        })
}

/// The figure as the page should read, worked out in another way than the page does.
fn expected(path: &str, value: &Value) -> String {
    if let Some(numerator) = value.get("numerator") {
        let part = numerator.as_f64().expect("a count");
        let whole = value["denominator"].as_f64().expect("a count");
        return if whole == 0.0 {
            "–".to_owned()
        } else {
            format!("{:.1}%", (part / whole * 1_000.0).round() / 10.0)
        };
    }
    let Some(number) = value.as_f64() else {
        assert!(value.is_null(), "{path}: {value}");
        return "–".to_owned();
    };
    let plain = if path.ends_with("millibits") {
        format!("{:.2}", (number.abs() / 10.0).round() / 100.0 * number.signum())
    } else if path.ends_with("basis_points") {
        format!("{:.2}", number / 100.0)
    } else if path.ends_with("per_trillion") && number < 1e8 {
        format!("{:.1e}", number / 1e12)
    } else if path.ends_with("per_trillion") {
        format!("{:.4}", number / 1e12)
    } else {
        format!("{number}")
    };
    plain.replace('-', "−")
}

#[test]
fn every_number_of_the_page_stands_in_the_figures() {
    let quality = quality();
    let json = serde_json::to_value(&quality).expect("figures are plain");
    for language in LANGUAGES {
        let page = render(&quality, language).expect("sound figures");
        let figures = figures(&page);
        assert!(figures.len() > 100, "{}", figures.len());
        for (path, text) in figures {
            let got = text.replace([',', '+', '±'], "");
            assert_eq!(got, expected(path, lookup(&json, path)), "{path}");
        }
    }
}

#[test]
fn the_page_of_the_json_is_the_page() {
    let quality = quality();
    let json = serde_json::to_string(&quality).expect("figures are plain");
    let back: Quality = serde_json::from_str(&json).expect("as written");
    for language in LANGUAGES {
        let page = render(&quality, language).expect("sound figures");
        assert_eq!(render(&back, language).expect("sound figures"), page);
    }
}

#[test]
fn nothing_is_fetched_and_nothing_runs() {
    let page = render(&quality(), Language::Zh).expect("sound figures");
    for forbidden in [
        "http:", "https:", "//", "src=", "url(", "@import", "<script", " style=", " on",
    ] {
        let at = page.find(forbidden).unwrap_or(page.len());
        let near: String = page[at..].chars().take(60).collect();
        assert!(at == page.len(), "{forbidden}: {near}");
    }
    let addresses = page.split("href=\"").skip(1);
    assert!(addresses.clone().count() > 5);
    for address in addresses {
        let id = address
            .strip_prefix('#')
            .and_then(|a| a.split_once('"'))
            .expect("a place on the page")
            .0;
        assert!(page.contains(&format!("id=\"{id}\"")), "{id}");
    }
}

#[test]
fn names_from_the_data_are_escaped() {
    let mut quality = quality();
    quality.sources[0].owner = "\"><img src=x onerror=alert(1)>".to_owned();
    let page = render(&quality, Language::En).expect("sound figures");
    assert!(page.contains("West &#60;b&#62;"));
    assert!(page.contains("A &#38; B"));
    assert!(page.contains("&#60;script&#62;alert(1)"));
    for raw in ["West <b>", "<script", "<img"] {
        assert!(!page.contains(raw), "{raw}");
    }
}

#[test]
fn both_languages_say_what_happened() {
    let mut quality = quality();
    let zh = render(&quality, Language::Zh).expect("sound figures");
    assert!(zh.contains("<html lang=\"zh-CN\">") && zh.contains("已发布") && zh.contains("客户名称"));
    quality.run.is_published = false;
    quality.run.reasons = vec!["重复率上升".to_owned()];
    let en = render(&quality, Language::En).expect("sound figures");
    assert!(en.contains("<html lang=\"en\">") && en.contains("Not published"));
    assert!(en.contains("重复率上升") && en.contains("Customer name"));
}

#[test]
fn every_column_header_has_a_scope_and_every_tag_is_closed() {
    let page = render(&quality(), Language::En).expect("sound figures");
    assert_eq!(page.matches("<th ").count(), page.matches("scope=").count());
    assert!(!page.contains("<th>"));
    for tag in [
        "table", "section", "div", "tr", "td", "th", "dl", "ul", "ol", "svg", "span", "details",
    ] {
        let opened = page.matches(&format!("<{tag} ")).count() + page.matches(&format!("<{tag}>")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn an_empty_run_and_edited_figures_make_no_panic() {
    let empty = Fixture::empty().measure();
    assert!(render(&empty, Language::Zh).is_ok());
    let mut edited = quality();
    edited.worst_sources[0].source = 99;
    assert!(matches!(
        render(&edited, Language::Zh),
        Err(ReportError::OutOfRange { position: 99, .. })
    ));
    let mut cut = quality();
    cut.sources.truncate(1);
    cut.worst_sources.clear();
    assert!(render(&cut, Language::En).is_ok());
    cut.schema_version = 99;
    assert!(matches!(
        render(&cut, Language::En),
        Err(ReportError::SchemaVersion { found: 99, .. })
    ));
}
