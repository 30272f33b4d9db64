//! Bytes of any encoding to UTF-8, as a stream.
//!
//! In: a byte stream and its encoding. Out: UTF-8 bytes in which every undecodable place is one byte [`MALFORMED`],
//! which no UTF-8 text holds: the reader that cuts the stream into rows finds it there and rejects that row alone.
//! UTF-8 itself passes unchanged. A line of a multi-byte legacy encoding that is well-formed UTF-8 with Han text was
//! written by another system; it would decode to wrong characters without any error, and is marked as well. Byte
//! order marks are removed.

use encoding_rs::Decoder;
use encoding_rs::DecoderResult;
use encoding_rs::Encoding;
use std::io;
use std::io::Read;

/// Stands for undecodable bytes; never part of UTF-8.
pub(super) const MALFORMED: u8 = 0xFF;

const CHUNK: usize = 128 << 10;

/// Bytes held back at most while waiting for the end of a line.
const PENDING_MAX: usize = 4 << 20;

/// A stream of UTF-8.
pub(super) struct Decoded {
    input: Box<dyn Read + Send>,
    legacy: Option<Legacy>,
    is_started: bool,
    is_ended: bool,
}

struct Legacy {
    decoder: Decoder,
    /// Are lines checked for UTF-8 among them, and how many sequences make one?
    utf8_sequences_min: Option<usize>,
    /// Bytes since the last line break.
    pending: Vec<u8>,
}

impl Decoded {
    /// A stream in `encoding`, from its first byte on.
    pub(super) fn new(input: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        let is_utf16 = encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE;
        let legacy = (encoding != encoding_rs::UTF_8).then(|| Legacy {
            decoder: encoding.new_decoder_without_bom_handling(),
            utf8_sequences_min: match (is_utf16, encoding.is_single_byte()) {
                (true, _) => None,
                (_, true) => Some(1),
                _ => Some(2),
            },
            pending: Vec::new(),
        });
        Self {
            input,
            legacy,
            is_started: false,
            is_ended: false,
        }
    }

    /// Appends the next part to `out`; false at the end of the stream.
    pub(super) fn fill(&mut self, out: &mut Vec<u8>) -> io::Result<bool> {
        if self.is_ended {
            return Ok(false);
        }
        let start = out.len();
        let Some(legacy) = &mut self.legacy else {
            let got = read_some(&mut self.input, out)?;
            self.is_ended = got == 0;
            if !self.is_started && out[start..].starts_with(b"\xEF\xBB\xBF") {
                out.drain(start..start + 3);
            }
            self.is_started = true;
            return Ok(!self.is_ended);
        };
        let got = read_some(&mut self.input, &mut legacy.pending)?;
        self.is_ended = got == 0;
        let mark = match legacy.pending.as_slice() {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] if legacy.utf8_sequences_min.is_none() => 2,
            // A UTF-8 mark in a file declared otherwise cannot be: `for_bom` decides first.
            _ => 0,
        };
        if !self.is_started {
            legacy.pending.drain(..mark);
        }
        self.is_started = true;
        legacy.decode(out, self.is_ended);
        Ok(true)
    }
}

/// Reads until at least three bytes (a whole mark) are there or the stream ends.
fn read_some(input: &mut dyn Read, out: &mut Vec<u8>) -> io::Result<usize> {
    let start = out.len();
    out.resize(start + CHUNK, 0);
    let mut got = 0;
    while got < 3 {
        match input.read(&mut out[start + got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                out.truncate(start + got);
                return Err(error);
            }
        }
    }
    out.truncate(start + got);
    Ok(got)
}

