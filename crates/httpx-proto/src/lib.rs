//! httpx-proto
