//! Workplaces for tests: a private folder, the program started in it, and what it published.

use assert_cmd::Command;
use frame::ColumnData;
use frame::Table;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::LazyLock;
use tempfile::TempDir;

/// Exit codes of the guide.
pub(crate) const PUBLISHED: i32 = 0;
pub(crate) const USAGE: i32 = 2;
pub(crate) const WITH_WARNINGS: i32 = 3;
pub(crate) const REFUSED: i32 = 4;
pub(crate) const SOURCE_MISSING: i32 = 5;
pub(crate) const LOCKED: i32 = 11;

/// Two good records of two scripts, in the columns that [`Workplace::good_source`] maps.
pub(crate) const GOOD: &str =
    "编号,客户名称,电话\nG1,北京启明星辰软件有限公司,13810010001\nG2,Harbour Lights Ltd,\n";

/// A folder that is removed at the end of the test.
pub(crate) struct Workplace {
    folder: TempDir,
}

/// What the program said, and with which exit code.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The closing JSON line, which every failed and every warned run ends with; it names the exit code.
    pub(crate) fn closing_line(&self) -> Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let line: Value = serde_json::from_str(last)
            .unwrap_or_else(|error| panic!("no JSON object at the end of stderr: {error}\n{self:?}"));
        assert_eq!(line["code"], self.code, "{line}");
        line
    }

    /// Holds the exit code, and that nothing panicked.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        assert!(!self.stderr.contains("panicked"), "{}", self.stderr);
        if code != PUBLISHED {
            self.closing_line();
        }
        self
    }
}

/// Starts the program in `folder`.
pub(crate) fn guiyi_in(folder: &Path, arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_guiyi"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    Outcome {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Workplace {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// A folder that holds the files of `fixtures/<name>`.
    pub(crate) fn with_fixture(name: &str) -> Self {
        let workplace = Self::new();
        copy_folder(&fixture(name), workplace.path());
        workplace
    }

    /// A folder that holds what `guiyi synth` writes.
    pub(crate) fn with_synth(arguments: &[&str]) -> Self {
        let workplace = Self::new();
        let mut all = vec!["synth", "--out", "."];
        all.extend(arguments);
        workplace.guiyi(&all).expect(PUBLISHED);
        workplace
    }

    /// A job of the source `good` and whatever `more` adds.
    pub(crate) fn with_good_source(more: &str) -> Self {
        let workplace = Self::new();
        workplace.write("good.csv", GOOD);
        workplace.write("guiyi.toml", format!("{}\n{more}", source("good", "good.csv")));
        workplace
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file, its folders included.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path().join(name)).unwrap()
    }

    pub(crate) fn read_text(&self, name: &str) -> String {
        String::from_utf8(self.read(name)).unwrap()
    }

    /// Starts the program.
    pub(crate) fn guiyi(&self, arguments: &[&str]) -> Outcome {
        guiyi_in(self.path(), arguments)
    }

    /// Runs `guiyi.toml` and holds the exit code.
    pub(crate) fn run(&self, code: i32) -> Outcome {
        self.guiyi(&["run"]).expect(code)
    }

    /// The published run of `hub`.
    pub(crate) fn published(&self) -> Published {
        Published::of(&self.path().join("hub"))
    }
}

/// A `[[source]]` with the columns 编号, 客户名称, 电话.
pub(crate) fn source(name: &str, file: &str) -> String {
    format!(
        "[[source]]\nname = \"{name}\"\nfiles = [\"{file}\"]\nkey = \"编号\"\n\
         [source.map]\ncustomer_name = \"客户名称\"\nphones = \"电话\"\n"
    )
}

