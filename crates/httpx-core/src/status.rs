//! Status codes (RFC 9110 §15).

use std::fmt;
use std::str::FromStr;

use crate::sanitize::truncated;

/// A status code of three digits (RFC 9110 §15).
///
/// Every number from 100 to 999 is valid, registered or not. Codes of 600 and above are treated as server errors
/// (RFC 9110 §15).
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::StatusCode;
///
/// let status = StatusCode::try_from(404)?;
/// assert_eq!(status.to_string(), "404 Not Found");
/// assert!(status.is_client_error() && status.is_error());
/// assert!(!status.is_informational() && !status.is_success() && !status.is_redirection());
/// assert!(!status.is_server_error());
/// assert_eq!((status.as_u16(), status.reason()), (404, "Not Found"));
/// assert!(status == 404);
/// assert_eq!("503".parse(), Ok(StatusCode::SERVICE_UNAVAILABLE));
/// # Ok::<(), httpx_core::InvalidStatusCode>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatusCode(u16);

/// The error of a value that is not a status code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a status code: it must be a number between 100 and 999")]
pub struct InvalidStatusCode(String);

impl StatusCode {
    /// Returns the code as a number.
    #[inline]
    pub fn as_u16(self) -> u16 {
        self.0
    }

    /// Returns whether the code is 100 to 199: the final response follows.
    pub fn is_informational(self) -> bool {
        matches!(self.0, 100..=199)
    }

    /// Returns whether the code is 200 to 299: the request succeeded.
    pub fn is_success(self) -> bool {
        matches!(self.0, 200..=299)
    }

    /// Returns whether the code is 300 to 399: the resource is elsewhere, or has not changed.
    pub fn is_redirection(self) -> bool {
        matches!(self.0, 300..=399)
    }

    /// Returns whether the code is 400 to 499: the server blames the client.
    pub fn is_client_error(self) -> bool {
        matches!(self.0, 400..=499)
    }

    /// Returns whether the code is 500 or above: the server failed. Codes of 600 and above are invalid, and treated as
    /// server errors (RFC 9110 §15).
    pub fn is_server_error(self) -> bool {
        matches!(self.0, 500..)
    }

    /// Returns whether the code is 400 or above: `error_for_status` makes an error of it.
    pub fn is_error(self) -> bool {
        matches!(self.0, 400..)
    }
}

/// The table of the IANA registry: each code's constant and phrase.
macro_rules! registry {
    ($($code:literal $name:ident $phrase:literal;)*) => {
        impl StatusCode {
            $(
                #[doc = concat!($code, " ", $phrase, ".")]
                pub const $name: StatusCode = StatusCode($code);
            )*

            /// Returns the phrase of this code in the IANA registry; empty for a code that is not registered.
            pub fn reason(self) -> &'static str {
                match self.0 {
                    $($code => $phrase,)*
                    _ => "",
                }
            }
        }
    };
}

