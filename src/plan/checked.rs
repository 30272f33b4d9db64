//! From the job file as written to the plan: defaults, names and references.
//!
//! In: a [`JobFile`] and the faults found so far. Out: the [`Plan`], or every fault. Nothing is refused before
//! everything was looked at. Files are touched only where the job cannot be understood without them (code tables and reference lists);
//! the exports themselves are checked by `sources`.

use crate::field::DERIVED_FIELDS;
use crate::field::FieldSpec;
use crate::field::Necessity;
use crate::field::Sensitivity;
use crate::field::customer_schema;
use crate::field::field_types;
use crate::ingest;
use crate::ingest::SourceSettings;
use crate::model::FieldName;
use crate::model::Language;
use crate::plan::JobFaults;
use crate::plan::JobPlaces;
use crate::plan::MatchingSettings;
use crate::plan::Plan;
use crate::plan::Security;
use crate::plan::checked_source;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::gates;
use crate::plan::guards;
use crate::plan::hash::matching_hash;
use crate::plan::hash::plan_hash;
use crate::plan::hooks;
use crate::plan::job::FieldTable;
use crate::plan::job::JobFile;
use crate::plan::job::LimitsTable;
use crate::plan::job::MatchingTable;
use crate::plan::labels;
use crate::plan::reference_files;
use crate::plan::retention;
use crate::plan::roles;
use crate::plan::toml_table::Located;
use crate::plan::tuning;
use crate::survive::survivorship_rules;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;

/// Questions a day that a steward answers beside other work: at half a minute each, less than two hours.
const REVIEW_PER_DAY: u64 = 200;

/// Names of the survivorship rules that a job may use, from their registry.
fn survivorship_rule_names() -> Vec<&'static str> {
    survivorship_rules().iter().map(|rule| rule.name()).collect()
}

/// Turns the job into a plan.
pub(super) fn check(path: &Path, text: &str, job: JobFile, mut faults: FaultList) -> Result<Plan, JobFaults> {
    let base = match path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_path_buf(),
        _ => Path::new(".").to_path_buf(),
    };
    let fields = all_fields(&job.field, &mut faults);
    let mut places = JobPlaces {
        text: text.to_owned(),
        sources: BTreeMap::new(),
    };
    let mut sources = Vec::new();
    if job.source.is_empty() {
        faults.add_hint(
            0..0,
            "the job names no source",
            "add a `[[source]]` with `name`, `files`, `key` and `map`",
        );
    }
    check_unique_sources(&job, &mut faults);
    for table in &job.source {
        let (settings, source_places) = checked_source::check(table, &base, &fields, &mut faults);
        places.sources.insert(settings.name.clone(), source_places);
        sources.push(settings);
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let language = language(job.language.as_ref(), &mut faults);
    let hub = job.hub.as_ref().map_or("hub", |hub| hub.value.as_str());
    let survivorship = survivorship(&job.survivorship, &fields, &mut faults);
    let reference = reference_files::read(&job.reference, &base, &mut faults);
    let shared_fields = shared_fields(job.shared_fields.as_ref(), &fields, &mut faults);
    let roles = roles::check(&job.roles, &fields, &mut faults);
    let quality = gates::check(&job.gates, &job.source, &mut faults);
    let hooks = hooks::check(&job.hooks, &mut faults);
    let guards = guards::check(&job.guards, &mut faults);
    let matching = matching(&job.matching, &base, &mut faults);
    let retention = retention::check(job.retention.as_ref(), &fields, &mut faults);
    let beside = |given: &Option<Located<String>>| given.as_ref().map(|given| base.join(&given.value));
    let security = Security {
        log_key: beside(&job.security.log_key),
        log_anchor: beside(&job.security.log_anchor),
    };
    let mut plan = Plan {
        job: path.to_path_buf(),
        hub: base.join(hub),
        language,
        ingest: reading(base, sources, &job.limits, &mut faults),
        fields,
        matching,
        survivorship,
        review_per_day: job
            .review_per_day
            .as_ref()
            .map_or(REVIEW_PER_DAY, |given| given.value),
        security,
        shared_fields,
        roles,
        quality,
        keep_runs: job.keep_runs.as_ref().map(|given| given.value),
        keep_days: job.keep_days.as_ref().map(|given| given.value),
        retention,
        hooks,
        guards,
        reference,
        hash: String::new(),
        matching_hash: String::new(),
        places,
    };
    faults.into_result(path, text)?;
    plan.hash = plan_hash(&plan);
    plan.matching_hash = matching_hash(&plan);
    Ok(plan)
}

fn check_unique_sources(job: &JobFile, faults: &mut FaultList) {
    let mut seen = BTreeSet::new();
    for name in job.source.iter().filter_map(|source| source.name.as_ref()) {
        if !seen.insert(name.value.as_str()) {
            let message = format!("the source `{}` occurs twice", name.value);
            faults.add_hint(
                name.span.clone(),
                message,
                "give every `[[source]]` its own `name`",
            );
        }
    }
}

