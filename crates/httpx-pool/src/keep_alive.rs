//! Reads `Keep-Alive: timeout=5`: how long the server keeps an idle connection.
//!
//! The header is of RFC 2068 §19.7.1.1. Servers still send it.

use std::time::Duration;

use httpx_core::Headers;

/// Is subtracted from the server's time: a request that is sent at the last moment arrives after it.
const MARGIN: Duration = Duration::from_secs(1);

/// Returns how long the connection may stay idle, if the server announces it.
pub(crate) fn idle_time(headers: &Headers) -> Option<Duration> {
    let seconds = headers.get_list("keep-alive").find_map(|item| {
        let (name, value) = item.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("timeout")
            .then(|| value.trim().trim_matches('"').parse::<u32>().ok())?
    })?;
    Some(Duration::from_secs(seconds.into()).saturating_sub(MARGIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_servers() {
        for (value, kept) in [
            ("timeout=5", Some(4)),
            ("timeout=5, max=1000", Some(4)),
            ("max=1000, Timeout = \"20\"", Some(19)),
            ("timeout=1", Some(0)),
            ("timeout=0", Some(0)),
            ("timeout=-1", None),
            ("timeout", None),
            ("timeout=99999999999999999999", None),
            ("", None),
        ] {
            let headers = Headers::try_from([("Keep-Alive", value)]).unwrap();
            assert_eq!(idle_time(&headers), kept.map(Duration::from_secs), "{value}");
        }
    }
}
