//! The certificate of destruction: what was erased, when, by whom, why, and from which files.
//!
//! In: an erasure that is done. Out: `certificates/<number>.json` and the same as a page to print, in the language of the job. No value and no key
//! of a record stands in it: records are named by their digests, which the hub's key alone can compare.

use crate::model::Language;
use crate::pipeline::forget::changed_files;
use crate::pipeline::forget::write;
use crate::publish::ErasedRun;
use crate::publish::ForgottenRecord;
use crate::publish::PendingErasure;
use crate::publish::PublishError;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// Layout of the file.
const SCHEMA_VERSION: u32 = 1;

/// Folder of the hub.
const FOLDER: &str = "certificates";

/// A record that was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErasedRecord {
    /// Name of its source.
    pub source: String,
    /// Keyed digest of its name.
    pub name: String,
}

/// A file that was rewritten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RewrittenFile {
    /// The run.
    pub run_id: String,
    /// The file.
    pub file: String,
    /// SHA-256 before; empty for a file that was not there.
    pub before: String,
    /// SHA-256 since.
    pub after: String,
}

/// What was erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// Layout.
    pub schema_version: u32,
    /// Its number in the hub.
    pub certificate: u32,
    /// When it was asked for, UTC, RFC 3339.
    pub at: String,
    /// Who asked.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The records.
    pub records: Vec<ErasedRecord>,
    /// Unified IDs that have no record any more and are never given again.
    pub unified_ids: Vec<String>,
    /// Files that were rewritten.
    pub files: Vec<RewrittenFile>,
    /// Numbers of decisions that were undone and emptied.
    pub decisions: Vec<i64>,
    /// Files of audits that were removed.
    pub removed: Vec<String>,
    /// What the program cannot reach.
    pub not_reached: Vec<&'static str>,
}

impl Certificate {
    pub(super) fn new(number: u32, records: &[ForgottenRecord], pending: &PendingErasure) -> Self {
        let ids: BTreeSet<String> = pending
            .done
            .iter()
            .flat_map(|run| run.emptied.iter().cloned())
            .collect();
        let mut files = Vec::with_capacity(changed_files(&pending.done));
        for ErasedRun {
            run_id,
            files: of_run,
            ..
        } in &pending.done
        {
            files.extend(of_run.iter().map(|(file, before, after)| RewrittenFile {
                run_id: run_id.clone(),
                file: file.clone(),
                before: before.clone(),
                after: after.clone(),
            }));
        }
        Self {
            schema_version: SCHEMA_VERSION,
            certificate: number,
            at: pending.at.clone(),
            author: pending.author.clone(),
            reason: pending.reason.clone(),
            records: records
                .iter()
                .map(|record| ErasedRecord {
                    source: record.source.clone(),
                    name: record.name.clone(),
                })
                .collect(),
            unified_ids: ids.into_iter().collect(),
            files,
            decisions: pending.decisions.clone(),
            removed: pending.worksheets.clone(),
            not_reached: vec![
                "backups",
                "exports and workbooks written outside the hub",
                "the exports of the sources",
            ],
        }
    }

    /// Name of its file without ending.
    pub fn stem(&self) -> String {
        format!("{:06}", self.certificate)
    }

    /// SHA-256 of the JSON, for the log.
    pub fn sha256(&self) -> String {
        let digest = Sha256::digest(self.json());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Runs that were rewritten, ascending.
    pub fn runs(&self) -> BTreeSet<&str> {
        self.files.iter().map(|file| file.run_id.as_str()).collect()
    }

    fn json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).expect("texts and numbers have a JSON form");
        bytes.push(b'\n');
        bytes
    }

    pub(super) fn write(&self, hub: &Path, language: Language) -> Result<(), PublishError> {
        write(hub, FOLDER, &format!("{}.json", self.stem()), &self.json())?;
        let page = self.page(language);
        write(hub, FOLDER, &format!("{}.html", self.stem()), page.as_bytes())
    }

    fn facts(&self, language: Language) -> [(&'static str, String); 8] {
        let word = |en: &'static str, zh: &'static str| language.choose(en, zh);
        [
            (word("asked for at", "申请时间"), self.at.clone()),
            (word("by", "申请人"), self.author.clone()),
            (word("reason", "事由"), self.reason.clone()),
            (
                word("records erased", "删除记录数"),
                self.records.len().to_string(),
            ),
            (
                word("unified IDs deleted for good", "永久注销的统一客户编号"),
                match self.unified_ids.as_slice() {
                    [] => "–".to_owned(),
                    ids => ids.join(", "),
                },
            ),
            (
                word("runs rewritten", "改写的运行"),
                self.runs().len().to_string(),
            ),
            (
                word("decisions emptied", "清空的人工决定"),
                self.decisions.len().to_string(),
            ),
            (
                word("files of audits removed", "移除的抽查文件"),
                self.removed.len().to_string(),
            ),
        ]
    }

    fn page(&self, language: Language) -> String {
        let word = |en: &'static str, zh: &'static str| language.choose(en, zh);
        let tag = word("en", "zh-CN");
        let title = word("Certificate of destruction", "数据销毁证明");
        let mut page = format!(
            "<!doctype html>\n<html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title} {number}</title><style>{STYLE}</style></head>\
             <body><main><h1>{title} № {number}</h1><dl>",
            number = self.certificate
        );
        for (name, fact) in self.facts(language) {
            let _ = write!(page, "<dt>{name}</dt><dd>{}</dd>", escaped(&fact));
        }
        let _ = write!(
            page,
            "</dl><p>{}</p><table><caption>{}</caption><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>",
            word(
                "Not reached: backups, exports and workbooks written outside the hub, and the exports of the sources. Whoever holds them erases there too.",
                "未覆盖：备份、导出到数据中心之外的文件与工作簿、各来源系统的导出文件；持有者须另行删除。"
            ),
            word("Records, by keyed digest", "记录（以密钥摘要标识）"),
            word("source", "来源"),
            word("digest", "摘要")
        );
        for record in &self.records {
            let _ = write!(
                page,
                "<tr><td>{}</td><td><code>{}</code></td></tr>",
                escaped(&record.source),
                record.name
            );
        }
        let _ = write!(
            page,
            "</tbody></table><table><caption>{}</caption><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
             <th scope=\"col\">SHA-256 {}</th><th scope=\"col\">SHA-256 {}</th></tr></thead><tbody>",
            word("Files rewritten", "改写的文件"),
            word("run", "运行"),
            word("file", "文件"),
            word("before", "之前"),
            word("since", "之后")
        );
        for file in &self.files {
            let _ = write!(
                page,
                "<tr><td>{}</td><td>{}</td><td><code>{}</code></td><td><code>{}</code></td></tr>",
                file.run_id, file.file, file.before, file.after
            );
        }
        page.push_str("</tbody></table></main></body></html>\n");
        page
    }
}

const STYLE: &str = "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;color:#1b1f24;background:#fff;margin:0}\
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.5rem}dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem}\
dt{color:#4a5058}dd{margin:0}table{border-collapse:collapse;width:100%;margin:1.5rem 0}caption{text-align:left;font-weight:600;padding:.25rem 0}\
th,td{border-bottom:1px solid #c9ced6;padding:.25rem .5rem;text-align:left;vertical-align:top}code{font-size:.75rem;overflow-wrap:anywhere}\
@media print{main{max-width:none;padding:0}}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
