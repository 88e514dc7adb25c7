//! Logging by the crate `log`.

use super::{LogSeverity, Logging};

impl Logging {
    /// Hands each line to the logger of the crate `log`, with the target `httpx`: responses with a status below 400 at the
    /// level info, others at warn, failures at error. If the level debug is on for this target, the heads are shown too.
    ///
    /// Needs the feature `log`.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_middleware::logging::*; } }
    /// let logging = httpx::logging::Logging::to_log();
    /// ```
    pub fn to_log() -> Self {
        Logging::new(|record| {
            let level = match record.severity() {
                LogSeverity::Info => log::Level::Info,
                LogSeverity::Warn => log::Level::Warn,
                LogSeverity::Error => log::Level::Error,
            };
            if log::log_enabled!(target: "httpx", log::Level::Debug) {
                log::log!(target: "httpx", level, "{record:#}");
            } else {
                log::log!(target: "httpx", level, "{record}");
            }
        })
    }
}
