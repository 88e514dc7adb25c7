//! Memory and descriptors of the whole process.

use std::io::{Read, Write};

use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{check_one, wire};

fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// The memory of this process, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}

mod alone {
    use super::*;
    both_flavours!(
        #[ignore = "looks at the whole process, and takes a while: --ignored --test-threads=1"]
        ten_thousand_connections,
        #[ignore = "looks at the whole process, and takes a while: --ignored --test-threads=1"]
        a_hundred_thousand_requests,
    );

    fn ten_thousand_connections<F: Flavour>() {
        let server = Server::new(|_| Reply::full("200 OK", "Connection: close\r\n", "good"));
        let client = F::new();
        let before = descriptors();
        for n in 0..10_000 {
            check_one(&client, &server.url("/"));
            if n % 1000 == 0 {
                server.take();
            }
        }
        server.wait_for_closed(10_000);
        assert!(descriptors() <= before + 10, "{before} {}", descriptors());
    }

    fn a_hundred_thousand_requests<F: Flavour>() {
        // A server that remembers nothing.
        let url = wire(|mut socket| {
            loop {
                let mut block = [0; 4096];
                match socket.read(&mut block).ok()? {
                    0 => return None,
                    _ => socket
                        .write_all(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 4\r\n\r\ngood")
                        .ok()?,
                }
            }
        });
        let client = F::new();
        let mut after_warming = 0;
        for n in 0..100_000 {
            check_one(&client, &url);
            if n == 10_000 {
                after_warming = memory();
            }
        }
        assert!(memory() < after_warming + 2048, "{after_warming} {}", memory());
    }
}
