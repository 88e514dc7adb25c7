//! [`PoolConfig`]: the settings of a pool or of a single connection.

use httpx_core::Timeouts;
use httpx_proto::{Limits, UncleanEnds};

use crate::plan::PoolLimits;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// The settings that both flavours share.
#[derive(Debug, Clone)]
pub(crate) struct PoolConfig {
    pub(crate) connections: PoolLimits,
    pub(crate) codec: Limits,
    /// The timeouts of a request that sets none. None of them is unset for which there is a default.
    pub(crate) timeouts: Timeouts,
    #[cfg(feature = "tls")]
    pub(crate) tls: TlsConfig,
    pub(crate) unclean_ends: UncleanEnds,
}

impl Default for PoolConfig {
    fn default() -> Self {
        PoolConfig {
            connections: PoolLimits::default(),
            codec: Limits::default(),
            timeouts: Timeouts::DEFAULT,
            #[cfg(feature = "tls")]
            tls: TlsConfig::default(),
            unclean_ends: UncleanEnds::default(),
        }
    }
}
