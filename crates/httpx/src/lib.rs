//! httpx
