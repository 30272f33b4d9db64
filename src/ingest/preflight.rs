//! Looks into a workbook's zip archive before a reader builds anything from it.
//!
//! In: a file that begins like a zip archive. Out: its format, and the certainty that its parts are within the limits:
//! first by the directory (entries, sizes, ratios, overlaps), then by inflating every part once into nothing, because
//! a directory may lie. The shared strings' `uniqueCount` is checked as well: calamine reserves memory for that many
//! strings before it reads one (operations.md, section 4). Ratios are judged from 16 MiB on. Archives inside archives
//! are never opened.

use super::IngestError;
use super::locate::SourceFile;
use super::open::open_plain;
use super::settings::Format;
use super::settings::Limits;
use std::fs::File;
use std::io::BufReader;
use std::io::Read;
use zip::ZipArchive;

/// Inflated bytes from which the ratio is judged.
const RATIO_FROM: u64 = 16 << 20;

/// Fewest bytes that one shared string takes: `<si/>`.
const SHARED_STRING_BYTES_MIN: u64 = 5;

type Archive = ZipArchive<BufReader<File>>;

fn open(file: &SourceFile) -> Result<Archive, IngestError> {
    let raw = open_plain(file)?;
    ZipArchive::new(BufReader::new(raw)).map_err(|_| file.damaged("its zip directory cannot be read"))
}

/// Which kind of workbook a zip archive is.
pub(super) fn zip_format(file: &SourceFile) -> Result<Format, IngestError> {
    let archive = open(file)?;
    let has = |name: &str| archive.index_for_name(name).is_some();
    let hint = if has("xl/workbook.xml") || has("[Content_Types].xml") && !has("xl/workbook.bin") {
        return Ok(Format::Xlsx);
    } else if has("content.xml") {
        return Ok(Format::Ods);
    } else if has("xl/workbook.bin") {
        "it is a binary workbook (.xlsb); save it as .xlsx"
    } else {
        "it is a zip archive of other files; unpack it"
    };
    let (source_name, file) = file.names();
    Err(IngestError::WrongMagic {
        source_name,
        file,
        expected: "a workbook".into(),
        hint: hint.into(),
    })
}

/// Checks every part of a workbook against the limits.
///
/// # Errors
/// [`IngestError::TooLarge`] above a limit, [`IngestError::Damaged`] when a part cannot be inflated or is not what the
/// directory says, [`IngestError::Encrypted`] when a part has a password.
pub(super) fn check(file: &SourceFile, format: Format, limits: &Limits) -> Result<(), IngestError> {
    let mut archive = open(file)?;
    let size_on_disk = std::fs::metadata(&file.real)
        .map_err(|cause| file.io_error(cause))?
        .len();
    let entries_max = limits.zip_entries_max;
    if archive.len() > entries_max {
        return Err(file.too_large("entries", entries_max as u64));
    }
    check_directory(file, &mut archive, format, size_on_disk, limits)?;
    let mut head = Vec::new();
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| zip_error(file, &error))?;
        let stated = part.size();
        head.clear();
        part.by_ref()
            .take(64 << 10)
            .read_to_end(&mut head)
            .map_err(|_| file.damaged("a part cannot be inflated"))?;
        let rest = std::io::copy(&mut part.by_ref().take(stated + 1), &mut std::io::sink())
            .map_err(|_| file.damaged("a part cannot be inflated"))?;
        if head.len() as u64 + rest > stated {
            return Err(file.damaged("a part is larger than its directory says"));
        }
        let is_strings = part
            .name()
            .is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        if is_strings && memchr::memmem::find(&head, b"sst").is_none() {
            return Err(file.damaged("its shared strings do not begin as they must"));
        }
        check_shared_strings(file, &head, stated, limits)?;
    }
    Ok(())
}

fn check_directory(
    file: &SourceFile,
    archive: &mut Archive,
    format: Format,
    size_on_disk: u64,
    limits: &Limits,
) -> Result<(), IngestError> {
    let mut inflated = 0u64;
    let mut taken: Vec<(u64, u64)> = Vec::with_capacity(archive.len());
    for at in 0..archive.len() {
        let part = archive
            .by_index_raw(at)
            .map_err(|error| zip_error(file, &error))?;
        if part.encrypted() {
            return Err(encrypted(file));
        }
        let is_content = format == Format::Ods && part.name().is_ok_and(|name| name == "content.xml");
        let entry_max = if is_content {
            limits.whole_workbook_bytes_max
        } else {
            limits.zip_entry_bytes_max
        };
        if part.size() > entry_max {
            return Err(file.too_large("a part", entry_max));
        }
        let ratio_max = limits.ratio_max;
        if part.size() > RATIO_FROM && part.size() / part.compressed_size().max(1) > ratio_max {
            return Err(file.too_large("a compression ratio", ratio_max));
        }
        inflated = inflated.saturating_add(part.size());
        let end = part.data_start().unwrap_or(part.header_start());
        taken.push((part.header_start(), end.saturating_add(part.compressed_size())));
        if inflated > limits.zip_total_bytes_max {
            return Err(file.too_large("inflated bytes", limits.zip_total_bytes_max));
        }
    }
    // Parts that share bytes multiply what a small file swells to.
    taken.sort_unstable();
    let is_apart = taken.windows(2).all(|pair| pair[0].1 <= pair[1].0);
    if !is_apart || taken.last().is_some_and(|last| last.1 > size_on_disk) {
        return Err(file.damaged("its parts overlap"));
    }
    Ok(())
}

