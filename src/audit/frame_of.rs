//! The frame: every unit that may be drawn, in a fixed order, each in its layer.
//!
//! In: the published run, what was decided already, and what is asked for. Out: a [`Frame`] whose units are in the order of their keys, so that
//! threads and the order of a run's work mean nothing, with the SHA-256 of their names. Units that someone has decided are left
//! out and counted. A unit of one subsidiary is in its layer, one of several is in that of [`BETWEEN`].

use crate::audit::error::AuditError;
use crate::audit::judged::Judged;
use crate::audit::published::Published;
use crate::audit::unit::BETWEEN;
use crate::audit::unit::Band;
use crate::audit::unit::Dimension;
use crate::audit::unit::DrawSpec;
use crate::audit::unit::RecordName;
use crate::audit::unit::SizeBin;
use crate::audit::unit::StratumKey;
use crate::audit::unit::Unit;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt::Write;

/// One unit: positions whose meaning the kind of unit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FrameUnit {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) stratum: u32,
}

/// Every unit that may be drawn.
#[derive(Debug, Default)]
pub(super) struct Frame {
    pub(super) units: Vec<FrameUnit>,
    /// Layers in order.
    pub(super) strata: Vec<StratumKey>,
    /// Units left out as decided.
    pub(super) excluded: u64,
    /// For golden values, the IDs that `a` counts.
    pub(super) ids: Vec<String>,
}

impl Frame {
    /// Layers the units by `dimensions` alone.
    pub(super) fn keep(&mut self, dimensions: &[Dimension]) {
        let coarse: Vec<StratumKey> = self.strata.iter().map(|key| coarsened(key, dimensions)).collect();
        let mut strata = coarse.clone();
        strata.sort();
        strata.dedup();
        for unit in &mut self.units {
            let key = &coarse[unit.stratum as usize];
            let at = strata.binary_search(key).expect("every layer is among its own");
            unit.stratum = at as u32;
        }
        self.strata = strata;
    }

    /// Units of each layer.
    pub(super) fn populations(&self) -> Vec<u64> {
        let mut counts = vec![0; self.strata.len()];
        for unit in &self.units {
            counts[unit.stratum as usize] += 1;
        }
        counts
    }
}

fn coarsened(key: &StratumKey, dimensions: &[Dimension]) -> StratumKey {
    let has = |dimension| dimensions.contains(&dimension);
    let text = |is_kept: bool, text: &str| if is_kept { text.to_owned() } else { String::new() };
    StratumKey {
        source: text(has(Dimension::Source), &key.source),
        band: if has(Dimension::Band) {
            key.band
        } else {
            Band::Unscored
        },
        size: if has(Dimension::Size) {
            key.size
        } else {
            SizeBin::Any
        },
        field: text(has(Dimension::Field), &key.field),
    }
}

/// What makes a frame.
pub(super) struct Maker<'a> {
    pub(super) published: &'a Published<'a>,
    pub(super) judged: &'a Judged,
    pub(super) spec: &'a DrawSpec,
    pub(super) unit: Unit,
}

/// Units under way.
#[derive(Default)]
struct Gathered {
    units: Vec<FrameUnit>,
    /// Numbers of the layers as they were met.
    numbers: HashMap<StratumKey, u32>,
    excluded: u64,
    ids: Vec<String>,
}

impl Gathered {
    fn push(&mut self, a: u32, b: u32, key: StratumKey) {
        let next = self.numbers.len() as u32;
        let stratum = *self.numbers.entry(key).or_insert(next);
        self.units.push(FrameUnit { a, b, stratum });
    }
}

