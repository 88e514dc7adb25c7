//! [`UpgradedStream`]: the type of a stream after a switch of protocols. [`UpgradeSlot`]: its slot in a response.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// A stream that [`Response::into_upgraded`](crate::Response::into_upgraded) can return.
///
/// It is implemented by `network::Upgraded` and `ahttpx::network::Upgraded`. Implement it for the stream of a custom
/// transport that switches protocols.
pub trait UpgradedStream: Send + 'static {}

/// The stream of a response that has switched protocols, until it is taken. Clones share it.
#[derive(Clone)]
pub(crate) struct UpgradeSlot(Arc<Mutex<Option<Box<dyn Any + Send>>>>);

/// Why there is no stream in the slot.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum NoStream {
    Taken,
    /// The stream has another type.
    OtherType,
}

impl UpgradeSlot {
    pub(crate) fn new(stream: impl UpgradedStream) -> Self {
        UpgradeSlot(Arc::new(Mutex::new(Some(Box::new(stream)))))
    }

    /// Takes the stream out.
    ///
    /// # Errors
    ///
    /// If it has been taken, or is of another type. It stays in the slot then.
    pub(crate) fn take<U: UpgradedStream>(&self) -> Result<U, NoStream> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stream = slot.take().ok_or(NoStream::Taken)?;
        match stream.downcast() {
            Ok(stream) => Ok(*stream),
            Err(stream) => {
                *slot = Some(stream);
                Err(NoStream::OtherType)
            }
        }
    }
}

/// The stream is not part of a response's value.
impl PartialEq for UpgradeSlot {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for UpgradeSlot {}

impl fmt::Debug for UpgradeSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UpgradeSlot")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl UpgradedStream for u8 {}
    impl UpgradedStream for u16 {}

    #[test]
    fn one_of_the_clones_takes_the_stream_and_only_as_its_type() {
        let slot = UpgradeSlot::new(7_u8);
        let clone = slot.clone();
        assert_eq!(slot.take::<u16>(), Err(NoStream::OtherType));
        assert_eq!(clone.take::<u8>(), Ok(7));
        assert_eq!(slot.take::<u8>(), Err(NoStream::Taken));
    }
}
