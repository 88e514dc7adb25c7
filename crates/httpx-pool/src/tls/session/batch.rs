//! The bytes that one write has encrypted, and how many of them may be reported as written.

/// The plaintext of one write and the ciphertext that it became.
///
/// Encrypted bytes must not be encrypted again, so a write that ends early is continued by the next one. A batch whose
/// ciphertext has partly gone out is reported in part: the server may have read and acted on it. The last byte is
/// reported only when all ciphertext has gone out: after the last write, there is no later one to send the rest.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// Where the ciphertext begins and ends in the outgoing stream.
    start: u64,
    end: u64,
    /// The length of the plaintext.
    plain: usize,
    reported: usize,
}

impl Batch {
    pub(super) fn new(start: u64, end: u64, plain: usize) -> Self {
        Self { start, end, plain, reported: 0 }
    }

    /// Returns whether a write must still report some of it.
    pub(super) fn is_unreported(&self) -> bool {
        self.reported < self.plain
    }

    /// Returns how many more bytes of plaintext count as written, at most `most`, once the outgoing stream has been
    /// sent up to
    /// `sent`.
    pub(super) fn report(&mut self, sent: u64, most: usize) -> usize {
        let new = self.reportable(sent).min(most);
        self.reported += new;
        new
    }

    /// Returns how many bytes could be reported now.
    pub(super) fn reportable(&self, sent: u64) -> usize {
        self.written(sent).saturating_sub(self.reported)
    }

    fn written(&self, sent: u64) -> usize {
        if sent >= self.end {
            return self.plain;
        }
        let (gone, all) = (sent.saturating_sub(self.start), self.end - self.start);
        if gone == 0 || self.plain == 0 {
            return 0;
        }
        let share = (self.plain as u64).saturating_mul(gone) / all;
        usize::try_from(share).unwrap_or(usize::MAX).clamp(1, self.plain).min(self.plain - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports() {
        // 1,000 bytes of plaintext in 1,100 bytes of ciphertext, after 50 bytes of something else.
        let rows: [(&str, &[(u64, usize)]); 5] = [
            ("at once", &[(1150, 1000), (1150, 0)]),
            ("nothing of it", &[(0, 0), (50, 0), (1150, 1000)]),
            ("by its share", &[(600, 500), (600, 0), (1149, 499), (1150, 1)]),
            ("at least one", &[(51, 1), (52, 0), (1150, 999)]),
            ("more behind it", &[(2000, 1000)]),
        ];
        for (name, steps) in rows {
            let mut batch = Batch::new(50, 1150, 1000);
            for &(sent, expected) in steps {
                assert_eq!(batch.report(sent, usize::MAX), expected, "{name}, {sent}");
            }
            assert!(!batch.is_unreported(), "{name}");
        }
    }

    #[test]
    fn reports_no_more_than_was_offered() {
        let mut batch = Batch::new(0, 30, 10);
        assert_eq!([7, 7, 7].map(|most| batch.report(30, most)), [7, 3, 0]);
        // One byte has no part that could be reported early.
        let mut batch = Batch::new(0, 30, 1);
        assert_eq!([29, 30].map(|sent| batch.report(sent, 1)), [0, 1]);
        assert_eq!(Batch::default().report(9, 9), 0);
    }
}
