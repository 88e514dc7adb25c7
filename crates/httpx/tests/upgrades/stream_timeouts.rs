//! Timeouts of the reads and writes of a stream. They lose nothing, and nothing is sent twice.

use std::io::ErrorKind as IoKind;
use std::time::{Duration, Instant};

use httpx_testing::{Act, End, Gate, Script, ScriptedServer, send};

use crate::support::both_flavours;
use crate::support::tls::{Authority, Trusting};
use crate::{SWITCH, Upgrades};

both_flavours! {
    reads_that_time_out,
    reads_while_bytes_drip,
    a_read_of_nothing_does_not_wait,
    writes_that_time_out,
}

const SHORT: Duration = Duration::from_millis(30);

/// More than the buffers of two sockets hold, and all different: bytes that are lost, doubled or moved are seen.
fn large() -> Vec<u8> {
    (0..4 << 20_u32).flat_map(u32::to_be_bytes).collect()
}

/// A stream over TCP and one over TLS. The server plays this script after the switch.
fn streams<F: Upgrades>(script: &Script) -> [(F::Stream, ScriptedServer); 2] {
    let authority = Authority::new();
    let script = [&[Act::TakeHead, send(SWITCH)], &script[..]].concat();
    let servers =
        [ScriptedServer::new([script.clone()]), ScriptedServer::tls(authority.server("127.0.0.1"), [script])];
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    servers.map(|server| (F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap()), server))
}

fn reads_that_time_out<F: Upgrades>() {
    let go = Gate::default();
    let script = vec![Act::Wait(go.clone()), send("pong"), Act::TakeBytes(4), send("more"), Act::Eof];
    let mut streams = streams::<F>(&script);
    for (stream, _) in &mut streams {
        for _ in 0..2 {
            let began = Instant::now();
            let error = F::read_within(stream, 4, SHORT).unwrap_err();
            assert_eq!(error.kind(), IoKind::TimedOut, "{error:?}");
            assert!(began.elapsed() >= SHORT, "{:?}", began.elapsed());
        }
    }
    go.open();
    for (stream, server) in &mut streams {
        assert_eq!(F::read(stream, 4).unwrap(), b"pong");
        // The other direction has not been harmed, and a timeout that is not needed changes nothing.
        assert_eq!(F::write_within(stream, b"ping", Duration::from_secs(15)).unwrap(), 4);
        assert_eq!(F::read_within(stream, 4, Duration::from_secs(15)).unwrap(), b"more");
        F::shutdown(stream).unwrap();
        assert_eq!(server.end_of(0), End::Closed);
        assert!(server.ended()[0].received.ends_with(b"\r\n\r\nping"));
    }
}

/// Each byte comes later than a read waits.
fn reads_while_bytes_drip<F: Upgrades>() {
    const TEXT: &[u8] = b"nothing of this is lost";
    let drip = vec![Act::TakeBytes(2), Act::Drip(TEXT.to_vec(), Duration::from_millis(8))];
    for (mut stream, _) in streams::<F>(&drip) {
        F::write(&mut stream, b"go").unwrap();
        let (mut read, mut timeouts) = (Vec::new(), 0);
        loop {
            match F::read_within(&mut stream, 4, Duration::from_millis(2)) {
                Ok(bytes) if bytes.is_empty() => break,
                Ok(bytes) => read.extend(bytes),
                Err(error) => {
                    assert_eq!(error.kind(), IoKind::TimedOut, "{error:?}");
                    timeouts += 1;
                }
            }
            if read.len() == TEXT.len() {
                break;
            }
        }
        assert_eq!(String::from_utf8_lossy(&read), String::from_utf8_lossy(TEXT));
        assert!(timeouts > 0, "no read was cut off");
    }
}

/// Nor do bytes that came with the response wait for others.
fn a_read_of_nothing_does_not_wait<F: Upgrades>() {
    let [over_tcp, over_tls] = streams::<F>(&vec![Act::Eof]);
    for (mut stream, _) in [over_tcp, over_tls] {
        let error = F::read_within(&mut stream, 4, Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), IoKind::TimedOut, "{error:?}");
    }
    let script = vec![Act::TakeHead, send([SWITCH.as_bytes(), b"first"].concat()), Act::Eof];
    let server = ScriptedServer::new([script]);
    let mut stream = F::upgraded(F::send(F::new().get(&server.url()).upgrade("echo")).unwrap());
    assert_eq!(F::read(&mut stream, 1).unwrap(), b"f");
    assert_eq!(F::read_within(&mut stream, 9, Duration::ZERO).unwrap(), b"irst");
}

/// The peer does not read, so that a write times out. Later the same bytes are written again, and each arrives once.
fn writes_that_time_out<F: Upgrades>() {
    let (go, all) = (Gate::default(), large());
    let script = vec![Act::Wait(go.clone()), Act::TakeBytes(all.len()), send("done"), Act::Eof];
    let mut streams = streams::<F>(&script).map(|(stream, server)| (stream, server, 0));
    for (stream, _, sent) in &mut streams {
        // The system may make room for more between two of them.
        let mut timeouts = 0;
        while timeouts < 3 {
            match F::write_within(stream, &all[*sent..], SHORT) {
                Ok(n) => *sent += n,
                Err(error) => {
                    assert_eq!(error.kind(), IoKind::TimedOut, "{error:?}");
                    timeouts += 1;
                }
            }
            assert!(*sent < all.len(), "the sockets hold it all");
        }
    }
    go.open();
    for (stream, server, sent) in &mut streams {
        F::write(stream, &all[*sent..]).unwrap();
        assert_eq!(F::read(stream, 4).unwrap(), b"done");
        F::shutdown(stream).unwrap();
        assert_eq!(server.end_of(0), End::Closed);
        let received = &server.ended()[0].received;
        assert!(received.ends_with(&all), "{} bytes after the head", received.len());
        let head = received.len() - all.len();
        assert!(received[..head].ends_with(b"\r\n\r\n"), "{head}");
    }
}
