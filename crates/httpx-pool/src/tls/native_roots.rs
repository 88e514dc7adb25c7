//! The roots in the platform's store of certificates.
//!
//! `rustls-native-certs` reads the store, and rustls verifies with its roots, on every platform in the same way: the
//! other settings (given roots, pins, CRLs) mean the same, and a handshake waits for nothing but the server. The other
//! library, `rustls-platform-verifier`, lets the system verify: it knows more rules of the system, but may wait for the
//! network in the middle of a handshake, and knows nothing of those settings.

use rustls::RootCertStore;
use rustls_native_certs::{CertificateResult, load_native_certs};

use super::config_error::TlsConfigError;

/// Reads the store of the platform, which takes some milliseconds.
pub(super) fn read() -> Result<RootCertStore, TlsConfigError> {
    usable(load_native_certs())
}

/// Stores hold certificates that cannot be parsed, and files that cannot be read. A connection needs only one of the
/// others, so they are errors only if there is nothing else.
fn usable(
    CertificateResult { certs, errors, .. }: CertificateResult,
) -> Result<RootCertStore, TlsConfigError> {
    let mut store = RootCertStore::empty();
    match store.add_parsable_certificates(certs) {
        (0, unusable) => {
            let first = errors.first().map(ToString::to_string);
            let what = first.unwrap_or_else(|| format!("it holds {unusable} others"));
            Err(TlsConfigError::NativeRoots { what: what.into() })
        }
        (_, _) => Ok(store),
    }
}

#[cfg(test)]
mod tests {
    use rustls_native_certs::load_certs_from_paths;
    use rustls_pki_types::CertificateDer;

    use super::*;
    use crate::tls::testing::Authority;

    #[test]
    fn one_usable_root_suffices() {
        let good = || CertificateDer::from(Authority::new().der());
        let bad = || CertificateDer::from(vec![0x30, 0x00]);
        let missing = || load_certs_from_paths(Some("/nonexistent/roots.pem".as_ref()), None).errors;
        let rows = [
            (vec![good()], vec![], Ok(1)),
            (vec![bad(), good(), good()], missing(), Ok(2)),
            (vec![], vec![], Err("(it holds 0 others): install one")),
            (vec![bad(), bad()], vec![], Err("(it holds 2 others): install one")),
            (vec![], missing(), Err("/nonexistent/roots.pem")),
        ];
        for (certs, errors, expected) in rows {
            let mut result = CertificateResult::default();
            (result.certs, result.errors) = (certs, errors);
            match (usable(result), expected) {
                (Ok(store), Ok(expected)) => assert_eq!(store.len(), expected),
                (Err(error), Err(expected)) => assert!(error.to_string().contains(expected), "{error}"),
                (result, expected) => panic!("{result:?} should be {expected:?}"),
            }
        }
    }
}
