//! What both questions start from: the records as the job reads them, the model, and the published run.

use crate::cli::Failure;
use crate::cluster::Judgement;
use crate::cluster::Settings;
use crate::model::Claim;
use crate::model::ComparisonSpec;
use crate::model::RecordIndex;
use crate::model::UnifiedId;
use crate::pipeline::Circumstances;
use crate::pipeline::Matched;
use crate::pipeline::Matching;
use crate::pipeline::Prepared;
use crate::pipeline::RunError;
use crate::pipeline::cluster_settings;
use crate::plan::Plan;
use crate::publish::Hub;
use crate::publish::Run;
use crate::publish::read_registry;
use crate::score::Model;
use crate::score::Weights;
use crate::table::Registry;

/// The published run.
pub(super) struct Published {
    pub(super) hub: Hub,
    pub(super) run_id: String,
    run: Run,
    pub(super) registry: Registry,
    pub(super) model: Option<Model>,
}

impl Published {
    /// The last run of the job's hub, if there is one.
    pub(super) fn read(plan: &Plan) -> Result<Option<Self>, Failure> {
        let hub = Hub::open(&plan.hub).map_err(RunError::from)?;
        let Some(run) = hub.current().map_err(RunError::from)? else {
            return Ok(None);
        };
        let registry = read_registry(&run).map_err(RunError::from)?;
        let model = std::fs::read(run.path("model.json")).ok();
        Ok(Some(Self {
            hub,
            run_id: run.id().to_owned(),
            registry,
            model: model.and_then(|bytes| serde_json::from_slice(&bytes).ok()),
            run,
        }))
    }

    /// The run and its registry.
    pub(super) fn last(&self) -> (&Run, &Registry) {
        (&self.run, &self.registry)
    }

    fn id_of(&self, source: &str, key: &str) -> Option<UnifiedId> {
        let members = &self.registry.members;
        let at = members.binary_search_by(|(of, name, _)| (of.as_str(), name.as_str()).cmp(&(source, key)));
        at.ok().map(|at| members[at].2)
    }
}

/// One question's ground.
pub(super) struct Case<'a> {
    pub(super) plan: &'a Plan,
    pub(super) prepared: &'a Prepared,
    pub(super) matching: &'a Matching<'a>,
    pub(super) specs: Vec<ComparisonSpec>,
    pub(super) model: &'a Model,
    pub(super) weights: Weights<'a>,
    /// Was the model learned for this answer?
    pub(super) is_model_new: bool,
    pub(super) published: Option<&'a Published>,
    pub(super) circumstances: &'a Circumstances<'a>,
}

impl Case<'_> {
    pub(super) fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        self.plan.language.choose(en, zh)
    }

    /// `source:key` of a record.
    pub(super) fn name(&self, record: RecordIndex) -> String {
        let records = &self.prepared.ingested.records;
        format!("{}:{}", records.source(record).name, records.key(record))
    }

    /// The published ID of a record.
    pub(super) fn id_of(&self, record: RecordIndex) -> Option<UnifiedId> {
        let records = &self.prepared.ingested.records;
        self.published?
            .id_of(&records.source(record).name, records.key(record))
    }

    pub(super) fn judge(&self, a: RecordIndex, b: RecordIndex) -> Judgement {
        let (left, right) = (a.min(b), a.max(b));
        let comparisons = self.matching.comparisons();
        let vector = comparisons.vector(left, right);
        Judgement {
            weight: self.weights.weight(left, right, vector) + self.matching.standing().bits(left, right),
            claim: match self.matching.standing().parts(left, right) {
                true => Claim::Conflict,
                false => comparisons.claim(vector),
            },
        }
    }

    pub(super) fn cluster_settings(&self) -> Settings {
        cluster_settings(self.plan)
    }

    /// Matches all records, as a run would.
    pub(super) fn match_records(&self) -> (Matched, Settings) {
        let matched = self
            .matching
            .match_records(Some(self.model.clone()), self.circumstances);
        let settings = Settings {
            cut: matched.cut,
            ..self.cluster_settings()
        };
        (matched, settings)
    }

    /// Comparisons by which the two may never be one customer, each with its level.
    pub(super) fn conflicts(&self, a: RecordIndex, b: RecordIndex) -> Vec<Conflict> {
        let vector = self.matching.comparisons().vector(a.min(b), a.max(b));
        let claim = self.matching.comparisons().claim(vector);
        let levels = self.specs.iter().enumerate().filter_map(|(at, spec)| {
            let level = spec.levels.get(vector.level(at).at())?;
            (claim.parts() && level.claim == claim).then(|| Conflict {
                comparison: spec.name,
                label: self.label(spec.name),
                level: self.say(level.en, level.zh).to_owned(),
            })
        });
        levels.collect()
    }

    pub(super) fn label(&self, comparison: &str) -> String {
        let [en, zh] = crate::pipeline::comparison_labels(self.plan, comparison);
        self.say(&en, &zh).to_owned()
    }
}

/// A comparison that keeps two records apart whatever they weigh.
#[derive(Debug, Clone, serde::Serialize)]
pub(super) struct Conflict {
    pub(super) comparison: &'static str,
    pub(super) label: String,
    pub(super) level: String,
}
