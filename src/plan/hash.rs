//! The hash of a plan: two jobs that say the same have the same.
//!
//! In: a checked [`Plan`]. Out: SHA-256 over one line of JSON for each setting, in a fixed order, defaults filled in.
//! Comments, blanks, the order of sources and keys, and the folders of job and hub make no difference; code tables
//! and reference lists count by their content.

use crate::ingest::ColumnMapping;
use crate::ingest::ColumnSource;
use crate::ingest::Format;
use crate::ingest::RecordKey;
use crate::ingest::SourceSettings;
use crate::plan::MatchingSettings;
use crate::plan::Plan;
use serde_json::Value;
use serde_json::json;
use sha2::Digest;
use sha2::Sha256;
use std::fmt::Write;

/// Changes when the same job means something else.
const VERSION: u32 = 1;

/// Hash of everything that the job says.
pub(super) fn plan_hash(plan: &Plan) -> String {
    let mut lines = vec![
        json!(["guiyi", VERSION]),
        json!(["language", plan.language.as_str()]),
    ];
    for source in &plan.ingest.sources {
        lines.push(source_line(source));
        lines.extend(
            source
                .columns
                .iter()
                .map(|mapping| mapping_line(&source.name, mapping)),
        );
    }
    for field in &plan.fields {
        let sensitivity = field.sensitivity as u8;
        let necessity = field.necessity as u8;
        lines.push(json!([
            "field",
            field.name,
            field.en,
            field.zh,
            field.field_type,
            sensitivity,
            necessity
        ]));
    }
    lines.extend(matching_lines(&plan.matching));
    for (field, rules) in &plan.survivorship {
        lines.push(json!(["survivorship", field.as_str(), rules]));
    }
    lines.push(json!(["shared_fields", plan.shared_fields]));
    let given = plan.roles.iter().filter(|role| role.is_of_job);
    lines.extend(given.map(|role| {
        let scope = role.rows.as_str();
        json!(["role", role.name, role.purpose, scope, role.plain, role.masked])
    }));
    if let Some(retention) = &plan.retention {
        let terms = [retention.general.months, retention.sensitive.months];
        let (fields, starts) = (&retention.sensitive_fields, &retention.starts_with);
        lines.push(json!(["retention", terms, fields, starts]));
    }
    let named = plan
        .ingest
        .sources
        .iter()
        .filter(|source| !source.header.is_empty());
    lines.extend(named.map(|source| json!(["header", source.name, source.header])));
    let sources = plan.ingest.sources.iter();
    lines.extend(sources.filter_map(|source| {
        let promise = source.complete_when?;
        Some(json!(["complete_when", source.name, promise.as_str()]))
    }));
    let quality = &plan.quality;
    lines.push(json!([
        "gates",
        quality.gates.general,
        quality.fresh_days,
        quality.audit_days
    ]));
    let own = quality.gates.of_source.iter();
    lines.extend(own.map(|(source, gates)| json!(["gates", source, gates])));
    let guards = plan.guards.moved();
    lines.extend(guards.map(|(name, value)| json!(["guards", name, value])));
    let limits = &plan.ingest.limits;
    lines.push(json!(["limits", limits.field_bytes_max, limits.record_bytes_max]));
    lines.extend(reference_lines(plan));
    hex_of_lines(&lines)
}

/// Hash of what the job says about which values are compared and how: settings of matching, the type of each field, the
/// fields that columns give, and reference lists. Files, survivorship, gates and labels for people make no difference.
pub(super) fn matching_hash(plan: &Plan) -> String {
    let mut lines = vec![json!(["guiyi", VERSION])];
    for source in &plan.ingest.sources {
        let mappings = source.columns.iter();
        lines.extend(mappings.map(|mapping| mapping_line(&source.name, mapping)));
    }
    let fields = plan.fields.iter();
    lines.extend(fields.map(|field| json!(["field", field.name, field.field_type])));
    lines.extend(matching_lines(&plan.matching));
    lines.extend(reference_lines(plan));
    hex_of_lines(&lines)
}

fn reference_lines(plan: &Plan) -> impl Iterator<Item = Value> {
    let files = plan.reference.iter();
    files.map(|file| json!(["reference", file.list, file.hash]))
}

fn matching_lines(matching: &MatchingSettings) -> Vec<Value> {
    let mut lines = vec![json!([
        "matching",
        matching.pairs_per_record_max,
        matching.block_size_max,
        matching.cut_bits,
        matching.review_band_bits,
        matching.seed
    ])];
    // The four of them that stand above are given there.
    let others = matching.tuning.moved().filter(|(name, _)| {
        ![
            "pairs_per_record_max",
            "block_size_max",
            "cut_bits",
            "review_band_bits",
        ]
        .contains(name)
    });
    lines.extend(others.map(|(name, value)| json!(["tuning", name, value])));
    if !matching.labels.file.is_empty() {
        lines.push(json!(["labels", matching.labels.hash]));
    }
    lines
}

fn source_line(source: &SourceSettings) -> Value {
    let key = match &source.key {
        RecordKey::Columns(columns) => json!(columns),
        RecordKey::Row => Value::Null,
    };
    json!([
        "source",
        source.name,
        source.owner,
        source.owners,
        source.priority,
        source.required,
        source.patterns,
        source.format.map(Format::as_str),
        source.encoding,
        source.delimiter,
        source.header_row,
        source.sheets,
        key,
        source.source_column,
        source.skip_rows_starting,
        source.extract.as_str(),
        source.carries_late,
        source.keeps_withdrawn,
    ])
}

fn mapping_line(source: &str, mapping: &ColumnMapping) -> Value {
    let from = match &mapping.from {
        ColumnSource::Columns { columns, join } => json!([columns, join]),
        ColumnSource::Split {
            column,
            separator,
            part,
        } => json!([column, separator, part]),
        ColumnSource::Constant(constant) => json!(constant),
    };
    let codes = mapping
        .codes
        .as_ref()
        .map(|codes| json!([codes.name, codes.version, codes.entries]));
    json!(["map", source, mapping.field.as_str(), from, codes])
}

fn hex_of_lines(lines: &[Value]) -> String {
    let mut hasher = Sha256::new();
    for line in lines {
        hasher.update(line.to_string().as_bytes());
        hasher.update(b"\n");
    }
    let mut hex = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
