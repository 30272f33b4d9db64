//! Which encoding a text file is in.
//!
//! In: the bytes of a whole file, read once as a stream (the [`Survey`] that also gives hash and size). Out: an
//! encoding. The order of evidence: a byte order mark, the declaration, whole-file UTF-8 validity, the zero bytes of
//! UTF-16, then chardetng on 256 KiB around the first non-ASCII byte. A file that is mostly UTF-8 with some lines of
//! another encoding is UTF-8; its bad lines are rejected one by one by the readers. GBK and GB 2312 are read as
//! GB 18030, which contains both. Turning bytes into text is left to `decode`.

use super::IngestError;
use super::locate::SourceFile;
use super::open::Compression;
use super::open::hashed_reader;
use super::open::stream_error;
use super::settings::Limits;
use chardetng::EncodingDetector;
use chardetng::Iso2022JpDetection;
use chardetng::Utf8Detection;
use encoding_rs::Encoding;
use std::io::Read;

const SAMPLE_BYTES: usize = 256 << 10;

/// What one pass over a file's bytes found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
    /// Decompressed bytes.
    text_bytes: u64,
    /// The first bytes, for marks and zero bytes.
    head: Vec<u8>,
    /// Bytes from shortly before the first non-ASCII byte on.
    sample: Vec<u8>,
    /// Well-formed UTF-8 sequences of two bytes, and of three or four.
    sequences: [u64; 2],
    /// Ill-formed UTF-8 sequences.
    malformed: u64,
    /// Is there anything but white space?
    has_text: bool,
}

impl Survey {
    /// Reads a file to its end.
    pub(super) fn read(
        file: &SourceFile,
        compression: Compression,
        limits: &Limits,
    ) -> Result<Self, IngestError> {
        let (mut reader, hashed) = hashed_reader(file, compression, limits)?;
        let mut survey = Self::default();
        let mut chunk = vec![0; 256 << 10];
        let mut carried = 0;
        loop {
            let got = reader
                .read(&mut chunk[carried..])
                .map_err(|cause| stream_error(file, cause))?;
            let end = carried + got;
            if got == 0 {
                survey.malformed += u64::from(carried > 0);
                break;
            }
            survey.note(&chunk[carried..end]);
            let done = survey.count_sequences(&chunk[..end]);
            chunk.copy_within(done..end, 0);
            carried = end - done;
        }
        (survey.sha256, survey.size_bytes) = hashed.finish();
        if !survey.has_text {
            return Err(file.empty());
        }
        Ok(survey)
    }

    fn note(&mut self, bytes: &[u8]) {
        self.text_bytes += bytes.len() as u64;
        self.has_text = self.has_text || bytes.iter().any(|b| !b.is_ascii_whitespace() && *b != 0);
        let room = SAMPLE_BYTES.saturating_sub(self.head.len());
        self.head.extend_from_slice(&bytes[..room.min(bytes.len())]);
        let from = if self.sample.is_empty() {
            bytes
                .iter()
                .position(|b| !b.is_ascii())
                .map(|at| at.saturating_sub(256))
        } else {
            Some(0)
        };
        if let Some(from) = from {
            let room = SAMPLE_BYTES.saturating_sub(self.sample.len());
            let part = &bytes[from..];
            self.sample.extend_from_slice(&part[..room.min(part.len())]);
        }
    }

    /// Counts the sequences of `bytes` and returns how many bytes were judged; the rest is a cut sequence.
    fn count_sequences(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        loop {
            match std::str::from_utf8(&bytes[at..]) {
                Ok(valid) => {
                    self.count_leads(valid.as_bytes());
                    return bytes.len();
                }
                Err(error) => {
                    let valid_end = at + error.valid_up_to();
                    self.count_leads(&bytes[at..valid_end]);
                    let Some(length) = error.error_len() else {
                        return valid_end;
                    };
                    self.malformed += 1;
                    at = valid_end + length;
                }
            }
        }
    }

    fn count_leads(&mut self, valid: &[u8]) {
        if valid.is_ascii() {
            return;
        }
        let all = count_from(valid, 0xC0);
        let long = count_from(valid, 0xE0);
        self.sequences[0] += all - long;
        self.sequences[1] += long;
    }

