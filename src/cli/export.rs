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
use crate::export::Request;
use crate::export::roles;
use crate::pipeline::RunError;
use crate::publish::Run;
use serde::Serialize;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::path::PathBuf;

/// Name of the manifest beside the file.
const MANIFEST: &str = "export.json";

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Who it is for: sales, marketing, finance, subsidiary or auditor.
    #[arg(long)]
    role: String,
    /// The source whose rows are asked for; sales and subsidiary need it.
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
    role: &'static str,
    source: Option<&'a str>,
    columns: &'a [String],
    cells_left_out: u64,
    /// Names the key of pseudonyms; null without.
    pseudonym_key: Option<String>,
    file: &'a ExportedFile,
}

/// Writes the view; 0 written, 2 when the question is wrong.
pub(super) fn execute(arguments: &Arguments, quiet: bool) -> Result<u8, Failure> {
    let (plan, hub) = hub::open(&arguments.job)?;
    let role = export::role(&arguments.role).ok_or_else(|| {
        let names: Vec<&str> = roles().iter().map(|role| role.name).collect();
        Failure::usage(format!(
            "unknown role `{}`; the roles are {}",
            arguments.role,
            names.join(", ")
        ))
    })?;
    let format = FileFormat::ALL
        .into_iter()
        .find(|format| format.as_str() == arguments.format);
    let format = format.ok_or_else(|| {
        Failure::usage(format!(
            "unknown format `{}`; use csv, xlsx or parquet",
            arguments.format
        ))
    })?;
    let run = match &arguments.run {
        Some(asked) => hub::find_run(&hub, asked)?,
        None => hub
            .current()
            .map_err(RunError::from)?
            .ok_or_else(|| Failure::usage("no run has been published yet; start `guiyi run` first"))?,
    };
    let key = arguments
        .pseudonyms
        .as_deref()
        .map(Key::read)
        .transpose()
        .map_err(failure)?;
    let request = Request {
        role,
        source: arguments.source.as_deref(),
        fields: &plan.fields,
        shared: &plan.shared_fields,
        key: key.as_ref(),
    };
    let table = export::export(&run, &request).map_err(failure)?;
    make_folder(&arguments.to)?;
    let file = export::write(&table, &arguments.to, role.name, format).map_err(failure)?;
    let manifest = Manifest {
        schema_version: 1,
        run: Run::id(&run),
        role: role.name,
        source: arguments.source.as_deref(),
        columns: &table.header,
        cells_left_out: table.cells_left_out,
        pseudonym_key: key.as_ref().map(Key::id),
        file: &file,
    };
    let text = hub::json(&manifest)? + "\n";
    let path = arguments.to.join(MANIFEST);
    super::profile::write_private(&path, &text)
        .map_err(|error| Failure::usage(format!("`{}` cannot be written: {error}", path.display())))?;
    let rows = file.rows.to_string();
    let facts = [
        ("run", Run::id(&run)),
        ("role", role.name),
        ("source", arguments.source.as_deref().unwrap_or_default()),
        ("rows", &rows),
        ("sha256", &file.sha256),
    ];
    audit_log::leave(&plan, "exported", "", &facts)?;
    if !quiet {
        console::print(&arguments.to.join(&file.name).display().to_string());
    }
    Ok(0)
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
