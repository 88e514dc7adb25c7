//! [`DigestSession`]: answers requests with the nonce of one challenge (RFC 7616 §3.4).

use super::algorithm::hex;
use super::challenge::Qop;
use super::{DigestAlgorithm, DigestBody, DigestChallenge, DigestCredentials, DigestInfo};
use crate::auth::param_reader::write_quoted;
use crate::{Error, ErrorKind, Result};

/// A challenge that is being answered: its nonce, and how often it was used.
///
/// A nonce is used for any number of requests, each with the next count, so that only the first request of a session
/// costs a round trip.
#[derive(Debug, Clone)]
pub struct DigestSession {
    challenge: DigestChallenge,
    /// That of the challenge, or of the last `Authentication-Info`.
    nonce: Vec<u8>,
    /// How often the nonce was used.
    count: u32,
    /// For a `-sess` algorithm, the first nonce and the first cnonce, which the hash of the credentials covers.
    first: Option<(Vec<u8>, String)>,
}

/// The parts of a request that a digest covers.
#[derive(Debug, Clone, Copy)]
pub struct DigestRequest<'a> {
    /// The method.
    pub method: &'a str,
    /// The target, as it stands in the request line.
    pub uri: &'a str,
    /// The hash of the whole body, if it is known. With it the digest can cover the body.
    pub body: Option<&'a DigestBody>,
}

/// The answer to a challenge, for one request.
#[derive(Debug, Clone)]
pub struct DigestAnswer {
    value: Vec<u8>,
    /// The proof that the server can give, if it knows the password.
    rspauth: Option<String>,
    nonce: Vec<u8>,
}

/// The quality of protection of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protection {
    /// RFC 2069: without a count.
    Plain,
    Auth,
    AuthInt,
}

impl DigestSession {
    /// Begins with the nonce of this challenge.
    pub fn new(challenge: DigestChallenge) -> Self {
        DigestSession { nonce: challenge.nonce.clone(), challenge, count: 0, first: None }
    }

    /// Returns the challenge.
    pub fn challenge(&self) -> &DigestChallenge {
        &self.challenge
    }

    /// Answers for a request, with a new random `cnonce`. The body is covered if the challenge needs it, or if its hash is
    /// given and the challenge offers it. A hash by another function than that of the challenge counts as not given.
    ///
    /// # Errors
    ///
    /// If the system gives no random bytes, or the challenge needs the hash of a body that is not given.
    pub fn answer(
        &mut self,
        credentials: &DigestCredentials,
        request: DigestRequest<'_>,
    ) -> Result<DigestAnswer> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| {
            let message = format!("the system gives no random bytes for a digest: {error}");
            Error::new(ErrorKind::Other, message)
        })?;
        self.answer_with(credentials, request, &hex(&random))
    }

    /// Answers for a request, with this `cnonce`, for tests.
    ///
    /// # Errors
    ///
    /// If the challenge needs the hash of a body that is not given.
    #[doc(hidden)]
    pub fn answer_with(
        &mut self,
        credentials: &DigestCredentials,
        request: DigestRequest<'_>,
        cnonce: &str,
    ) -> Result<DigestAnswer> {
        let hash = self.challenge.algorithm.hash;
        let body_hash = request.body.and_then(|body| body.hashed_by(hash));
        let protection = Protection::choose(self.challenge.qop, body_hash)?;
        self.count = self.count.saturating_add(1);
        let count = format!("{:08x}", self.count);
        let credentials_hash = self.credentials_hash(credentials, cnonce);
        let body_hash = match protection {
            Protection::AuthInt => body_hash,
            Protection::Plain | Protection::Auth => None,
        };
        let response = |method: &str| {
            let (method, uri) = (method.as_bytes(), request.uri.as_bytes());
            let request_hash = match body_hash {
                Some(body) => hash.of(&[method, uri, body.as_bytes()]),
                None => hash.of(&[method, uri]),
            };
            let (first, last) = (credentials_hash.as_bytes(), request_hash.as_bytes());
            match protection.as_str() {
                Some(qop) => {
                    let (count, cnonce) = (count.as_bytes(), cnonce.as_bytes());
                    hash.of(&[first, &self.nonce, count, cnonce, qop.as_bytes(), last])
                }
                None => hash.of(&[first, &self.nonce, last]),
            }
        };
        let mut writer = ParamWriter::new(&self.challenge);
        writer.username(credentials);
        writer.quoted("realm", &self.challenge.realm);
        writer.quoted("nonce", &self.nonce);
        writer.quoted("uri", request.uri.as_bytes());
        writer.quoted("response", response(request.method).as_bytes());
        writer.rest(protection, &count, cnonce);
        // With auth-int the proof covers the body of the response, which is not read here.
        let rspauth = (protection == Protection::Auth).then(|| response(""));
        Ok(DigestAnswer { value: writer.out, rspauth, nonce: self.nonce.clone() })
    }

    /// Takes the next nonce, if the server gives one.
    pub fn update(&mut self, info: &DigestInfo) {
        if let Some(next) = &info.next_nonce
            && *next != self.nonce
        {
            (self.nonce, self.count) = (next.clone(), 0);
        }
    }

    /// Returns whether this answer was made with the nonce that the session has now.
    pub fn made(&self, answer: &DigestAnswer) -> bool {
        self.nonce == answer.nonce
    }

    /// A1, hashed (RFC 7616 §3.4.2).
    fn credentials_hash(&mut self, credentials: &DigestCredentials, cnonce: &str) -> String {
        let DigestChallenge { algorithm: DigestAlgorithm { hash, is_session }, realm, .. } = &self.challenge;
        let plain = hash.of(&[credentials.username.as_bytes(), realm, credentials.password.as_bytes()]);
        if !is_session {
            return plain;
        }
        let (nonce, cnonce) = self.first.get_or_insert_with(|| (self.nonce.clone(), cnonce.to_owned()));
        hash.of(&[plain.as_bytes(), nonce, cnonce.as_bytes()])
    }
}

