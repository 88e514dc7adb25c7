//! The byte classes of RFC 9110 §5.6, as tables.

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

/// `token = 1*tchar`
pub(crate) fn is_token(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(|&byte| TCHAR[byte as usize])
}

/// `field-vchar = VCHAR / obs-text`, with SP and HTAB: whatever may stand in a field's value.
pub(crate) fn is_field_value(bytes: &[u8]) -> bool {
    // Without a branch for each byte, so that it becomes vector code.
    bytes.iter().fold(true, |fine, &byte| fine & ((byte >= b' ') & (byte != 0x7f) | (byte == b'\t')))
}

/// `OWS = *( SP / HTAB )`, taken off both ends.
pub(crate) fn trim_ows(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
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
        assert_eq!(trim_ows(b" \t a b\t "), b"a b");
        assert_eq!(trim_ows(b" \t "), b"");
    }
}
