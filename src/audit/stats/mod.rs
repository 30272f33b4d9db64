//! Statistics of audits: counts in, estimates with honest intervals out.
//!
//! Everything here is a function of numbers alone. Methods: exact hypergeometric and binomial tails, Wilson (1927), Clopper and
//! Pearson (1934), the hypergeometric interval for samples of more than 5 % of their population, MOVER over strata (Zou and Donner,
//! 2008), the cluster estimators of Binette et al. (arXiv:2210.01230), kappa (Cohen, 1960), Holm (1979). Floats live here and are
//! rounded where they are published. What is sampled and what an answer means is decided by the callers.

mod agreement;
mod beta;
mod cluster;
#[cfg(test)]
mod coverage_tests;
mod hypergeometric;
mod interval;
mod strata;

pub use agreement::cohen_kappa;
pub use agreement::holm;
pub use beta::beta_inverse;
pub use beta::regularised_beta;
pub use cluster::LabelledCluster;
pub use cluster::RatioEstimate;
pub use cluster::b_cubed_precision;
pub use cluster::b_cubed_recall;
pub use cluster::cluster_recall;
pub use cluster::pairwise_precision;
pub use cluster::pairwise_recall;
pub use cluster::ratio;
pub use hypergeometric::cumulative;
pub use interval::Interval;
pub use interval::Method;
pub use interval::clopper_pearson;
pub use interval::finite;
pub use interval::guarantee;
pub use interval::reported;
pub use interval::wilson;
pub use strata::Stratum;
pub use strata::StratumTotal;
pub use strata::mover;
pub use strata::pooled_mover;
pub use strata::stratified_ratio;

/// Normal quantile of 97.5 %, for two-sided intervals of 95 %.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// One side's share of error of a two-sided interval of 95 %.
pub const TAIL: f64 = 0.025;