fn language(given: Option<&Located<String>>, faults: &mut FaultList) -> Language {
    match given.map(|given| given.value.as_str()) {
        None | Some("zh") => Language::Zh,
        Some("en") => Language::En,
        Some(other) => {
            let span = given.map_or(0..0, |given| given.span.clone());
            faults.add_hint(span, format!("unknown language `{other}`"), "use `zh` or `en`");
            Language::Zh
        }
    }
}

/// The built-in schema and the job's own fields.
fn all_fields(added: &[FieldTable], faults: &mut FaultList) -> Vec<FieldSpec> {
    let mut fields = customer_schema().to_vec();
    for table in added {
        let Some(name) = &table.name else {
            faults.add(head(&table.span), "a `[[field]]` has no `name`");
            continue;
        };
        if let Some(message) = name_fault(&name.value, &fields) {
            faults.add(name.span.clone(), message);
            continue;
        }
        fields.push(added_field(name, table, faults));
    }
    fields
}

fn name_fault(name: &str, fields: &[FieldSpec]) -> Option<String> {
    let is_identifier = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let is_taken = fields.iter().any(|field| field.name == name) || is_derived(name);
    if !is_identifier {
        Some(format!(
            "the field name `{name}` must be lower-case letters, digits and underscores"
        ))
    } else if is_taken {
        Some(format!("the field `{name}` exists already"))
    } else {
        None
    }
}

fn added_field(name: &Located<String>, table: &FieldTable, faults: &mut FaultList) -> FieldSpec {
    let types = type_names();
    let field_type = match &table.field_type {
        Some(given) if !types.contains(&given.value.as_str()) => {
            let message = format!("unknown field type `{}`", given.value);
            faults.add_hint(given.span.clone(), message, name_hint(&given.value, &types));
            "text".to_owned()
        }
        Some(given) => given.value.clone(),
        None => "text".to_owned(),
    };
    let label = |given: &Option<Located<String>>| given.as_ref().unwrap_or(name).value.clone();
    FieldSpec {
        name: Cow::Owned(name.value.clone()),
        en: Cow::Owned(label(&table.en)),
        zh: Cow::Owned(label(&table.zh)),
        field_type: Cow::Owned(field_type),
        sensitivity: sensitivity(table.sensitivity.as_ref(), faults),
        necessity: match &table.necessary {
            Some(necessary) if necessary.value => Necessity::Necessary,
            _ => Necessity::Optional,
        },
    }
}

/// Names of the field types, and of those that the schema names.
fn type_names() -> Vec<&'static str> {
    let mut names: BTreeSet<&'static str> =
        field_types().iter().map(|field_type| field_type.name()).collect();
    for field in customer_schema() {
        if let Cow::Borrowed(name) = field.field_type {
            names.insert(name);
        }
    }
    names.into_iter().collect()
}

fn sensitivity(given: Option<&Located<String>>, faults: &mut FaultList) -> Sensitivity {
    match given.map(|given| (given.value.as_str(), given.span.clone())) {
        None | Some(("internal", _)) => Sensitivity::Internal,
        Some(("public", _)) => Sensitivity::Public,
        Some(("sensitive", _)) => Sensitivity::Sensitive,
        Some((other, span)) => {
            let hint = name_hint(other, &["public", "internal", "sensitive"]);
            faults.add_hint(span, format!("unknown sensitivity `{other}`"), hint);
            Sensitivity::Sensitive
        }
    }
}

/// Reports a field that is not in the schema; the hint is the field of that label, or the nearest name.
pub(super) fn check_field(field: &Located<String>, fields: &[FieldSpec], faults: &mut FaultList) -> bool {
    let given = field.value.as_str();
    if fields.iter().any(|known| known.name == given) {
        return true;
    }
    let hint = if let Some(derived) = DERIVED_FIELDS.iter().find(|derived| derived.name == given) {
        format!(
            "it is made from others; name {}",
            crate::plan::faults::listed(derived.components)
        )
    } else if let Some(known) = fields.iter().find(|known| known.zh == given || known.en == given) {
        format!("did you mean `{}`?", known.name)
    } else {
        match crate::plan::faults::nearest(given, fields.iter().map(|known| &*known.name)) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "`guiyi schema` lists the fields; add your own with `[[field]]`".to_owned(),
        }
    };
    faults.add_hint(field.span.clone(), format!("unknown field `{given}`"), hint);
    false
}

fn is_derived(name: &str) -> bool {
    DERIVED_FIELDS.iter().any(|derived| derived.name == name)
}

