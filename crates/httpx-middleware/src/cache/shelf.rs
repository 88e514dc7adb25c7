//! Finds, saves and removes the responses of a URL in a store.
//!
//! Most URLs have one response, which is under the URL itself. If a second variant arrives, the entry of the URL becomes a
//! list of the variants, and each of them gets a key of its own. Two programs that change the same entry at once may lose
//! one of the changes: a request is then sent that could have been spared.

use std::io;

use httpx_core::{RequestHead, Url};

use super::entry::{MAX_VARIANTS, StoredEntry};
use super::stored_response::StoredResponse;
use super::{Store, StoreKey};

/// A response and its key.
#[derive(Clone)]
pub(super) struct FoundResponse {
    pub(super) key: StoreKey,
    pub(super) response: StoredResponse,
}

/// Returns the response that a request selects.
pub(super) fn find(store: &dyn Store, request: &RequestHead) -> io::Result<Option<FoundResponse>> {
    let key = StoreKey::of_url(request.url());
    let key = match read(store, &key)? {
        None => return Ok(None),
        Some(StoredEntry::Response(response)) => return Ok(selected(key, response, request)),
        Some(StoredEntry::Variants(variants)) => match variants.iter().find(|one| one.matches(request)) {
            None => return Ok(None),
            Some(variant) => key.variant(&variant.id),
        },
    };
    match read(store, &key)? {
        Some(StoredEntry::Response(response)) => Ok(selected(key, response, request)),
        Some(StoredEntry::Variants(_)) | None => Ok(None),
    }
}

/// Saves a response of this URL. It replaces the one that the same requests select.
pub(super) fn save(store: &dyn Store, url: &Url, response: StoredResponse) -> io::Result<()> {
    let key = StoreKey::of_url(url);
    let mut variants = match read(store, &key)? {
        Some(StoredEntry::Response(other)) if other.selection != response.selection => {
            let variants = vec![other.selection.clone()];
            write(store, &key.variant(&other.selection.id), &StoredEntry::Response(other))?;
            variants
        }
        Some(StoredEntry::Variants(variants)) => variants,
        Some(StoredEntry::Response(_)) | None => {
            return write(store, &key, &StoredEntry::Response(response));
        }
    };
    let selection = response.selection.clone();
    write(store, &key.variant(&selection.id), &StoredEntry::Response(response))?;
    variants.retain(|other| *other != selection);
    variants.insert(0, selection);
    for displaced in variants.drain(MAX_VARIANTS.min(variants.len())..) {
        store.remove(&key.variant(&displaced.id))?;
    }
    write(store, &key, &StoredEntry::Variants(variants))
}

/// Saves a response in place of all of its URL.
pub(super) fn save_alone(store: &dyn Store, key: &StoreKey, response: StoredResponse) -> io::Result<()> {
    write(store, key, &StoredEntry::Response(response))
}

/// Saves a response again whose head was updated.
pub(super) fn update(store: &dyn Store, found: FoundResponse) -> io::Result<()> {
    write(store, &found.key, &StoredEntry::Response(found.response))
}

/// Removes all responses of this URL (RFC 9111 §4.4).
pub(super) fn invalidate(store: &dyn Store, url: &Url) -> io::Result<()> {
    let key = StoreKey::of_url(url);
    // An entry that cannot be read is removed all the same.
    if let Ok(Some(StoredEntry::Variants(variants))) = read(store, &key) {
        for variant in variants {
            store.remove(&key.variant(&variant.id))?;
        }
    }
    store.remove(&key)
}

fn read(store: &dyn Store, key: &StoreKey) -> io::Result<Option<StoredEntry>> {
    Ok(store.get(key)?.and_then(|bytes| StoredEntry::decode(&bytes, key)))
}

fn write(store: &dyn Store, key: &StoreKey, entry: &StoredEntry) -> io::Result<()> {
    store.put(key, entry.encode(key))
}

fn selected(key: StoreKey, response: StoredResponse, request: &RequestHead) -> Option<FoundResponse> {
    response.selection.matches(request).then_some(FoundResponse { key, response })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use bytes::Bytes;
    use httpx_core::{Headers, Method, ResponseHead, StatusCode};

    use super::super::MemoryStore;
    use super::super::selection::Selection;
    use super::super::stored_response::ExchangeTimes;
    use super::*;

    fn request(language: &str) -> RequestHead {
        let mut head = RequestHead::new(Method::GET, Url::parse("https://ann:pw@h/x#part").unwrap());
        head.headers_mut().append("Accept-Language", language).unwrap();
        head
    }

    fn put(store: &MemoryStore, vary: &str, language: &str, body: &'static str) {
        let headers = Headers::try_from([("Vary", vary)]).unwrap();
        let selection = Selection::of(&headers, &request(language)).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        let times = ExchangeTimes { sent: now, received: now };
        let head = ResponseHead::new(StatusCode::OK).with_headers(headers);
        let response = StoredResponse::new(&head, selection, times, Bytes::from(body));
        save(store, request(language).url(), response).unwrap();
    }

    fn got(store: &MemoryStore, language: &str) -> Option<Bytes> {
        find(store, &request(language)).unwrap().map(|found| found.response.body)
    }

    #[test]
    fn variants_are_kept_beside_each_other() {
        let store = MemoryStore::new();
        put(&store, "Accept-Language", "en", "hello");
        assert_eq!(format!("{store:?}")[..24], *"<MemoryStore [1 entries,");
        put(&store, "Accept-Language", "de", "hallo");
        put(&store, "Accept-Language", "en", "good morning");
        assert_eq!(got(&store, "en").unwrap(), "good morning");
        assert_eq!(got(&store, "de").unwrap(), "hallo");
        assert_eq!(got(&store, "fr"), None);
        // The keys have neither the fragment nor the user.
        assert!(store.get(&StoreKey::new("https://h/x")).unwrap().is_some());
        invalidate(&store, request("en").url()).unwrap();
        assert_eq!((got(&store, "en"), got(&store, "de")), (None, None));
        assert_eq!(format!("{store:?}"), "<MemoryStore [0 entries, 0 bytes]>");
    }

    #[test]
    fn the_oldest_variant_is_displaced() {
        let store = MemoryStore::new();
        for language in 0..=MAX_VARIANTS {
            put(&store, "Accept-Language", &language.to_string(), "x");
        }
        assert_eq!((got(&store, "0"), got(&store, "1")), (None, Some(Bytes::from("x"))));
        // The list, and its variants.
        assert_eq!(format!("{store:?}")[..25], *"<MemoryStore [17 entries,");
    }

    #[test]
    fn an_entry_that_is_no_entry_is_replaced() {
        let store = MemoryStore::new();
        store.put(&StoreKey::new("https://h/x"), Bytes::from("httpx-cache 9\n")).unwrap();
        assert_eq!(got(&store, "en"), None);
        put(&store, "", "en", "hello");
        assert_eq!(got(&store, "de").unwrap(), "hello");
    }
}
