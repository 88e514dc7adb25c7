//! [`EventDecoder`]: parses server-sent events (WHATWG HTML §9.2), without I/O.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::item_decoder::{ItemDecoder, Sealed};
use crate::line_splitter::{LineEnding, LineSplitter, too_large};
use crate::{Error, ErrorKind, Result};

/// A server-sent event (WHATWG HTML §9.2).
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Body, Response};
///
/// let response: Response<Body> = Response::new(200, b"event: price\nid: 7\ndata: 12.5\n\n")?.into();
/// for event in response.events() {
///     let event = event?;
///     assert_eq!((event.event.as_str(), event.data.as_str(), &*event.id), ("price", "12.5", "7"));
/// }
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerSentEvent {
    /// Its type, from the field `event`; `message` if the server names none.
    pub event: String,
    /// Its data; several lines are joined by LF.
    pub data: String,
    /// The last id that the server has sent over this connection, with this event or an earlier one; empty if there is none,
    /// or if the server has cleared it. At most 4096 bytes, without control characters.
    pub id: Arc<str>,
}

impl ServerSentEvent {
    /// Deserializes the data from JSON.
    ///
    /// # Errors
    ///
    /// Kind [`Json`](crate::ErrorKind::Json), with the field, line and column of the mismatch.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response};
    ///
    /// let response: Response<Body> = Response::new(200, b"data: [1, 2]\n\n")?.into();
    /// for event in response.events() {
    ///     assert_eq!(event?.json::<Vec<u8>>()?, [1, 2]);
    /// }
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        crate::json::from_slice(self.data.as_bytes())
            .map_err(|error| error.into_error("the data of the event"))
    }
}

/// The longest id. Each event after it has it too, and a server must accept it in a header.
const MAX_ID_BYTES: usize = 4096;

/// Decodes a stream of server-sent events.
#[derive(Debug, Clone)]
pub struct EventDecoder {
    lines: LineSplitter,
    event: String,
    data: String,
    /// That of the event under way; `None` if the server has sent none.
    id: Option<Arc<str>>,
    last_id: Option<Arc<str>>,
    retry: Option<Duration>,
}

impl EventDecoder {
    pub(crate) fn new(max_bytes: usize) -> Self {
        EventDecoder {
            lines: LineSplitter::new(LineEnding::Any, max_bytes),
            event: String::new(),
            data: String::new(),
            id: None,
            last_id: None,
            retry: None,
        }
    }

    pub(crate) fn last_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }

    pub(crate) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Called at an empty line: returns the event. Without data there is no event.
    fn take_event(&mut self) -> Option<ServerSentEvent> {
        self.last_id.clone_from(&self.id);
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        data.pop()?; // the last LF
        let event = if event.is_empty() { "message".to_owned() } else { event };
        Some(ServerSentEvent { event, data, id: self.id.clone().unwrap_or_default() })
    }
}

/// One line of a stream of events.
enum EventLine {
    Event(String),
    Data(String),
    Id(Arc<str>),
    Retry(u64),
    Empty,
    Ignored,
}

impl EventLine {
    fn parse(line: &[u8]) -> Self {
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "" if line.is_empty() => EventLine::Empty,
            "event" => EventLine::Event(value.into()),
            "data" => EventLine::Data(value.into()),
            // No header can hold the others.
            "id" if !value.contains(char::is_control) => EventLine::Id(value.into()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                value.parse().map_or(EventLine::Ignored, EventLine::Retry)
            }
            _ => EventLine::Ignored,
        }
    }
}

impl Sealed for EventDecoder {}

impl ItemDecoder for EventDecoder {
    type Item = ServerSentEvent;

    fn push(&mut self, bytes: Bytes) {
        self.lines.push(&bytes);
    }

    fn next(&mut self) -> Result<Option<ServerSentEvent>> {
        while let Some(line) = self.lines.next_line()? {
            match EventLine::parse(line) {
                EventLine::Event(event) => self.event = event,
                EventLine::Data(data) => {
                    if self.data.len() + data.len() > self.lines.max_bytes() {
                        return Err(too_large("an event", self.lines.max_bytes()));
                    }
                    self.data.push_str(&data);
                    self.data.push('\n');
                }
                EventLine::Id(id) if id.len() > MAX_ID_BYTES => {
                    let message = format!("the id of an event has more than {MAX_ID_BYTES} bytes");
                    return Err(Error::new(ErrorKind::TooLarge, message));
                }
                EventLine::Id(id) => self.id = Some(id),
                EventLine::Retry(milliseconds) => self.retry = Some(Duration::from_millis(milliseconds)),
                EventLine::Empty => {
                    if let Some(event) = self.take_event() {
                        return Ok(Some(event));
                    }
                }
                EventLine::Ignored => {}
            }
        }
        Ok(None)
    }