registry! {
    100 CONTINUE "Continue";
    101 SWITCHING_PROTOCOLS "Switching Protocols";
    102 PROCESSING "Processing";
    103 EARLY_HINTS "Early Hints";
    200 OK "OK";
    201 CREATED "Created";
    202 ACCEPTED "Accepted";
    203 NON_AUTHORITATIVE_INFORMATION "Non-Authoritative Information";
    204 NO_CONTENT "No Content";
    205 RESET_CONTENT "Reset Content";
    206 PARTIAL_CONTENT "Partial Content";
    207 MULTI_STATUS "Multi-Status";
    208 ALREADY_REPORTED "Already Reported";
    226 IM_USED "IM Used";
    300 MULTIPLE_CHOICES "Multiple Choices";
    301 MOVED_PERMANENTLY "Moved Permanently";
    302 FOUND "Found";
    303 SEE_OTHER "See Other";
    304 NOT_MODIFIED "Not Modified";
    305 USE_PROXY "Use Proxy";
    307 TEMPORARY_REDIRECT "Temporary Redirect";
    308 PERMANENT_REDIRECT "Permanent Redirect";
    400 BAD_REQUEST "Bad Request";
    401 UNAUTHORIZED "Unauthorized";
    402 PAYMENT_REQUIRED "Payment Required";
    403 FORBIDDEN "Forbidden";
    404 NOT_FOUND "Not Found";
    405 METHOD_NOT_ALLOWED "Method Not Allowed";
    406 NOT_ACCEPTABLE "Not Acceptable";
    407 PROXY_AUTHENTICATION_REQUIRED "Proxy Authentication Required";
    408 REQUEST_TIMEOUT "Request Timeout";
    409 CONFLICT "Conflict";
    410 GONE "Gone";
    411 LENGTH_REQUIRED "Length Required";
    412 PRECONDITION_FAILED "Precondition Failed";
    413 CONTENT_TOO_LARGE "Content Too Large";
    414 URI_TOO_LONG "URI Too Long";
    415 UNSUPPORTED_MEDIA_TYPE "Unsupported Media Type";
    416 RANGE_NOT_SATISFIABLE "Range Not Satisfiable";
    417 EXPECTATION_FAILED "Expectation Failed";
    418 IM_A_TEAPOT "I'm a teapot";
    421 MISDIRECTED_REQUEST "Misdirected Request";
    422 UNPROCESSABLE_CONTENT "Unprocessable Content";
    423 LOCKED "Locked";
    424 FAILED_DEPENDENCY "Failed Dependency";
    425 TOO_EARLY "Too Early";
    426 UPGRADE_REQUIRED "Upgrade Required";
    428 PRECONDITION_REQUIRED "Precondition Required";
    429 TOO_MANY_REQUESTS "Too Many Requests";
    431 REQUEST_HEADER_FIELDS_TOO_LARGE "Request Header Fields Too Large";
    451 UNAVAILABLE_FOR_LEGAL_REASONS "Unavailable For Legal Reasons";
    500 INTERNAL_SERVER_ERROR "Internal Server Error";
    501 NOT_IMPLEMENTED "Not Implemented";
    502 BAD_GATEWAY "Bad Gateway";
    503 SERVICE_UNAVAILABLE "Service Unavailable";
    504 GATEWAY_TIMEOUT "Gateway Timeout";
    505 HTTP_VERSION_NOT_SUPPORTED "HTTP Version Not Supported";
    506 VARIANT_ALSO_NEGOTIATES "Variant Also Negotiates";
    507 INSUFFICIENT_STORAGE "Insufficient Storage";
    508 LOOP_DETECTED "Loop Detected";
    510 NOT_EXTENDED "Not Extended";
    511 NETWORK_AUTHENTICATION_REQUIRED "Network Authentication Required";
}

impl TryFrom<u16> for StatusCode {
    type Error = InvalidStatusCode;

    #[inline]
    fn try_from(code: u16) -> Result<Self, InvalidStatusCode> {
        match code {
            100..=999 => Ok(StatusCode(code)),
            _ => Err(InvalidStatusCode(code.to_string())),
        }
    }
}

impl FromStr for StatusCode {
    type Err = InvalidStatusCode;

    fn from_str(text: &str) -> Result<Self, InvalidStatusCode> {
        let code = match text.as_bytes() {
            [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9'] => text.parse().ok(),
            _ => None,
        };
        code.map(StatusCode).ok_or_else(|| InvalidStatusCode(truncated(text).into_owned()))
    }
}

impl From<StatusCode> for u16 {
    fn from(status: StatusCode) -> u16 {
        status.0
    }
}

impl PartialEq<u16> for StatusCode {
    fn eq(&self, other: &u16) -> bool {
        self.0 == *other
    }
}

impl PartialEq<StatusCode> for u16 {
    fn eq(&self, other: &StatusCode) -> bool {
        *self == other.0
    }
}

/// The code and its phrase: `404 Not Found`; the code alone where there is no phrase.
impl fmt::Display for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason() {
            "" => write!(f, "{}", self.0),
            reason => write!(f, "{} {reason}", self.0),
        }
    }
}

impl fmt::Debug for StatusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (code, expected) in [
            (100, "informational"),
            (204, "success"),
            (302, "redirection"),
            (404, "client error"),
            (500, "server error"),
            (599, "server error"),
            (600, "server error"),
            (999, "server error"),
        ] {
            let status = StatusCode::try_from(code).unwrap();
            let classes = [
                (status.is_informational(), "informational"),
                (status.is_success(), "success"),
                (status.is_redirection(), "redirection"),
                (status.is_client_error(), "client error"),
                (status.is_server_error(), "server error"),
            ];
            let classes = classes.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect::<Vec<_>>();
            assert_eq!((classes, status.is_error()), (vec![expected], code >= 400), "{code}");
        }
    }

    #[test]
    fn texts() {
        for (text, code) in [("200", Some(200)), ("999", Some(999))] {
            assert_eq!(text.parse::<StatusCode>().ok().map(u16::from), code);
        }
        for text in ["", "99", "099", "+99", "1000", "2 0", "OK"] {
            assert!(text.parse::<StatusCode>().is_err(), "{text}");
        }
        assert_eq!(200, StatusCode::OK);
        assert_eq!(StatusCode::OK, 200);
        let error = StatusCode::try_from(99).unwrap_err();
        assert_eq!(error.to_string(), "\"99\" is not a status code: it must be a number between 100 and 999");
    }
}
