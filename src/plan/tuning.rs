//! Every number of matching that is neither learned from the data nor given by a steward, with the reason for its value.
//!
//! In: the table `[matching.tuning]` of a job, which may move any of them. Out: [`Tuning`], the values by name. The defaults come from the
//! literature, from the meaning of the quantity or from what a machine can do, never from fitting one set; `benches/accuracy --sensitivity`
//! shows how far accuracy moves with each. What a value does is known to the stage that it is handed to.

mod numbers;

use crate::model::MatchWeight;
use crate::plan::faults::FaultList;
use crate::plan::faults::name_hint;
use crate::plan::toml_table::Located;
use numbers::TUNABLES;
use schemars::Schema;
use schemars::SchemaGenerator;

/// How a value is moved by a share of itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// By the factor itself.
    Factor,
    /// A similarity: its distance from 1 is moved.
    FromOne,
    /// A place on an open scale, where 0 means something: moved by a share of this unit.
    Unit(f64),
}

/// One number that a job may move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tunable {
    /// Its key in `[matching.tuning]`.
    pub name: &'static str,
    /// Its value unless the job gives another.
    pub default: f64,
    /// Least and largest value.
    pub range: (f64, f64),
    /// Must it be whole?
    pub is_whole: bool,
    /// How it is moved to see what hangs on it.
    pub scale: Scale,
    /// What it is and why it is as it is, in English and Chinese.
    pub reason: [&'static str; 2],
}

impl Tunable {
    /// The default moved by `factor` (0.8: a fifth down), held within the range; whole numbers move by at least 1.
    pub fn moved(&self, factor: f64) -> f64 {
        let value = match self.scale {
            Scale::Factor if self.is_whole => {
                let change = (self.default * (factor - 1.0)).round();
                let least = if factor < 1.0 { -1.0 } else { 1.0 };
                self.default + if change == 0.0 { least } else { change }
            }
            Scale::Factor => self.default * factor,
            // A factor above 1 makes the similarity stricter.
            Scale::FromOne => 1.0 - (1.0 - self.default) * (2.0 - factor),
            Scale::Unit(unit) => self.default + unit * (factor - 1.0),
        };
        // Rounded, so that it is written in a job as it is meant.
        let value = (value * 1e9).round() / 1e9;
        value.clamp(self.range.0, self.range.1)
    }
}

/// Every number that a job may move.
pub fn tunables() -> &'static [Tunable] {
    TUNABLES
}

fn position(name: &str) -> Option<usize> {
    TUNABLES.iter().position(|tunable| tunable.name == name)
}

/// The values of a job, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Tuning {
    /// In the order of the registry; `None` = the default.
    given: Vec<Option<f64>>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            given: vec![None; TUNABLES.len()],
        }
    }
}

impl Tuning {
    /// The value that the job gives; `None` = it leaves the default.
    ///
    /// # Panics
    /// When no tunable has this name: names are constants of the program.
    pub fn given(&self, name: &str) -> Option<f64> {
        let at = position(name).expect("the program asks for names of the registry only");
        self.given[at]
    }

    /// The value: the job's or the default.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn get(&self, name: &str) -> f64 {
        let at = position(name).expect("the program asks for names of the registry only");
        self.given[at].unwrap_or(TUNABLES[at].default)
    }

    /// The value of a whole number.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn whole(&self, name: &str) -> u64 {
        // Ranges are below 2^53 and not negative, so the cast is exact.
        self.get(name) as u64
    }

    /// The value of a number of records or pairs in memory.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn count(&self, name: &str) -> usize {
        usize::try_from(self.whole(name)).unwrap_or(usize::MAX)
    }

    /// The value of a number of bits.
    ///
    /// # Panics
    /// As [`Tuning::given`].
    pub fn weight(&self, name: &str) -> MatchWeight {
        MatchWeight::from_bits(self.get(name))
    }

    /// Names and values that the job gives, in the order of the registry.
    pub fn moved(&self) -> impl Iterator<Item = (&'static str, f64)> + '_ {
        let named = TUNABLES.iter().zip(&self.given);
        named.filter_map(|(tunable, given)| Some((tunable.name, (*given)?)))
    }

    /// The values with one of them given; nothing happens when the registry lacks the name.
    #[must_use]
    pub fn with(mut self, name: &str, value: f64) -> Self {
        self.set(name, value);
        self
    }

    pub(super) fn set(&mut self, name: &str, value: f64) {
        if let Some(at) = position(name) {
            self.given[at] = Some(value);
        }
    }
}

