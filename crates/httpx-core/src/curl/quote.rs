//! Quoting for a POSIX shell (POSIX.1-2017, Shell Command Language §2.2).

use std::fmt::Write;

/// Quotes an argument. It must not hold NUL, which no argument can hold.
pub(super) fn quoted_text(text: &str) -> String {
    quoted(text.as_bytes())
}

/// Quotes an argument of any bytes but NUL.
pub(super) fn quoted(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if is_shown(text) => in_quotes(text),
        // A command substitution loses the line ends at its end.
        Ok(_) | Err(_) => {
            let end = bytes.iter().rposition(|byte| *byte != b'\n').map_or(0, |last| last + 1);
            let (kept, line_ends) = bytes.split_at(end);
            let line_ends =
                if line_ends.is_empty() { String::new() } else { in_quotes(&"\n".repeat(line_ends.len())) };
            format!("\"$(printf {})\"{line_ends}", printf_format(kept))
        }
    }
}

/// Returns a command that prints these bytes, of any kind.
pub(super) fn printf(bytes: &[u8]) -> String {
    format!("printf {}", printf_format(bytes))
}

/// Returns whether a terminal shows the text as it is.
pub(super) fn is_shown(text: &str) -> bool {
    let is_odd = |char: char| {
        (char.is_control() && !matches!(char, '\n' | '\t'))
            || matches!(char, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    !text.contains(is_odd)
}

fn in_quotes(text: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=@%+,".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Returns the quoted format string that makes `printf` print these bytes. It holds printable ASCII alone. Inside double
/// quotes a shell for people replaces `!`, so that is an escape too.
fn printf_format(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2 + 2);
    out.push('\'');
    for &byte in bytes {
        match byte {
            b'%' => out.push_str("%%"),
            b'\n' => out.push_str(r"\n"),
            b'\r' => out.push_str(r"\r"),
            b'\t' => out.push_str(r"\t"),
            // `-` at the beginning would be an option.
            b'-' if out.len() == 1 => out.push_str(r"\055"),
            b'\\' | b'\'' | b'!' => escape(byte, &mut out),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => escape(byte, &mut out),
        }
    }
    out.push('\'');
    out
}

fn escape(byte: u8, out: &mut String) {
    // Writing to a string does not fail.
    let _ok = write!(out, "\\{byte:03o}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments() {
        for (bytes, expected) in [
            (&b""[..], "''"),
            (b"plain-1.2", "plain-1.2"),
            (b"a b", "'a b'"),
            (b"it's", r"'it'\''s'"),
            (b"$HOME `x` \"y\" \\ !z", "'$HOME `x` \"y\" \\ !z'"),
            (b"two\nlines", "'two\nlines'"),
            ("ü".as_bytes(), "'ü'"),
            (b"\x1b[2J", r#""$(printf '\033[2J')""#),
            (b"-\xff!100%\n\n", "\"$(printf '\\055\\377\\041100%%')\"'\n\n'"),
        ] {
            assert_eq!(quoted(bytes), expected);
        }
        assert_eq!(printf(b"a\0\r\n"), r"printf 'a\000\r\n'");
    }

    /// What the shell makes of it is the argument again.
    #[cfg(unix)]
    mod by_a_shell {
        use std::process::Command;

        use proptest::prelude::*;

        use super::super::{printf, quoted};

        fn run(script: &str) -> Vec<u8> {
            let output = Command::new("sh").arg("-c").arg(script).output().unwrap();
            assert!(output.status.success(), "{script:?}: {output:?}");
            output.stdout
        }

        /// Bytes that shells treat in a special way are more frequent than others.
        fn bytes() -> impl Strategy<Value = Vec<u8>> {
            let special =
                prop::sample::select(b"'\"\\$`!%\n\r\t -#&;|<>(){}[]*?~=@^\x01\x7f\x80\xff".to_vec());
            prop::collection::vec(prop_oneof![special, 1_u8.., b'a'..=b'z'], 0..40)
        }

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(200))]

            #[test]
            fn arguments_survive(bytes in bytes()) {
                let script = format!("printf %s {}", quoted(&bytes));
                prop_assert_eq!(run(&script), bytes);
            }

            #[test]
            fn printed_bytes_survive(mut bytes in bytes(), nul in any::<bool>()) {
                if nul {
                    bytes.insert(bytes.len() / 2, 0);
                }
                prop_assert_eq!(run(&printf(&bytes)), bytes);
            }
        }
    }
}
