//! Streams that undo a compression or an encoding while they are read.

use std::io::{self, BufReader, Read};

use flate2::read::MultiGzDecoder;
use kouan_schema::{Compression, Encoding};

/// Bytes of the encoded stream that are decoded at once.
const CHUNK: usize = 1 << 16;

/// A byte that no UTF-8 holds: stands for what is no character of the encoding.
const MALFORMED: u8 = 0xFF;

/// The text of a file as UTF-8. What is no character is a byte that is not UTF-8.
///
/// # Errors
/// The stream is not compressed as it is said to be.
pub fn text<'a>(
    input: Box<dyn Read + Send + 'a>,
    compression: Option<Compression>,
    encoding: Encoding,
) -> io::Result<Box<dyn Read + Send + 'a>> {
    let input: Box<dyn Read + Send + 'a> = match compression {
        None => input,
        Some(Compression::Gzip) => {
            Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, input)))
        }
        Some(Compression::Zstandard) => Box::new(zstd::Decoder::new(input)?),
    };
    if encoding == Encoding::UTF_8 {
        return Ok(input);
    }
    Ok(Box::new(Utf8Stream {
        input,
        decoder: encoding.decoder(),
        encoded: Vec::new(),
        text: Vec::new(),
        at: 0,
        ended: false,
    }))
}

/// Decodes as it is read.
struct Utf8Stream<R> {
    input: R,
    decoder: encoding_rs::Decoder,
    encoded: Vec<u8>,
    /// Decoded, and from `at` on not yet given.
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Utf8Stream<R> {
    fn decode_more(&mut self) -> io::Result<()> {
        self.encoded.clear();
        self.input
            .by_ref()
            .take(CHUNK as u64)
            .read_to_end(&mut self.encoded)?;
        self.ended = self.encoded.is_empty();
        self.text.clear();
        self.at = 0;
        let mut from = 0;
        loop {
            let rest = &self.encoded[from..];
            let start = self.text.len();
            let room = self
                .decoder
                .max_utf8_buffer_length_without_replacement(rest.len());
            self.text.resize(start + room.unwrap_or(CHUNK), 0);
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                rest,
                &mut self.text[start..],
                self.ended,
            );
            self.text.truncate(start + written);
            from += read;
            match result {
                encoding_rs::DecoderResult::InputEmpty => return Ok(()),
                encoding_rs::DecoderResult::Malformed(..) => self.text.push(MALFORMED),
                encoding_rs::DecoderResult::OutputFull => {}
            }
        }
    }
}

impl<R: Read> Read for Utf8Stream<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() && !self.ended {
            self.decode_more()?;
        }
        let length = (&self.text[self.at..]).read(buffer)?;
        self.at += length;
        Ok(length)
    }
}