/// Checks the table `[matching.tuning]`.
pub(super) fn check(given: &[(Located<String>, Located<f64>)], faults: &mut FaultList) -> Tuning {
    let mut tuning = Tuning::default();
    for (name, value) in given {
        let Some(at) = position(&name.value) else {
            let names: Vec<&str> = TUNABLES.iter().map(|tunable| tunable.name).collect();
            let message = format!("unknown key `{}` in [matching.tuning]", name.value);
            faults.add_hint(name.span.clone(), message, name_hint(&name.value, &names));
            continue;
        };
        let tunable = &TUNABLES[at];
        let (least, most) = tunable.range;
        let is_sound = (least..=most).contains(&value.value);
        if !is_sound || tunable.is_whole && value.value.fract() != 0.0 {
            let kind = if tunable.is_whole {
                "whole number"
            } else {
                "number"
            };
            let message = format!("`{}` must be a {kind} from {least} to {most}", name.value);
            faults.add(value.span.clone(), message);
            continue;
        }
        tuning.given[at] = Some(value.value);
    }
    tuning
}

/// The table in the JSON schema: every name with range, default and reason.
pub(super) fn schema(_: &mut SchemaGenerator) -> Schema {
    let mut properties = serde_json::Map::new();
    for tunable in TUNABLES {
        let number = if tunable.is_whole { "integer" } else { "number" };
        let property = serde_json::json!({
            "type": number,
            "minimum": tunable.range.0,
            "maximum": tunable.range.1,
            "default": tunable.default,
            "description": tunable.reason[0],
        });
        properties.insert(tunable.name.to_owned(), property);
    }
    schemars::json_schema!({
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_within_its_range_and_moves_both_ways() {
        for (at, tunable) in TUNABLES.iter().enumerate() {
            let (least, most) = tunable.range;
            assert!((least..=most).contains(&tunable.default), "{}", tunable.name);
            assert!(
                !tunable.is_whole || tunable.default.fract() == 0.0,
                "{}",
                tunable.name
            );
            let (down, up) = (tunable.moved(0.8), tunable.moved(1.2));
            assert!(down < tunable.default && tunable.default < up, "{}", tunable.name);
            assert!(
                !tunable.is_whole || down.fract() == 0.0 && up.fract() == 0.0,
                "{}",
                tunable.name
            );
            assert_eq!(position(tunable.name), Some(at));
        }
    }

    #[test]
    fn values_are_those_of_the_job_or_the_defaults() {
        let mut tuning = Tuning::default();
        assert_eq!((tuning.get("m_min"), tuning.given("m_min")), (0.01, None));
        assert_eq!(tuning.weight("weight_max_bits"), MatchWeight(15_000));
        tuning.set("component_size_max", 300.0);
        assert_eq!(tuning.count("component_size_max"), 300);
        assert_eq!(
            tuning.moved().collect::<Vec<_>>(),
            [("component_size_max", 300.0)]
        );
    }

    #[test]
    fn similarities_move_by_their_distance_from_one_and_the_cut_by_bits() {
        let named = |name: &str| TUNABLES.iter().find(|tunable| tunable.name == name).unwrap();
        let (name, reason) = ("similarity", ["", ""]);
        let similarity = numbers::real(name, 0.92, (0.0, 1.0), Scale::FromOne, reason);
        assert!((similarity.moved(0.8) - 0.904).abs() < 1e-9);
        assert!((named("cut_bits").moved(1.2) - 1.2).abs() < 1e-9);
        assert_eq!(named("corrections").moved(0.8), 1.0);
    }
}
