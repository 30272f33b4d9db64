//! A plan for one lot, whatever its form, with the risks of both parties.
//!
//! In: a [`PlanRequest`] and a lot size. Out: an [`AcceptancePlan`]: how many to ask, how many may be wrong, and how probable the wrong
//! verdict is either way, exact for that lot. The producer's risk is that of a subsidiary whose data are as good as stated; the
//! consumer's is the group's, of not noticing data of the bad level.

use super::gbt2828_1::Severity;
use super::gbt2828_1::aqls;
use super::gbt2828_1::code_letter;
use super::gbt2828_1::table_plan;
use super::two_risk::MILLION;
use super::two_risk::at_least;
use super::two_risk::at_most;
use super::two_risk::two_risk;
use crate::audit::stats::cumulative;
use serde::Deserialize;
use serde::Serialize;
use thiserror::Error;

/// Producer's risk of plans that promise one.
const ALPHA: f64 = 0.05;

/// Consumer's risk of plans that promise one.
const BETA: f64 = 0.10;

/// Thousandths of a per cent in one.
const AQL_UNITS: u64 = 100_000;

/// Largest AQL for per cent nonconforming.
const AQL_MAX: u64 = 10_000;

/// The form of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Smallest sample that keeps both risks.
    TwoRisk,
    /// Audit of a declared quality level (GB/T 2828.4-2008).
    #[serde(rename = "gbt2828.4")]
    Declared,
    /// Tables for series of lots (GB/T 2828.1-2012).
    #[serde(rename = "gbt2828.1")]
    Tables,
}

impl Mode {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::TwoRisk, Self::Declared, Self::Tables];

    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TwoRisk => "two-risk",
            Self::Declared => "gbt2828.4",
            Self::Tables => "gbt2828.1",
        }
    }
}

/// What a plan must do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRequest {
    /// Its form.
    pub mode: Mode,
    /// The good, declared or accepted level in parts per million of units.
    pub p0_ppm: u64,
    /// The bad level in parts per million; with [`Mode::Declared`] the limiting quality ratio times `p0_ppm`.
    pub p1_ppm: u64,
    /// Inspection level of the tables.
    pub level: String,
}

/// How many to ask and how many may be wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AcceptancePlan {
    /// Units of the lot.
    pub lot: u64,
    /// Units to ask.
    pub n: u64,
    /// Acceptance number: the lot passes with at most so many nonconforming units.
    pub accept: u64,
    /// Probability of refusing a lot of the good level.
    pub producers_risk: f64,
    /// Probability of passing a lot of the bad level.
    pub consumers_risk: f64,
    /// How strictly the tables inspect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// Code letter of the tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<char>,
}

/// Why there is no plan.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnplannableError {
    /// The lot is empty.
    #[error("the lot is empty; there is nothing to ask")]
    EmptyLot,
    /// The levels do not lie one behind the other.
    #[error("the good level must be below the bad one, and both between 0 and 1")]
    Levels,
    /// The tables know other AQLs.
    #[error("GB/T 2828.1 has no AQL {aql} %; the nearest are {near} (per cent nonconforming: at most 10)")]
    UnknownAql {
        /// What was asked for, in per cent.
        aql: String,
        /// What there is.
        near: String,
    },
    /// The tables know other levels.
    #[error("there is no inspection level `{level}`; there are S-1, S-2, S-3, S-4, I, II, III")]
    UnknownLevel {
        /// What was asked for.
        level: String,
    },
}

