//! The sample: drawn once, kept, and never changed by a later run.
//!
//! In: a published run, what was decided already, and what is asked for. Out: a [`Sample`]: per layer what there is and what was drawn, and the
//! drawn units with what may be shown of them. The same run, seed and request give the same sample. With a plan each
//! subsidiary is one lot and its sample a simple random one, because the plan's risks hold for such a sample alone.

use crate::audit::draw::PER_STRATUM;
use crate::audit::draw::allocate;
use crate::audit::draw::rank;
use crate::audit::error::AuditError;
use crate::audit::frame_of::Frame;
use crate::audit::frame_of::FrameUnit;
use crate::audit::frame_of::Maker;
use crate::audit::judged::Judged;
use crate::audit::published::Published;
use crate::audit::published::Values;
use crate::audit::sampling::AcceptancePlan;
use crate::audit::sampling::Mode;
use crate::audit::sampling::State;
use crate::audit::sampling::acceptance_plan;
use crate::audit::unit::Dimension;
use crate::audit::unit::DrawSpec;
use crate::audit::unit::DrawnStratum;
use crate::audit::unit::Item;
use crate::audit::unit::Part;
use crate::audit::unit::RecordName;
use crate::audit::unit::Unit;
use crate::field::FieldSpec;
use crate::field::mask::MaskingClass;
use crate::field::mask::mask;
use crate::field::mask::masking_class;
use crate::publish::Run;
use crate::steward::StoredAudit;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Fields that name a customer, the whole name before its parts.
const NAME_FIELDS: [&str; 3] = ["customer_name", "family_name", "given_name"];

/// Seed of the order in which units stand in the worksheet, so that it does not tell the layer.
const ORDER: u64 = 0x006F_7264_6572;

/// A drawn sample.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Its number; 0 until it is kept.
    pub audit: i64,
    /// The run that it was drawn from.
    pub run_id: String,
    /// What was drawn.
    pub unit: Unit,
    /// Seed of the draw.
    pub seed: u64,
    /// What was asked for.
    pub spec: DrawSpec,
    /// SHA-256 of the frame.
    pub frame_sha256: String,
    /// Units of the frame.
    pub population: u64,
    /// Units left out because someone has decided them.
    pub excluded: u64,
    /// When it was drawn.
    pub made_at: String,
    /// Layers in order.
    pub strata: Vec<DrawnStratum>,
    /// Drawn units in the order of the worksheet, each with the position of its layer.
    pub items: Vec<(u32, Item)>,
}

/// What to draw.
#[derive(Debug, Clone)]
pub struct DrawRequest {
    /// The unit.
    pub unit: Unit,
    /// The seed.
    pub seed: u64,
    /// Everything else.
    pub spec: DrawSpec,
    /// Where each subsidiary's series of lots stands.
    pub states: BTreeMap<String, State>,
    /// Now, UTC, RFC 3339.
    pub made_at: String,
}

impl DrawRequest {
    /// The text under which the store knows what was asked for.
    pub fn spec_text(&self) -> String {
        spec_text(&self.spec)
    }
}

fn spec_text(spec: &DrawSpec) -> String {
    serde_json::to_string(spec).expect("texts and numbers have a JSON form")
}

impl Sample {
    /// As the store keeps it.
    pub fn to_stored(&self) -> StoredAudit {
        let text = |stratum: &DrawnStratum| serde_json::to_string(stratum).expect("a layer has a JSON form");
        let item = |(stratum, item): &(u32, Item)| {
            (
                *stratum,
                serde_json::to_string(item).expect("texts have a JSON form"),
            )
        };
        StoredAudit {
            audit: self.audit,
            run_id: self.run_id.clone(),
            unit: self.unit.as_str().to_owned(),
            seed: self.seed,
            spec: spec_text(&self.spec),
            frame_sha256: self.frame_sha256.clone(),
            population: self.population,
            excluded: self.excluded,
            made_at: self.made_at.clone(),
            strata: self.strata.iter().map(text).collect(),
            items: self.items.iter().map(item).collect(),
        }
    }

    /// As the store kept it.
    ///
    /// # Errors
    /// [`AuditError::Damaged`].
    pub fn from_stored(stored: &StoredAudit) -> Result<Self, AuditError> {
        let read = || -> Option<Self> {
            let strata = stored.strata.iter().map(|text| serde_json::from_str(text).ok());
            let items = stored.items.iter().map(|(stratum, text)| {
                let item = serde_json::from_str(text).ok()?;
                ((*stratum as usize) < stored.strata.len()).then_some((*stratum, item))
            });
            Some(Self {
                audit: stored.audit,
                run_id: stored.run_id.clone(),
                unit: Unit::named(&stored.unit)?,
                seed: stored.seed,
                spec: serde_json::from_str(&stored.spec).ok()?,
                frame_sha256: stored.frame_sha256.clone(),
                population: stored.population,
                excluded: stored.excluded,
                made_at: stored.made_at.clone(),
                strata: strata.collect::<Option<_>>()?,
                items: items.collect::<Option<_>>()?,
            })
        };
        read().ok_or(AuditError::Damaged { audit: stored.audit })
    }
}

