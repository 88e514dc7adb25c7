//! Connections over Unix sockets.

use std::fs;
#[cfg(feature = "tls")]
use std::iter;
use std::os::unix::net::UnixListener;
use std::path::PathBuf;

use httpx_core::{ErrorKind, RequestSent, Timeout};
use httpx_pool::{ConnectOptions, PublicOnly};

use crate::support::*;

both_flavours! {
    connections_are_kept_and_replaced,
    a_socket_for_one_request,
    no_socket_for_one_request,
    a_single_connection,
    large_bodies_both_ways,
    a_server_that_is_silent,
    #[cfg(feature = "tls")]
    tls_checks_the_name_of_the_url,
    paths_without_a_server,
    #[cfg(target_os = "linux")]
    paths_without_permission,
    #[cfg(target_os = "linux")]
    a_queue_that_is_full,
    #[cfg(target_os = "linux")]
    abstract_names,
}

fn connections_are_kept_and_replaced<F: Flavour>() {
    let (dir, server) = (SocketDir::new(), Server::new([[answer(OK), answer(OK)].concat(), serve(OK)]));
    let path = dir.forward("s", server.addr());
    // The host has no address, the port is refused, and the filter is not asked.
    let pool = F::make(|pool| pool.unix_socket(&path).address_filter(PublicOnly::new()));
    let response = pool.get("http://docker.invalid:1/version").unwrap();
    assert_eq!((response.text(), response.remote_addr()), ("hello".into(), None));
    pool.get_ok("http://docker.invalid:1/");
    assert_eq!((server.connections(), pool.counts()), (1, idle(1)));
    let received = String::from_utf8(server.ended()[0].received.clone()).unwrap();
    assert!(received.starts_with("GET /version HTTP/1.1\r\nHost: docker.invalid:1\r\n"), "{received}");
    // The server has closed it. Another host is another origin.
    until(|| {
        pool.get_ok("http://docker.invalid:1/");
        server.connections() == 2
    });
}

fn a_socket_for_one_request<F: Flavour>() {
    let dir = SocketDir::new();
    let [of_tcp, of_one, of_other] = [(); 3].map(|()| Server::repeat(serve(OK)));
    let [one, other] = [("one", &of_one), ("other", &of_other)]
        .map(|(name, server)| ConnectOptions::new().unix_socket(dir.forward(name, server.addr())));
    let pool = F::new();
    for _ in 0..2 {
        pool.get_ok(&of_tcp.url());
        for options in [&one, &other, &one] {
            assert_eq!(pool.exchange(request_with(&of_tcp.url(), options.clone())).unwrap().bytes(), "hello");
        }
    }
    let connections = [of_tcp, of_one, of_other].map(|server| server.connections());
    assert_eq!((connections, pool.counts()), ([1, 1, 1], idle(3)));
}

fn no_socket_for_one_request<F: Flavour>() {
    let (dir, of_socket, of_tcp) = (SocketDir::new(), Server::repeat(serve(OK)), Server::repeat(serve(OK)));
    let path = dir.forward("s", of_socket.addr());
    let pool = F::make(|pool| pool.unix_socket(&path));
    for _ in 0..2 {
        pool.get_ok(&of_tcp.url());
        let options = ConnectOptions::new().no_unix_socket();
        let response = pool.exchange(request_with(&of_tcp.url(), options)).unwrap();
        assert_eq!(response.remote_addr(), Some(of_tcp.addr()));
    }
    assert_eq!((of_socket.connections(), of_tcp.connections()), (1, 1));
    // It is the same as no socket.
    let pool = F::new();
    pool.get_ok(&of_tcp.url());
    pool.exchange(request_with(&of_tcp.url(), ConnectOptions::new().no_unix_socket())).unwrap();
    assert_eq!(of_tcp.connections(), 2);
}

fn a_single_connection<F: Flavour>() {
    let (dir, server) = (SocketDir::new(), Server::repeat(serve(OK)));
    let path = dir.forward("s", server.addr());
    let connection = F::open(|builder| builder.unix_socket(&path), "http://h.invalid/").unwrap();
    assert!(F::is_ready(&connection));
    connection.get_ok("http://h.invalid/");
    connection.get_ok("http://h.invalid/");
    connection.close();
    assert_eq!(server.end_of(0), End::Closed);
}

fn large_bodies_both_ways<F: Flavour>() {
    let size = 8 << 20;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n");
    let (dir, server) = (SocketDir::new(), Server::new([vec![Act::Take, send(head), Act::Flood(size)]]));
    let path = dir.forward("s", server.addr());
    let pool = F::make(|pool| pool.unix_socket(&path));
    let request = request("POST", "http://h/").with_body(bytes(vec![b'x'; 8 << 20]));
    assert_eq!(pool.exchange(request).unwrap().bytes().len() as u64, size);
}

fn a_server_that_is_silent<F: Flavour>() {
    let (dir, server) = (SocketDir::new(), Server::new([vec![Act::Eof], serve(OK)]));
    let path = dir.forward("s", server.addr());
    let pool = F::make(|pool| pool.unix_socket(&path));
    let error =
        pool.exchange(patient("GET", "http://h/", |timeouts| timeouts.head = Some(30 * MS))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head), "{error:?}");
    pool.get_ok("http://h/");
}