    /// Is the file UTF-8, or UTF-8 with some lines of another encoding?
    ///
    /// GBK text read as UTF-8 has about one chance two-byte sequence in five characters, hardly any longer one, and
    /// more ill-formed than well-formed sequences.
    fn is_mostly_utf8(&self) -> bool {
        let [short, long] = self.sequences;
        self.malformed == 0 || long > self.malformed || short + long > 4 * self.malformed
    }

    /// UTF-16 without a mark: zero bytes at one parity only, as line breaks, digits and delimiters make them.
    fn utf16(&self) -> Option<&'static Encoding> {
        let pairs = self.head.len() / 2;
        let zeros = |parity: usize| {
            self.head
                .iter()
                .skip(parity)
                .step_by(2)
                .filter(|&&b| b == 0)
                .count()
        };
        let (even, odd) = (zeros(0), zeros(1));
        let is_many = |count: usize| count >= 3 && count * 20 >= pairs;
        if self.text_bytes < 8 {
            None
        } else if is_many(odd) && even * 10 <= odd && self.breaks_lines(0) {
            Some(encoding_rs::UTF_16LE)
        } else if is_many(even) && odd * 10 <= even && self.breaks_lines(1) {
            Some(encoding_rs::UTF_16BE)
        } else {
            None
        }
    }

    /// Is there a two-byte line break whose `\n` stands at this parity?
    fn breaks_lines(&self, parity: usize) -> bool {
        let other = 1 - parity;
        self.head
            .chunks_exact(2)
            .any(|pair| pair[parity] == b'\n' && pair[other] == 0)
    }

    /// chardetng's guess on the lines that are not UTF-8.
    ///
    /// One damaged line rules an encoding out for chardetng. So when it falls back to a single-byte encoding, the
    /// Chinese ones are tried on the lines they can decode, if those are nearly all.
    fn guess(&self) -> &'static Encoding {
        let whole = match memchr::memrchr(b'\n', &self.sample) {
            Some(at) if self.sample.len() >= SAMPLE_BYTES => &self.sample[..at],
            _ => &self.sample,
        };
        let is_foreign = |line: &&[u8]| std::str::from_utf8(line).is_err();
        let lines: Vec<&[u8]> = whole.split(|&b| b == b'\n').filter(is_foreign).collect();
        let guess = guess_of(&lines);
        if !guess.is_single_byte() {
            return guess;
        }
        for encoding in [encoding_rs::GB18030, encoding_rs::BIG5] {
            let decodes = |line: &&&[u8]| {
                let text = encoding.decode_without_bom_handling_and_without_replacement(line);
                text.is_some()
            };
            let clean: Vec<&[u8]> = lines.iter().filter(decodes).copied().collect();
            if clean.len() < lines.len() && clean.len() * 4 >= lines.len() * 3 && guess_of(&clean) == encoding
            {
                return encoding;
            }
        }
        guess
    }

    /// The encoding of the file. A byte order mark of UTF-8 or UTF-16 wins over the declaration: it is part of the file.
    pub(super) fn encoding(
        &self,
        file: &SourceFile,
        declared: Option<&str>,
    ) -> Result<&'static Encoding, IngestError> {
        let named = declared
            .map(|label| encoding_named(label).ok_or_else(|| unknown(file, label)))
            .transpose()?;
        if let Some((encoding, _)) = Encoding::for_bom(&self.head) {
            return Ok(encoding);
        }
        if let Some(encoding) = named {
            return Ok(encoding);
        }
        if let Some(encoding) = self.utf16() {
            return Ok(encoding);
        }
        if self.is_mostly_utf8() {
            return Ok(encoding_rs::UTF_8);
        }
        Ok(self.guess())
    }
}

/// Number of bytes not below `least`; summed in bytes, which the compiler turns into vector instructions.
fn count_from(bytes: &[u8], least: u8) -> u64 {
    let count = |part: &[u8]| part.iter().map(|&b| u8::from(b >= least)).sum::<u8>();
    bytes.chunks(128).map(|part| u64::from(count(part))).sum()
}

