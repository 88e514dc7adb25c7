//! httpx-middleware
