//! `guiyi export`: what a role may see of the published run, as files.

use crate::cli::Failure;
use crate::cli::audit_log;
use crate::cli::console;
use crate::cli::hub;
use crate::export;
use crate::export::ExportError;
use crate::export::ExportedFile;
use crate::export::FileFormat;
use crate::export::Key;
use crate::export::Recipients;
use crate::export::Request;
use crate::export::Role;
use crate::pipeline::RunError;
use crate::plan::Plan;
use crate::publish::Run;
use serde::Serialize;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::path::PathBuf;

/// Name of the manifest beside the file.
const MANIFEST: &str = "export.json";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who it is for: sales, marketing, finance, subsidiary, auditor, or a role of the job (`guiyi list roles`).
    #[arg(long)]
    role: String,
    /// The source whose rows are asked for; sales, subsidiary and other roles of the scope `own` need it.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Folder to write to; made when it is not there, and no file in it is written over.
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// csv, xlsx or parquet.
    #[arg(long, default_value = "csv")]
    format: String,
    /// File with the key of pseudonyms, which then stand for every value that is not public.
    #[arg(long, value_name = "KEYFILE")]
    pseudonyms: Option<PathBuf>,
    /// Public key (`age1…`) of whoever may read the file, which is then encrypted; may be given several times.
    #[arg(long, value_name = "KEY")]
    recipient: Vec<String>,
    /// File with such keys, one a line; `#` begins a comment.
    #[arg(long, value_name = "FILE")]
    recipients_file: Option<PathBuf>,
    /// The run; the published one unless given.
    #[arg(long, value_name = "RUN")]
    run: Option<String>,
    /// The job file.
    #[arg(long, default_value = "guiyi.toml", value_name = "JOB")]
    job: PathBuf,
}

/// What was exported, for whoever gets it and whoever audits it; no value of a record is in it.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    schema_version: u32,
    run: &'a str,
    role: &'a str,
    source: Option<&'a str>,
    columns: &'a [String],
    cells_left_out: u64,
    /// Names the key of pseudonyms; null without.
    pseudonym_key: Option<String>,
    /// How the file is encrypted; null when it is in clear.
    encryption: Option<Encryption>,
    file: &'a ExportedFile,
}

/// Keys are not named here: an encrypted file does not tell who can read it, and what lies beside it must not either. The log of
/// the hub has their fingerprints.
#[derive(Debug, Serialize)]
struct Encryption {
    format: &'static str,
    recipients: usize,
}

/// Writes the view; 0 written, 2 when the question is wrong.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    // Whoever asks for encryption and errs must not find a file in clear.
    let recipients = Recipients::read(&arguments.recipient, arguments.recipients_file.as_deref());
    let recipients = recipients.map_err(failure)?;
    let (plan, hub) = hub::open(&arguments.job)?;
    let role = role_of(&plan, &arguments.role)?;
    let format = format_of(&arguments.format)?;
    let run = match &arguments.run {
        Some(asked) => hub::find_run(&hub, asked)?,
        None => hub
            .current()
            .map_err(RunError::from)?
            .ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?,
    };
    let key = arguments.pseudonyms.as_deref().map(Key::read).transpose();
    let key = key.map_err(failure)?;
    let request = Request {
        role,
        source: arguments.source.as_deref(),
        fields: &plan.fields,
        shared: &plan.shared_fields,
        key: key.as_ref(),
    };
    let table = export::export(&run, &request).map_err(failure)?;
    make_folder(&arguments.to)?;
    let file =
        export::write(&table, &arguments.to, &role.name, format, recipients.as_ref()).map_err(failure)?;
    let manifest = Manifest {
        schema_version: 1,
        run: Run::id(&run),
        role: &role.name,
        source: arguments.source.as_deref(),
        columns: &table.header,
        cells_left_out: table.cells_left_out,
        pseudonym_key: key.as_ref().map(Key::id),
        encryption: recipients.as_ref().map(|recipients| Encryption {
            format: "age",
            recipients: recipients.count(),
        }),
        file: &file,
    };
    let text = hub::json(&manifest)? + "\n";
    let path = arguments.to.join(MANIFEST);
    super::profile::write_private(&path, &text)
        .map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", path.display())))?;
    leave_line(&plan, &manifest, recipients.as_ref())?;
    if !quiet {
        console::print(&arguments.to.join(&file.name).display().to_string());
    }
    Ok(0)
}

fn role_of<'p>(plan: &'p Plan, name: &str) -> Result<&'p Role, Failure> {
    plan.roles.iter().find(|role| role.name == name).ok_or_else(|| {
        let names: Vec<&str> = plan.roles.iter().map(|role| role.name.as_str()).collect();
        let names = names.join(", ");
        Failure::usage(format!("unknown role `{name}`; the roles are {names}"))
    })
}

fn format_of(word: &str) -> Result<FileFormat, Failure> {
    let format = FileFormat::ALL.into_iter().find(|format| format.as_str() == word);
    format.ok_or_else(|| Failure::usage(format!("unknown format `{word}`; use csv, xlsx or parquet")))
}

/// The line in the log: what went out, and to whom when it is encrypted.
fn leave_line(plan: &Plan, manifest: &Manifest<'_>, recipients: Option<&Recipients>) -> Result<(), Failure> {
    let rows = manifest.file.rows.to_string();
    let mut facts = vec![
        ("run", manifest.run),
        ("role", manifest.role),
        ("source", manifest.source.unwrap_or_default()),
        ("rows", &rows),
        ("sha256", &manifest.file.sha256),
    ];
    let names = recipients.map(|recipients| recipients.fingerprints().join(" "));
    facts.extend(names.as_deref().map(|names| ("recipients", names)));
    audit_log::leave(plan, "exported", "", &facts)
}

fn make_folder(path: &Path) -> Result<(), Failure> {
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(path);
    made.map_err(|error| Failure::usage(format!("`{}` cannot be made: {error}", path.display())))
}

fn failure(error: ExportError) -> Failure {
    match error {
        ExportError::Publish(error) => RunError::from(error).into(),
        other => Failure::usage(other.to_string()),
    }
}