#[cfg(feature = "tls")]
fn tls_checks_the_name_of_the_url<F: Flavour>() {
    use httpx_pool::TlsErrorKind;
    use rustls::version::{TLS12, TLS13};

    let authority = tls::Authority::new(&[&TLS12, &TLS13]);
    let (dir, server) = (SocketDir::new(), authority.serve(iter::repeat(serve(OK))));
    let path = dir.forward("s", server.addr());
    let pool = F::make(|pool| pool.unix_socket(&path).tls(authority.client.clone()));
    pool.get_ok("https://127.0.0.1/");
    pool.get_ok("https://127.0.0.1/");
    assert_eq!(server.connections(), 1);
    let error = pool.get("https://other.test/").unwrap_err();
    assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::WrongHost), "{error:?}");
}

fn paths_without_a_server<F: Flavour>() {
    let (dir, server) = (SocketDir::new(), Server::repeat(serve(OK)));
    let good = dir.forward("good", server.addr());
    fs::write(dir.path("file"), "").unwrap();
    drop(UnixListener::bind(dir.path("stale")).unwrap());
    let rows: [(PathBuf, ErrorKind, &str); 8] = [
        (dir.path("none"), ErrorKind::Connect, "none; does its server run, and is the path right?: "),
        (
            dir.path("none/below"),
            ErrorKind::Connect,
            "none/below; does its server run, and is the path right?: ",
        ),
        (dir.path("stale"), ErrorKind::Connect, "stale; does its server still run?: "),
        (dir.path("file"), ErrorKind::Config, "file: it is a file and no socket"),
        (dir.path(""), ErrorKind::Config, ": it is a directory and no socket"),
        (dir.path(&"x".repeat(200)), ErrorKind::Config, "xxx: the path is too long for a socket"),
        (dir.path("s\0"), ErrorKind::Config, "the path has a NUL byte"),
        (PathBuf::new(), ErrorKind::Config, "cannot connect to the Unix socket : the path is empty"),
    ];
    for (path, kind, said) in rows {
        let pool = F::make(|pool| pool.unix_socket(&path));
        let error = pool.get("http://h/").unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (kind, Some(RequestSent::Nothing)), "{error:?}");
        assert!(error.to_string().contains("cannot connect to the Unix socket "), "{error}");
        assert!(error.to_string().contains(said), "{error} should say {said:?}");
        assert_eq!((error.is_transient(), pool.counts()), (kind == ErrorKind::Connect, idle(0)));
        // The same pool reaches another socket.
        let request = request_with(&server.url(), ConnectOptions::new().unix_socket(&good));
        assert_eq!(pool.exchange(request).unwrap().text(), "hello");
    }
}

/// A socket file, and a directory, without permissions. As root this needs a thread without root's capabilities; its
/// own threads have none either.
#[cfg(target_os = "linux")]
fn paths_without_permission<F: Flavour>() {
    use std::os::unix::fs::PermissionsExt;

    use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};

    let (dir, server) = (SocketDir::new(), Server::repeat(serve(OK)));
    fs::create_dir(dir.path("closed")).unwrap();
    let private = dir.forward("private", server.addr());
    let below = dir.forward("closed/s", server.addr());
    let allow = |mode| {
        for name in ["private", "closed"] {
            fs::set_permissions(dir.path(name), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    allow(0o000);
    let none = CapabilitySet::empty();
    let requests = || {
        set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })
            .unwrap();
        [&private, &below].map(|path| {
            let pool = F::make(|pool| pool.unix_socket(path));
            let error = pool.get("http://h/").unwrap_err();
            (error, pool)
        })
    };
    let results = std::thread::scope(|scope| scope.spawn(requests).join().unwrap());
    allow(0o700);
    for ((error, pool), name) in results.into_iter().zip(["private", "closed/s"]) {
        assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Connect, Some(RequestSent::Nothing)));
        let said = format!("{name}; may this user write to it?: ");
        assert!(error.to_string().contains(&said), "{error}");
        // Once it is permitted, the same pool connects.
        pool.get_ok("http://h/");
    }
}

/// A connection waits until the server accepts others, or until its time is up.
#[cfg(target_os = "linux")]
fn a_queue_that_is_full<F: Flavour>() {
    use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, bind, listen, socket};

    let (dir, server) = (SocketDir::new(), Server::repeat(serve(OK)));
    let path = dir.path("s");
    let socket = socket(AddressFamily::UNIX, SocketType::STREAM, None).unwrap();
    bind(&socket, &SocketAddrUnix::new(&path).unwrap()).unwrap();
    listen(&socket, 0).unwrap();
    let listener = UnixListener::from(socket);
    let queued = std::os::unix::net::UnixStream::connect(&path).unwrap();
    let pool = F::make(|pool| pool.unix_socket(&path));
    let late = patient("GET", "http://h/", |timeouts| timeouts.connect = Some(30 * MS));
    let error = pool.exchange(late).unwrap_err();
    assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(Timeout::Connect), Some(30 * MS)));
    assert!(error.to_string().contains("still connecting to /"), "{error}");
    let waiting = std::thread::spawn(move || pool.get_ok("http://h/"));
    assert!(listener.accept().is_ok());
    drop(queued);
    dir.forward_from(listener, server.addr());
    waiting.join().unwrap();
}

#[cfg(target_os = "linux")]
fn abstract_names<F: Flavour>() {
    use std::os::linux::net::SocketAddrExt;
    use std::os::unix::net::SocketAddr;

    let (dir, server) = (SocketDir::new(), Server::repeat(serve(OK)));
    let name = dir.path("abstract").to_str().unwrap().to_owned();
    let address = SocketAddr::from_abstract_name(&name).unwrap();
    dir.forward_from(UnixListener::bind_addr(&address).unwrap(), server.addr());
    F::make(|pool| pool.unix_socket(format!("\0{name}"))).get_ok("http://h/");
    let error = F::make(|pool| pool.unix_socket(format!("\0{name}2"))).get("http://h/").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
}
