//! Faults of a job file, all at once, each with its place.
//!
//! In: spans and messages from the reader and the checks. Out: [`JobFaults`], as data, as lines
//! (`file:line:column: message; hint: …`) and as snippets of the job file for a terminal (drawn by miette). Which
//! faults there are is decided by `job`, `checked` and `sources`.

use miette::Diagnostic;
use miette::GraphicalReportHandler;
use miette::GraphicalTheme;
use miette::LabeledSpan;
use miette::NamedSource;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;

/// One fault of a job file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFault {
    /// Line in the job file, 1-based.
    pub line: usize,
    /// Column in characters, 1-based.
    pub column: usize,
    /// What is wrong; lower case, no full stop.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// Bytes of the job file that the fault is about.
    pub(super) span: Range<usize>,
}

/// Every fault that was found in one job file, in the order of its lines; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFaults {
    file: PathBuf,
    text: String,
    faults: Vec<JobFault>,
}

impl JobFaults {
    /// The job file.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The faults, by line and column.
    pub fn faults(&self) -> &[JobFault] {
        &self.faults
    }

    /// The faults with the lines of the job file that they are about, for a terminal.
    pub fn to_snippets(&self, is_coloured: bool) -> String {
        let theme = if is_coloured {
            GraphicalTheme::unicode()
        } else {
            GraphicalTheme::unicode_nocolor()
        };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
        let source = NamedSource::new(self.file.display().to_string(), self.text.clone());
        let mut out = String::new();
        for fault in &self.faults {
            let snippet = Snippet {
                fault,
                source: &source,
            };
            if handler.render_report(&mut out, &snippet).is_err() {
                out.push_str(&self.line(fault));
                out.push('\n');
            }
        }
        out
    }

    fn line(&self, fault: &JobFault) -> String {
        let place = format!("{}:{}:{}", self.file.display(), fault.line, fault.column);
        match &fault.hint {
            Some(hint) => format!("{place}: {}; hint: {hint}", fault.message),
            None => format!("{place}: {}", fault.message),
        }
    }
}

impl fmt::Display for JobFaults {
    /// One line a fault, without a line end after the last.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.faults.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&self.line(fault))?;
        }
        Ok(())
    }
}

impl std::error::Error for JobFaults {}

/// One fault as miette draws it.
#[derive(Debug)]
struct Snippet<'a> {
    fault: &'a JobFault,
    source: &'a NamedSource<String>,
}

impl fmt::Display for Snippet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fault.message)
    }
}

impl std::error::Error for Snippet<'_> {}

impl Diagnostic for Snippet<'_> {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.fault
            .hint
            .as_ref()
            .map(|hint| Box::new(hint) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let span = LabeledSpan::new_with_span(None, self.fault.span.clone());
        Some(Box::new(std::iter::once(span)))
    }
}

/// Collects faults of one text by byte span.
#[derive(Debug, Default)]
pub(super) struct FaultList {
    found: Vec<(Range<usize>, String, Option<String>)>,
}

impl FaultList {
    /// Adds a fault without a hint.
    pub(super) fn add(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.found.push((span, message.into(), None));
    }

    /// Adds a fault with what to do next.
    pub(super) fn add_hint(
        &mut self,
        span: Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.found.push((span, message.into(), Some(hint.into())));
    }

    /// `Err` with the faults of `text`, or `Ok` when there are none.
    pub(super) fn into_result(self, file: &Path, text: &str) -> Result<(), JobFaults> {
        if self.found.is_empty() {
            return Ok(());
        }
        Err(self.into_faults(file, text))
    }

    /// The faults of `text`, by place.
    pub(super) fn into_faults(mut self, file: &Path, text: &str) -> JobFaults {
        self.found
            .sort_by(|a, b| (a.0.start, a.0.end, &a.1).cmp(&(b.0.start, b.0.end, &b.1)));
        self.found.dedup();
        let faults = self
            .found
            .into_iter()
            .map(|(span, message, hint)| {
                let (line, column) = line_column(text, span.start);
                JobFault {
                    line,
                    column,
                    message,
                    hint,
                    span: clamp(text, span),
                }
            })
            .collect();
        JobFaults {
            file: file.to_path_buf(),
            text: text.to_owned(),
            faults,
        }
    }
}

fn clamp(text: &str, span: Range<usize>) -> Range<usize> {
    let start = span.start.min(text.len());
    start..span.end.clamp(start, text.len())
}

/// Line and column in characters of byte `at`, both 1-based.
fn line_column(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |found| found + 1);
    let line = before.matches('\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}

/// The name nearest to `given`, when one is near enough to be what was meant.
pub(super) fn nearest<'n>(given: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let given = given.to_lowercase();
    let limit = (given.chars().count() / 3).max(1);
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&given, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, name)| name)
}

/// A hint for a name outside `names`: the nearest of them, or all of them.
pub(super) fn name_hint(given: &str, names: &[&str]) -> String {
    match nearest(given, names.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("use one of {}", listed(names)),
    }
}

/// Names in backticks, separated by commas.
pub(super) fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_faults() -> JobFaults {
        let text = "名称 = 1\nsecond = \"Ltd\"\n";
        let mut faults = FaultList::default();
        faults.add(
            text.find("second").unwrap()..text.find("second").unwrap() + 6,
            "unknown key `second`",
        );
        faults.add_hint(
            text.find('1').unwrap()..text.find('1').unwrap() + 1,
            "not a text",
            "quote it",
        );
        faults.into_result(Path::new("guiyi.toml"), text).unwrap_err()
    }

    #[test]
    fn faults_are_listed_by_place_and_columns_count_characters() {
        assert_eq!(
            two_faults().to_string(),
            "guiyi.toml:1:6: not a text; hint: quote it\nguiyi.toml:2:1: unknown key `second`"
        );
    }

    #[test]
    fn snippets_show_the_line() {
        let snippets = two_faults().to_snippets(false);
        assert!(snippets.contains("second = \"Ltd\""), "{snippets}");
        assert!(snippets.contains("quote it"), "{snippets}");
    }

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_strange_one_none() {
        assert_eq!(
            nearest("custmer_name", ["customer_name", "contact_name"]),
            Some("customer_name")
        );
        assert_eq!(nearest("客户名", ["客户名称", "联系人"]), Some("客户名称"));
        assert_eq!(nearest("zzz", ["customer_name"]), None);
    }
}