/// A share such as `.01` or `1%` in parts per million; `None` when it is no decimal between 0 and 1 with at most six places.
pub fn parts_per_million(text: &str) -> Option<u64> {
    let (digits, places) = match text.strip_suffix('%') {
        Some(per_cent) => (per_cent.trim_end(), 4),
        None => (text, 6),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || fraction.len() > places || whole.len() > 4 {
        return None;
    }
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let value = format!("{whole}{fraction:0<places$}").parse::<u64>().ok()?;
    (value <= MILLION).then_some(value)
}

/// The plan for a lot of `lot` units; `severity` is that of the tables.
///
/// # Errors
/// [`UnplannableError`].
pub fn acceptance_plan(
    request: &PlanRequest,
    lot: u64,
    severity: Severity,
) -> Result<AcceptancePlan, UnplannableError> {
    if lot == 0 {
        return Err(UnplannableError::EmptyLot);
    }
    if request.p0_ppm >= request.p1_ppm || request.p1_ppm > MILLION {
        return Err(UnplannableError::Levels);
    }
    let (n, accept, code) = match request.mode {
        Mode::TwoRisk | Mode::Declared => {
            let (n, accept) = two_risk(lot, request.p0_ppm, request.p1_ppm, ALPHA, BETA);
            (n, accept, None)
        }
        Mode::Tables => from_tables(request, lot, severity)?,
    };
    let passes = |bad: u64| cumulative(lot, bad, n, accept);
    Ok(AcceptancePlan {
        lot,
        n,
        accept,
        producers_risk: 1.0 - passes(at_most(lot, request.p0_ppm)),
        consumers_risk: passes(at_least(lot, request.p1_ppm)),
        severity: code.map(|_| severity),
        code,
    })
}

fn from_tables(
    request: &PlanRequest,
    lot: u64,
    severity: Severity,
) -> Result<(u64, u64, Option<char>), UnplannableError> {
    let unknown_level = || UnplannableError::UnknownLevel {
        level: request.level.clone(),
    };
    let code = code_letter(lot, &request.level).ok_or_else(unknown_level)?;
    let aql = aql_of(request.p0_ppm)?;
    let plan = table_plan(severity, code, aql).ok_or_else(unknown_level)?;
    // A sample as large as the lot means that all are inspected; no more of the lot may be wrong then than the level allows.
    match plan.n >= lot {
        true => Ok((
            lot,
            plan.accept.min(at_most(lot, request.p0_ppm)),
            Some(plan.code),
        )),
        false => Ok((plan.n, plan.accept, Some(plan.code))),
    }
}

/// The AQL of the tables that is `share_ppm`, in thousandths of a per cent.
pub(crate) fn aql_of(share_ppm: u64) -> Result<u64, UnplannableError> {
    let exact = (share_ppm * AQL_UNITS).is_multiple_of(MILLION);
    let aql = share_ppm * AQL_UNITS / MILLION;
    let known = || aqls().iter().filter(|known| **known <= AQL_MAX);
    if exact && known().any(|known| *known == aql) {
        return Ok(aql);
    }
    let mut near: Vec<u64> = known().copied().collect();
    near.sort_by_key(|known| (known * 10).abs_diff(share_ppm));
    near.truncate(2);
    near.sort_unstable();
    let per_cent = |thousandths: f64| format!("{}", thousandths / 1_000.0);
    Err(UnplannableError::UnknownAql {
        aql: per_cent(share_ppm as f64 / 10.0),
        near: near
            .iter()
            .map(|aql| per_cent(*aql as f64))
            .collect::<Vec<_>>()
            .join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(mode: Mode, p0: &str, p1: &str) -> PlanRequest {
        PlanRequest {
            mode,
            p0_ppm: parts_per_million(p0).unwrap(),
            p1_ppm: parts_per_million(p1).unwrap(),
            level: "II".to_owned(),
        }
    }

    #[test]
    fn q9_a_plan_tells_both_risks() {
        let plan = acceptance_plan(&request(Mode::TwoRisk, ".01", "3%"), 5_000, Severity::Normal).unwrap();
        assert_eq!((plan.n, plan.accept), (384, 7));
        assert!(
            plan.producers_risk <= 0.05 && plan.consumers_risk <= 0.10,
            "{plan:?}"
        );
        let declared =
            acceptance_plan(&request(Mode::Declared, ".01", ".05"), 50_000, Severity::Normal).unwrap();
        assert_eq!((declared.n, declared.accept), (132, 3));
        // An AQL plan of 1 %: J 80/2 accepts 1 % with .953 and 6.5 % with a tenth in an endless lot, a little less often in this one.
        let tables = acceptance_plan(&request(Mode::Tables, ".01", ".065"), 1_200, Severity::Normal).unwrap();
        assert_eq!((tables.n, tables.accept, tables.code), (80, 2, Some('J')));
        assert!((tables.producers_risk - 0.040_527).abs() < 1e-6, "{tables:?}");
        assert!((tables.consumers_risk - 0.093_154).abs() < 1e-6, "{tables:?}");
    }

    #[test]
    fn shares_are_exact_and_other_words_are_none() {
        for (text, share) in [
            (".01", 10_000),
            ("0.005", 5_000),
            ("1%", 10_000),
            ("0.65%", 6_500),
            ("1", 1_000_000),
            ("0", 0),
        ] {
            assert_eq!(parts_per_million(text), Some(share), "{text}");
        }
        for text in ["", ".", "-1", "1.1", "1e-2", "0.0000001", "十", "101%", "%"] {
            assert_eq!(parts_per_million(text), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_planned_is_said() {
        let refused =
            |request: PlanRequest, lot| acceptance_plan(&request, lot, Severity::Normal).unwrap_err();
        assert_eq!(
            refused(request(Mode::TwoRisk, ".01", ".03"), 0),
            UnplannableError::EmptyLot
        );
        assert_eq!(
            refused(request(Mode::TwoRisk, ".03", ".03"), 9),
            UnplannableError::Levels
        );
        let aql = refused(request(Mode::Tables, ".02", ".05"), 900).to_string();
        assert!(aql.contains("1.5, 2.5") && aql.contains("AQL 2 %"), "{aql}");
        let mut level = request(Mode::Tables, ".01", ".05");
        level.level = "IV".to_owned();
        assert!(matches!(
            refused(level, 900),
            UnplannableError::UnknownLevel { .. }
        ));
    }

    #[test]
    fn a_lot_smaller_than_its_sample_is_inspected_whole() {
        let plan = acceptance_plan(&request(Mode::Tables, ".01", ".05"), 10, Severity::Normal).unwrap();
        assert_eq!((plan.n, plan.accept), (10, 0));
        let plan = acceptance_plan(&request(Mode::TwoRisk, ".01", ".03"), 20, Severity::Normal).unwrap();
        assert!(plan.n <= 20 && plan.consumers_risk <= 0.1 + 1e-9, "{plan:?}");
    }
}
