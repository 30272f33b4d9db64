//! Text into the bytes of an encoding, fast for Chinese.
//!
//! In: text. Out: bytes; characters that the encoding lacks become `?`. The encoders of `encoding_rs` are made for small size and search their
//! tables for every Chinese character (twenty times the cost of making the record); here each character is looked up once
//! and then remembered. All encodings used are stateless, so that characters can be encoded one by one.

use super::super::sources::Encoding;
use encoding_rs::EncoderResult;

/// Characters of the basic plane.
const PLANE: usize = 1 << 16;

/// An encoding and the characters it has met.
pub(super) struct Encoder {
    encoding: Encoding,
    /// Bytes of each character of the basic plane, highest first; 0 when it was not met yet. Empty for Unicode encodings.
    known: Vec<u32>,
}

impl Encoder {
    /// An encoder that has met no character.
    pub(super) fn new(encoding: Encoding) -> Self {
        let known = if table(encoding).is_some() {
            vec![0; PLANE]
        } else {
            Vec::new()
        };
        Self { encoding, known }
    }

    /// Adds `text` to `bytes`.
    pub(super) fn encode(&mut self, text: &str, bytes: &mut Vec<u8>) {
        let Some(table) = table(self.encoding) else {
            match self.encoding {
                Encoding::Utf16Le => bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes)),
                _ => bytes.extend_from_slice(text.as_bytes()),
            }
            return;
        };
        for found in text.chars() {
            if found.is_ascii() {
                bytes.push(u8::try_from(found).unwrap_or(b'?'));
                continue;
            }
            let position = found as usize;
            let mut code = self.known.get(position).copied().unwrap_or(0);
            if code == 0 {
                code = look_up(table, found);
                if let Some(slot) = self.known.get_mut(position) {
                    *slot = code;
                }
            }
            let skipped = usize::try_from(code.leading_zeros() / 8).unwrap_or(0).min(3);
            bytes.extend_from_slice(&code.to_be_bytes()[skipped..]);
        }
    }
}

/// The table of an encoding that needs one.
fn table(encoding: Encoding) -> Option<&'static encoding_rs::Encoding> {
    match encoding {
        Encoding::Utf8 | Encoding::Utf8Bom | Encoding::Utf16Le => None,
        Encoding::Gbk => Some(encoding_rs::GBK),
        Encoding::Gb18030 => Some(encoding_rs::GB18030),
        Encoding::Big5 => Some(encoding_rs::BIG5),
        Encoding::Windows1252 => Some(encoding_rs::WINDOWS_1252),
    }
}

/// The bytes of one character as a number, highest byte first.
fn look_up(table: &'static encoding_rs::Encoding, found: char) -> u32 {
    let (mut source, mut target) = ([0; 4], [0; 16]);
    let text: &str = found.encode_utf8(&mut source);
    let (result, _, written) =
        table
            .new_encoder()
            .encode_from_utf8_without_replacement(text, &mut target, true);
    match result {
        EncoderResult::InputEmpty => target
            .iter()
            .take(written)
            .fold(0, |code, &byte| code << 8 | u32::from(byte)),
        _ => u32::from(b'?'),
    }
}

#[cfg(test)]
mod tests {
    use super::Encoder;
    use crate::synth::sources::Encoding;

    fn encode(encoding: Encoding, text: &str, bytes: &mut Vec<u8>) {
        Encoder::new(encoding).encode(text, bytes);
    }

    #[test]
    fn characters_outside_the_encoding_become_question_marks() {
        let mut bytes = Vec::new();
        encode(Encoding::Big5, "華华A", &mut bytes);
        assert_eq!(encoding_rs::BIG5.decode(&bytes).0, "華?A");
        bytes.clear();
        encode(Encoding::Windows1252, "Müller 王", &mut bytes);
        assert_eq!(bytes, b"M\xfcller ?");
        bytes.clear();
        encode(Encoding::Utf16Le, "A", &mut bytes);
        assert_eq!(bytes, b"A\0");
    }

    #[test]
    fn remembered_characters_encode_as_the_reference_does() {
        let text: String = ('\u{a0}'..'\u{ffff}')
            .step_by(7)
            .chain(['𠮷', 'é', '€'])
            .collect();
        for (encoding, table) in [
            (Encoding::Gb18030, encoding_rs::GB18030),
            (Encoding::Gbk, encoding_rs::GBK),
        ] {
            let mut encoder = Encoder::new(encoding);
            for _ in 0..2 {
                let mut bytes = Vec::new();
                encoder.encode(&text, &mut bytes);
                let encodable = |found: &char| !table.encode(found.encode_utf8(&mut [0; 4])).2;
                let kept: String = text
                    .chars()
                    .map(|found| if encodable(&found) { found } else { '?' })
                    .collect();
                assert!(bytes == *table.encode(&kept).0);
            }
        }
    }
}
