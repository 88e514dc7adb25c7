//! Any `WWW-Authenticate` lines give at most 16 challenges, and the answer to a digest challenge is a header value that
//! reads back as it was written.

#![no_main]

use httpx_core::Headers;
use httpx_core::auth::{
    Challenge, DigestBody, DigestChallenge, DigestCredentials, DigestInfo, DigestRequest, DigestSession,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut headers = Headers::new();
    for line in data.split(|&byte| byte == b'\n') {
        if headers.append("WWW-Authenticate", line).is_err() {
            return;
        }
    }
    let challenges = Challenge::all(&headers, "www-authenticate");
    assert!(challenges.len() <= 16);
    let Some(challenge) = DigestChallenge::strongest(&headers, "WWW-Authenticate") else { return };
    let chosen = challenges.iter().find(|other| DigestChallenge::parse(other).as_ref() == Some(&challenge));
    let chosen = chosen.expect("the strongest challenge is one of them");
    let body = DigestBody::new(challenge.hash(), b"");
    let mut session = DigestSession::new(challenge);
    session.update(&DigestInfo::parse(&headers, "WWW-Authenticate"));
    let credentials = DigestCredentials::new("J\u{e4}s\u{f8}n \"Doe\"", "secret");
    let request = DigestRequest { method: "GET", uri: "/\"x", body: Some(&body) };
    let answer = session.answer_with(&credentials, request, "cnonce").expect("the body is known");
    let mut answered = Headers::new();
    answered.set("Authorization", answer.value()).expect("a header value");
    let answered = Challenge::all(&answered, "Authorization");
    // The answer has more parameters than the challenge, and may be too long to be read.
    if let [answered] = &*answered {
        assert!(answered.is("Digest"));
        for name in ["realm", "opaque"] {
            assert_eq!(answered.param_bytes(name), chosen.param_bytes(name), "{name}");
        }
    }
});
