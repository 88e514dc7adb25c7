//! [`PoolConfig`]: the settings of a pool or of a single connection.

use httpx_core::Timeouts;
use httpx_proto::Limits;

use crate::plan::PoolLimits;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// The settings that both flavours share.
#[derive(Debug, Clone, Default)]
pub(crate) struct PoolConfig {
    pub(crate) connections: PoolLimits,
    pub(crate) codec: Limits,
    pub(crate) timeouts: Timeouts,
    #[cfg(feature = "tls")]
    pub(crate) tls: TlsConfig,
    pub(crate) unclean_ends: httpx_proto::UncleanEnds,
}

impl PoolConfig {
    /// Returns the timeouts of a request that sets none: the pool's, then the defaults.
    pub(crate) fn timeouts(&self) -> Timeouts {
        self.timeouts.or(&Timeouts::DEFAULT)
    }
}
