//! [`ParamReader`]: reads tokens, quoted strings and parameters (RFC 9110 §5.6, §11.2).

use crate::grammar::{is_tchar, token_len, trim_ows_start};

/// The rest of a header value.
pub(super) struct ParamReader<'a> {
    rest: &'a [u8],
}

impl<'a> ParamReader<'a> {
    pub(super) fn new(value: &'a [u8]) -> Self {
        ParamReader { rest: value }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// Skips white space and the commas between elements.
    pub(super) fn skip_separators(&mut self) {
        while let [b' ' | b'\t' | b',', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Skips text that is no element: up to the next comma.
    pub(super) fn skip_element(&mut self) {
        let end = self.rest.iter().position(|&byte| byte == b',').unwrap_or(self.rest.len());
        self.advance(end);
    }

    /// Reads a token, which is empty if there is none.
    pub(super) fn token(&mut self) -> &'a str {
        let (token, rest) = self.rest.split_at(token_len(self.rest));
        self.rest = rest;
        std::str::from_utf8(token).unwrap_or_default()
    }

    /// Reads the value of a parameter, if an equals sign follows.
    pub(super) fn param_value(&mut self) -> Option<Vec<u8>> {
        let [b'=', rest @ ..] = trim_ows_start(self.rest) else { return None };
        self.rest = trim_ows_start(rest);
        match self.rest {
            [b'"', rest @ ..] => {
                self.rest = rest;
                Some(self.quoted())
            }
            _ => {
                let end = self.rest.iter().position(|byte| matches!(byte, b' ' | b'\t' | b','));
                let (value, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
                self.rest = rest;
                Some(value.to_vec())
            }
        }
    }

    /// Reads a `token68` that is a whole element: `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
    pub(super) fn token68(&mut self) -> Option<&'a str> {
        let start = trim_ows_start(self.rest);
        let is_char = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(byte);
        let len = start.iter().position(|byte| !is_char(byte)).unwrap_or(start.len());
        let padding = start.iter().skip(len).take_while(|&&byte| byte == b'=').count();
        let (token, rest) = start.split_at(len + padding);
        if len == 0 || !matches!(trim_ows_start(rest), [] | [b',', ..]) {
            return None;
        }
        self.rest = rest;
        std::str::from_utf8(token).ok()
    }

    /// Reads up to the closing quotation mark, which may be missing, without the backslashes.
    fn quoted(&mut self) -> Vec<u8> {
        let mut value = Vec::new();
        loop {
            match self.rest {
                [] => return value,
                [b'"', rest @ ..] => {
                    self.rest = rest;
                    return value;
                }
                [b'\\', byte, rest @ ..] | [byte, rest @ ..] => {
                    value.push(*byte);
                    self.rest = rest;
                }
            }
        }
    }

    fn advance(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }
}

/// Returns the parameters of a header that is a list of them, as `Authentication-Info` is; at most `max`.
#[cfg_attr(not(feature = "digest"), allow(dead_code))]
pub(super) fn read_params(value: &[u8], max: usize) -> Vec<(String, Vec<u8>)> {
    let mut reader = ParamReader::new(value);
    let mut params = Vec::new();
    loop {
        reader.skip_separators();
        if reader.is_at_end() || params.len() == max {
            return params;
        }
        let name = reader.token();
        match reader.param_value() {
            Some(value) if !name.is_empty() => params.push((name.to_ascii_lowercase(), value)),
            Some(_) => {}
            None => reader.skip_element(),
        }
    }
}

/// Appends a quoted string (RFC 9110 §5.6.4).
#[cfg_attr(not(feature = "digest"), allow(dead_code))]
pub(super) fn write_quoted(value: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in value {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Returns whether the bytes after an element's first token make it a parameter: `token BWS "=" …`.
pub(super) fn is_param(reader: &ParamReader<'_>) -> bool {
    let after = reader.rest.get(token_len(reader.rest)..).unwrap_or_default();
    reader.rest.first().copied().is_some_and(is_tchar) && matches!(trim_ows_start(after), [b'=', ..])
}
