//! [`SpkiPin`]: the hash of a public key.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use rustls::SupportedCipherSuite;
use rustls::crypto::CryptoProvider;
use rustls::crypto::hash::{Hash, HashAlgorithm};

use super::config_error::TlsConfigError;
use super::der::{Der, INTEGER, SEQUENCE, context};
use super::roots;

/// The SHA-256 hash of a public key, by which [`pin_spki_sha256`](super::TlsConfigBuilder::pin_spki_sha256) knows it.
///
/// The key is hashed with its algorithm, as the SubjectPublicKeyInfo of a certificate in DER (RFC 7469 §2.4), so the pin
/// stays the same when a certificate is renewed with the same key. The text form is `sha256/` and the hash in base64;
/// that of curl, `sha256//`, is read, too.
///
/// ```
/// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
/// use httpx::tls::SpkiPin;
///
/// let pin: SpkiPin = "sha256/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=".parse()?;
/// assert_eq!(pin.as_bytes()[..2], [0x0b, 0x9f]);
/// # Ok::<(), httpx_pool::TlsConfigError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpkiPin([u8; LENGTH]);

const LENGTH: usize = 32;

impl SpkiPin {
    /// Computes the pin of a certificate, in DER or PEM. Of several certificates in PEM, it takes the first.
    ///
    /// # Errors
    ///
    /// [`TlsConfigError`] if there is no certificate.
    ///
    /// ```no_run
    /// # mod httpx { pub mod tls { pub use httpx_pool::*; } }
    /// use httpx::tls::SpkiPin;
    ///
    /// println!("{}", SpkiPin::of_certificate(&std::fs::read("server.pem")?)?); // sha256/C5+lpZ7t…
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of_certificate(certificate: &[u8]) -> Result<Self, TlsConfigError> {
        let place = "the certificate to be pinned";
        let nothing = || TlsConfigError::NoCertificate { place: place.into() };
        let certificates = roots::certificates(certificate, place)?;
        let first = certificates.first().ok_or_else(nothing)?;
        let sha256 = sha256_of(&rustls::crypto::ring::default_provider())?;
        public_key_info(first).and_then(|info| Self::of_public_key_info(info, sha256)).ok_or_else(nothing)
    }

    /// `None` if the hash has another length than SHA-256.
    pub(super) fn of_public_key_info(info: &[u8], sha256: &dyn Hash) -> Option<Self> {
        sha256.hash(info).as_ref().try_into().ok().map(SpkiPin)
    }

    /// Returns the hash.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Returns the SHA-256 of a provider, which comes with its cipher suites.
pub(super) fn sha256_of(provider: &CryptoProvider) -> Result<&'static dyn Hash, TlsConfigError> {
    let hashes = provider.cipher_suites.iter().map(|suite| match suite {
        SupportedCipherSuite::Tls12(suite) => suite.common.hash_provider,
        SupportedCipherSuite::Tls13(suite) => suite.common.hash_provider,
    });
    hashes.into_iter().find(|hash| hash.algorithm() == HashAlgorithm::SHA256).ok_or(TlsConfigError::NoSha256)
}

/// Returns the SubjectPublicKeyInfo of a certificate in DER (RFC 5280 §4.1).
pub(super) fn public_key_info(certificate: &[u8]) -> Option<&[u8]> {
    let mut fields = Der(certificate).next_if(SEQUENCE)?.inside().next_if(SEQUENCE)?.inside();
    fields.next_if(context(0));
    fields.next_if(INTEGER)?;
    let [_signature, _issuer] = [fields.next_if(SEQUENCE)?, fields.next_if(SEQUENCE)?];
    let [_validity, _subject] = [fields.next_if(SEQUENCE)?, fields.next_if(SEQUENCE)?];
    fields.next_if(SEQUENCE).map(|info| info.whole)
}

impl From<[u8; 32]> for SpkiPin {
    fn from(hash: [u8; 32]) -> Self {
        SpkiPin(hash)
    }
}

impl From<&[u8; 32]> for SpkiPin {
    fn from(hash: &[u8; 32]) -> Self {
        SpkiPin(*hash)
    }
}

impl FromStr for SpkiPin {
    type Err = TlsConfigError;

    fn from_str(text: &str) -> Result<Self, TlsConfigError> {
        let base64 = text.strip_prefix("sha256/").map(|rest| match rest.strip_prefix('/') {
            // A slash is also a digit of base64.
            Some(curl) if rest.trim_end_matches('=').len() > DIGITS => curl,
            _ => rest,
        });
        base64.and_then(decode).map(SpkiPin).ok_or_else(|| {
            let pin = text.chars().take(64).flat_map(char::escape_debug).collect::<String>().into();
            TlsConfigError::Pin { pin }
        })
    }
}

impl TryFrom<&str> for SpkiPin {
    type Error = TlsConfigError;

    fn try_from(text: &str) -> Result<Self, TlsConfigError> {
        text.parse()
    }
}

