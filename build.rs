//! Packs the reference data for the binary.
//!
//! In: the tab-separated lists of `src/reference/data/`, which stay readable for review. Out: one deflated file for each
//! in `OUT_DIR`, named `LIST.deflate`; `reference::list` includes and inflates them.

use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

const DATA: &str = "src/reference/data";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={DATA}");
    let out = std::env::var("OUT_DIR")?;
    for entry in fs::read_dir(DATA)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "tsv") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.with_extension("deflate");
        let name = name.file_name().ok_or("a list without a name")?;
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&fs::read(&path)?)?;
        fs::write(Path::new(&out).join(name), encoder.finish()?)?;
    }
    Ok(())
}
