//! The byte classes of RFC 9110 §5.6 as tables, and the white space around values.
//!
//! For the crates of this library; not part of the stable API.

/// `tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" / "`" / "|" / "~" / DIGIT / ALPHA`
const TCHAR: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~'
            | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z');
        byte += 1;
    }
    table
};

/// Returns whether a byte is a `tchar`.
#[inline]
pub const fn is_tchar(byte: u8) -> bool {
    TCHAR[byte as usize]
}

/// Returns whether the bytes are a token: `token = 1*tchar`.
pub const fn is_token(bytes: &[u8]) -> bool {
    // No iterators in a `const fn`.
    let mut fine = !bytes.is_empty();
    let mut at = 0;
    while at < bytes.len() {
        fine &= TCHAR[bytes[at] as usize];
        at += 1;
    }
    fine
}

/// Returns how many bytes at the front are `tchar`.
#[inline]
pub fn token_len(bytes: &[u8]) -> usize {
    // Four at a time: the ends of loops cost as much as the looking up.
    let (fours, rest) = bytes.as_chunks::<4>();
    let mut len = 0;
    for four in fours {
        match four.map(|byte| TCHAR[byte as usize]) {
            [true, true, true, true] => len += 4,
            [true, true, true, false] => return len + 3,
            [true, true, false, _] => return len + 2,
            [true, false, _, _] => return len + 1,
            [false, _, _, _] => return len,
        }
    }
    len + rest.iter().position(|&byte| !TCHAR[byte as usize]).unwrap_or(rest.len())
}

/// Returns whether a byte may stand in a field's value: VCHAR, obs-text, SP or HTAB (RFC 9110 §5.5).
#[inline]
pub const fn is_field_byte(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}

/// Returns whether the bytes may be a field's value (RFC 9110 §5.5).
pub fn is_field_value(bytes: &[u8]) -> bool {
    match bytes.get(text_len(bytes)..) {
        None | Some([]) => true,
        Some(rest) => rest.iter().all(|&byte| is_field_byte(byte)),
    }
}

/// Returns how many bytes at the front are VCHAR or SP.
#[inline]
pub fn text_len(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut len = 0;
    for word in words {
        let found = non_text_mask(u64::from_le_bytes(*word));
        if found != 0 {
            return len + (found.trailing_zeros() / 8) as usize;
        }
        len += 8;
    }
    let other = rest.iter().position(|byte| !matches!(byte, b' '..=b'~'));
    len + other.unwrap_or(rest.len())
}

/// Sets the high bit of the lowest byte that is neither VCHAR nor SP, perhaps also of bytes above it, never of one below:
/// carries and borrows only go upwards.
#[inline]
fn non_text_mask(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    (word.wrapping_add(ONES) | word.wrapping_sub(ONES * 0x20)) & HIGHS
}

/// Returns the bytes without the white space around them: `OWS = *( SP / HTAB )`.
pub fn trim_ows(bytes: &[u8]) -> &[u8] {
    trim_ows_start(trim_ows_end(bytes))
}

/// Returns the bytes without the white space before them.
pub fn trim_ows_start(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// Returns the bytes without the white space after them.
pub fn trim_ows_end(mut bytes: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}

/// Returns the text without the white space around it.
pub fn trim_ows_str(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        let tokens = (0..=255u8).filter(|&byte| is_token(&[byte])).map(char::from).collect::<String>();
        assert_eq!(tokens, "!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
        let refused = (0..=255u8).filter(|&byte| !is_field_value(&[byte])).collect::<Vec<_>>();
        assert_eq!(refused, (0..=8).chain(10..=31).chain([127]).collect::<Vec<u8>>());
        for byte in 0..=255u8 {
            for (at, last) in (0..20).flat_map(|at| [0, 0x7f, 0x80, 0xff].map(|last| (at, last))) {
                let mut text = b"a ~A0!%.-z".repeat(2);
                text[19] = last;
                text[at] = byte;
                let other = text.iter().position(|byte| !matches!(byte, b' '..=b'~')).unwrap_or(20);
                assert_eq!(text_len(&text), other, "{byte:#04x} at {at}");
                let fine = text.iter().all(|&byte| byte == b'\t' || byte >= b' ' && byte != 0x7f);
                assert_eq!(is_field_value(&text), fine);
                text[..at].fill(b'-');
                let token = text.iter().position(|&byte| !TCHAR[byte as usize]).unwrap_or(20);
                assert_eq!(token_len(&text), token);
            }
        }
        assert_eq!(token_len(b"Vary: x"), 4);
        assert_eq!(trim_ows(b" \t a b\t "), b"a b");
        assert_eq!(trim_ows(b" \t "), b"");
    }
}
