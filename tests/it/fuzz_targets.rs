//! Fuzz targets exist for every parser, and what once broke one no longer does.

#[path = "../../fuzz/src/lib.rs"]
mod targets;

use guiyi::field::field_types;
use std::fs;
use std::path::Path;

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join(name)
}

fn run(target: &str, data: &[u8]) {
    if let Some(name) = target.strip_prefix("field_") {
        targets::field(name, data);
    } else if let Some(extension) = target.strip_prefix("file_") {
        targets::file(extension, data);
    } else if target == "job_file" {
        targets::job(data);
    } else {
        assert_eq!(target, "text_fold");
        targets::folding(data);
    }
}

#[test]
fn every_field_type_has_its_target_and_its_examples_pass_it() {
    for field_type in field_types() {
        let target = format!("field_{}", field_type.name());
        assert!(
            folder("fuzz_targets").join(format!("{target}.rs")).is_file(),
            "{target}"
        );
        for (raw, _) in field_type.examples() {
            run(&target, raw.as_bytes());
        }
    }
}

#[test]
fn damaged_input_of_every_kind_is_read_or_refused() {
    let text = "编号,名称\n1,\"北京华夏\n2,Acme Ltd\u{FFFD}";
    for target in [
        "text_fold",
        "job_file",
        "file_csv",
        "file_jsonl",
        "file_xlsx",
        "file_parquet",
    ] {
        assert!(
            folder("fuzz_targets").join(format!("{target}.rs")).is_file(),
            "{target}"
        );
        for end in [0, 1, 7, 20, text.len()] {
            run(target, &text.as_bytes()[..end]);
        }
    }
}

/// `fuzz/regressions/<target>/` holds every input that ever broke a target.
#[test]
fn what_once_broke_a_target_no_longer_does() {
    for of_target in fs::read_dir(folder("regressions")).unwrap() {
        let of_target = of_target.unwrap();
        if !of_target.file_type().unwrap().is_dir() {
            continue;
        }
        let target = of_target.file_name().into_string().unwrap();
        for input in fs::read_dir(of_target.path()).unwrap() {
            run(&target, &fs::read(input.unwrap().path()).unwrap());
        }
    }
}
