//! The part of a decoded text file that is in memory.
//!
//! In: a stream of UTF-8 (`decode`). Out: the bytes from the current place on, as far as they are loaded, with the
//! place's line and offset. The window grows only when its reader asks for more, so its size is bounded by the
//! reader's limits. Cutting rows is left to `csv` and `json_lines`.

use super::decode::Decoded;
use std::io;

pub(super) struct TextWindow {
    stream: Decoded,
    buffer: Vec<u8>,
    start: usize,
    is_ended: bool,
    /// Line of the first byte, from 1.
    pub(super) line: u64,
    /// Offset of the first byte in the decoded file.
    pub(super) byte: u64,
}

impl TextWindow {
    pub(super) fn new(stream: Decoded) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            start: 0,
            is_ended: false,
            line: 1,
            byte: 0,
        }
    }

    /// The loaded bytes from the current place on.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    /// The `length` bytes before the current place, as long as nothing was loaded since they were consumed.
    pub(super) fn consumed(&self, length: usize) -> &[u8] {
        &self.buffer[self.start - length..self.start]
    }

    /// Do the loaded bytes reach the end of the file?
    pub(super) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// Loads more; false at the end of the file.
    pub(super) fn fill(&mut self) -> io::Result<bool> {
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let before = self.buffer.len();
        while !self.is_ended && self.buffer.len() == before {
            self.is_ended = !self.stream.fill(&mut self.buffer)?;
        }
        Ok(self.buffer.len() > before)
    }

    /// Moves on by `length` bytes that hold `lines` line ends.
    pub(super) fn consume(&mut self, length: usize, lines: usize) {
        self.start += length;
        self.byte += length as u64;
        self.line += lines as u64;
    }

    /// Moves behind the next `terminator`, or to the end of the file, loading as needed but keeping nothing.
    pub(super) fn skip_line(&mut self, terminator: u8) -> io::Result<()> {
        loop {
            if let Some(at) = memchr::memchr(terminator, self.bytes()) {
                self.consume(at + 1, 1);
                return Ok(());
            }
            self.consume(self.bytes().len(), 0);
            if !self.fill()? {
                return Ok(());
            }
        }
    }
}
