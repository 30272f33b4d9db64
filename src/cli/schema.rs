//! `guiyi schema`: the JSON schema of the job file, for editors.

use crate::cli::Failure;
use crate::cli::console;
use crate::plan;

pub(super) fn execute() -> Result<u8, Failure> {
    let text = serde_json::to_string_pretty(&plan::json_schema()).map_err(|error| Failure {
        code: 1,
        name: "internal",
        message: error.to_string(),
        is_shown: false,
    })?;
    console::print(&text);
    Ok(0)
}
