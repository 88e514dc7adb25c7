//! httpx-pool

pub mod plan;
