//! nginx over https: versions, sessions, certificates.

use httpx::ErrorKind;
use httpx::tls::{TlsConfig, TlsErrorKind};

use crate::support::{Flavour, both_flavours};
use crate::{fields, get, one_mebibyte, server, trusting};

both_flavours!(nginx_tls, nginx_sessions_resume, nginx_certificates, nginx_client_certificate,);

fn nginx_tls<F: Flavour>() {
    let client = trusting::<F>(&server!("HTTPX_CA"));
    for (base, version) in [
        (server!("HTTPX_NGINX_TLS"), "TLSv1.3"),
        (server!("HTTPX_NGINX_TLS12"), "TLSv1.2"),
        (server!("HTTPX_NGINX_TLS13"), "TLSv1.3"),
    ] {
        let connection = fields(&get(&client, &format!("{base}/connection")));
        assert_eq!(connection["tls"], version);
        assert!(get(&client, &format!("{base}/1m.bin")).bytes() == &one_mebibyte());
        assert_eq!(get(&client, &format!("{base}/text.txt")).text().lines().count(), 4000);
        let again = fields(&get(&client, &format!("{base}/connection")));
        assert_eq!((&again["connection"], &*again["requests"]), (&connection["connection"], "4"));
    }
    // By its address too.
    let base = server!("HTTPX_NGINX_TLS").replace("localhost", "127.0.0.1");
    assert_eq!(get(&client, &format!("{base}/small.txt")).text(), "Hello, world!\n");
    // Plain http to a port of TLS: nginx knows, and answers.
    let plain = get(&client, &format!("{}/", base.replace("https", "http")));
    assert_eq!(plain.status(), 400);
}

fn nginx_sessions_resume<F: Flavour>() {
    let ca = server!("HTTPX_CA");
    for base in [server!("HTTPX_NGINX_TLS12"), server!("HTTPX_NGINX_TLS13")] {
        let tls = TlsConfig::builder().only_given_roots().root(std::fs::read(&ca).unwrap()).build().unwrap();
        let client = F::pooled(|pool| pool.tls(tls).max_idle_connections(0));
        let url = format!("{base}/connection");
        let [first, second] = [(); 2].map(|()| fields(&get(&client, &url)));
        assert_ne!(first["connection"], second["connection"]);
        assert_eq!((&*first["resumed"], &*second["resumed"]), (".", "r"), "{base}");
    }
}

fn nginx_certificates<F: Flavour>() {
    let client = trusting::<F>(&server!("HTTPX_CA"));
    for (base, failure) in [
        (server!("HTTPX_NGINX_EXPIRED"), TlsErrorKind::Expired),
        (server!("HTTPX_NGINX_WRONG_HOST"), TlsErrorKind::WrongHost),
        (server!("HTTPX_NGINX_UNKNOWN_CA"), TlsErrorKind::UnknownIssuer),
    ] {
        let error = F::send(client.get(&base)).unwrap_err();
        assert_eq!((error.kind(), TlsErrorKind::find_in(&error)), (ErrorKind::Tls, Some(failure)));
        let careless = TlsConfig::builder().danger_accept_invalid_certs().build().unwrap();
        let careless = F::pooled(|pool| pool.tls(careless));
        assert_eq!(get(&careless, &format!("{base}/small.txt")).text(), "Hello, world!\n");
    }
}

fn nginx_client_certificate<F: Flavour>() {
    let (base, ca) = (server!("HTTPX_NGINX_CLIENT_AUTH"), server!("HTTPX_CA"));
    let read = |path: String| std::fs::read(path).unwrap();
    let (certificate, key) = (read(server!("HTTPX_CLIENT_CERT")), read(server!("HTTPX_CLIENT_KEY")));
    let anonymous = trusting::<F>(&ca);
    assert_eq!(get(&anonymous, &format!("{base}/small.txt")).status(), 400);
    let tls = TlsConfig::builder()
        .only_given_roots()
        .root(read(ca))
        .client_certificate(certificate, key)
        .build()
        .unwrap();
    let known = F::pooled(|pool| pool.tls(tls));
    assert_eq!(get(&known, &format!("{base}/small.txt")).text(), "Hello, world!\n");
}
