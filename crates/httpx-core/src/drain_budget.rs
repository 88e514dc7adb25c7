//! The budget limits an explicit drain: bytes, reads, time. (The pool limits the drain of a dropped body.)

use std::time::Duration;

/// The budget for reading the rest of a body so that its connection can be reused.
pub(crate) struct DrainBudget {
    bytes: u64,
    /// Bounds the number of reads, so that a server that drips cannot hold the caller for hours.
    reads: u32,
}

impl DrainBudget {
    /// The most time that draining may take: about the cost of a new connection with its handshakes to a distant server.
    pub(crate) const TIME: Duration = Duration::from_secs(1);

    /// Allows `max_bytes` bytes in at most 64 reads.
    pub(crate) fn new(max_bytes: u64) -> Self {
        DrainBudget { bytes: max_bytes, reads: 64 }
    }

    /// Spends `n` bytes and one read. Returns `false` if the budget does not allow them.
    pub(crate) fn spend(&mut self, n: usize) -> bool {
        match (self.bytes.checked_sub(n as u64), self.reads.checked_sub(1)) {
            (Some(bytes), Some(reads)) => {
                *self = DrainBudget { bytes, reads };
                true
            }
            (_, _) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_reads_are_bounded() {
        let mut budget = DrainBudget::new(100);
        assert!(budget.spend(60) && budget.spend(40) && !budget.spend(1));
        let mut budget = DrainBudget::new(u64::MAX);
        assert_eq!((0..1000).take_while(|_| budget.spend(1)).count(), 64);
    }
}
