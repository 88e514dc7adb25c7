//! The roots that are trusted by default.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{self, PemObject};

use super::config_error::TlsConfigError;
use super::der::SEQUENCE;

const FILE: &str = "SSL_CERT_FILE";
const DIR: &str = "SSL_CERT_DIR";

/// Returns Mozilla's roots as they were compiled in. They are trusted if the environment names no others.
pub(super) fn mozilla_roots() -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    store
}

/// The roots that the environment names, as for OpenSSL and curl: the file `SSL_CERT_FILE`, the directories of
/// `SSL_CERT_DIR` (a list, separated as in `PATH`), or both. They are trusted instead of Mozilla's.
pub(super) struct EnvironmentRoots {
    file: Option<OsString>,
    dirs: Option<OsString>,
}

impl EnvironmentRoots {
    /// Returns `None` if no root is named. An empty variable counts as unset.
    pub(super) fn of_environment() -> Option<Self> {
        let set = |variable| std::env::var_os(variable).filter(|value| !value.is_empty());
        match (set(FILE), set(DIR)) {
            (None, None) => None,
            (file, dirs) => Some(EnvironmentRoots { file, dirs }),
        }
    }

    /// Reads all roots that are named.
    pub(super) fn read(&self) -> Result<RootCertStore, TlsConfigError> {
        let mut store = RootCertStore::empty();
        if let Some(file) = self.file.as_deref().map(Path::new) {
            let bytes = fs::read(file).map_err(|e| unreadable(FILE, file, e))?;
            let place = format!("{}, which {FILE} names", file.display());
            add_usable(&mut store, certificates(&bytes, &place)?, &place)?;
        }
        if let Some(dirs) = &self.dirs {
            let mut found = Vec::new();
            for dir in std::env::split_paths(dirs).filter(|dir| !dir.as_os_str().is_empty()) {
                found.extend(certificates_of_directory(&dir)?);
            }
            add_usable(&mut store, found, &format!("{}, which {DIR} names", dirs.display()))?;
        }
        Ok(store)
    }
}

/// Returns the certificates in PEM, or the one in DER, that `bytes` hold: at least one. `place` is for the error.
pub(super) fn certificates(
    bytes: &[u8],
    place: &str,
) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
    let found = pem_or_der(bytes)
        .map_err(|e| TlsConfigError::Pem { place: place.into(), what: e.to_string().into() })?;
    if found.is_empty() {
        return Err(TlsConfigError::NoCertificate { place: place.into() });
    }
    Ok(found)
}

/// Returns all items of a text in PEM, or the single item in DER.
pub(super) fn pem_or_der<T: PemObject + From<Vec<u8>>>(bytes: &[u8]) -> Result<Vec<T>, pem::Error> {
    // Every certificate and every CRL is a SEQUENCE, and no text begins with that tag.
    if bytes.first() == Some(&SEQUENCE) {
        return Ok(vec![T::from(bytes.to_vec())]);
    }
    T::pem_slice_iter(bytes).collect()
}

/// Returns the certificates of all files of a directory, in the order of their names. Files without certificates are
/// skipped: such directories also hold revocation lists and notes.
fn certificates_of_directory(dir: &Path) -> Result<Vec<CertificateDer<'static>>, TlsConfigError> {
    let list = || -> io::Result<Vec<PathBuf>> {
        fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.path())).collect()
    };
    let mut paths = list().map_err(|e| unreadable(DIR, dir, e))?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        // Follows links, which are most of such a directory. A broken link is skipped.
        if path.is_file() {
            let bytes = fs::read(&path).map_err(|e| unreadable(DIR, &path, e))?;
            found.extend(certificates(&bytes, "").unwrap_or_default());
        }
    }
    Ok(found)
}

/// Adds the certificates that can be used. Stores of systems hold certificates that cannot be parsed here, and a
/// connection needs only one of the others. A store without any usable certificate is a mistake.
fn add_usable(
    store: &mut RootCertStore,
    certificates: Vec<CertificateDer<'static>>,
    place: &str,
) -> Result<(), TlsConfigError> {
    match store.add_parsable_certificates(certificates) {
        (0, _) => Err(TlsConfigError::NoCertificate { place: place.into() }),
        (_, _) => Ok(()),
    }
}

fn unreadable(variable: &'static str, path: &Path, source: io::Error) -> TlsConfigError {
    TlsConfigError::Unreadable { variable, path: path.into(), source: Arc::new(source) }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;
    use crate::tls::testing::Authority;

    /// A directory for one test, removed at its end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("httpx-roots-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
            let path = self.0.join(name);
            fs::write(&path, content).unwrap();
            path
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn read(file: Option<&Path>, dirs: Option<&OsStr>) -> Result<RootCertStore, TlsConfigError> {
        EnvironmentRoots { file: file.map(Into::into), dirs: dirs.map(Into::into) }.read()
    }

    #[test]
    fn mozilla_roots_by_default() {
        assert_eq!(mozilla_roots().len(), webpki_roots::TLS_SERVER_ROOTS.len());
    }

    #[test]
    fn the_union_of_file_and_directory_instead() {
        let scratch = Scratch::new("union");
        let file = scratch.file("bundle", Authority::new().pem() + &Authority::new().pem());
        let dir = Scratch::new("union-dir");
        dir.file("a.0", Authority::new().pem());
        dir.file("b.0", Authority::new().der());
        dir.file("README", "no certificate");
        let count = |file: Option<&Path>, dirs: Option<&OsStr>| read(file, dirs).unwrap().len();
        assert_eq!(count(Some(&file), None), 2);
        assert_eq!(count(None, Some(dir.0.as_os_str())), 2);
        assert_eq!(count(Some(&file), Some(dir.0.as_os_str())), 4);
        let both = std::env::join_paths([&scratch.0, &dir.0]).unwrap();
        assert_eq!(count(None, Some(&both)), 4);
    }

    #[test]
    fn unusable_files_are_errors() {
        let scratch = Scratch::new("bad");
        let missing = scratch.0.join("missing");
        let text = scratch.file("text", "no certificate");
        let cut = scratch.file("cut", "-----BEGIN CERTIFICATE-----\nAAAA\n");
        let odd = scratch.file("odd", b"\x30\x00");
        let rows: [(&Path, &str); 4] = [
            (&missing, "cannot read "),
            (&text, "there is no certificate in "),
            (&cut, "the PEM of "),
            (&odd, "there is no certificate in "),
        ];
        for (path, expected) in rows {
            let error = read(Some(path), None).unwrap_err().to_string();
            assert!(error.starts_with(expected) && error.contains("SSL_CERT_FILE"), "{error}");
        }
        for dir in [&missing, &scratch.0] {
            let error = read(None, Some(dir.as_os_str())).unwrap_err().to_string();
            assert!(error.contains("SSL_CERT_DIR"), "{error}");
        }
    }
}
