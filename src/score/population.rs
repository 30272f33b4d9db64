//! Organisations and persons: two populations with a model each.
//!
//! Companies share phones and move names otherwise than persons do, and a pair of persons has a birth date where a pair of
//! companies has a credit code. A pair belongs to the population whose names it compares.

use crate::model::AgreementLevel;
use crate::model::ComparisonSpec;
use crate::model::ComparisonVector;
use serde::Deserialize;
use serde::Serialize;

/// What kind of customers a pair is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Population {
    /// Two persons.
    Persons,
    /// Two parties of which at least one is an organisation.
    Organisations,
}

impl Population {
    /// Both, in the order of their tables.
    pub const ALL: [Self; 2] = [Self::Persons, Self::Organisations];

    /// Position in a table of both.
    pub fn at(self) -> usize {
        match self {
            Self::Persons => 0,
            Self::Organisations => 1,
        }
    }
}

/// Tells the population of a pair from its vector.
#[derive(Debug, Clone, Copy)]
pub(super) struct Populations {
    persons: Option<usize>,
    organisations: Option<usize>,
    /// Of pairs without names.
    unnamed: Population,
}

impl Populations {
    pub(super) fn new(specs: &[ComparisonSpec], unnamed: Population) -> Self {
        let of = |comparator| {
            specs
                .iter()
                .position(|spec| spec.comparator == comparator && spec.fields.contains(&"party"))
        };
        Self {
            persons: of("person_name"),
            organisations: of("organisation_name"),
            unnamed,
        }
    }

    /// Are the names of the two parties both there and wholly different?
    pub(super) fn are_names_apart(&self, vector: ComparisonVector) -> bool {
        let names = match self.of(vector) {
            Population::Persons => self.persons,
            Population::Organisations => self.organisations,
        };
        names.is_some_and(|at| vector.level(at) == AgreementLevel(0))
    }

    pub(super) fn of(&self, vector: ComparisonVector) -> Population {
        let speaks = |at: Option<usize>| at.is_some_and(|at| vector.level(at) != AgreementLevel::NULL);
        if speaks(self.organisations) {
            Population::Organisations
        } else if speaks(self.persons) {
            Population::Persons
        } else {
            self.unnamed
        }
    }
}
