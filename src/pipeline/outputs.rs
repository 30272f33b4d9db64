//! The end of a run: figures, page, tables and the flip.

use crate::block::blocking_rules;
use crate::guard::Level;
use crate::identify::Rekey;
use crate::model::FieldName;
use crate::pipeline::Against;
use crate::pipeline::Circumstances;
use crate::pipeline::Matched;
use crate::pipeline::Options;
use crate::pipeline::Place;
use crate::pipeline::Prepared;
use crate::pipeline::RunError;
use crate::pipeline::Summary;
use crate::pipeline::Timings;
use crate::pipeline::WeakestLink;
use crate::pipeline::audited;
use crate::pipeline::comparison_labels;
use crate::pipeline::decisions;
use crate::pipeline::guards;
use crate::pipeline::pages;
use crate::pipeline::queue;
use crate::plan::Plan;
use crate::publish;
use crate::publish::Headers;
use crate::publish::InputEntry;
use crate::publish::LogEvent;
use crate::publish::LogLevel;
use crate::publish::RekeyRow;
use crate::publish::Relation;
use crate::publish::ReviewItem;
use crate::publish::Run;
use crate::publish::RunFacts;
use crate::publish::RunTables;
use crate::publish::Since;
use crate::publish::Staging;
use crate::publish::write_tables;
use crate::quality;
use crate::quality::ModelComparison;
use crate::quality::ModelLevel;
use crate::quality::ModelSummary;
use crate::quality::Point;
use crate::quality::Quality;
use crate::quality::RelationFact;
use crate::quality::RunInfo;
use crate::quality::Trend;
use crate::table::GoldenRecords;
use crate::table::IdAssignments;
use crate::table::Issue;
use crate::table::Lineage;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Figures of the runs up to this one.
const TREND: &str = "trend.json";

/// Bytes that a key has at least.
const HASH_KEY_BYTES_MIN: usize = 32;

/// Results that only the outputs need.
pub(super) struct Findings {
    pub(super) issues: Vec<Issue>,
    pub(super) warnings: Vec<String>,
    pub(super) notices: Vec<String>,
    pub(super) ids: IdAssignments,
    pub(super) golden: GoldenRecords,
    pub(super) lineage: Lineage,
    pub(super) rekeys: Vec<Rekey>,
    /// Customers of two identifiers that are a conflict.
    pub(super) conflicts: u64,
}

/// Measures, renders and publishes.
#[expect(
    clippy::too_many_arguments,
    reason = "the one place where every result of a run comes together"
)]
pub(super) fn publish(
    plan: &Plan,
    options: Options,
    circumstances: &Circumstances,
    place: &Place,
    prepared: &Prepared,
    matched: &Matched,
    findings: &Findings,
    mut timings: Timings,
) -> Result<Summary, RunError> {
    let review = queue::items(place, prepared, matched, &findings.ids);
    let mut quality = measure(
        plan,
        options,
        circumstances,
        place,
        prepared,
        matched,
        findings,
        &review,
    )?;
    let guards = guards::report(plan, place, prepared, matched, findings, &quality)?;
    let texts = |level: Level| {
        let of_level = guards
            .verdicts
            .iter()
            .filter(move |verdict| verdict.level == level);
        of_level
            .map(|verdict| verdict.text(plan.language))
            .collect::<Vec<String>>()
    };
    let refused = guards.refused();
    quality.run.is_published &= refused.is_empty();
    quality.run.reasons.extend(texts(Level::Refuse));
    quality.run.warnings.splice(0..0, texts(Level::Warn));
    let mut summary = Summary {
        run_id: String::new(),
        directory: PathBuf::new(),
        quality,
        warnings: [
            texts(Level::Refuse),
            texts(Level::Warn),
            findings.warnings.clone(),
        ]
        .concat(),
        notices: findings.notices.clone(),
        refused,
    };
    if options.is_dry_run {
        return Ok(summary);
    }
    let staging = place
        .hub
        .begin(place.lock, &run_id(place, &circumstances.started_at))?;
    log_run(&staging, circumstances, place, prepared, matched, findings)?;
    staging.write_bytes("model.json", &json(&matched.model))?;
    staging.write_bytes("guards.json", &json(&guards))?;
    for (name, bytes) in pages::made(&summary.quality, plan.language)? {
        staging.write_bytes(&name, &bytes)?;
    }
    let trend = trend(place.last).with(Point::of(&summary.quality));
    let trend = serde_json::to_vec(&trend).expect("figures and names have a JSON form");
    staging.write_bytes(TREND, &trend)?;
    tables(plan, &staging, place, prepared, matched, findings, &review)?;
    timings.end("publish");
    let facts = facts(plan, circumstances, place, prepared, matched, &summary, timings);
    let run = match summary.refused.is_empty() {
        true => staging.publish(facts)?,
        false => staging.seal(facts)?,
    };
    if summary.refused.is_empty() {
        prune(plan, circumstances, place, &mut summary);
    }
    run.id().clone_into(&mut summary.run_id);
    run.directory().clone_into(&mut summary.directory);
    Ok(summary)
}

