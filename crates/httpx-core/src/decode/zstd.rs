//! The coding `zstd` (RFC 8878, RFC 9659): a sequence of frames, decompressed by libzstd.

use std::fmt;

use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, ResetDirective};

use super::cursor::Cursor;
use super::stage::ContentDecoder;
use super::zstd_frame::{Block, BlockHeader, FrameHeader, FrameStart, MAX_WINDOW_LOG};
use super::{DecodeError, State};

/// The work for each frame and each block. A few bytes can announce tables that take microseconds to build.
const UNIT_WORK: u64 = 4 << 10;

/// The most work of one call.
const MAX_WORK: u64 = 64 << 10;

/// The decoder of `zstd`.
///
/// It parses the headers itself for two reasons. The window is checked before memory is allocated. And libzstd gets one block
/// at a time: it drops the data of earlier blocks if a later block in the same input is corrupt. After a frame, only another
/// frame may follow.
pub(super) struct Zstd {
    phase: ZstdPhase,
    /// Made with the first frame.
    context: Option<DCtx<'static>>,
    /// The last output was filled, so there may be more.
    has_output: bool,
    /// The number of bytes of this frame that have not been decoded, if its header says the length.
    content_left: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
enum ZstdPhase {
    /// No byte has been received.
    Start,
    Header(FrameHeader),
    BlockHeader {
        header: BlockHeader,
        has_checksum: bool,
    },
    Block {
        block: Block,
        has_checksum: bool,
    },
    Checksum {
        left: u32,
    },
    Skip {
        left: u32,
    },
    /// After a complete frame.
    Between,
}

impl Zstd {
    pub(super) fn new() -> Self {
        Self { phase: ZstdPhase::Start, context: None, has_output: false, content_left: None }
    }

    /// Takes some bytes of the input, and returns the next phase. There is input, and all output before it was written.
    fn step(&mut self, cursor: &mut Cursor<'_>) -> Result<ZstdPhase, DecodeError> {
        Ok(match (self.phase, cursor.unread().first().copied()) {
            (phase, None) => phase,
            (ZstdPhase::Start, _) => ZstdPhase::Header(FrameHeader::default()),
            (ZstdPhase::Between, _) => ZstdPhase::Header(FrameHeader::after_frame()),
            (ZstdPhase::Header(mut header), Some(byte)) => {
                cursor.advance(1, 0);
                match header.push(byte)? {
                    None => ZstdPhase::Header(header),
                    Some(start) => self.begin_frame(start, header, cursor)?,
                }
            }
            (ZstdPhase::BlockHeader { mut header, has_checksum }, Some(byte)) => {
                cursor.advance(1, 0);
                match header.push(byte) {
                    None => ZstdPhase::BlockHeader { header, has_checksum },
                    Some(block) => {
                        cursor.charge(UNIT_WORK);
                        self.check_length(block)?;
                        self.feed(header.bytes(), cursor)?;
                        after_block(block, has_checksum)
                    }
                }
            }
            (ZstdPhase::Block { mut block, has_checksum }, _) => {
                let input = cursor.unread();
                let read = self.feed(input.get(..block.left).unwrap_or(input), cursor)?;
                cursor.advance(read, 0);
                block.left -= read;
                after_block(block, has_checksum)
            }
            (ZstdPhase::Checksum { left }, Some(byte)) => {
                cursor.advance(1, 0);
                self.feed(&[byte], cursor).map_err(|_| DecodeError::BadChecksum)?;
                if left > 1 { ZstdPhase::Checksum { left: left - 1 } } else { ZstdPhase::Between }
            }
            (ZstdPhase::Skip { left }, _) => {
                let n = cursor.unread().len().min(left as usize);
                cursor.advance(n, 0);
                skip(left - n as u32)
            }
        })
    }

    /// Passes a whole header on, unless the frame is to be skipped.
    fn begin_frame(
        &mut self,
        start: FrameStart,
        header: FrameHeader,
        cursor: &mut Cursor<'_>,
    ) -> Result<ZstdPhase, DecodeError> {
        cursor.charge(UNIT_WORK);
        match start {
            FrameStart::Skip(left) => Ok(skip(left)),
            FrameStart::Blocks { has_checksum, content_size } => {
                self.content_left = content_size;
                self.feed(header.bytes(), cursor)?;
                Ok(ZstdPhase::BlockHeader { header: BlockHeader::default(), has_checksum })
            }
        }
    }

    /// Checks that an uncompressed block fits the length of its frame. libzstd does so too, but only after it has passed
    /// some of its bytes on: how many depends on the split.
    fn check_length(&self, block: Block) -> Result<(), DecodeError> {
        match self.content_left {
            Some(left) if block.is_raw => {
                let size = block.left as u64;
                let fits = if block.is_last { size == left } else { size <= left };
                if fits { Ok(()) } else { Err(DecodeError::BadLength) }
            }
            _ => Ok(()),
        }
    }

    /// Decompresses. Returns the number of bytes that libzstd took: all, or all but one if the output has no room for the
    /// end of a frame.
    fn feed(&mut self, input: &[u8], cursor: &mut Cursor<'_>) -> Result<usize, DecodeError> {
        let context = match &mut self.context {
            Some(context) => context,
            none => none.insert(new_context()?),
        };
        let mut input = InBuffer::around(input);
        let (_, room) = cursor.both();
        let mut output = OutBuffer::around(room);
        context.decompress_stream(&mut output, &mut input).map_err(|_| DecodeError::Corrupt)?;
        let written = output.pos();
        cursor.advance(0, written);
        self.content_left = self.content_left.map(|left| left.saturating_sub(written as u64));
        self.has_output = cursor.is_full();
        Ok(input.pos)
    }
}

fn new_context() -> Result<DCtx<'static>, DecodeError> {
    let mut context = DCtx::try_create().ok_or(DecodeError::OutOfMemory)?;
    context.set_parameter(DParameter::WindowLogMax(MAX_WINDOW_LOG)).map_err(|_| DecodeError::OutOfMemory)?;
    Ok(context)
}

fn skip(left: u32) -> ZstdPhase {
    if left > 0 { ZstdPhase::Skip { left } } else { ZstdPhase::Between }
}

fn after_block(block: Block, has_checksum: bool) -> ZstdPhase {
    match block {
        Block { left: 1.., .. } => ZstdPhase::Block { block, has_checksum },
        Block { is_last: false, .. } => {
            ZstdPhase::BlockHeader { header: BlockHeader::default(), has_checksum }
        }
        _ if has_checksum => ZstdPhase::Checksum { left: 4 },
        _ => ZstdPhase::Between,
    }
}

impl ContentDecoder for Zstd {
    fn decode(&mut self, cursor: &mut Cursor<'_>) -> Result<State, DecodeError> {
        loop {
            if cursor.unread().is_empty() && !self.has_output {
                return Ok(State::NeedsInput);
            }
            if cursor.is_full() || cursor.work() > MAX_WORK {
                return Ok(State::More);
            }
            if self.has_output {
                self.feed(&[], cursor)?;
            } else {
                self.phase = self.step(cursor)?;
            }
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.phase, ZstdPhase::Start | ZstdPhase::Between)
    }

    fn reset(&mut self) {
        self.phase = ZstdPhase::Start;
        self.has_output = false;
        // Keeps the parameters.
        if self.context.as_mut().is_some_and(|context| context.reset(ResetDirective::SessionOnly).is_err()) {
            self.context = None;
        }
    }
}

/// Without the context.
impl fmt::Debug for Zstd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Zstd").field("phase", &self.phase).finish_non_exhaustive()
    }
}