/// Draws a sample.
///
/// # Errors
/// [`AuditError`].
pub fn draw(
    run: &Run,
    judged: &Judged,
    request: &DrawRequest,
    schema: &[FieldSpec],
) -> Result<Sample, AuditError> {
    let published = Published::of(run)?;
    let sources = published.sources();
    if let Some(name) = request.spec.sources.iter().find(|name| !sources.contains(name)) {
        return Err(AuditError::UnknownSource {
            name: name.clone(),
            known: sources.join(", "),
        });
    }
    let asked: Vec<&str> = request.spec.fields.iter().map(String::as_str).collect();
    let known = published.fields(&asked)?;
    if let Some(name) = asked.iter().find(|name| !known.contains(name)) {
        return Err(AuditError::UnknownField {
            name: (*name).to_owned(),
        });
    }
    let maker = Maker {
        published: &published,
        judged,
        spec: &request.spec,
        unit: request.unit,
    };
    let mut frame = maker.make()?;
    if frame.units.is_empty() {
        return Err(AuditError::EmptyFrame);
    }
    frame.keep(&dimensions(&frame, request));
    let populations = frame.populations();
    let (wanted, plans) = wanted(&frame, &populations, request)?;
    let chosen = choose(&maker, &frame, &wanted, request.seed);
    let strata = frame
        .strata
        .iter()
        .enumerate()
        .map(|(at, key)| DrawnStratum {
            key: key.clone(),
            population: populations[at],
            sampled: wanted[at],
            plan: plans[at].clone(),
        })
        .collect();
    Ok(Sample {
        audit: 0,
        run_id: run.id().to_owned(),
        unit: request.unit,
        seed: request.seed,
        spec: request.spec.clone(),
        frame_sha256: maker.digest(&frame),
        population: frame.units.len() as u64,
        excluded: frame.excluded,
        made_at: request.made_at.clone(),
        strata,
        items: items(&maker, &frame, &chosen, schema)?,
    })
}

/// The dimensions that the sample is large enough for.
fn dimensions(frame: &Frame, request: &DrawRequest) -> Vec<Dimension> {
    if request.spec.plan.is_some() {
        return vec![Dimension::Source];
    }
    let mut kept = match request.spec.strata.is_empty() {
        true => request.unit.dimensions().to_vec(),
        false => request.spec.strata.clone(),
    };
    kept.sort_unstable();
    let size = request.spec.size.unwrap_or(0).min(frame.units.len() as u64);
    loop {
        let mut coarse = Frame {
            strata: frame.strata.clone(),
            ..Frame::default()
        };
        coarse.keep(&kept);
        if kept.is_empty() || coarse.strata.len() as u64 * PER_STRATUM <= size {
            return kept;
        }
        kept.pop();
    }
}

type Plans = Vec<Option<AcceptancePlan>>;

/// Units to draw of each layer, and the plans by which.
fn wanted(
    frame: &Frame,
    populations: &[u64],
    request: &DrawRequest,
) -> Result<(Vec<u64>, Plans), AuditError> {
    let Some(asked) = &request.spec.plan else {
        let strata: Vec<_> = frame
            .strata
            .iter()
            .cloned()
            .zip(populations.iter().copied())
            .collect();
        let wanted = allocate(&strata, request.spec.size.unwrap_or(0));
        return Ok((wanted, vec![None; frame.strata.len()]));
    };
    let mut plans = Vec::new();
    for (key, lot) in frame.strata.iter().zip(populations) {
        let state = request.states.get(&key.source).cloned().unwrap_or_default();
        if asked.mode == Mode::Tables && state.is_suspended {
            return Err(AuditError::Suspended {
                name: key.source.clone(),
            });
        }
        plans.push(Some(acceptance_plan(asked, *lot, state.severity)?));
    }
    let sizes = plans.iter().flatten().map(|plan| plan.n).collect();
    Ok((sizes, plans))
}

/// The drawn units in the order of the worksheet.
fn choose(maker: &Maker, frame: &Frame, wanted: &[u64], seed: u64) -> Vec<FrameUnit> {
    let mut ranked: Vec<Vec<(u64, u32)>> = vec![Vec::new(); frame.strata.len()];
    let mut name = String::new();
    for (at, unit) in frame.units.iter().enumerate() {
        name.clear();
        maker.push_name(frame, unit, &mut name);
        ranked[unit.stratum as usize].push((rank(seed, &name), at as u32));
    }
    let mut chosen: Vec<(&str, u64, u32)> = Vec::new();
    for (stratum, mut units) in ranked.into_iter().enumerate() {
        let count = (wanted[stratum] as usize).min(units.len());
        if count < units.len() {
            units.select_nth_unstable(count);
        }
        for (_, at) in &units[..count] {
            name.clear();
            maker.push_name(frame, &frame.units[*at as usize], &mut name);
            // Auditors share the work by subsidiary; bands and sizes are mixed.
            chosen.push((&frame.strata[stratum].source, rank(seed ^ ORDER, &name), *at));
        }
    }
    chosen.sort_unstable();
    chosen
        .into_iter()
        .map(|(.., at)| frame.units[at as usize])
        .collect()
}