fn survivorship(
    rules: &[(Located<String>, Vec<Located<String>>)],
    fields: &[FieldSpec],
    faults: &mut FaultList,
) -> BTreeMap<FieldName, Vec<String>> {
    let mut plan = BTreeMap::new();
    for (field, names) in rules {
        let is_known = check_field(field, fields, faults);
        let known_rules = survivorship_rule_names();
        for name in names {
            if !known_rules.contains(&name.value.as_str()) {
                let message = format!("unknown survivorship rule `{}`", name.value);
                faults.add_hint(name.span.clone(), message, name_hint(&name.value, &known_rules));
            }
        }
        if names.is_empty() {
            faults.add(
                field.span.clone(),
                format!("`{}` names no survivorship rule", field.value),
            );
        }
        if is_known {
            let names = names.iter().map(|name| name.value.clone()).collect();
            plan.insert(FieldName::from(field.value.as_str()), names);
        }
    }
    plan
}

/// Numbers that have keys of their own may be given there or in `[matching.tuning]`, not in both.
fn matching(table: &MatchingTable, base: &Path, faults: &mut FaultList) -> MatchingSettings {
    let mut tuning = tuning::check(&table.tuning, faults);
    let number = |given: &Option<Located<f64>>| given.clone();
    let size = table.block_size_max.as_ref().map(|given| Located {
        value: given.value as f64,
        span: given.span.clone(),
    });
    let own = [
        ("pairs_per_record_max", number(&table.pairs_per_record_max)),
        ("block_size_max", size),
        ("cut_bits", number(&table.cut_bits)),
        ("review_band_bits", number(&table.review_band_bits)),
    ];
    for (name, given) in own {
        let Some(given) = given else { continue };
        if tuning.given(name).is_some() {
            let message = format!("`{name}` is given in [matching] and in [matching.tuning]");
            faults.add_hint(given.span, message, "keep one of the two");
        }
        tuning.set(name, given.value);
    }
    let default = MatchingSettings::default();
    MatchingSettings {
        pairs_per_record_max: tuning.get("pairs_per_record_max"),
        block_size_max: tuning.count("block_size_max"),
        cut_bits: tuning.given("cut_bits"),
        review_band_bits: tuning.get("review_band_bits"),
        seed: table.seed.as_ref().map_or(default.seed, |given| given.value),
        tuning,
        labels: labels::read(table.labels.as_ref(), base, faults),
    }
}

/// What subsidiaries see of each other unless the job says so: public facts of the customer.
const SHARED_FIELDS: [&str; 5] = ["party_type", "uscc", "industry", "province", "city"];

fn shared_fields(
    given: Option<&Located<Vec<Located<String>>>>,
    fields: &[FieldSpec],
    faults: &mut FaultList,
) -> Vec<String> {
    let Some(given) = given else {
        return SHARED_FIELDS.map(str::to_owned).to_vec();
    };
    for name in &given.value {
        if fields.iter().all(|field| field.name != name.value) {
            let names: Vec<&str> = fields.iter().map(|field| &*field.name).collect();
            let message = format!("`shared_fields` names the unknown field `{}`", name.value);
            faults.add_hint(name.span.clone(), message, name_hint(&name.value, &names));
        }
    }
    given.value.iter().map(|name| name.value.clone()).collect()
}

fn reading(
    base: PathBuf,
    sources: Vec<SourceSettings>,
    table: &LimitsTable,
    faults: &mut FaultList,
) -> ingest::Settings {
    ingest::Settings {
        isolation: isolation(table, faults),
        ..ingest::Settings::new(base, sources, limits(table))
    }
}

fn limits(table: &LimitsTable) -> ingest::Limits {
    let mut limits = ingest::Limits::default();
    let size = |given: &Located<u64>| usize::try_from(given.value).unwrap_or(usize::MAX);
    if let Some(bytes) = &table.field_bytes_max {
        limits.field_bytes_max = size(bytes);
    }
    if let Some(bytes) = &table.record_bytes_max {
        limits.record_bytes_max = size(bytes);
    }
    limits
}

/// Least memory of a reader: the program itself takes some of it.
const READER_BYTES_MIN: u64 = 64 << 20;

fn isolation(table: &LimitsTable, faults: &mut FaultList) -> ingest::Isolation {
    let mut isolation = ingest::Isolation::default();
    if let Some(is_wanted) = &table.isolate_readers {
        isolation.is_wanted = is_wanted.value;
    }
    if let Some(seconds) = &table.reader_seconds {
        isolation.seconds_max = seconds.value;
    }
    if let Some(given) = &table.reader_memory {
        match bytes_of(&given.value).filter(|bytes| *bytes >= READER_BYTES_MIN) {
            Some(bytes) => isolation.memory_bytes_max = bytes,
            None => {
                let message = "`reader_memory` must be 64 MiB or more, with its unit";
                faults.add_hint(given.span.clone(), message, "write it as `800MiB` or `2GiB`");
            }
        }
    }
    isolation
}

/// Bytes of a text such as `800MiB` or `2GiB`.
fn bytes_of(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(factor)
}

/// The first byte of a span, so that a fault about a whole table marks its head only.
pub(super) fn head(span: &Range<usize>) -> Range<usize> {
    span.start..(span.start + 1).min(span.end.max(span.start))
}
