//! httpx-core