fn items(
    maker: &Maker,
    frame: &Frame,
    chosen: &[FrameUnit],
    schema: &[FieldSpec],
) -> Result<Vec<(u32, Item)>, AuditError> {
    if maker.unit == Unit::GoldenFields {
        return golden_items(maker, frame, chosen, schema);
    }
    let published = maker.published;
    let records_of = |unit: &FrameUnit| -> Vec<RecordName> {
        let records = match maker.unit {
            Unit::Links => vec![unit.a, unit.b],
            Unit::Ids => published.members[unit.a as usize].clone(),
            _ => vec![unit.a],
        };
        records.into_iter().map(|record| published.name(record)).collect()
    };
    let wanted: BTreeSet<RecordName> = chosen.iter().flat_map(records_of).collect();
    let fields: BTreeSet<&str> = maker
        .spec
        .fields
        .iter()
        .map(String::as_str)
        .chain(NAME_FIELDS)
        .collect();
    let fields = published.fields(&fields.into_iter().collect::<Vec<_>>())?;
    let values = published.values(&fields, &wanted)?;
    let item = |unit: &FrameUnit| {
        let records = records_of(unit);
        let parts = match maker.unit {
            Unit::RecordFields => parts(&values, &records[0], maker.spec, schema),
            _ => Vec::new(),
        };
        let predicted = match maker.unit {
            Unit::Records => {
                let members = &published.members[published.customer_of[unit.a as usize] as usize];
                let others = members.iter().filter(|record| **record != unit.a);
                others.map(|record| published.name(*record)).collect()
            }
            _ => Vec::new(),
        };
        let id = match maker.unit {
            Unit::Ids => published.ids[unit.a as usize].clone(),
            _ => String::new(),
        };
        let names = records
            .iter()
            .map(|record| masked_name(&values, record, schema))
            .collect();
        let item = Item {
            records,
            id,
            parts,
            names,
            predicted,
        };
        (unit.stratum, item)
    };
    Ok(chosen.iter().map(item).collect())
}

fn masked(field: &str, value: &str, schema: &[FieldSpec]) -> String {
    let spec = schema.iter().find(|spec| spec.name == field);
    // What may be shown in a table of records is still masked here: samples and notices hold no values.
    spec.map_or_else(String::new, |spec| match masking_class(spec) {
        MaskingClass::None => mask(MaskingClass::Text, value),
        class => mask(class, value),
    })
}

fn masked_name(values: &Values, record: &RecordName, schema: &[FieldSpec]) -> String {
    let of = values.get(record);
    let text = |field: &str| {
        of.and_then(|of| of.get(field))
            .map(|value| masked(field, value, schema))
    };
    let [whole, family, given] = NAME_FIELDS.map(text);
    whole.unwrap_or_else(|| {
        [given, family]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn parts(values: &Values, record: &RecordName, spec: &DrawSpec, schema: &[FieldSpec]) -> Vec<Part> {
    let of = values.get(record);
    let part = |field: &String| {
        let value = of.and_then(|of| of.get(field))?;
        Some(Part {
            field: field.clone(),
            masked: masked(field, value, schema),
        })
    };
    spec.fields.iter().filter_map(part).collect()
}

fn golden_items(
    maker: &Maker,
    frame: &Frame,
    chosen: &[FrameUnit],
    schema: &[FieldSpec],
) -> Result<Vec<(u32, Item)>, AuditError> {
    let wanted: BTreeSet<(&str, &str)> = chosen
        .iter()
        .map(|unit| {
            (
                frame.ids[unit.a as usize].as_str(),
                maker.spec.fields[unit.b as usize].as_str(),
            )
        })
        .collect();
    let mut found: BTreeMap<(String, String), (String, RecordName)> = BTreeMap::new();
    maker.published.lineage(&mut |id, field, value, record, _| {
        if wanted.contains(&(id, field)) {
            let shown = masked(field, value, schema);
            found.insert((id.to_owned(), field.to_owned()), (shown, record));
        }
    })?;
    let item = |unit: &FrameUnit| {
        let id = frame.ids[unit.a as usize].clone();
        let field = maker.spec.fields[unit.b as usize].clone();
        let (masked, record) = found.get(&(id.clone(), field.clone())).cloned()?;
        let item = Item {
            records: vec![record],
            id,
            parts: vec![Part { field, masked }],
            names: Vec::new(),
            predicted: Vec::new(),
        };
        Some((unit.stratum, item))
    };
    Ok(chosen.iter().filter_map(item).collect())
}
