//! What the subsidiaries deliver of a night, sound or not.

use super::chance::Chance;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Source and the header of a column that its job maps.
pub(super) const SOURCES: [(&str, &str); 3] = [
    ("huadong", "客户名称"),
    ("huabei", "公司名称"),
    ("north", "family_name"),
];

pub(super) struct Exports {
    folder: PathBuf,
    /// What stands before every key of a source since it was renumbered.
    prefixes: BTreeMap<String, String>,
    /// The source that got other keys tonight.
    pub(super) renumbered: Option<String>,
}

impl Exports {
    pub(super) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            prefixes: BTreeMap::new(),
            renumbered: None,
        }
    }

    /// The key that a source gives a record now.
    pub(super) fn key(&self, source: &str, key: &str) -> String {
        let base = key.rsplit_once('~').map_or(key, |(_, base)| base);
        format!("{}{base}", self.prefixes.get(source).map_or("", String::as_str))
    }

    fn file(&self, source: &str) -> PathBuf {
        self.folder.join("exports").join(source).join("customers.csv")
    }

    /// The exports of a night as the subsidiaries have them, under the keys of now.
    pub(super) fn lay_sound(&self, night: u32) {
        for (source, _) in SOURCES {
            let from = format!("night-{night:02}");
            let text = fs::read_to_string(self.folder.join(from).join(source).join("customers.csv")).unwrap();
            let prefix = self.prefixes.get(source).map_or("", String::as_str);
            let bytes_order_mark = "\u{feff}";
            let mut lines = text.lines();
            let mut out = format!("{}\n", lines.next().unwrap().trim_start_matches(bytes_order_mark));
            for line in lines {
                out += &format!("{prefix}{line}\n");
            }
            let file = self.file(source);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, out).unwrap();
        }
    }

    /// The exports of a night, and what went wrong with them.
    pub(super) fn lay(&mut self, night: u32, chance: &mut Chance) -> Vec<&'static str> {
        if night > 3 && chance.is_in(100, 2) {
            let source = chance.pick(&SOURCES).0;
            self.prefixes.insert(source.to_owned(), format!("R{night}~"));
            self.renumbered = Some(source.to_owned());
            self.lay_sound(night);
            return vec!["source renumbered"];
        }
        self.lay_sound(night);
        let mut happened = Vec::new();
        for (source, header) in SOURCES {
            if night > 1 && chance.is_in(100, 12) {
                happened.push(spoil(&self.file(source), header, chance));
            }
        }
        happened
    }
}

/// Does one of the things that happen to exports.
fn spoil(file: &Path, header: &str, chance: &mut Chance) -> &'static str {
    let mut bytes = fs::read(file).unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let what = match chance.below(6) {
        0 => {
            fs::remove_file(file).unwrap();
            return "export late";
        }
        1 => {
            bytes.truncate(chance.below(bytes.len() as u32) as usize);
            "export cut short"
        }
        2 => {
            for _ in 0..20 {
                let at = chance.below(bytes.len() as u32) as usize;
                bytes[at] = *chance.pick(&[0xff, 0x00, b'"', b'\n', 0x81]);
            }
            "bytes damaged"
        }
        3 => {
            let lines = text.lines().enumerate();
            let added = lines.map(|(at, line)| format!("{line},{}\n", if at == 0 { "备注" } else { "x" }));
            bytes = added.collect::<String>().into_bytes();
            "column added"
        }
        4 => {
            bytes = text.replacen(header, "称谓", 1).into_bytes();
            "column renamed"
        }
        _ => {
            // GBK, as an export from another machine would be.
            bytes = encoding_of_gbk(&text);
            "encoding changed"
        }
    };
    fs::write(file, bytes).unwrap();
    what
}

fn encoding_of_gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}
