//! `Keep-Alive: timeout=5` (RFC 2068 §19.7.1.1, in use ever since): how long the server says that it keeps an idle
//! connection.

use std::time::Duration;

use httpx_core::Headers;

/// Taken off what the server says: a request that leaves at the last moment arrives after it.
const MARGIN: Duration = Duration::from_secs(1);

/// How long the connection may lie idle, if the server says so.
pub(crate) fn idle_time(headers: &Headers) -> Option<Duration> {
    headers.get("keep-alive")?; // most say nothing
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
    fn what_servers_say() {
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