/// The folder of a fixture in the source tree.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        // A job that was run in the source tree left its hub there.
        if entry.file_name() == "hub" {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The run that `CURRENT` names.
pub(crate) struct Published {
    pub(crate) directory: PathBuf,
}

impl Published {
    pub(crate) fn of(hub: &Path) -> Self {
        let current = fs::read_to_string(hub.join("CURRENT")).unwrap();
        let run_id = current.strip_suffix('\n').unwrap();
        Self {
            directory: hub.join("runs").join(run_id),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }

    /// SHA-256 of every file, as its manifest says.
    pub(crate) fn checksums(&self) -> BTreeMap<String, String> {
        let manifest = self.json("manifest.json");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let files = manifest["files"].as_array().unwrap().iter();
        files
            .map(|file| (text(&file["name"]), text(&file["sha256"])))
            .collect()
    }

    /// Checksums of the files that a repeated run gives again byte for byte.
    ///
    /// Left out are those that speak of the change since the last run or of the clock.
    pub(crate) fn lasting_checksums(&self) -> BTreeMap<String, String> {
        let mut files = self.checksums();
        for name in [
            "changes.csv",
            "changes.jsonl",
            "changes.parquet",
            "events.parquet",
            "guards.json",
            "quality.json",
            "quality.xlsx",
            "quality_scorecard.csv",
            "quality_trend.csv",
            "trend.json",
            "report.html",
            "run.log.jsonl",
        ] {
            assert!(files.remove(name).is_some(), "{name}");
        }
        files.retain(|name, _| !name.starts_with("report-"));
        files
    }

    /// Rows of a Parquet table as texts, null as the empty text, with the columns asked for.
    pub(crate) fn rows(&self, table: &str, columns: &[&str]) -> Vec<Vec<String>> {
        let table = frame::read_parquet(&self.path(table), None).unwrap();
        (0..table.rows())
            .map(|row| columns.iter().map(|column| cell(&table, column, row)).collect())
            .collect()
    }

    /// Unified ID of every (source, record key).
    pub(crate) fn ids(&self) -> BTreeMap<(String, String), String> {
        let rows = self.rows("crosswalk.parquet", &["source", "record_key", "unified_id"]);
        rows.into_iter()
            .map(|row| ((row[0].clone(), row[1].clone()), row[2].clone()))
            .collect()
    }

    /// Line and code of every reject.
    pub(crate) fn rejects(&self) -> Vec<(u64, String)> {
        let rows = self.rows("rejects.parquet", &["line", "code"]);
        rows.into_iter()
            .map(|row| (row[0].parse().unwrap(), row[1].clone()))
            .collect()
    }

    /// The figures of one source; what it read is accounted for to the row.
    pub(crate) fn source(&self, name: &str) -> Account {
        let quality = self.json("quality.json");
        let sources = quality["sources"].as_array().unwrap();
        let found = sources.iter().find(|source| source["name"] == name);
        let found = found.unwrap_or_else(|| panic!("no figures of `{name}`"));
        let figure = |name: &str| found[name].as_u64().unwrap();
        let account = Account {
            read: figure("read"),
            accepted: figure("accepted"),
            rejected: figure("rejected"),
            skipped: figure("skipped"),
        };
        assert_eq!(
            account.read,
            account.accepted + account.rejected + account.skipped,
            "{name}"
        );
        account
    }
}

/// Rows of one source by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) read: u64,
    pub(crate) accepted: u64,
    pub(crate) rejected: u64,
    pub(crate) skipped: u64,
}

fn cell(table: &Table, column: &str, row: usize) -> String {
    match table.column(column).unwrap() {
        ColumnData::Text(texts) => texts.get(row).unwrap_or_default().to_owned(),
        ColumnData::I64(values) => values[row].map(|value| value.to_string()).unwrap_or_default(),
        ColumnData::F64(values) => values[row].map(|value| value.to_string()).unwrap_or_default(),
        other => panic!("no published table has such a column: {other:?}"),
    }
}

/// `fixtures/group`, run twice with two threads; the runs are shared by every test that only reads.
pub(crate) static GROUP: LazyLock<Group> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("group");
    // What an earlier call of the tests left.
    let _ = fs::remove_dir_all(&folder);
    copy_folder(&fixture("group"), &folder);
    let arguments = ["run", "--threads", "2"];
    let outcomes = [(); 2].map(|()| {
        let outcome = guiyi_in(&folder, &arguments).expect(PUBLISHED);
        (outcome, Published::of(&folder.join("hub")))
    });
    Group { folder, outcomes }
});

/// Two nights of `fixtures/group`.
pub(crate) struct Group {
    pub(crate) folder: PathBuf,
    pub(crate) outcomes: [(Outcome, Published); 2],
}

impl Group {
    pub(crate) fn first(&self) -> &Published {
        &self.outcomes[0].1
    }

    pub(crate) fn second(&self) -> &Published {
        &self.outcomes[1].1
    }
}
