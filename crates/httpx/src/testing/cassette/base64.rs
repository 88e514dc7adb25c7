//! Base64 (RFC 4648 §4), for bodies that are not text.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Returns the bytes in base64, with padding.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3).saturating_mul(4));
    for three in bytes.chunks(3) {
        let at = |n: usize| three.get(n).copied().map_or(0, u32::from);
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for (n, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            let digit = ALPHABET.get((bits >> shift & 63) as usize).copied().unwrap_or(b'=');
            text.push(if n <= three.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

/// Returns the bytes of a text; `None` if it is no base64 with padding.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut is_over = false;
    for four in text.as_bytes().chunks(4) {
        let padding = four.iter().rev().take_while(|&&byte| byte == b'=').count();
        if is_over || four.len() != 4 || padding > 2 {
            return None;
        }
        is_over = padding > 0;
        let mut bits = 0_u32;
        for &byte in four.iter().take(4 - padding) {
            let digit = ALPHABET.iter().position(|&digit| digit == byte)?;
            bits = bits << 6 | u32::try_from(digit).ok()?;
        }
        bits <<= 6 * padding;
        let [_, three @ ..] = bits.to_be_bytes();
        bytes.extend(three.iter().take(3 - padding));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
        for wrong in ["Z", "Zg=", "Zg=a", "Z===", "====", "Zg==Zg==", "Zm9\u{e4}", "Zm 9"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