/// For pins that are hashes already.
impl From<Infallible> for TlsConfigError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

/// `sha256/` and the hash in base64.
impl fmt::Display for SpkiPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sha256/")?;
        for group in self.0.chunks(3) {
            let bits =
                group.iter().chain(&[0; 2]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
            for n in 0..=group.len() {
                let digit = ALPHABET.as_bytes().get(bits >> (18 - 6 * n) & 63);
                write!(f, "{}", char::from(digit.copied().unwrap_or_default()))?;
            }
        }
        f.write_str("=")
    }
}

impl fmt::Debug for SpkiPin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The digits of base64 (RFC 4648 §4).
const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// How many digits the hash has without padding.
const DIGITS: usize = 43;

/// Reads the hash in base64. The padding may be missing.
fn decode(text: &str) -> Option<[u8; LENGTH]> {
    let digits = text.strip_suffix('=').unwrap_or(text);
    if digits.len() != DIGITS {
        return None;
    }
    let mut hash = [0; LENGTH];
    let (mut bits, mut count, mut bytes) = (0_u32, 0, hash.iter_mut());
    for digit in digits.chars() {
        bits = bits << 6 | u32::try_from(ALPHABET.find(digit)?).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            *bytes.next()? = u8::try_from(bits >> count & 0xff).ok()?;
        }
        bits &= 0xff;
    }
    // The last digit has two bits too many.
    (bits & 0b11 == 0).then_some(hash)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;

    use super::*;
    use crate::tls::testing::Authority;

    /// The hash of the key of ISRG Root X1, as published.
    const ISRG_ROOT_X1: &str = "sha256/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=";

    #[test]
    fn texts() {
        let pin: SpkiPin = ISRG_ROOT_X1.parse().unwrap();
        assert_eq!(pin.to_string(), ISRG_ROOT_X1);
        assert_eq!(ISRG_ROOT_X1.trim_end_matches('=').parse::<SpkiPin>().unwrap(), pin);
        assert_eq!(ISRG_ROOT_X1.replace('/', "//").parse::<SpkiPin>().unwrap(), pin);
        let (zeros, ones) = (SpkiPin::from([0; 32]), SpkiPin::from(&[0xff; 32]));
        for (pin, digits) in [(zeros, "A".repeat(43) + "="), (ones, "/".repeat(42) + "8=")] {
            assert_eq!(pin.to_string(), format!("sha256/{digits}"));
            assert_eq!(pin.to_string().parse::<SpkiPin>().unwrap(), pin);
            assert_eq!(format!("sha256//{digits}").parse::<SpkiPin>().unwrap(), pin);
        }
        let mut hash = [0; 32];
        for (n, byte) in hash.iter_mut().enumerate() {
            *byte = (n * 37 + 11) as u8;
        }
        assert_eq!(SpkiPin::from(hash).to_string().parse::<SpkiPin>().unwrap().as_bytes(), &hash);
    }

    #[test]
    fn texts_that_are_no_pins() {
        let long = "sha256/".to_owned() + &"A".repeat(10_000);
        for text in [
            "",
            "sha256/",
            "sha1/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=",
            "C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=",
            "sha256/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8==",
            "sha256/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8N=",
            "sha256/C5-lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFr8M=",
            "sha256/C5+lpZ7tcVwmwQIMcRtPbsQtWLABXhQzejna0wHFrä8M",
            &long,
        ] {
            let error = text.parse::<SpkiPin>().unwrap_err().to_string();
            assert!(error.contains("is not a pin") && error.len() < 400, "{error}");
        }
    }

    #[test]
    fn keys_of_certificates() {
        let root = include_bytes!("trusted_leaf/version_1.pem");
        let der = CertificateDer::from_pem_slice(root).unwrap();
        let pin = SpkiPin::of_certificate(root).unwrap();
        // By `openssl x509 -pubkey`, `openssl pkey -pubin -outform der`, `openssl dgst -sha256`.
        assert_eq!(pin.to_string(), "sha256/2BhDZwnX9Lbl/wa33+FrKck30AO+To38PmUd6sf1+X8=");
        assert_eq!(SpkiPin::of_certificate(&der).unwrap(), pin);
        let authority = Authority::new();
        let other = SpkiPin::of_certificate(authority.pem().as_bytes()).unwrap();
        assert_ne!(other, pin);
        assert_eq!(SpkiPin::of_certificate(&authority.der()).unwrap(), other);
        for end in 0..der.len() {
            let info = public_key_info(&der[..end]);
            assert!(info.is_none() || info == public_key_info(&der), "{end}");
        }
        proptest!(|(at in 0..der.len(), byte in any::<u8>())| {
            let mut changed = der.to_vec();
            changed[at] = byte;
            let _ = public_key_info(&changed);
        });
        for wrong in [&b""[..], b"text", &[0x30], &[0x30, 0x03, 0x30, 0x01, 0x02]] {
            assert!(SpkiPin::of_certificate(wrong).is_err());
        }
    }
}
