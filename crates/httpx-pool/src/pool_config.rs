//! [`PoolConfig`]: the settings of a pool or of a single connection.

use httpx_core::Timeouts;
use httpx_proto::{Limits, UncleanEnds};

use crate::connect_options::ConnectOptions;
use crate::expect_continue::ExpectContinue;
use crate::observer::ObserverHandle;
use crate::plan::PoolLimits;

/// The settings that both flavours share.
#[derive(Debug, Clone)]
pub(crate) struct PoolConfig {
    pub(crate) connections: PoolLimits,
    pub(crate) codec: Limits,
    /// The timeouts of a request that sets none. None of them is unset for which there is a default.
    pub(crate) timeouts: Timeouts,
    pub(crate) connect: ConnectOptions,
    pub(crate) unclean_ends: UncleanEnds,
    pub(crate) expect_continue: ExpectContinue,
    pub(crate) observer: Option<ObserverHandle>,
}

impl Default for PoolConfig {
    fn default() -> Self {
        PoolConfig {
            connections: PoolLimits::default(),
            codec: Limits::default(),
            timeouts: Timeouts::DEFAULT,
            connect: ConnectOptions::new(),
            unclean_ends: UncleanEnds::default(),
            expect_continue: ExpectContinue::new(),
            observer: None,
        }
    }
}