/// Removes runs beyond the job's limits. The night is published: what fails here is a warning.
fn prune(plan: &Plan, circumstances: &Circumstances, place: &Place, summary: &mut Summary) {
    let keep = publish::Keep {
        runs: plan.keep_runs,
        days: plan.keep_days,
    };
    if let Err(error) = place.hub.prune(place.lock, keep, &circumstances.started_at) {
        let what = plan
            .language
            .choose("old runs were not removed", "旧的运行未能清除");
        summary.warnings.push(format!("{what}: {error}"));
    }
}

/// Number of the run and its start, `000007-20260930T210000Z`; the number goes on after candidates too.
fn run_id(place: &Place, started_at: &str) -> String {
    let next = place.registry.run + 1;
    let stamp: String = started_at
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .take(15)
        .collect();
    format!("{next:06}-{stamp}Z")
}

fn json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).expect("figures and names have a JSON form");
    bytes.push(b'\n');
    bytes
}

/// The last run's figures; a run of another layout counts as none.
fn previous(last: Option<&Run>) -> Option<Quality> {
    let bytes = std::fs::read(last?.path("quality.json")).ok()?;
    let quality: Quality = serde_json::from_slice(&bytes).ok()?;
    (quality.schema_version == quality::SCHEMA_VERSION).then_some(quality)
}

/// The trend of the runs before; a run of an older program has none.
fn trend(last: Option<&Run>) -> Trend {
    let bytes = last.and_then(|run| std::fs::read(run.path(TREND)).ok());
    let trend = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    trend.unwrap_or_default()
}

/// What figures need of the relations.
fn relation_facts(matched: &Matched) -> Vec<RelationFact> {
    let fact = |relation: &crate::cluster::Relation| RelationFact {
        left: relation.pair.left,
        right: relation.pair.right,
        kind: relation.kind,
        weight: relation.pair.weight,
    };
    matched.relations.iter().map(fact).collect()
}

/// Bytes of the key of the hub's log, under which raw values are hashed; none when the job names none or it is not to be read, which
/// the log itself tells.
fn hash_key(plan: &Plan) -> Option<Vec<u8>> {
    let bytes = std::fs::read(plan.security.log_key.as_ref()?).ok()?;
    (bytes.len() >= HASH_KEY_BYTES_MIN).then_some(bytes)
}

#[expect(
    clippy::too_many_arguments,
    reason = "figures are made of every result of a run"
)]
fn measure(
    plan: &Plan,
    options: Options,
    circumstances: &Circumstances,
    place: &Place,
    prepared: &Prepared,
    matched: &Matched,
    findings: &Findings,
    review: &[ReviewItem],
) -> Result<Quality, RunError> {
    let records = &prepared.ingested.records;
    let mapped_fields: Vec<Vec<FieldName>> = records
        .sources
        .iter()
        .map(|source| {
            let settings = plan
                .ingest
                .sources
                .iter()
                .find(|settings| settings.name == source.export);
            settings.map_or_else(Vec::new, |s| {
                s.columns.iter().map(|column| column.field.clone()).collect()
            })
        })
        .collect();
    // A source that left the job has no mapping: then fields count where values are.
    let is_known = mapped_fields.iter().all(|fields| !fields.is_empty());
    let run = RunInfo {
        run_number: place.registry.run + 1,
        day: circumstances.started_at.get(..10).unwrap_or_default().to_owned(),
        job: plan
            .job
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned()),
        language: plan.language,
        is_published: !options.is_dry_run,
        reasons: if options.is_dry_run {
            vec!["dry run".to_owned()]
        } else {
            Vec::new()
        },
        warnings: findings.warnings.clone(),
        notices: findings.notices.clone(),
        unreadable_sources: prepared
            .ingested
            .faults
            .iter()
            .map(|fault| fault.source.clone())
            .collect(),
    };
    Ok(quality::measure(&quality::Inputs {
        records,
        standard: &prepared.standard,
        rejects: &prepared.ingested.rejects,
        ids: &findings.ids,
        pairs: &matched.pairs,
        model: &model_summary(plan, matched),
        weakest: &weakest_links(plan, matched, &findings.ids),
        fields: &plan.fields,
        mapped_fields: if is_known { &mapped_fields } else { &[] },
        previous: previous(place.last).as_ref(),
        trend: &trend(place.last),
        settings: &plan.quality,
        issues: &findings.issues,
        headers: &headers(plan, prepared),
        conflicts: &findings.golden.conflicts,
        relations: &relation_facts(matched),
        questions: &queue::facts(review),
        audits: &audited::facts(place.hub)?,
        hash_key: hash_key(plan).as_deref(),
        run: &run,
    }))
}

