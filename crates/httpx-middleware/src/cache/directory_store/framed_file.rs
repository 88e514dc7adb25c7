//! The content of an entry's file: a line with the version of the form, a checksum, and the entry.

use bytes::Bytes;
use sha2::{Digest, Sha256};

/// The first line. The number changes if the form does.
const MAGIC: &[u8; 19] = b"httpx-cache-file 1\n";

/// The bytes before the entry.
pub(super) const FRAME_BYTES: u64 = 19 + 32;

/// Returns the bytes before an entry.
pub(super) fn frame(entry: &[u8]) -> Vec<u8> {
    let mut frame = MAGIC.to_vec();
    frame.extend_from_slice(&Sha256::digest(entry));
    frame
}

/// Returns the entry of a file; `None` if the file is cut short, changed, or of another version.
pub(super) fn unframe(file: Vec<u8>) -> Option<Bytes> {
    let (checksum, entry) = file.strip_prefix(MAGIC)?.split_at_checked(32)?;
    let is_intact = *Sha256::digest(entry) == *checksum;
    let start = file.len() - entry.len();
    is_intact.then(|| Bytes::from(file).slice(start..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_intact_file_has_an_entry() {
        let file = [&*frame(b"entry"), b"entry"].concat();
        assert_eq!(file.len() as u64, FRAME_BYTES + 5);
        assert_eq!(unframe(file.clone()).unwrap(), "entry");
        for end in 0..file.len() {
            assert_eq!(unframe(file[..end].to_vec()), None, "{end}");
        }
        for at in 0..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert_eq!(unframe(changed), None, "{at}");
        }
        assert_eq!(unframe([&file[..], b"!"].concat()), None);
    }
}
