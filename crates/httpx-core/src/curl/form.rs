//! A form with files (RFC 7578) as `-F` options of curl.

use bytes::Bytes;

use super::quote::{is_shown, quoted, quoted_text};
use crate::{File, Headers, Redaction};

/// A part of a body.
pub(super) enum Piece<'a> {
    Bytes(&'a Bytes),
    File(&'a File),
    /// A reader, a stream, or a body that is compressed while it is sent.
    Stream,
}

/// The content of a field.
enum FormFieldContent<'a> {
    Text(String),
    File(&'a File),
    Stream,
}

/// A part of a form, as [`Multipart`](crate::Multipart) writes it.
struct FormField<'a> {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    content: FormFieldContent<'a>,
}

/// Returns the options for the fields of a form; `None` if this is no form, or if curl cannot send it.
pub(super) fn options(headers: &Headers, pieces: &[Piece<'_>], redaction: &Redaction) -> Option<Vec<String>> {
    let content_type = headers.get("content-type")?.to_str()?;
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=")?;
    let fields = fields(boundary, pieces)?;
    let options = fields.iter().map(|field| option(field, redaction)).collect::<Option<Vec<_>>>()?;
    Some(options).filter(|options| !options.is_empty())
}

/// Parses the form. Between two heads of parts there is either text, or a file or a stream.
fn fields<'a>(boundary: &str, pieces: &[Piece<'a>]) -> Option<Vec<FormField<'a>>> {
    let delimiter = format!("\r\n--{boundary}");
    let mut fields: Vec<FormField<'a>> = Vec::new();
    // The first delimiter has no line end before it.
    let mut text = "\r\n".to_owned();
    for piece in pieces {
        let content = match piece {
            Piece::Bytes(bytes) => {
                text.push_str(std::str::from_utf8(bytes).ok()?);
                continue;
            }
            Piece::File(file) if file.is_whole() => FormFieldContent::File(file),
            Piece::File(_) | Piece::Stream => FormFieldContent::Stream,
        };
        add_fields(&std::mem::take(&mut text), &delimiter, &mut fields)?;
        let field = fields
            .last_mut()
            .filter(|field| matches!(&field.content, FormFieldContent::Text(text) if text.is_empty()))?;
        field.content = content;
    }
    add_fields(&text, &delimiter, &mut fields)?;
    Some(fields)
}

/// Adds the fields in a text, which begins with a delimiter. The content of the last one may follow in another piece.
fn add_fields(text: &str, delimiter: &str, fields: &mut Vec<FormField<'_>>) -> Option<()> {
    let mut parts = text.split(delimiter);
    parts.next().filter(|before| before.is_empty())?;
    for part in parts {
        let Some(part) = part.strip_prefix("\r\n") else { return (part == "--\r\n").then_some(()) };
        let (head, content) = part.split_once("\r\n\r\n")?;
        fields.push(field(head, content)?);
    }
    Some(())
}

fn field<'a>(head: &str, content: &str) -> Option<FormField<'a>> {
    let mut lines = head.split("\r\n");
    let disposition =
        lines.next()?.strip_prefix("Content-Disposition: form-data; name=\"")?.strip_suffix('"')?;
    let (name, file_name) = match disposition.split_once("\"; filename=\"") {
        Some((name, file_name)) => (name, Some(unescaped(file_name))),
        None => (disposition, None),
    };
    let content_type = match (lines.next(), lines.next()) {
        (None, _) => None,
        (Some(line), None) => Some(line.strip_prefix("Content-Type: ")?.to_owned()),
        // Other headers are rare. Such a form is sent as its bytes.
        (Some(_), Some(_)) => return None,
    };
    Some(FormField {
        name: unescaped(name),
        file_name,
        content_type,
        content: FormFieldContent::Text(content.to_owned()),
    })
}

/// Undoes the escapes of browsers; curl makes them again.
fn unescaped(name: &str) -> String {
    name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

/// Returns the option for a field; `None` if curl cannot send it.
fn option(field: &FormField<'_>, redaction: &Redaction) -> Option<String> {
    let FormField { name, file_name, content_type, content } = field;
    // The name ends at the first `=`. What curl makes of line ends and `\` depends on its version.
    let is_odd = |text: &str| text.contains(['\r', '\n', '\\']) || !is_shown(text);
    if name.contains('=') || is_odd(name) || file_name.as_deref().is_some_and(is_odd) {
        return None;
    }
    let mut value = format!("{name}=").into_bytes();
    match content {
        FormFieldContent::Text(_) if redaction.hides_param(name) => {
            value.extend_from_slice(Redaction::SECRET.as_bytes());
        }
        FormFieldContent::Text(text) if text.contains('\0') => return None,
        FormFieldContent::Text(text) if file_name.is_none() && content_type.is_none() => {
            return Some(format!("--form-string {}", quoted_text(&format!("{name}={text}"))));
        }
        FormFieldContent::Text(text) => {
            let shown = redaction.body(content_type.as_deref().unwrap_or_default(), text.as_bytes());
            value.extend(shown.map_or(b"@BODY".to_vec(), |shown| in_double_quotes(&shown)));
        }
        FormFieldContent::File(file) => {
            value.push(b'@');
            value.extend(in_double_quotes(file.path().as_os_str().as_encoded_bytes()));
        }
        FormFieldContent::Stream => value.extend_from_slice(b"@BODY"),
    }
    if let Some(content_type) = content_type {
        value.extend_from_slice(format!(";type={content_type}").as_bytes());
    }
    if let Some(file_name) = file_name {
        value.extend_from_slice(b";filename=");
        value.extend(in_double_quotes(file_name.as_bytes()));
    }
    Some(format!("-F {}", quoted(&value)))
}

/// Quotes a value for `-F`.
fn in_double_quotes(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for &byte in text {
        if matches!(byte, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out.push(b'"');
    out
}
