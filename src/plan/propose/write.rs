//! The proposal as a commented job file.
//!
//! In: a [`Proposal`]. Out: TOML that `load` accepts as it is. Every line of a mapping says what it rests on; questions
//! and columns that are not carried are comments, so that a steward answers by taking away a `#`. Comments are in the
//! proposal's language and hold no cell.

use crate::ingest::Format;
use crate::plan::Language;
use crate::plan::propose::Evidence;
use crate::plan::propose::KeyNote;
use crate::plan::propose::Proposal;
use crate::plan::propose::ProposedMapping;
use crate::plan::propose::ProposedSource;
use crate::plan::propose::Question;

/// Writes lines in one language.
struct Writer {
    language: Language,
    out: String,
}

/// The text of the job file.
pub(super) fn write(proposal: &Proposal) -> String {
    let mut writer = Writer {
        language: proposal.language,
        out: String::new(),
    };
    writer.head(proposal);
    for source in &proposal.sources {
        writer.source(source);
    }
    writer.tail();
    writer.out
}

/// A TOML text.
fn quoted(text: &str) -> String {
    // One line, always: the multi-line form would break comments.
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

fn one_or_list(texts: &[String]) -> String {
    match texts {
        [only] => quoted(only),
        _ => list(texts),
    }
}

impl Writer {
    fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.language {
            Language::En => en,
            Language::Zh => zh,
        }
    }

    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn comment(&mut self, en: &str, zh: &str) {
        let text = self.say(en, zh).to_owned();
        // Names of files and reasons may hold anything; a comment is one line.
        let text: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        self.line(&format!("# {text}"));
    }

    fn head(&mut self, proposal: &Proposal) {
        self.comment(
            "Job file of guiyi. Proposed by `guiyi init`; read it once, then: guiyi check, guiyi run",
            "guiyi 归一作业文件，由 `guiyi init` 生成。请通读一遍，然后执行 guiyi check 和 guiyi run",
        );
        self.comment(
            "The fields are listed by `guiyi schema`; numbers behind mappings are confidence from 0 to 1",
            "标准字段见 `guiyi schema`；映射后的数字为置信度（0 至 1）",
        );
        for (file, reason) in &proposal.skipped {
            let (file, reason) = (quoted(file), reason.as_str());
            self.comment(
                &format!("skipped {file}: {reason}"),
                &format!("已跳过 {file}：{reason}"),
            );
        }
        let questions: usize = proposal.sources.iter().map(|source| source.questions.len()).sum();
        if questions > 0 {
            self.comment(
                &format!("{questions} columns are open: look for `question`"),
                &format!("有 {questions} 列需要确认：请查找“问题”"),
            );
        }
        self.line("");
        let language = proposal.language.as_str();
        self.line(&format!("language = {}", quoted(language)));
        self.line("");
    }

    fn source(&mut self, source: &ProposedSource) {
        self.line("[[source]]");
        self.line(&format!("name = {}", quoted(&source.name)));
        self.line(&format!("files = {}", list(&source.files)));
        self.layout(source);
        self.key(source);
        if let Some(column) = &source.source_column {
            self.comment(
                "this column names the subsidiary of each row",
                "该列为每行所属的子公司",
            );
            self.line(&format!("source_column = {}", quoted(column)));
        }
        self.line("required = true");
        self.comment(
            "priority = 1   # rank for the survivorship rule source_priority, 1 is trusted most",
            "priority = 1   # 存活规则 source_priority 的名次，1 最可信",
        );
        self.line("");
        self.map(source);
        self.line("");
    }

    fn layout(&mut self, source: &ProposedSource) {
        let rows = source.rows;
        let format = source.format.as_str();
        self.comment(
            &format!("seen: {format}, {rows} rows"),
            &format!("识别结果：{format}，{rows} 行"),
        );
        match &source.encoding {
            // A file of few lines may be detected otherwise another night.
            Some(encoding) if !encoding.is_empty() && encoding != "UTF-8" => {
                self.line(&format!("encoding = {}", quoted(&encoding.to_lowercase())));
            }
            Some(encoding) if !encoding.is_empty() => {
                self.line(&format!("# encoding = {}", quoted(&encoding.to_lowercase())));
            }
            _ => {}
        }
        if let Some(delimiter) = source.delimiter {
            let name = if delimiter == b'\t' {
                "tab".to_owned()
            } else {
                char::from(delimiter).to_string()
            };
            self.line(&format!("# delimiter = {}", quoted(&name)));
        }
        let has_header_row = source.format == Format::Csv || source.format.is_workbook();
        if has_header_row && source.header_row > 0 {
            self.line(&format!("# header_row = {}", source.header_row));
        }
        if source.sheets.len() > 1 {
            self.line(&format!("# sheets = {}", list(&source.sheets)));
        }
        if let Some(preset) = source.preset {
            self.comment(
                &format!("preset: headers of {preset}"),
                &format!("预设：{preset} 的导出表头"),
            );
        }
    }

    fn key(&mut self, source: &ProposedSource) {
        match source.key_note {
            KeyNote::Sure => {}
            KeyNote::ByContents => self.comment(
                "warning: the key is filled and unique, but is it the record's number for ever? Please confirm",
                "警告：该列非空且唯一，但是否为长期不变的主键？请确认",
            ),
            KeyNote::NotQuiteUnique => self.comment(
                "warning: some rows lack this key or share it; they will be rejected",
                "警告：部分行主键为空或重复，这些行将被拒收",
            ),
            KeyNote::Rows => self.comment(
                "warning: no column is a key; unified IDs will move when rows move. Ask for a key in the export",
                "警告：未找到主键列；行序变动会使统一客户编号变动。请在导出中加入主键",
            ),
        }
        match &source.key {
            Some(key) => self.line(&format!("key = {}", quoted(key))),
            None => self.line("key = \"@row\""),
        }
    }

    fn map(&mut self, source: &ProposedSource) {
        self.line("[source.map]");
        for mapping in &source.mappings {
            let why = self.why(mapping);
            self.line(&format!(
                "{} = {}  # {why}",
                mapping.field,
                one_or_list(&mapping.columns)
            ));
            if mapping.field == "amount" && source.is_tax_open {
                self.comment(
                    "the header does not say whether tax is included; amounts stay flagged until it is stated:",
                    "表头未注明是否含税；注明之前金额将被标记：",
                );
                self.line("# amount_tax = { constant = \"含税\" }");
            }
        }
        for question in &source.questions {
            self.question(question);
        }
        if !source.not_carried.is_empty() {
            self.comment("not carried:", "未纳入的列：");
        }
        for column in &source.not_carried {
            let header = quoted(&column.column);
            let seen = self.seen(column.seen);
            let instead = column.instead.map(|field| {
                self.say(
                    &format!("; another column gives {field}"),
                    &format!("；{field} 已取自其他列"),
                )
                .to_owned()
            });
            let filled = column.filled;
            let text = match self.language {
                Language::En => format!(
                    "#   {header}: {filled} filled{seen}{}",
                    instead.unwrap_or_default()
                ),
                Language::Zh => format!(
                    "#   {header}：{filled} 行有值{seen}{}",
                    instead.unwrap_or_default()
                ),
            };
            self.line(&text);
        }
    }

    fn why(&self, mapping: &ProposedMapping) -> String {
        let evidence = match mapping.evidence {
            Evidence::Preset => self.say("preset", "预设"),
            Evidence::Header => self.say("header", "表头"),
            Evidence::Contents => self.say("contents only", "仅凭内容"),
        };
        format!("{:.2} {evidence}{}", mapping.confidence, self.seen(mapping.seen))
    }

    fn seen(&self, seen: Option<([&'static str; 2], f64)>) -> String {
        let Some((labels, share)) = seen else {
            return self.say("; empty", "；无值").to_owned();
        };
        let percent = (share * 100.0).round();
        let [en, zh] = labels;
        self.say(&format!("; {percent} % {en}"), &format!("；{percent}% 为{zh}"))
            .to_owned()
    }

    fn question(&mut self, question: &Question) {
        let column = quoted(&question.column);
        let seen = self.seen(question.seen);
        if question.options.is_empty() {
            self.comment(
                &format!("question: does {column} name the subsidiary of each row{seen}? Then move this line above [source.map]:"),
                &format!("问题：{column} 是否为每行所属的子公司{seen}？若是，请将下一行移到 [source.map] 之前："),
            );
            self.line(&format!("# source_column = {column}"));
            return;
        }
        self.comment(
            &format!(
                "question: what is {column}{seen}? The values do not tell; take away one `#`, or leave it out"
            ),
            &format!("问题：{column} 是什么{seen}？无法从内容判断；请去掉其中一行的“#”，或保持不纳入"),
        );
        for option in &question.options {
            self.line(&format!("# {option} = {column}"));
        }
    }

    fn tail(&mut self) {
        self.comment("Optional settings with their defaults:", "可选设置及默认值：");
        for line in [
            "[matching]",
            "pairs_per_record_max = 40",
            "block_size_max = 200",
            "review_band_bits = 6",
            "seed = 1",
            "",
            "[survivorship]",
            "customer_name = [\"source_priority\", \"most_frequent\"]",
            "",
            "[gates]",
            "completeness = 0.95",
            "duplicate_rate = 0.03",
        ] {
            self.line(format!("# {line}").trim_end());
        }
    }
}
