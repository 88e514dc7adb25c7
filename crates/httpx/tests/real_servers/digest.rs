//! Digest authentication with httpbin.

use httpx::auth::Digest;

use crate::server;
use crate::support::{Flavour, both_flavours};

both_flavours!(httpbin_digests, httpbin_wrong_passwords);

fn httpbin_digests<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    for algorithm in ["MD5", "SHA-256", "SHA-512"] {
        for qop in ["auth", "auth-int"] {
            let client = F::with(|client| client.url(&httpbin).auth(Digest::new("ann", "s3cret")));
            // httpbin fails with a query, and with an escape in the path.
            let path = format!("/digest-auth/{qop}/ann/s3cret/{algorithm}");
            let statuses = [(); 2].map(|()| F::send(client.get(&path)).unwrap().status().as_u16());
            // SHA-512 is no algorithm of the RFC.
            let expected = if algorithm == "SHA-512" { 401 } else { 200 };
            assert_eq!(statuses, [expected; 2], "{path}");
        }
    }
    let client = F::with(|client| client.url(&httpbin));
    for (password, status) in [("s3cret", 200), ("other", 401)] {
        let request = client.get("/digest-auth/auth/ann/s3cret").digest_auth("ann", password);
        assert_eq!(F::send(request).unwrap().status(), status, "{password}");
    }
}

fn httpbin_wrong_passwords<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::with(|client| client.url(&httpbin).digest_auth("ann", "wrong"));
    for path in ["/digest-auth/auth/ann/s3cret", "/digest-auth/auth/ann/s3cret/MD5/never"] {
        assert_eq!(F::send(client.get(path)).unwrap().status(), 401, "{path}");
    }
}
