//! Pages of documentation that are made from the registries say what the program knows.

use guiyi::export::roles;
use guiyi::field::customer_schema;
use guiyi::field::field_types;
use guiyi::guard::guards;
use guiyi::guard::limits;
use guiyi::model::issue_catalogue;
use guiyi::plan::tunables;
use guiyi::reference::reference_data;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Text as a cell of a table.
fn cell(text: &str) -> String {
    let text = text.replace('\u{1F}', "␟").replace('|', "\\|");
    if text.is_empty() {
        String::new()
    } else {
        format!("`{text}`")
    }
}

fn fields(page: &mut String) {
    page.push_str("## Fields\n\n| field | type | sensitivity | necessity | English | 中文 |\n|---|---|---|---|---|---|\n");
    for field in customer_schema() {
        let (sensitivity, necessity) = (field.sensitivity, field.necessity);
        writeln!(
            page,
            "| `{}` | `{}` | {sensitivity:?} | {necessity:?} | {} | {} |",
            field.name, field.field_type, field.en, field.zh
        )
        .unwrap();
    }
}

fn types(page: &mut String) {
    page.push_str("\n## Field types\n\nWhat each type makes of a text; `–`: the text is not usable. Parts are those of `standard.parquet` and `explain`.\n");
    for field_type in field_types() {
        let [en, zh] = field_type.labels();
        writeln!(page, "\n### `{}` {en} {zh}\n", field_type.name()).unwrap();
        let parts: Vec<String> = field_type
            .parts()
            .iter()
            .map(|part| format!("`{part}`"))
            .collect();
        writeln!(
            page,
            "Parts: {}. Masked as `{}`; survives by `{}`; compared by {}.\n",
            if parts.is_empty() {
                "none".to_owned()
            } else {
                parts.join(" ")
            },
            field_type.masking(),
            field_type.survivorship(),
            field_type
                .comparator()
                .map_or_else(|| "nothing".to_owned(), |name| format!("`{name}`"))
        )
        .unwrap();
        page.push_str("| text | standard text | standing | found |\n|---|---|---|---|\n");
        let examples = field_type.examples().iter().map(|(raw, _)| *raw);
        let findings = field_type.findings().iter().map(|(raw, _)| *raw);
        let mut shown: Vec<&str> = Vec::new();
        for raw in examples.chain(findings) {
            if shown.contains(&raw) {
                continue;
            }
            shown.push(raw);
            let value = field_type.standardise(raw);
            let texts: Vec<String> = value.items.iter().map(|item| cell(&item.value)).collect();
            let found: Vec<String> = value
                .findings
                .iter()
                .map(|finding| {
                    format!("{} {}", finding.code.name, cell(&finding.evidence))
                        .trim()
                        .to_owned()
                })
                .collect();
            writeln!(
                page,
                "| {} | {} | {} | {} |",
                cell(raw),
                if texts.is_empty() {
                    "–".to_owned()
                } else {
                    texts.join(", ")
                },
                value.status.as_str(),
                found.join(", ")
            )
            .unwrap();
        }
    }
}

fn issues(page: &mut String) {
    page.push_str("\n## Issue codes\n\nDimensions are those of GB/T 36344-2018.\n\n| code | severity | dimension | message | 说明 | example |\n|---|---|---|---|---|---|\n");
    for code in issue_catalogue() {
        writeln!(
            page,
            "| `{}` | {} | {} | {}; {} | {}；{} | {} |",
            code.name,
            code.severity.as_str(),
            code.dimension,
            code.en,
            code.hint[0],
            code.zh,
            code.hint[1],
            cell(code.example)
        )
        .unwrap();
    }
}

fn lists(page: &mut String) {
    page.push_str("\n## Reference data\n\nEmbedded, compressed. `guiyi list reference` shows the hashes.\n\n| list | version | rows | licence | source |\n|---|---|---|---|---|\n");
    for data in reference_data() {
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            data.name, data.version, data.rows, data.licence, data.source
        )
        .unwrap();
    }
}

fn tuning(page: &mut String) {
    page.push_str("\n## Tuning\n\nNumbers of matching that are neither learned nor given; a job moves any of them in `[matching.tuning]`.\n\n| name | default | from | to | reason | 理由 |\n|---|--:|--:|--:|---|---|\n");
    for tunable in tunables() {
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} |",
            tunable.name,
            tunable.default,
            tunable.range.0,
            tunable.range.1,
            tunable.reason[0],
            tunable.reason[1]
        )
        .unwrap();
    }
}

fn guard_limits(page: &mut String) {
    page.push_str("\n## Guards\n\nWhat decides whether a run is published; `guiyi publish --accept` names them.\n\n| guard | watches | 守卫 |\n|---|---|---|\n");
    for guard in guards() {
        writeln!(
            page,
            "| `{}` | {} | {} |",
            guard.name, guard.labels[0], guard.labels[1]
        )
        .unwrap();
    }
    page.push_str("\nTheir limits; a job moves any of them in `[guards]`.\n\n| name | default | from | to | reason | 理由 |\n|---|--:|--:|--:|---|---|\n");
    for limit in limits() {
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} |",
            limit.name, limit.default, limit.range.0, limit.range.1, limit.reason[0], limit.reason[1]
        )
        .unwrap();
    }
}

fn role_lists(page: &mut String) {
    page.push_str("\n## Roles\n\nWhat `guiyi export` shows to whom; `*` is every field that neither list names. A job narrows these and adds its own in `[roles.NAME]`.\n\n| role | scope | for | 用途 | fields | masked |\n|---|---|---|---|---|---|\n");
    for role in roles() {
        let named = |names: &[String]| {
            let names: Vec<String> = names.iter().map(|name| cell(name)).collect();
            names.join(" ")
        };
        let [en, zh] = &role.purpose;
        writeln!(
            page,
            "| `{}` | `{}` | {en} | {zh} | {} | {} |",
            role.name,
            role.rows.as_str(),
            named(&role.plain),
            named(&role.masked)
        )
        .unwrap();
    }
}

#[test]
fn the_reference_page_is_what_the_registries_say() {
    let mut page = String::from(
        "# Reference\n\nFields, field types, issue codes, tuning, guards, roles and reference data, made from the program's registries; a test keeps this page true.\n\n",
    );
    fields(&mut page);
    types(&mut page);
    issues(&mut page);
    tuning(&mut page);
    guard_limits(&mut page);
    role_lists(&mut page);
    lists(&mut page);
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference.md");
    if fs::read_to_string(&kept).unwrap_or_default() == page {
        return;
    }
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reference.md");
    fs::write(&made, page).unwrap();
    panic!(
        "docs/reference.md is out of date; copy {} over it",
        made.display()
    );
}