impl Legacy {
    fn decode(&mut self, out: &mut Vec<u8>, is_last: bool) {
        let pending = std::mem::take(&mut self.pending);
        let until = match memchr::memrchr(b'\n', &pending) {
            _ if is_last || self.utf8_sequences_min.is_none() => pending.len(),
            Some(at) => at + 1,
            None if pending.len() > PENDING_MAX => pending.len(),
            None => 0,
        };
        let mut from = 0;
        if let Some(sequences_min) = self.utf8_sequences_min {
            let mut line_start = 0;
            for line in pending[..until].split_inclusive(|&b| b == b'\n') {
                let line_end = line_start + line.len();
                if let Some(at) = first_of_utf8_line(line, sequences_min) {
                    self.convert(&pending[from..line_start], out, false);
                    out.extend_from_slice(&line[..at]);
                    out.push(MALFORMED);
                    out.extend_from_slice(&line[at..]);
                    from = line_end;
                }
                line_start = line_end;
            }
        }
        self.convert(&pending[from..until], out, is_last);
        self.pending = pending;
        self.pending.drain(..until);
    }

    fn convert(&mut self, mut bytes: &[u8], out: &mut Vec<u8>, is_last: bool) {
        loop {
            let start = out.len();
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(bytes.len())
                .unwrap_or(CHUNK)
                .max(16);
            out.resize(start + room, 0);
            let (result, read, written) =
                self.decoder
                    .decode_to_utf8_without_replacement(bytes, &mut out[start..], is_last);
            out.truncate(start + written);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => out.push(MALFORMED),
            }
        }
    }
}

/// The first non-ASCII byte of a line that is UTF-8 text with enough multi-byte sequences.
///
/// Two sequences of three bytes are asked for in multi-byte encodings: three rare GBK characters in a row whose bytes
/// happen to be UTF-8, in a line without any other, do not occur in practice.
fn first_of_utf8_line(line: &[u8], sequences_min: usize) -> Option<usize> {
    let at = line.iter().position(|b| !b.is_ascii())?;
    let lead_min = if sequences_min > 1 { 0xE0 } else { 0xC2 };
    let is_utf8 = std::str::from_utf8(&line[at..]).is_ok();
    (is_utf8 && line[at..].iter().filter(|&&b| b >= lead_min).count() >= sequences_min).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, so that every sequence is cut somewhere.
    struct Drip(std::collections::VecDeque<u8>);

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some(byte) = self.0.pop_front() else {
                return Ok(0);
            };
            buffer[0] = byte;
            Ok(1)
        }
    }

    fn decode(bytes: &[u8], encoding: &'static Encoding) -> Vec<u8> {
        let mut stream = Decoded::new(Box::new(Drip(bytes.iter().copied().collect())), encoding);
        let mut out = Vec::new();
        while stream.fill(&mut out).unwrap() {}
        out
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "客户,city\n上海德誠,Köln\n";
        assert_eq!(decode(text.as_bytes(), encoding_rs::UTF_8), text.as_bytes());
        let marked = format!("\u{FEFF}{text}");
        assert_eq!(decode(marked.as_bytes(), encoding_rs::UTF_8), text.as_bytes());
        let gb = encoding_rs::GB18030.encode(text).0;
        assert_eq!(decode(&gb, encoding_rs::GB18030), text.as_bytes());
        let utf16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&utf16, encoding_rs::UTF_16LE), text.as_bytes());
    }

    #[test]
    fn undecodable_bytes_are_marked_and_lines_stay() {
        let mut bytes = encoding_rs::GB18030.encode("客户\n王").0.into_owned();
        bytes.extend(b"\x81\n");
        bytes.extend("北京公司\n".as_bytes());
        bytes.extend(&encoding_rs::GB18030.encode("李").0[..1]);
        let expected = [
            "客户\n王".as_bytes(),
            b"\xFF\n",
            b"\xFF",
            "北京公司\n".as_bytes(),
            b"\xFF",
        ]
        .concat();
        assert_eq!(decode(&bytes, encoding_rs::GB18030), expected);
    }

    #[test]
    fn a_stray_utf8_line_in_a_western_file_is_marked() {
        let mut bytes = encoding_rs::WINDOWS_1252.encode("Köln\n").0.into_owned();
        bytes.extend("Zürich\n".as_bytes());
        let expected = ["Köln\nZ".as_bytes(), b"\xFF", "ürich\n".as_bytes()].concat();
        assert_eq!(decode(&bytes, encoding_rs::WINDOWS_1252), expected);
    }
}
