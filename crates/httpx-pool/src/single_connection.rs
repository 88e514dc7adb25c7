//! [`SingleConnection`]: a connection without a pool, the same for both flavours.

use std::sync::Arc;
use std::time::Duration;

use httpx_core::{Error, Result};

use crate::call::Call;
use crate::dialing::Opened;
use crate::endpoint::Endpoint;
use crate::http1::{Http1Connection, Http1Flavour};
use crate::into_error;
use crate::key::{Key, Runtime};
use crate::lease::{Pooled, SharedPlan};
use crate::pool_config::PoolConfig;

/// One connection to one origin.
pub(crate) struct SingleConnection<F: Http1Flavour> {
    pub(crate) endpoint: Endpoint,
    key: Key,
    pub(crate) config: PoolConfig,
    pub(crate) plan: Arc<SharedPlan<Http1Connection<F>>>,
}

impl<F: Http1Flavour> SingleConnection<F> {
    /// Keeps a connection that was opened for this call.
    pub(crate) fn new(
        call: &Call<'_>,
        config: PoolConfig,
        mut opened: Opened<Box<Http1Connection<F>>>,
    ) -> Result<Self> {
        opened.stream.state.set_single();
        let key = call.key(Runtime::Any);
        let plan = SharedPlan::single(key, opened.stream);
        Ok(SingleConnection { endpoint: call.endpoint()?, key: key.into(), config, plan })
    }

    /// Returns whether it can carry a request now.
    pub(crate) fn is_ready(&self) -> bool {
        self.plan.is_single_ready(self.key.as_ref(), Http1Connection::is_alive)
    }

    /// Takes the connection for this call, and reports that.
    ///
    /// # Errors
    ///
    /// If the call is for another origin or has other options, or the connection is busy or closed.
    pub(crate) fn take(&self, call: &Call<'_>) -> Result<Box<Http1Connection<F>>> {
        let taken = self.take_ready(call);
        if let Some(trace) = &call.trace {
            match &taken {
                Ok(connection) => {
                    trace.acquired(connection.details(), connection.is_reused(), Duration::ZERO);
                }
                Err(error) => trace.failed(error),
            }
        }
        taken
    }

    /// Closes the connection after a request that failed. Reports and returns the error.
    pub(crate) fn give_up(call: &Call<'_>, connection: Box<Http1Connection<F>>, error: Error) -> Error {
        connection.give_up();
        let error = call.with_proxy_named(error);
        if let Some(trace) = &call.trace {
            trace.failed(&error);
        }
        error
    }

    fn take_ready(&self, call: &Call<'_>) -> Result<Box<Http1Connection<F>>> {
        call.check_leads_to(&self.endpoint, &self.key)?;
        let mut connection = self.plan.take_single(call.key(Runtime::Any))?;
        // Bytes that no request asked for would be taken for the response.
        if !connection.is_alive() {
            return Err(into_error::connection_closed());
        }
        Ok(connection)
    }
}
