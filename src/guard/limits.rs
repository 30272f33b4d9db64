//! Limits as a job sets them.

use super::catalogue::limits;
use std::collections::BTreeMap;

/// The numbers of `[guards]`, defaults where the job gives none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Limits {
    given: BTreeMap<&'static str, f64>,
}

impl Limits {
    /// Sets a limit; a name that no guard has is left alone and gives `false`.
    pub fn set(&mut self, name: &str, value: f64) -> bool {
        let known = limits().iter().find(|limit| limit.name == name);
        known.is_some_and(|limit| {
            self.given.insert(limit.name, value);
            true
        })
    }

    /// The value of a limit; without limit when no guard has one of that name.
    pub fn get(&self, name: &str) -> f64 {
        let default = || limits().iter().find(|limit| limit.name == name);
        let given = self.given.get(name).copied();
        given.unwrap_or_else(|| default().map_or(f64::INFINITY, |limit| limit.default))
    }

    /// Rows or IDs up to which a share is not judged.
    pub fn few(&self) -> u64 {
        self.get("few") as u64
    }

    /// The limits that the job gives, by name.
    pub fn moved(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.given.iter().map(|(name, value)| (*name, *value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_given_limit_stands_before_the_default() {
        let mut limits = Limits::default();
        assert_eq!(limits.get("rows_refuse"), 0.3);
        assert!(limits.set("rows_refuse", 0.4) && !limits.set("rows", 0.4));
        assert_eq!(limits.get("rows_refuse"), 0.4);
        assert_eq!(limits.moved().collect::<Vec<_>>(), [("rows_refuse", 0.4)]);
    }
}
