//! What audits found, for the scorecard: figures alone. Nothing here reaches matching, whose model never sees an answer.
//!
//! In: the hub's store. Out: an [`AuditFact`] for every source of every finished audit of values, oldest audit first. How long an audit
//! speaks is left to `quality`.

use crate::audit::Sample;
use crate::audit::report::AuditedValues;
use crate::audit::report::audited_values;
use crate::pipeline::RunError;
use crate::publish::Hub;
use crate::quality::AuditFact;
use crate::steward;
use crate::steward::StewardError;
use crate::steward::Store;

/// Millionths in one.
const MILLION: f64 = 1e6;

/// What every finished audit of values found; nothing of a hub without audits.
///
/// # Errors
/// [`RunError::Steward`] when the store cannot be read, or holds a sample that is none.
pub(super) fn facts(hub: &Hub) -> Result<Vec<AuditFact>, RunError> {
    let path = hub.path().join(steward::FILE);
    let Some(store) = Store::open_existing(&path)? else {
        return Ok(Vec::new());
    };
    let mut facts = Vec::new();
    for head in store.audits()? {
        let imports = store.audit_imports(head.audit)?;
        if imports.is_empty() {
            continue;
        }
        let stored = store.audit(head.audit)?;
        let sample = stored.map(|stored| Sample::from_stored(&stored)).transpose();
        let sample = sample.map_err(|error| StewardError::Damaged {
            path: path.clone(),
            detail: error.to_string(),
        })?;
        let found = sample.map(|sample| (audited_values(&sample, &imports), sample.made_at));
        let (values, made_at) = found.unwrap_or_default();
        facts.extend(
            values
                .into_iter()
                .map(|values| fact(head.audit, &made_at, values)),
        );
    }
    Ok(facts)
}

fn fact(audit: i64, made_at: &str, values: AuditedValues) -> AuditFact {
    let ppm = |share: f64| (share * MILLION).round() as u64;
    AuditFact {
        source: values.source,
        audit,
        day: made_at.get(..10).unwrap_or_default().to_owned(),
        right: values.right,
        answered: values.answered,
        cannot_tell: values.cannot_tell,
        population: values.population,
        lo_ppm: ppm(values.lo),
        hi_ppm: ppm(values.hi),
        method: values.method.names().map(str::to_owned),
    }
}