fn model_summary(plan: &Plan, matched: &Matched) -> ModelSummary {
    let comparisons = matched
        .specs
        .iter()
        .enumerate()
        .map(|(at, spec)| (spec, matched.model.best_taught(at)))
        .map(|(spec, learned)| ModelComparison {
            field: spec.name.to_owned(),
            labels: comparison_labels(plan, spec.name),
            comparator: spec.comparator.to_owned(),
            levels: spec
                .levels
                .iter()
                .zip(&learned.levels)
                .enumerate()
                .map(|(level, (level_spec, level_model))| ModelLevel {
                    level: level as u8,
                    labels: [level_spec.en.to_owned(), level_spec.zh.to_owned()],
                    m: Some(level_model.m),
                    u: Some(level_model.u),
                    weight: crate::model::MatchWeight(level_model.weight),
                })
                .collect(),
        })
        .collect();
    ModelSummary {
        cut: matched.cut,
        floor: matched.floor,
        prior: crate::model::MatchWeight(matched.model.of(matched.model.unnamed).prior_weight),
        has_converged: matched.model.is_converged,
        comparisons,
    }
}

fn weakest_links(plan: &Plan, matched: &Matched, ids: &IdAssignments) -> Vec<quality::WeakestLink> {
    let figures = |link: &WeakestLink| {
        let against = Against::deciding(&link.waterfall);
        let id = ids.id_of[link.pair.left.at()];
        let weights = against.comparisons(&link.waterfall);
        let steps = matched.specs.iter().enumerate().filter_map(|(at, spec)| {
            let level = spec.levels.get(link.pair.vector.level(at).at())?;
            let [en, zh] = comparison_labels(plan, spec.name);
            Some(quality::WeakestLinkStep {
                en,
                zh,
                level_en: level.en.to_owned(),
                level_zh: level.zh.to_owned(),
                weight_millibits: weights[at].0,
            })
        });
        let [against_en, against_zh] = against.labels().map(str::to_owned);
        quality::WeakestLink {
            unified_id: id.to_string(),
            records: ids.id_of.iter().filter(|of| **of == id).count() as u64,
            weight_millibits: link.pair.weight.0,
            against_en,
            against_zh,
            prior_millibits: against.prior(&link.waterfall).0,
            steps: steps.collect(),
            rest_millibits: against.rest(&link.waterfall).0,
        }
    };
    matched.weakest.iter().map(figures).collect()
}

fn tables(
    plan: &Plan,
    staging: &Staging,
    place: &Place,
    prepared: &Prepared,
    matched: &Matched,
    findings: &Findings,
    review: &[ReviewItem],
) -> Result<(), RunError> {
    let rules: Vec<&str> = blocking_rules().iter().map(|rule| rule.name).collect();
    let relations: Vec<Relation> = matched
        .relations
        .iter()
        .map(|relation| Relation {
            left: relation.pair.left,
            right: relation.pair.right,
            kind: relation.kind,
            weight: relation.pair.weight,
        })
        .collect();
    let decisions = decisions::rows(&matched.decisions, place.last, place.registry.run + 1)?;
    let rekeys: Vec<RekeyRow> = findings.rekeys.iter().flat_map(rekey_rows).collect();
    let number = place.registry.run + 1;
    let since = match place.last {
        Some(last) => Since::read(last, &findings.golden, number)?,
        None => Since::first(number),
    };
    let tables = RunTables {
        raw: &prepared.ingested.records,
        headers: &headers(plan, prepared),
        standard: &prepared.standard,
        golden: &findings.golden,
        lineage: &findings.lineage,
        since: &since,
        ids: &findings.ids,
        layers: &matched.layers,
        pairs: &matched.pairs,
        issues: &findings.issues,
        rejects: &prepared.ingested.rejects,
        relations: &relations,
        review,
        rekeys: &rekeys,
        decisions: &decisions,
    };
    let settings = publish::Settings::new(plan.language, &plan.fields, &rules);
    Ok(write_tables(staging, &settings, &tables)?)
}

fn rekey_rows(rekey: &Rekey) -> impl Iterator<Item = RekeyRow<'_>> {
    rekey.pairs.iter().map(|pair| RekeyRow {
        source: &rekey.source,
        old_key: &pair.old_key,
        new_key: &pair.new_key,
        is_certain: pair.is_certain,
    })
}

