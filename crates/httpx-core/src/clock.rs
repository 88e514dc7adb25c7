//! [`HAS_CLOCK`]: whether this system has a clock that only goes forward.

/// Whether `Instant::now` works. In a browser it panics, and the standard library has no other clock there.
pub(crate) const HAS_CLOCK: bool = !cfg!(all(target_family = "wasm", target_os = "unknown"));