impl DigestAnswer {
    /// Returns the value of `Authorization` or `Proxy-Authorization`.
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// Returns whether the server's proof that it knows the password is wrong (`rspauth`). A server that gives none is
    /// believed, as is the proof of `auth-int`, which covers the body.
    pub fn is_refuted_by(&self, info: &DigestInfo) -> bool {
        match (&self.rspauth, &info.rspauth) {
            (Some(own), Some(proof)) => !own.as_bytes().eq_ignore_ascii_case(proof),
            _ => false,
        }
    }
}

impl Protection {
    fn choose(qop: Qop, body: Option<&str>) -> Result<Self> {
        match (qop, body) {
            (Qop { auth_int: true, .. }, Some(_)) => Ok(Protection::AuthInt),
            (Qop { auth: true, .. }, _) => Ok(Protection::Auth),
            (Qop { auth_int: false, .. }, _) => Ok(Protection::Plain),
            (Qop { auth_int: true, .. }, None) => {
                let message = "the server wants a digest of the body (qop=auth-int), which is too long to be kept \
                               in memory; raise max_body_bytes of the digest";
                Err(Error::new(ErrorKind::TooLarge, message))
            }
        }
    }

    fn as_str(self) -> Option<&'static str> {
        match self {
            Protection::Plain => None,
            Protection::Auth => Some("auth"),
            Protection::AuthInt => Some("auth-int"),
        }
    }
}

/// Writes the parameters of an answer (RFC 7616 §3.4).
struct ParamWriter<'a> {
    challenge: &'a DigestChallenge,
    out: Vec<u8>,
}

impl<'a> ParamWriter<'a> {
    fn new(challenge: &'a DigestChallenge) -> Self {
        ParamWriter { challenge, out: b"Digest ".to_vec() }
    }

    /// The username: hashed if the server wants that, percent-encoded if it may hold anything (RFC 7616 §3.4.4).
    fn username(&mut self, credentials: &DigestCredentials) {
        let username = credentials.username.as_bytes();
        if self.challenge.hashes_username {
            let hashed = self.challenge.hash().of(&[username, &self.challenge.realm]);
            return self.quoted("username", hashed.as_bytes());
        }
        // A server that does not announce UTF-8 is older than `username*`.
        let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') || *byte >= 0x80 && !self.challenge.is_utf8;
        if username.iter().all(is_plain) {
            return self.quoted("username", username);
        }
        let mut value = String::from("UTF-8''");
        for &byte in username {
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                value.push_str(&format!("%{byte:02X}"));
            }
        }
        self.plain("username*", value.as_bytes());
    }

    fn rest(&mut self, protection: Protection, count: &str, cnonce: &str) {
        if let Some(algorithm) = &self.challenge.algorithm_text {
            self.plain("algorithm", algorithm);
        }
        if let Some(qop) = protection.as_str() {
            self.plain("qop", qop.as_bytes());
            self.plain("nc", count.as_bytes());
        }
        if protection != Protection::Plain || self.challenge.algorithm.is_session {
            self.quoted("cnonce", cnonce.as_bytes());
        }
        if let Some(opaque) = &self.challenge.opaque {
            self.quoted("opaque", opaque);
        }
        if self.challenge.hashes_username {
            self.plain("userhash", b"true");
        }
    }

    fn quoted(&mut self, name: &str, value: &[u8]) {
        self.name(name);
        write_quoted(value, &mut self.out);
    }

    fn plain(&mut self, name: &str, value: &[u8]) {
        self.name(name);
        self.out.extend(value);
    }

    fn name(&mut self, name: &str) {
        if !self.out.ends_with(b" ") {
            self.out.extend(b", ");
        }
        self.out.extend(name.as_bytes());
        self.out.push(b'=');
    }
}

#[cfg(test)]
mod tests;
