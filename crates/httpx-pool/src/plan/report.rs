//! The numbers and lists that a [`Plan`] reports.

use std::fmt;

use httpx_core::ConnectionCounts;

use super::connections::Totals;
use super::{Listed, Plan};
use crate::pool_stats::PoolStats;

impl<K, C, W> Plan<K, C, W> {
    /// Counts the connections. Constant time.
    pub(crate) fn counts(&self) -> ConnectionCounts {
        let idle = self.connections.idle();
        ConnectionCounts::new(self.connections.len() - idle, idle)
    }

    /// Counts the requests that wait and have been granted nothing yet. Constant time.
    pub(crate) fn waiting(&self) -> usize {
        self.waiters.waiting()
    }

    /// Returns the statistics, in constant time.
    pub(crate) fn stats(&self) -> PoolStats {
        let (idle, connecting) = (self.connections.idle(), self.connections.connecting());
        let Totals { opened, failed, reused, closed, full_handshakes, resumed_handshakes } =
            self.connections.totals();
        PoolStats {
            connecting,
            active: self.connections.len() - idle - connecting,
            idle,
            waiting: self.waiting(),
            opened,
            failed,
            reused,
            closed,
            full_handshakes,
            resumed_handshakes,
        }
    }

    /// All connections, in no particular order. Looks at each of them.
    pub(crate) fn connections(&self) -> impl Iterator<Item = Listed<'_, K>> {
        self.connections.iter().filter_map(|record| {
            Some(Listed {
                key: &self.origins.get(record.origin)?.key,
                state: record.state(),
                since: record.since,
                opened: record.opened,
                uses: record.uses,
                capacity: record.capacity,
                details: record.details.as_ref(),
            })
        })
    }
}

/// Prints the numbers: connections and wakers need no `Debug`.
impl<K, C, W> fmt::Debug for Plan<K, C, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ConnectionCounts { active, idle, .. } = self.counts();
        f.debug_struct("Plan")
            .field("active", &active)
            .field("idle", &idle)
            .field("waiting", &self.waiting())
            .field("origins", &self.origins.len())
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}