/// Headers of mapped columns, several joined by ` + `.
fn headers(plan: &Plan, prepared: &Prepared) -> Headers {
    use crate::ingest::ColumnSource;
    let mut headers = Headers::new();
    for (at, source) in prepared.ingested.records.sources.iter().enumerate() {
        let Some(settings) = plan.ingest.sources.iter().find(|s| s.name == source.export) else {
            continue;
        };
        for column in &settings.columns {
            let header = match &column.from {
                ColumnSource::Columns { columns, .. } => columns.join(" + "),
                ColumnSource::Split { column, .. } => column.clone(),
                ColumnSource::Constant(_) => continue,
            };
            headers.insert((crate::model::SourceId(at as u16), column.field.clone()), header);
        }
    }
    headers
}

fn facts(
    plan: &Plan,
    circumstances: &Circumstances,
    place: &Place,
    prepared: &Prepared,
    matched: &Matched,
    summary: &Summary,
    timings: Timings,
) -> RunFacts {
    let figures = &summary.quality.key_figures;
    let counts = BTreeMap::from([
        ("rows_read".to_owned(), figures.rows_read),
        ("rows_rejected".to_owned(), figures.rows_rejected),
        ("rows_skipped".to_owned(), figures.rows_skipped),
        ("records".to_owned(), figures.records),
        ("unified_ids".to_owned(), figures.unified_ids),
        ("candidate_pairs".to_owned(), matched.candidates),
        ("pairs".to_owned(), matched.pairs.pairs.len() as u64),
        (
            "review_items".to_owned(),
            (matched.stale.len() + matched.review.items.len()) as u64,
        ),
        ("decisions".to_owned(), matched.decisions.states.len() as u64),
    ]);
    let inputs = prepared.ingested.inputs.iter().map(|input| InputEntry {
        source: input.source.clone(),
        file: input.path.clone(),
        size_bytes: input.size_bytes,
        sha256: input.sha256.clone(),
    });
    RunFacts {
        run: place.registry.run + 1,
        base_run: Some(place.last.map_or_else(String::new, |run| run.id().to_owned())),
        is_for_publication: summary.refused.is_empty(),
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
        plan_sha256: plan.hash.clone(),
        matching_sha256: plan.matching_hash.clone(),
        adopted_model_sha256: place.adopted(matched).to_owned(),
        last_map: Some(place.last_map),
        started_at: circumstances.started_at.clone(),
        finished_at: (circumstances.now)(),
        inputs: inputs.collect(),
        counts,
        timings_ms: timings.parts,
    }
}

fn log_run(
    staging: &Staging,
    circumstances: &Circumstances,
    place: &Place,
    prepared: &Prepared,
    matched: &Matched,
    findings: &Findings,
) -> Result<(), RunError> {
    let records = &prepared.ingested.records;
    let now = (circumstances.now)();
    let event = |level, stage, event, place: Option<&str>, counts: &[(&'static str, u64)]| {
        let counts = counts.iter().copied().collect();
        staging.log().write(&LogEvent {
            ts: &now,
            level,
            stage,
            event,
            place,
            counts,
        })
    };
    for (source, account) in records.sources.iter().zip(&records.accounts) {
        let counts = [
            ("read", account.read),
            ("accepted", account.accepted),
            ("rejected", account.rejected),
            ("skipped", account.skipped),
        ];
        event(
            LogLevel::Info,
            "ingest",
            "source_read",
            Some(&source.name),
            &counts,
        )?;
    }
    for fault in &prepared.ingested.faults {
        event(
            LogLevel::Warning,
            "ingest",
            "source_unreadable",
            Some(&fault.source),
            &[],
        )?;
    }
    let adopted = u64::from(!place.adopted(matched).is_empty());
    let trained = u64::from(matched.is_newly_trained);
    event(
        LogLevel::Info,
        "score",
        "model",
        None,
        &[("newly_trained", trained), ("adopted", adopted)],
    )?;
    let pairs = [
        ("candidates", matched.candidates),
        ("kept", matched.pairs.pairs.len() as u64),
    ];
    event(LogLevel::Info, "score", "pairs_scored", None, &pairs)?;
    let clusters = [
        ("unified_ids", findings.golden.ids.len() as u64),
        ("component_size_max", matched.clustering.component_size_max),
        ("components_parted", matched.clustering.components_parted),
    ];
    event(LogLevel::Info, "cluster", "records_clustered", None, &clusters)?;
    decisions::log(staging, &now, &matched.decisions)?;
    event(
        LogLevel::Info,
        "identify",
        "ids_assigned",
        None,
        &[("events", findings.ids.events.len() as u64)],
    )?;
    Ok(())
}
