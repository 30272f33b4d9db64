//! `guiyi sbom`: the bill of materials of this program as CycloneDX 1.6 JSON.
//!
//! In: `Cargo.lock` and `Cargo.toml` as they were when the program was built; they are part of it. Out: every crate that its normal
//! and build dependencies pin, on any platform, with the checksum of its source, and which needs which. What only tests and benches
//! need is left out. No clock and no random serial number: one build has one bill.

use crate::cli::Failure;
use crate::cli::console;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

const LOCK: &str = include_str!("../../Cargo.lock");
/// Name and manifest of the members of the workspace, the program first.
const MEMBERS: [(&str, &str); 2] = [
    (env!("CARGO_PKG_NAME"), include_str!("../../Cargo.toml")),
    ("frame", include_str!("../../crates/frame/Cargo.toml")),
];

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    /// SHA-256 of the source; nothing for the members of the workspace.
    checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

impl Package {
    /// As the package URL specification names a crate.
    fn purl(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }
}

pub(super) fn execute() -> Result<u8, Failure> {
    let bill = bill(LOCK, &MEMBERS).and_then(|bill| serde_json::to_string_pretty(&bill).ok());
    let text = bill.ok_or_else(|| Failure {
        code: 1,
        name: "internal",
        message: "the list of crates in this program cannot be read".to_owned(),
        is_shown: false,
    })?;
    console::print(&text);
    Ok(0)
}

/// The bill of the first of `members`; `None` when the texts are not what Cargo writes.
fn bill(lock: &str, members: &[(&str, &str)]) -> Option<Value> {
    let Lock { package } = toml::from_str(lock).ok()?;
    let by_name = |named: &str| {
        let mut words = named.split(' ');
        let (name, version) = (words.next(), words.next());
        let is_it = |found: &&Package| {
            Some(found.name.as_str()) == name && version.is_none_or(|version| found.version == version)
        };
        package.iter().find(is_it)
    };
    let direct = members
        .iter()
        .map(|(name, manifest)| Some((*name, direct(manifest)?)));
    let direct: BTreeMap<&str, BTreeSet<String>> = direct.collect::<Option<_>>()?;
    let root = by_name(members.first()?.0)?;
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut open: Vec<&Package> = vec![root];
    let mut found: BTreeMap<String, &Package> = BTreeMap::new();
    while let Some(of) = open.pop() {
        if found.insert(of.purl(), of).is_some() {
            continue;
        }
        let asked = direct.get(of.name.as_str());
        let is_needed = |named: &&String| {
            let name = named.split(' ').next().unwrap_or_default();
            asked.is_none_or(|asked| asked.contains(name))
        };
        let needed = of.dependencies.iter().filter(is_needed);
        let needed: Vec<&Package> = needed.map(|named| by_name(named)).collect::<Option<_>>()?;
        needs.insert(of.purl(), needed.iter().map(|needed| needed.purl()).collect());
        open.extend(needed);
    }
    let root = found.remove(&root.purl())?;
    let needs = needs
        .into_iter()
        .map(|(of, needed)| json!({ "ref": of, "dependsOn": needed }));
    Some(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": component(root, "application") },
        "components": found.values().map(|package| component(package, "library")).collect::<Vec<_>>(),
        "dependencies": needs.collect::<Vec<_>>(),
    }))
}

/// Names of the crates that the manifest asks for outside tests and benches.
fn direct(manifest: &str) -> Option<BTreeSet<String>> {
    let manifest: toml::Table = toml::from_str(manifest).ok()?;
    let mut tables = vec![&manifest];
    if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
        tables.extend(targets.values().filter_map(toml::Value::as_table));
    }
    let mut found = BTreeSet::new();
    for table in tables {
        for kind in ["dependencies", "build-dependencies"] {
            let Some(asked) = table.get(kind).and_then(toml::Value::as_table) else {
                continue;
            };
            for (name, how) in asked {
                let package = how.get("package").and_then(toml::Value::as_str);
                found.insert(package.unwrap_or(name).to_owned());
            }
        }
    }
    Some(found)
}

fn component(package: &Package, kind: &str) -> Value {
    let purl = package.purl();
    let mut component = json!({
        "type": kind,
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
    });
    if let Some(checksum) = &package.checksum {
        component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(bill: &Value) -> Vec<String> {
        let components = bill["components"].as_array().unwrap().iter();
        components
            .map(|one| one["purl"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn r24_the_bill_names_what_the_program_is_made_of_and_no_tool_of_its_tests() {
        let bill = bill(LOCK, &MEMBERS).unwrap();
        let names = names(&bill);
        let has = |name: &str| {
            names
                .iter()
                .any(|purl| purl.starts_with(&format!("pkg:cargo/{name}@")))
        };
        for name in ["rayon", "polars-parquet", "age", "frame", "clap", "serde_core"] {
            assert!(has(name), "{name}");
        }
        for name in ["criterion", "proptest", "assert_cmd", "guiyi"] {
            assert!(!has(name), "{name}");
        }
        assert_eq!(bill["metadata"]["component"]["name"], "guiyi");
        // Every crate that is not ours is pinned by the checksum of its source.
        for one in bill["components"].as_array().unwrap() {
            let checksum = one["hashes"][0]["content"].as_str();
            assert!(
                one["name"] == "frame" || checksum.is_some_and(|text| text.len() == 64),
                "{one}"
            );
        }
        let refs: BTreeSet<&str> = bill["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["ref"].as_str().unwrap())
            .collect();
        assert_eq!(refs.len(), names.len() + 1);
        assert!(names.iter().all(|name| refs.contains(name.as_str())));
    }

    #[test]
    fn r24_two_versions_of_a_crate_are_two_lines_and_a_foreign_text_is_no_bill() {
        let lock = "version = 4\n[[package]]\nname = \"guiyi\"\nversion = \"1.0.0\"\ndependencies = [\"a 1.0.0\", \"b\", \"t\"]\n\
                    [[package]]\nname = \"a\"\nversion = \"1.0.0\"\n[[package]]\nname = \"a\"\nversion = \"2.0.0\"\n\
                    [[package]]\nname = \"b\"\nversion = \"0.1.0\"\ndependencies = [\"a 2.0.0\"]\n\
                    [[package]]\nname = \"t\"\nversion = \"0.1.0\"\n";
        let manifest = "[dependencies]\na = \"1\"\n[target.'cfg(unix)'.dependencies]\nc = { package = \"b\", version = \"0.1\" }\n\
                        [dev-dependencies]\nt = \"0.1\"\n";
        let found = names(&bill(lock, &[("guiyi", manifest)]).unwrap());
        assert_eq!(
            found,
            ["pkg:cargo/a@1.0.0", "pkg:cargo/a@2.0.0", "pkg:cargo/b@0.1.0"]
        );
        assert!(bill("no lock", &[("guiyi", manifest)]).is_none() && bill(lock, &[("guiyi", "[")]).is_none());
    }
}