fn check_shared_strings(
    file: &SourceFile,
    head: &[u8],
    size: u64,
    limits: &Limits,
) -> Result<(), IngestError> {
    // Every tag that may open the strings, so that a comment before it hides nothing.
    for start in memchr::memmem::find_iter(head, b"sst") {
        let length = memchr::memchr(b'>', &head[start..]).unwrap_or(head.len() - start);
        check_tag(file, &head[start..start + length], size, limits)?;
    }
    Ok(())
}

fn check_tag(file: &SourceFile, tag: &[u8], size: u64, limits: &Limits) -> Result<(), IngestError> {
    if memchr::memmem::find(tag, b"ount").is_none() {
        return Ok(());
    }
    if size > limits.shared_strings_bytes_max {
        return Err(file.too_large("shared strings", limits.shared_strings_bytes_max));
    }
    let strings_max = size / SHARED_STRING_BYTES_MIN;
    let counts = tag.split(|b| !b.is_ascii_digit()).filter_map(|digits| {
        let text = std::str::from_utf8(digits).ok()?;
        (!text.is_empty()).then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    });
    // The tag also holds the year of its namespace, which is no count; small files pass by the floor.
    if counts.max().is_some_and(|count| count > strings_max.max(100_000)) {
        return Err(file.damaged("its shared strings state a count that its size cannot hold"));
    }
    Ok(())
}

fn zip_error(file: &SourceFile, error: &zip::result::ZipError) -> IngestError {
    match error {
        zip::result::ZipError::UnsupportedArchive(text) if text.to_ascii_lowercase().contains("password") => {
            encrypted(file)
        }
        _ => file.damaged("its zip directory contradicts itself"),
    }
}

/// The error of a workbook with a password.
pub(super) fn encrypted(file: &SourceFile) -> IngestError {
    let (source_name, file) = file.names();
    IngestError::Encrypted { source_name, file }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn archive(parts: &[(&str, &[u8])]) -> (tempfile::TempDir, SourceFile) {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("a.xlsx");
        let mut writer = zip::ZipWriter::new(File::create(&real).unwrap());
        for (name, bytes) in parts {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap();
        let file = SourceFile {
            source: "甲".into(),
            path: "a.xlsx".into(),
            real,
        };
        (dir, file)
    }

    fn verdict(parts: &[(&str, &[u8])], limits: &Limits) -> Result<(), IngestError> {
        let (_dir, file) = archive(parts);
        check(&file, Format::Xlsx, limits)
    }

    #[test]
    fn formats_are_told_by_their_parts() {
        let format = |name| zip_format(&archive(&[(name, b"x")]).1);
        let kept = |name: &str| {
            let (_dir, file) = archive(&[(name, b"x")]);
            zip_format(&file)
        };
        assert!(matches!(kept("xl/workbook.xml"), Ok(Format::Xlsx)));
        assert!(matches!(kept("content.xml"), Ok(Format::Ods)));
        assert!(matches!(
            kept("xl/workbook.bin"),
            Err(IngestError::WrongMagic { .. })
        ));
        assert!(matches!(kept("客户.csv"), Err(IngestError::WrongMagic { .. })));
        assert!(format("x").is_err());
    }

    #[test]
    fn bombs_are_refused_by_size_ratio_and_count() {
        let limits = Limits::default();
        let zeros = vec![b' '; 32 << 20];
        assert!(verdict(&[("a.xml", b"<x/>")], &limits).is_ok());
        assert!(matches!(
            verdict(&[("a.xml", &zeros)], &limits),
            Err(IngestError::TooLarge { .. })
        ));
        let many = Limits {
            zip_entries_max: 1,
            ..limits
        };
        let two: [(&str, &[u8]); 2] = [("a", b"1"), ("b", b"2")];
        assert!(matches!(verdict(&two, &many), Err(IngestError::TooLarge { .. })));
        let small = Limits {
            zip_entry_bytes_max: 3,
            ..limits
        };
        assert!(matches!(
            verdict(&[("a", b"1234")], &small),
            Err(IngestError::TooLarge { .. })
        ));
        let total = Limits {
            zip_total_bytes_max: 1,
            ..limits
        };
        assert!(matches!(verdict(&two, &total), Err(IngestError::TooLarge { .. })));
    }

    #[test]
    fn a_count_of_shared_strings_that_cannot_be_is_refused() {
        let lie = br#"<?xml version="1.0"?><sst xmlns="x/2006/main" uniqueCount="4294967295"></sst>"#;
        let limits = Limits::default();
        assert!(matches!(
            verdict(&[("xl/sharedStrings.xml", lie)], &limits),
            Err(IngestError::Damaged { .. })
        ));
        let fine = br#"<sst xmlns="x/2006/main" count="2" uniqueCount="1"><si/></sst>"#;
        assert!(verdict(&[("xl/sharedStrings.xml", fine)], &limits).is_ok());
    }

    #[test]
    fn a_directory_that_lies_about_sizes_is_refused() {
        let (_dir, file) = archive(&[("a.xml", &vec![b'x'; 5_000])]);
        let mut bytes = std::fs::read(&file.real).unwrap();
        let at = memchr::memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
        bytes[at + 24..at + 28].copy_from_slice(&10u32.to_le_bytes());
        std::fs::write(&file.real, bytes).unwrap();
        assert!(matches!(
            check(&file, Format::Xlsx, &Limits::default()),
            Err(IngestError::Damaged { .. })
        ));
    }
}
