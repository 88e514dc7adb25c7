//! httpx-pool
