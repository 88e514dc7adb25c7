//! A response that is cut after each of its bytes.

use crate::peer::After::Requests;
use crate::peer::{PACES, Script};
use crate::support::{Flavour, both_flavours};
use crate::{Empty, play};

both_flavours! {
    a_cut_response_is_never_a_response,
}

fn a_cut_response_is_never_a_response<F: Flavour>() {
    let whole = "200 hello | 1 made, 1 idle".to_owned();
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nA: b\r\n\r\n",
    ] {
        let head = response.rfind("200 OK").unwrap();
        let head = head + response[head..].find("\r\n\r\n").unwrap() + 4;
        for pace in PACES {
            for n in 0..response.len() {
                let cut = Script::default().send(Requests(1), &response[..n]);
                let now = Requests(1);
                let [incomplete, io] =
                    ["Incomplete", "Io"].map(|kind| format!("{kind} Complete | 1 made, 0 idle"));
                for (script, expected) in [
                    (cut.clone().end(now), if n == 0 { &io } else { &incomplete }),
                    (cut.clone().reset(now), if n < head { &io } else { &incomplete }),
                    // The rest arrives later.
                    (cut.send(now, &response[n..]), &whole),
                ] {
                    let said = play::<F>(&[script], &[("GET", Empty)], pace);
                    assert_eq!(said, *expected, "{n} bytes, {pace:?}");
                }
            }
        }
    }
}
