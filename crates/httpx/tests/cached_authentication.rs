//! A cache beside authentication: the order of both, and several users.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "cache", feature = "digest"))]
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use httpx::auth::Digest;
use httpx::cache::{Cache, CacheHit};
use httpx::{Bytes, Response};
use httpx_core::Request;

mod support;

use support::flavour::{BodyOf, Setup};
use support::{Flavour, both_flavours};

both_flavours!(each_order, digests_of_requests_are_apart, another_digest_in_the_header_is_another_user);

type Count = Arc<AtomicUsize>;

/// A client over a server that wants a digest, and the number of its requests. Its responses are fresh.
fn guarded<F: Flavour>(set: impl FnOnce(Setup<F>) -> Setup<F>) -> (F, Count) {
    let count = Count::default();
    let seen = Arc::clone(&count);
    let answer = move |request: &Request<BodyOf<F>>| {
        seen.fetch_add(1, Ordering::Relaxed);
        let Some(digest) = request.headers().get("Authorization") else {
            let mut response = Response::<Bytes>::new(401, ())?;
            let challenge = "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=SHA-256";
            response.head_mut().headers_mut().set("WWW-Authenticate", challenge)?;
            return Ok(response);
        };
        // The name of the user.
        let user = digest.to_str().unwrap().split('"').nth(1).unwrap().to_owned();
        let mut response = Response::<Bytes>::new(200, httpx::Text(user))?;
        response.head_mut().headers_mut().set("Cache-Control", "max-age=60")?;
        Ok(response)
    };
    (F::answered(answer, set).unwrap(), count)
}

const FRESH: Option<CacheHit> = Some(CacheHit::Fresh);

fn each_order<F: Flavour>() {
    type Set<F> = Box<dyn FnOnce(Setup<F>) -> Setup<F>>;
    fn digest() -> Digest {
        Digest::new("ann", "s3cret")
    }
    let orders: [(&str, Set<F>); 3] = [
        ("below", Box::new(|client| client.auth(digest()).cache(Cache::in_memory()))),
        ("above", Box::new(|client| client.cache(Cache::in_memory()).auth(digest()))),
        ("digest_auth", Box::new(|client| client.digest_auth("ann", "s3cret").cache(Cache::in_memory()))),
    ];
    for (order, set) in orders {
        let (client, count) = guarded::<F>(set);
        let hits = [(); 3].map(|()| F::send(client.get("http://h/")).unwrap().from_cache());
        assert_eq!((hits, count.load(Ordering::Relaxed)), ([None, FRESH, FRESH], 2), "{order}");
    }
}

fn digests_of_requests_are_apart<F: Flavour>() {
    let (client, _) = guarded::<F>(|client| client.cache(Cache::in_memory()));
    let mut outcomes = Vec::new();
    for (user, password) in [("ann", "a"), ("ann", "a"), ("ann", "wrong"), ("bob", "b"), ("ann", "a")] {
        let response = F::send(client.get("http://h/").digest_auth(user, password)).unwrap();
        outcomes.push((response.text().into_owned(), response.from_cache()));
    }
    // A response proves nothing about another password.
    let expected = [("ann", None), ("ann", FRESH), ("ann", None), ("bob", None), ("ann", FRESH)];
    assert_eq!(outcomes, expected.map(|(user, hit)| (user.to_owned(), hit)));
    assert_eq!(F::send(client.get("http://h/")).unwrap().status(), 401);
}

/// A digest that the program has computed itself.
fn another_digest_in_the_header_is_another_user<F: Flavour>() {
    let (client, count) = guarded::<F>(|client| client.cache(Cache::in_memory()));
    for response in ["1", "2"] {
        let header = format!("Digest username=\"ann\", response=\"{response}\"");
        assert_eq!(
            F::send(client.get("http://h/").header("Authorization", header)).unwrap().from_cache(),
            None
        );
    }
    assert_eq!(count.load(Ordering::Relaxed), 2);
}
