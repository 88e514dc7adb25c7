//! [`PoolState`]: the state that the handles of a pool share.

use std::sync::Arc;

use crate::http1::{Http1Connection, Http1Flavour};
use crate::lease::SharedPlan;
use crate::pool_builder::PoolBuilder;
use crate::pool_config::PoolConfig;

/// The state that all handles of a pool share. `B` is the network backend of its flavour.
pub(crate) struct PoolState<F: Http1Flavour, B> {
    /// The leases of connections in use hold it weakly.
    pub(crate) plan: Arc<SharedPlan<Http1Connection<F>>>,
    pub(crate) config: PoolConfig,
    pub(crate) backend: B,
}

impl<B> PoolBuilder<B> {
    /// Makes the state of a pool that has no connections yet.
    pub(crate) fn into_state<F: Http1Flavour>(self, uses_env_proxies: bool) -> Arc<PoolState<F, B>> {
        let PoolBuilder { mut config, backend } = self;
        if uses_env_proxies {
            config.connect = config.connect.with_default_proxies();
        }
        Arc::new(PoolState { plan: Arc::new(SharedPlan::new(config.connections)), config, backend })
    }
}
