//! Why a run cannot give a sound result, and whose business it is.

use crate::ingest::IngestError;
use crate::ingest::SourceFault;
use crate::plan::JobFaults;
use crate::publish::PublishError;
use crate::publish::PublishErrorKind;
use crate::reference::ReplaceError;
use crate::report::ReportError;
use crate::standardise::StandardiseError;
use crate::steward::StewardError;
use crate::steward::StewardErrorKind;
use crate::survive::SurviveError;
use std::fmt;
use thiserror::Error;

/// A run that published nothing. The last published run stands.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The job file has faults.
    #[error(transparent)]
    Job(#[from] JobFaults),
    /// A reference list of the job cannot take the place of the embedded one.
    #[error("the job's reference lists cannot be used")]
    Reference(#[from] ReplaceError),
    /// Required sources cannot be read.
    #[error("required {} cannot be read", .source.names())]
    SourceMissing {
        /// All of them, each with its reason.
        source: SourceFaults,
    },
    /// Reading failed as a whole.
    #[error("the exports cannot be read")]
    Ingest(#[from] IngestError),
    /// Standardising failed.
    #[error("the records cannot be standardised")]
    Standardise(#[from] StandardiseError),
    /// No golden records.
    #[error("golden records cannot be made")]
    Survive(#[from] SurviveError),
    /// The hub cannot be read or written.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The decisions of stewards cannot be read or kept.
    #[error("the stewards' decisions cannot be used")]
    Steward(#[from] StewardError),
    /// The report page cannot be made.
    #[error("the report cannot be made")]
    Report(#[from] ReportError),
    /// A record that a command names does not exist.
    #[error("there is no record `{key}`; write it as `source:key`")]
    UnknownRecord {
        /// The key as given.
        key: String,
    },
}

/// Whose business an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunErrorKind {
    /// The job file or the command line.
    Usage,
    /// A required source.
    Source,
    /// The hub: locked, damaged, full.
    Hub(PublishErrorKind),
    /// Ours.
    Defect,
}

/// Required sources that cannot be read, ordered by name.
#[derive(Debug)]
pub struct SourceFaults(pub Vec<SourceFault>);

impl SourceFaults {
    fn names(&self) -> String {
        let names: Vec<String> = self.0.iter().map(|fault| format!("`{}`", fault.source)).collect();
        let noun = if names.len() == 1 { "source" } else { "sources" };
        format!("{noun} {}", names.join(", "))
    }
}

impl fmt::Display for SourceFaults {
    /// One reason a line; the first line stands alone when there is one source.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons: Vec<String> = self.0.iter().map(|fault| fault.error.to_string()).collect();
        f.write_str(&reasons.join("\n  because: "))
    }
}

impl std::error::Error for SourceFaults {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.as_slice() {
            [only] => std::error::Error::source(&only.error),
            _ => None,
        }
    }
}

impl RunErrorKind {
    /// Exit code, as documented in the guide.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Source => 5,
            Self::Hub(kind) => kind.exit_code(),
            Self::Defect => 1,
        }
    }

    /// Its name in the closing line.
    pub fn name(self) -> &'static str {
        match self.exit_code() {
            2 => "usage",
            5 => "source_missing",
            10 => "state_damaged",
            11 => "locked",
            12 => "budget",
            _ => "internal",
        }
    }
}

impl RunError {
    /// Whose business the error is.
    pub fn kind(&self) -> RunErrorKind {
        match self {
            Self::Job(_) | Self::UnknownRecord { .. } | Self::Survive(_) => RunErrorKind::Usage,
            Self::Standardise(
                StandardiseError::UnknownField { .. } | StandardiseError::UnknownType { .. },
            ) => RunErrorKind::Usage,
            Self::SourceMissing { .. } => RunErrorKind::Source,
            Self::Publish(error) => RunErrorKind::Hub(error.kind()),
            Self::Steward(error) => match error.kind() {
                StewardErrorKind::Usage => RunErrorKind::Usage,
                StewardErrorKind::State => RunErrorKind::Hub(PublishErrorKind::State),
                StewardErrorKind::Budget => RunErrorKind::Hub(PublishErrorKind::Budget),
                StewardErrorKind::Environment => RunErrorKind::Hub(PublishErrorKind::Environment),
            },
            Self::Ingest(_) | Self::Standardise(_) | Self::Report(_) | Self::Reference(_) => {
                RunErrorKind::Defect
            }
        }
    }
}