    /// An event that was cut short is dropped.
    fn finish(&mut self) -> Result<Option<ServerSentEvent>> {
        Ok(None)
    }

    fn set_max_bytes(&mut self, most: usize) {
        self.lines.set_max_bytes(most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Shown = (String, String, String);

    fn decoded(text: &str, piece: usize) -> Result<(Vec<Shown>, EventDecoder)> {
        let mut decoder = EventDecoder::new(1000);
        let mut events = Vec::new();
        for piece in text.as_bytes().chunks(piece) {
            decoder.push(Bytes::copy_from_slice(piece));
            while let Some(ServerSentEvent { event, data, id }) = decoder.next()? {
                events.push((event, data, id.to_string()));
            }
        }
        assert!(decoder.finish()?.is_none());
        Ok((events, decoder))
    }

    /// The examples of WHATWG HTML §9.2.5 and §9.2.6, and the cases of its tests.
    #[test]
    fn events() {
        type Row<'a> = (&'a str, &'a [(&'a str, &'a str, &'a str)]);
        let rows: [Row<'_>; 26] = [
            ("", &[]),
            (
                "data: This is the first message.\n\ndata: second\ndata: lines\n\n",
                &[("message", "This is the first message.", ""), ("message", "second\nlines", "")],
            ),
            (
                "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n",
                &[("add", "73857293", ""), ("remove", "2153", "")],
            ),
            ("data: YHOO\ndata: +2\ndata: 10\n\n", &[("message", "YHOO\n+2\n10", "")]),
            (
                ": test stream\n\ndata: first\nid: 1\n\ndata:second\nid\n\ndata:  third\n\n",
                &[("message", "first", "1"), ("message", "second", ""), ("message", " third", "")],
            ),
            ("data\n\ndata\ndata\n\ndata:", &[("message", "", ""), ("message", "\n", "")]),
            ("data:test\n\ndata: test\n\n", &[("message", "test", ""), ("message", "test", "")]),
            ("\u{feff}data: a\n\n", &[("message", "a", "")]),
            ("\u{feff}\u{feff}data: a\n\n", &[]),
            (
                "data: a\r\rdata: b\r\n\r\ndata: c\n\n",
                &[("message", "a", ""), ("message", "b", ""), ("message", "c", "")],
            ),
            ("data: a\r\n\ndata: b\n\r\n", &[("message", "a", ""), ("message", "b", "")]),
            ("data: cut short", &[]),
            ("data: cut short\n", &[]),
            ("id: 1\ndata: a\n\ndata: b\n\n", &[("message", "a", "1"), ("message", "b", "1")]),
            ("id: 1\n\ndata: b\n\n", &[("message", "b", "1")]),
            ("id: 1\0\ndata: a\n\n", &[("message", "a", "")]),
            ("event: x\n\ndata: a\n\n", &[("message", "a", "")]),
            ("event: x\nevent:\ndata: a\n\n", &[("message", "a", "")]),
            ("event: x\nevent: y\ndata: a\n\n", &[("y", "a", "")]),
            ("Data: a\nDATA: b\n data: c\ndata : d\n\n", &[]),
            ("unknown: a\n:comment\n:\ndata: b\n\n", &[("message", "b", "")]),
            ("data: a: b\n\n", &[("message", "a: b", "")]),
            ("data:\t a\n\n", &[("message", "\t a", "")]),
            ("data: caf\u{e9}\n\n", &[("message", "caf\u{e9}", "")]),
            ("\n\n\n\ndata: a\n\n\n\n", &[("message", "a", "")]),
            ("data: a\0b\n\n", &[("message", "a\0b", "")]),
        ];
        for (text, expected) in rows {
            let expected = expected.iter().map(|(e, d, i)| ((*e).into(), (*d).into(), (*i).into()));
            let expected = expected.collect::<Vec<Shown>>();
            for piece in 1..=text.len().max(1) {
                assert_eq!(decoded(text, piece).unwrap().0, expected, "{text:?} {piece}");
            }
        }
    }

    /// The inputs of the web platform tests `eventsource/event-data` and `eventsource/format-*`.
    #[test]
    fn web_platform_tests() {
        let comment = "x".repeat(900);
        let comments =
            format!("data:1\r:\0\n:\r\ndata:2\n:{comment}\rdata:3\n:data:fail\r:{comment}\ndata:4\n\n");
        let rows: [(&str, &str, &[&str]); 18] = [
            (
                "event-data",
                "data:msg\ndata: msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n",
                &["msg\nmsg", "", "end"],
            ),
            ("bom", "\u{feff}data:1\n\n\u{feff}data:2\n\ndata:3\n\n", &["1", "3"]),
            ("bom-2", "\u{feff}\u{feff}data:1\n\ndata:2\n\ndata:3\n\n", &["2", "3"]),
            ("comments", &comments, &["1\n2\n3\n4"]),
            ("data-before-final-empty-line", "retry:1000\ndata:test1\n\nid:test\ndata:test2", &["test1"]),
            ("field-data", "data:\n\ndata\ndata\n\ndata:test\n\n", &["", "\n", "test"]),
            ("field-event", "event:test\ndata:x\n\ndata:x\n\n", &["test/x", "x"]),
            ("field-event-empty", "event: \ndata:data\n\n", &["data"]),
            ("field-id", "id:\u{2026}\ndata:hello\n\ndata:x\n\n", &["hello\u{2026}", "x\u{2026}"]),
            ("field-id-3", "id:1\ndata:a\n\nid\ndata:b\n\n", &["a1", "b"]),
            ("field-id-null", "id:\0\0\ndata:hello\n\n", &["hello"]),
            (
                "field-parsing",
                "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
                &["\0\n 2\n1\n3\n\n4"],
            ),
            ("field-retry-empty", "retry\ndata:test\n\n", &["test"]),
            (
                "field-unknown",
                "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
                &["test\n\ntest"],
            ),
            ("leading-space", "data:\ttest\rdata: \ndata:test\n\n", &["\ttest\n\ntest"]),
            ("newlines", "data:test\r\ndata\ndata:test\r\n\r", &["test\n\ntest"]),
            ("null-character", "data:\0\n\n\n\n", &["\0"]),
            ("utf-8", "data:ok\u{2026}\n\n", &["ok\u{2026}"]),
        ];
        for (name, text, expected) in rows {
            for piece in [1, 2, 3, 7, 1000] {
                let events = decoded(text, piece).unwrap().0.into_iter();
                let shown = events.map(|(event, data, id)| match event.as_str() {
                    "message" => data + &id,
                    _ => format!("{event}/{data}{id}"),
                });
                assert_eq!(shown.collect::<Vec<_>>(), expected, "{name}");
            }
        }
        for (name, text, milliseconds) in [
            ("field-retry", "retry:03000\ndata:x\n\n", 3000),
            ("field-retry-bogus", "retry:3000\nretry:1000x\ndata:x\n\n", 3000),
        ] {
            assert_eq!(
                decoded(text, 5).unwrap().1.retry(),
                Some(Duration::from_millis(milliseconds)),
                "{name}"
            );
        }
    }

    #[test]
    fn the_last_id_and_the_time_to_reconnect() {
        let rows = [
            ("retry: 2500\n", None, Some(2500)),
            ("retry: 1\nretry: 2\n\n", None, Some(2)),
            ("retry:\n\n", None, None),
            ("retry: 1x\nretry: -1\nretry: +1\nretry: 99999999999999999999\n\n", None, None),
            ("id: 5\n", None, None),
            ("id: 5\n\n", Some("5"), None),
            ("id: 5\ndata: a\n\nid: 6\ndata: cut short\n", Some("5"), None),
            ("id: 5\n\nid\n\n", Some(""), None),
        ];
        for (text, last_id, retry) in rows {
            let (_, decoder) = decoded(text, 3).unwrap();
            assert_eq!(decoder.last_id(), last_id, "{text:?}");
            assert_eq!(decoder.retry(), retry.map(Duration::from_millis), "{text:?}");
        }
    }

    /// A long id would be copied with each event.
    #[test]
    fn long_ids_are_errors() {
        for (length, is_fine) in [(MAX_ID_BYTES, true), (MAX_ID_BYTES + 1, false)] {
            let mut decoder = EventDecoder::new(1 << 20);
            decoder.push(format!("id: {}\n", "x".repeat(length)).into());
            decoder.push(b"data\n\n".repeat(3).into());
            let all = std::iter::from_fn(|| decoder.next().transpose()).take(3).collect::<Result<Vec<_>>>();
            assert_eq!(
                all.as_ref().map(Vec::len).map_err(Error::kind),
                if is_fine { Ok(3) } else { Err(ErrorKind::TooLarge) }
            );
            let Ok(all) = all else { continue };
            assert!(Arc::ptr_eq(&all[0].id, &all[2].id), "the id is shared");
        }
    }

    #[test]
    fn long_events_are_errors() {
        for (text, is_fine) in [
            (format!("data: {}\n\n", "x".repeat(990)), true),
            (format!("data: {}\n\n", "x".repeat(1000)), false),
            ("data: xxxxxxxxx\n".repeat(100), true),
            ("data: xxxxxxxxx\n".repeat(101), false),
            (format!("unknown: {}", "x".repeat(5000)), false),
            (":\n".repeat(5000), true),
            (format!("id: {}\n\n", "x".repeat(900)), true),
        ] {
            let error = decoded(&text, 16).err().map(|error| error.kind());
            assert_eq!(error, (!is_fine).then_some(ErrorKind::TooLarge), "{text:.30}");
        }
    }
}