fn guess_of(lines: &[&[u8]]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for line in lines {
        detector.feed(line, false);
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    widest(detector.guess(None, Utf8Detection::Deny))
}

/// The encoding of a label in a job file; `gbk` and `gb2312` give GB 18030.
pub(super) fn encoding_named(label: &str) -> Option<&'static Encoding> {
    let label = label.trim().to_ascii_lowercase();
    let known = match label.as_str() {
        "utf8-bom" | "utf-8-bom" | "utf-8-sig" | "utf8" => Some(encoding_rs::UTF_8),
        "utf16" | "utf16le" | "utf-16" => Some(encoding_rs::UTF_16LE),
        "utf16be" => Some(encoding_rs::UTF_16BE),
        "cp936" | "936" | "gb2312-80" => Some(encoding_rs::GB18030),
        "cp950" | "950" => Some(encoding_rs::BIG5),
        _ => Encoding::for_label(label.as_bytes()),
    };
    known
        .filter(|&encoding| encoding != encoding_rs::REPLACEMENT)
        .map(widest)
}

fn widest(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == encoding_rs::GBK {
        encoding_rs::GB18030
    } else {
        encoding
    }
}

fn unknown(file: &SourceFile, label: &str) -> IngestError {
    IngestError::UnknownEncoding {
        source_name: file.source.clone(),
        encoding: label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(bytes: &[u8]) -> Survey {
        let mut survey = Survey::default();
        survey.note(bytes);
        let done = survey.count_sequences(bytes);
        survey.malformed += u64::from(done < bytes.len());
        survey
    }

    fn detect(bytes: &[u8]) -> &'static str {
        let file = SourceFile {
            source: "甲".into(),
            path: "a.csv".into(),
            real: "a.csv".into(),
        };
        survey(bytes).encoding(&file, None).unwrap().name()
    }

    const TEXT: &str = "客户名称,联系人,电话\n上海德诚电子有限公司,王芳,13800138000\n北京华夏科技有限公司,李强,010-62345678\n";

    fn encoded(encoding: &'static Encoding, text: &str) -> Vec<u8> {
        encoding.encode(text).0.into_owned()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let unit = |u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() };
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn chinese_and_latin_encodings_are_told_apart() {
        assert_eq!(detect(TEXT.as_bytes()), "UTF-8");
        assert_eq!(detect(&encoded(encoding_rs::GB18030, TEXT)), "gb18030");
        let traditional = "客戶名稱,聯絡人\n臺北電子股份有限公司,陳雅婷\n高雄貿易有限公司,林志明\n";
        assert_eq!(detect(&encoded(encoding_rs::BIG5, traditional)), "Big5");
        let latin = "name,city\nMüller Straße GmbH,Köln\nCafé Noël SARL,Orléans\n";
        assert_eq!(detect(&encoded(encoding_rs::WINDOWS_1252, latin)), "windows-1252");
        assert_eq!(detect(b"name,city\nAnn,York\n"), "UTF-8");
    }

    #[test]
    fn utf16_is_seen_with_and_without_a_mark() {
        for text in [TEXT, "name,city\nAnn,York\n"] {
            assert_eq!(detect(&utf16(text, false)), "UTF-16LE");
            assert_eq!(detect(&utf16(text, true)), "UTF-16BE");
            assert_eq!(detect(&utf16(&format!("\u{FEFF}{text}"), false)), "UTF-16LE");
        }
        assert_eq!(detect(b"name,city\nA\0n,York\nB\0b,Rome\n"), "UTF-8");
    }

    #[test]
    fn some_lines_of_another_encoding_do_not_change_the_file() {
        let mut mixed = TEXT.repeat(5).into_bytes();
        mixed.extend(encoded(
            encoding_rs::GB18030,
            "广州市天河区某贸易有限公司,赵敏,020-1\n",
        ));
        assert_eq!(detect(&mixed), "UTF-8");
        let cut = &TEXT.trim_end().as_bytes()[..TEXT.find("北京华夏").unwrap() + 4];
        assert_eq!(detect(cut), "UTF-8");
    }

    #[test]
    fn labels_of_chinese_systems_are_known() {
        let names = ["GBK", "gb2312", "cp936", "Big5", "utf-8-sig", "latin1", "没有"];
        let got = names.map(|n| encoding_named(n).map(Encoding::name));
        let expected = [
            Some("gb18030"),
            Some("gb18030"),
            Some("gb18030"),
            Some("Big5"),
            Some("UTF-8"),
            Some("windows-1252"),
            None,
        ];
        assert_eq!(got, expected);
    }
}
