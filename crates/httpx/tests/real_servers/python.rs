//! Python's `http.server`.

use httpx_testing::PATIENCE;

use crate::support::{Flavour, both_flavours};
use crate::{get, one_mebibyte, server};

both_flavours!(python_closes_each_connection,);

fn python_closes_each_connection<F: Flavour>() {
    let python = server!("HTTPX_PYTHON");
    let client = F::new();
    for _ in 0..3 {
        let small = get(&client, &format!("{python}/small.txt"));
        assert_eq!((&*small.text(), small.version()), ("Hello, world!\n", httpx::models::Version::Http10));
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
    assert!(get(&client, &format!("{python}/1m.bin")).bytes() == &one_mebibyte());
    assert_eq!(get(&client, &format!("{python}/missing")).status(), 404);
    assert_eq!(F::send(client.post(&python).body(F::bytes("abc"))).unwrap().status(), 501);
    // It answers the head, with HTTP/1.0.
    let ask = client.post(&python).body(F::bytes("abc")).expect_continue().continue_timeout(PATIENCE);
    assert_eq!(F::send(ask).unwrap().status(), 501);
}