impl Maker<'_> {
    /// The frame.
    pub(super) fn make(&self) -> Result<Frame, AuditError> {
        let mut gathered = Gathered::default();
        match self.unit {
            Unit::RecordFields => self.record_fields(&mut gathered)?,
            Unit::GoldenFields => self.golden_fields(&mut gathered)?,
            Unit::Links => self.links(&mut gathered)?,
            Unit::Ids => self.ids(&mut gathered)?,
            Unit::Records => self.records(&mut gathered)?,
        }
        // Layers in their own order, whatever the order in which units met them.
        let sorted: BTreeMap<StratumKey, u32> = gathered.numbers.into_iter().collect();
        let mut place = vec![0; sorted.len()];
        for (at, number) in sorted.values().enumerate() {
            place[*number as usize] = at as u32;
        }
        let mut frame = Frame {
            units: gathered.units,
            strata: sorted.into_keys().collect(),
            excluded: gathered.excluded,
            ids: gathered.ids,
        };
        for unit in &mut frame.units {
            unit.stratum = place[unit.stratum as usize];
        }
        Ok(frame)
    }

    /// Digest of layers and names, hexadecimal.
    pub(super) fn digest(&self, frame: &Frame) -> String {
        let mut digest = Sha256::new();
        let mut line = String::new();
        for unit in &frame.units {
            line.clear();
            write!(line, "{}\u{1f}", unit.stratum).expect("writing into memory does not fail");
            self.push_name(frame, unit, &mut line);
            line.push('\n');
            digest.update(line.as_bytes());
        }
        digest.finalize().iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing into memory does not fail");
            text
        })
    }

    /// Appends the name of a unit: what it is, whatever the run's order.
    pub(super) fn push_name(&self, frame: &Frame, unit: &FrameUnit, name: &mut String) {
        let published = self.published;
        let record = |name: &mut String, record: u32| {
            name.push_str(published.source(record));
            name.push('\u{1f}');
            name.push_str(published.key(record));
        };
        match self.unit {
            Unit::Links => {
                record(name, unit.a);
                name.push('\u{1f}');
                record(name, unit.b);
            }
            Unit::Ids => name.push_str(&published.ids[unit.a as usize]),
            Unit::Records | Unit::RecordFields => record(name, unit.a),
            Unit::GoldenFields => {
                name.push_str(&frame.ids[unit.a as usize]);
                name.push('\u{1f}');
                name.push_str(&self.spec.fields[unit.b as usize]);
            }
        }
    }

    /// Does the audit ask about this subsidiary?
    fn is_asked(&self, source: &str) -> bool {
        self.spec.sources.is_empty() || self.spec.sources.iter().any(|asked| asked == source)
    }

    /// The subsidiary of some records, or [`BETWEEN`].
    fn source_of(&self, records: &[u32]) -> &str {
        let first = self.published.source(records[0]);
        match records
            .iter()
            .all(|record| self.published.source(*record) == first)
        {
            true => first,
            false => BETWEEN,
        }
    }

    /// Band of what is joined with this weight.
    fn band(&self, weight: Option<i64>) -> Band {
        match weight {
            Some(weight) if weight >= self.spec.cut + self.spec.band => Band::Clean,
            Some(weight) if weight >= self.spec.cut => Band::Near,
            _ => Band::Below,
        }
    }

    /// Weights of scored pairs inside customers.
    fn weights(&self) -> Result<HashMap<(u32, u32), i64>, AuditError> {
        let mut weights = HashMap::new();
        let of = &self.published.customer_of;
        self.published.scored(&mut |a, b, weight| {
            if of[a as usize] == of[b as usize] {
                weights.insert((a, b), weight);
            }
        })?;
        Ok(weights)
    }

    fn names(&self, records: &[u32]) -> Vec<RecordName> {
        records
            .iter()
            .map(|record| self.published.name(*record))
            .collect()
    }

    fn links(&self, gathered: &mut Gathered) -> Result<(), AuditError> {
        let weights = self.weights()?;
        let published = self.published;
        // In the order of the smaller record, then of the larger.
        for a in 0..published.len() as u32 {
            let members = &published.members[published.customer_of[a as usize] as usize];
            for &b in members.iter().filter(|b| **b > a) {
                let source = self.source_of(&[a, b]);
                if !self.is_asked(source) {
                    continue;
                }
                if !self.judged.is_empty() && self.judged.has_pair(&self.names(&[a, b])) {
                    gathered.excluded += 1;
                    continue;
                }
                let band = self.band(weights.get(&(a, b)).copied());
                gathered.push(a, b, stratum(source, band, SizeBin::of(members.len()), ""));
            }
        }
        Ok(())
    }

    fn ids(&self, gathered: &mut Gathered) -> Result<(), AuditError> {
        let weights = self.weights()?;
        for (at, members) in self.published.members.iter().enumerate() {
            let source = self.source_of(members);
            if members.len() < 2 || !self.is_asked(source) {
                continue;
            }
            if !self.judged.is_empty() && self.judged.has_pair(&self.names(members)) {
                gathered.excluded += 1;
                continue;
            }
            let band = self.band(weakest(members, &weights));
            gathered.push(
                at as u32,
                0,
                stratum(source, band, SizeBin::of(members.len()), ""),
            );
        }
        Ok(())
    }

    fn records(&self, gathered: &mut Gathered) -> Result<(), AuditError> {
        let published = self.published;
        // How near the nearest record of another customer is.
        let mut nearest: Vec<Option<i64>> = vec![None; published.len()];
        published.scored(&mut |a, b, weight| {
            if published.customer_of[a as usize] != published.customer_of[b as usize] {
                for record in [a, b] {
                    let known = &mut nearest[record as usize];
                    *known = Some(known.map_or(weight, |known| known.max(weight)));
                }
            }
        })?;
        for record in 0..published.len() as u32 {
            let source = published.source(record);
            if !self.is_asked(source) {
                continue;
            }
            if !self.judged.is_empty() && !self.judged.matters(&published.name(record)).is_empty() {
                gathered.excluded += 1;
                continue;
            }
            let band = match nearest[record as usize] {
                Some(weight) if weight >= self.spec.cut - self.spec.band => Band::Near,
                _ => Band::Clean,
            };
            let size = published.members[published.customer_of[record as usize] as usize].len();
            gathered.push(record, 0, stratum(source, band, SizeBin::of(size), ""));
        }
        Ok(())
    }

    fn record_fields(&self, gathered: &mut Gathered) -> Result<(), AuditError> {
        let fields: Vec<&str> = self.spec.fields.iter().map(String::as_str).collect();
        let mut has_value = vec![false; self.published.len()];
        self.published.standard(&fields, &mut |record, texts| {
            has_value[record as usize] = texts.iter().any(|text| !text.is_empty());
        })?;
        for record in 0..self.published.len() as u32 {
            let source = self.published.source(record);
            if !has_value[record as usize] || !self.is_asked(source) {
                continue;
            }
            let name = self.published.name(record);
            if fields.iter().any(|field| self.judged.is_pinned(&name, field)) {
                gathered.excluded += 1;
                continue;
            }
            gathered.push(record, 0, stratum(source, Band::Unscored, SizeBin::Any, ""));
        }
        Ok(())
    }

    fn golden_fields(&self, gathered: &mut Gathered) -> Result<(), AuditError> {
        let mut cells: Vec<(u32, u32, StratumKey)> = Vec::new();
        self.published.lineage(&mut |id, field, _, record, is_decided| {
            let field_at = self.spec.fields.iter().position(|asked| asked == field);
            let Some(field_at) = field_at.filter(|_| self.is_asked(&record.source)) else {
                return;
            };
            if is_decided || self.judged.is_pinned(&record, field) {
                gathered.excluded += 1;
                return;
            }
            if gathered.ids.last().is_none_or(|last| last != id) {
                gathered.ids.push(id.to_owned());
            }
            let key = stratum(&record.source, Band::Unscored, SizeBin::Any, field);
            cells.push((gathered.ids.len() as u32 - 1, field_at as u32, key));
        })?;
        for (a, b, key) in cells {
            gathered.push(a, b, key);
        }
        Ok(())
    }
}

