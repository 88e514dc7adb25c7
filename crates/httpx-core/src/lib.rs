//! httpx-core
#![forbid(unsafe_code)]

pub mod decode;
