//! [`UnopenedBody`]: a body whose parts are opened when it is sent, so that it can be sent again. The same for both flavours.

use std::fmt;
use std::sync::Arc;

use crate::chunk_transform::{ChunkTransform, MakeTransform};
use crate::file::{File, FileReader};
use crate::{Length, MessageBody, Result};

/// A body that is not open yet. It is opened in two steps: [`open_files`](UnopenedBody::open_files) blocks, then
/// `BodyFlavour::opened` makes the payload.
pub enum UnopenedBody<B> {
    /// A file, and its reader once it is open.
    File(File, Option<FileReader>),
    /// Several bodies, one after the other.
    Chain(Vec<B>),
    /// A body whose chunks are transformed.
    Transformed { body: B, make: Arc<MakeTransform>, keeps_length: bool },
}

impl<B: MessageBody> UnopenedBody<B> {
    /// Returns whether a file must be opened.
    #[cfg_attr(not(feature = "async"), allow(dead_code))] // only async bodies leave the thread for it
    pub(crate) fn has_files(&self) -> bool {
        let has_files = |body: &B| body.unopened().is_some_and(UnopenedBody::has_files);
        match self {
            UnopenedBody::File(_, reader) => reader.is_none(),
            UnopenedBody::Chain(bodies) => bodies.iter().any(has_files),
            UnopenedBody::Transformed { body, .. } => has_files(body),
        }
    }

    /// Opens all files. Blocks.
    ///
    /// # Errors
    ///
    /// If a file cannot be opened, or has another size than when it was sent before.
    pub(crate) fn open_files(&mut self) -> Result<()> {
        let open_files = |body: &mut B| body.unopened_mut().map_or(Ok(()), UnopenedBody::open_files);
        match self {
            UnopenedBody::File(file, reader) => {
                if reader.is_none() {
                    *reader = Some(file.open()?);
                }
                Ok(())
            }
            UnopenedBody::Chain(bodies) => bodies.iter_mut().try_for_each(open_files),
            UnopenedBody::Transformed { body, .. } => open_files(body),
        }
    }

    /// Returns the length, if it is known. The length of a file is known once the file is open.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            UnopenedBody::File(_, reader) => reader.as_ref().and_then(FileReader::left),
            UnopenedBody::Chain(bodies) => total_length(bodies),
            UnopenedBody::Transformed { body, keeps_length: true, .. } => known(body.length()),
            UnopenedBody::Transformed { .. } => None,
        }
    }

    /// Returns an unopened copy of the body, if it can be sent again.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        Some(match self {
            UnopenedBody::File(file, _) => UnopenedBody::File(file.clone(), None),
            UnopenedBody::Chain(bodies) => {
                UnopenedBody::Chain(bodies.iter().map(B::try_clone).collect::<Option<_>>()?)
            }
            UnopenedBody::Transformed { body, make, keeps_length } => UnopenedBody::Transformed {
                body: body.try_clone()?,
                make: make.clone(),
                keeps_length: *keeps_length,
            },
        })
    }
}

/// Returns a copy of a body for another call, whose files may have other sizes in it. `None` if the body can be sent only
/// once. A copy for the same call is made by [`MessageBody::try_clone`].
#[doc(hidden)]
pub fn copy_for_another_call<B: MessageBody>(body: &B) -> Option<B> {
    let mut copy = body.try_clone()?;
    forget_sizes(&mut copy);
    Some(copy)
}

fn forget_sizes<B: MessageBody>(body: &mut B) {
    match body.unopened_mut() {
        None => {}
        Some(UnopenedBody::File(file, _)) => *file = file.clone().unsent(),
        Some(UnopenedBody::Chain(bodies)) => bodies.iter_mut().for_each(forget_sizes),
        Some(UnopenedBody::Transformed { body, .. }) => forget_sizes(body),
    }
}

/// Joins bodies into one. If all are bytes, so is the result.
pub(crate) fn join<B: MessageBody>(bodies: Vec<B>) -> B {
    let bytes = bodies.iter().map(|body| body.as_bytes().map(|bytes| &bytes[..])).collect::<Option<Vec<_>>>();
    match bytes {
        Some(bytes) => B::from(bytes.concat().into()),
        None => B::from_unopened(UnopenedBody::Chain(bodies)),
    }
}

/// Makes a body whose chunks are transformed while it is sent. Each time the body is sent, `make` makes a new transform.
#[doc(hidden)]
pub fn transformed<B: MessageBody>(
    body: B,
    keeps_length: bool,
    make: impl Fn() -> Box<dyn ChunkTransform> + Send + Sync + 'static,
) -> B {
    B::from_unopened(UnopenedBody::Transformed { body, make: Arc::new(make), keeps_length })
}

/// Returns the total length of the bodies, if each length is known.
fn total_length<B: MessageBody>(bodies: &[B]) -> Option<u64> {
    bodies.iter().try_fold(0_u64, |sum, body| sum.checked_add(known(body.length())?))
}

fn known(length: Length) -> Option<u64> {
    match length {
        Length::None => Some(0),
        Length::Known(length) => Some(length),
        Length::Unknown => None,
    }
}

impl<B> fmt::Debug for UnopenedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UnopenedBody::File(file, _) => write!(f, "File {:?}", file.path()),
            UnopenedBody::Chain(bodies) => write!(f, "{} parts", bodies.len()),
            UnopenedBody::Transformed { .. } => f.write_str("transformed"),
        }
    }
}