fn stratum(source: &str, band: Band, size: SizeBin, field: &str) -> StratumKey {
    StratumKey {
        source: source.to_owned(),
        band,
        size,
        field: field.to_owned(),
    }
}

/// The weight at which a customer's records hold together: the weakest link of its strongest spanning tree; `None` when scored pairs
/// alone do not join them all.
fn weakest(members: &[u32], weights: &HashMap<(u32, u32), i64>) -> Option<i64> {
    let mut links: Vec<(i64, usize, usize)> = Vec::new();
    for (at, a) in members.iter().enumerate() {
        for (other, b) in members.iter().enumerate().skip(at + 1) {
            links.extend(weights.get(&(*a, *b)).map(|weight| (*weight, at, other)));
        }
    }
    links.sort_unstable_by(|a, b| b.cmp(a));
    let mut parents: Vec<usize> = (0..members.len()).collect();
    let mut parts = members.len();
    for (weight, a, b) in links {
        let (a, b) = (root(&mut parents, a), root(&mut parents, b));
        if a != b {
            parents[a] = b;
            parts -= 1;
            if parts == 1 {
                return Some(weight);
            }
        }
    }
    None
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_as_strong_as_the_weakest_link_it_needs() {
        let weights = HashMap::from([((1, 2), 900), ((2, 5), 300), ((1, 5), -40)]);
        assert_eq!(weakest(&[1, 2, 5], &weights), Some(300));
        assert_eq!(weakest(&[1, 2, 5, 9], &weights), None);
        assert_eq!(weakest(&[1, 2], &weights), Some(900));
    }
}
