//! [`RecentKey`]: under which key the plan knows an origin on a runtime.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::Id;

/// The key that was asked for last: most programs ask for the same one again, and need not have it written anew.
#[derive(Debug, Default)]
pub(super) struct RecentKey(Mutex<Option<(Id, Arc<str>)>>);

impl RecentKey {
    /// `https://example.com#1`: no origin has a `#`.
    pub(super) fn of(&self, origin: &str, runtime: Id) -> Arc<str> {
        // Whole between any two calls.
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((on, key)) = &*recent
            && *on == runtime
            && RecentKey::origin(key) == origin
        {
            return Arc::clone(key);
        }
        let key: Arc<str> = format!("{origin}#{runtime}").into();
        *recent = Some((runtime, Arc::clone(&key)));
        key
    }

    /// The origin of a key, without the runtime.
    pub(super) fn origin(key: &str) -> &str {
        key.rsplit_once('#').map_or(key, |(origin, _)| origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_key_is_that_of_its_origin_and_its_runtime() {
        let here = tokio::runtime::Handle::current().id();
        let elsewhere = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let there = elsewhere.handle().id();
        let keys = RecentKey::default();
        let mut seen = Vec::new();
        for (origin, runtime) in [
            ("http://a", here),
            ("http://a", there),
            ("http://a:81", here),
            ("http://aa", here),
            ("https://a", here),
        ] {
            let key = keys.of(origin, runtime);
            assert_eq!(RecentKey::origin(&key), origin);
            assert!(Arc::ptr_eq(&key, &keys.of(origin, runtime)));
            assert!(!seen.contains(&key), "{key}");
            seen.push(key);
        }
        elsewhere.shutdown_background();
    }
}
