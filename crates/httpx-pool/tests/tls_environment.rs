//! Settings of TLS that come from the environment. It belongs to a process, so the clients run in child processes, and
//! their parent is the server.
#![cfg(all(unix, any(feature = "blocking", feature = "async"), feature = "tls"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests
#![allow(clippy::print_stdout)] // a test that is skipped says so

mod support;

#[cfg(all(feature = "native-roots", target_os = "linux"))]
use std::ffi::OsStr;
use std::process::Command;
use std::{env, fs, iter};

use httpx_pool::{TlsConfig, TlsConfigBuilder};
use httpx_testing::tls::Authority;
use support::*;

/// Set in the child: where to send requests.
const URL: &str = "HTTPX_TEST_URL";

/// Runs a test of this file in a child process, in which all requests succeed.
fn in_a_child(test: &str, server: &Server, environment: &[(&str, &str)]) {
    let mut child = Command::new(env::current_exe().unwrap());
    child.envs(environment.iter().copied());
    succeeds(child, test, server);
}

fn succeeds(mut child: Command, test: &str, server: &Server) {
    child.args(["--exact", test]).env(URL, server.url());
    for variable in ["SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"] {
        if !child.get_envs().any(|(set, _)| set == variable) {
            child.env_remove(variable);
        }
    }
    let child = child.output().unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

/// Sends a request in each flavour.
fn send(url: &str, builder: TlsConfigBuilder) {
    let tls = builder.build().unwrap();
    #[cfg(feature = "blocking")]
    Blocking::make(|pool| pool.tls(tls.clone())).get_ok(url);
    #[cfg(feature = "async")]
    Async::make(|pool| pool.tls(tls.clone())).get_ok(url);
}

/// A server, and a directory with its root: as `root.pem`, and under a name as OpenSSL looks for it.
fn server() -> (Server, SocketDir) {
    let (authority, dir) = (Authority::new(), SocketDir::new());
    for name in ["root.pem", "0123abcd.0"] {
        fs::write(dir.path(name), authority.pem()).unwrap();
    }
    (Server::tls(authority.server("127.0.0.1"), iter::repeat(serve(OK))), dir)
}

fn text(dir: &SocketDir, name: &str) -> String {
    dir.path(name).to_str().unwrap().to_owned()
}

#[test]
fn secrets_are_logged_if_asked_for() {
    let tls = TlsConfig::builder();
    if let Ok(url) = env::var(URL) {
        let is_asked_for = env::var_os("HTTPX_TEST_KEY_LOG").is_some();
        return send(&url, if is_asked_for { tls.key_log() } else { tls });
    }
    let (server, dir) = server();
    let (root, log) = (text(&dir, "root.pem"), text(&dir, "log"));
    let environment = [("SSL_CERT_FILE", &*root), ("SSLKEYLOGFILE", &*log), ("HTTPX_TEST_KEY_LOG", "1")];
    in_a_child("secrets_are_logged_if_asked_for", &server, &environment[..2]);
    assert!(!dir.path("log").exists());
    in_a_child("secrets_are_logged_if_asked_for", &server, &environment);
    let logged = fs::read_to_string(dir.path("log")).unwrap();
    let secrets = logged.lines().filter(|line| line.starts_with("CLIENT_TRAFFIC_SECRET_0 ")).count();
    let flavours = [cfg!(feature = "blocking"), cfg!(feature = "async")];
    assert_eq!(secrets, flavours.iter().filter(|is_there| **is_there).count(), "{logged}");
}

/// The environment takes precedence over the platform's store.
#[cfg(feature = "native-roots")]
#[test]
fn the_roots_of_the_environment_take_precedence() {
    if let Ok(url) = env::var(URL) {
        return send(&url, TlsConfig::builder().native_roots());
    }
    let (server, dir) = server();
    let (root, all) = (text(&dir, "root.pem"), text(&dir, ""));
    for (variable, roots) in [("SSL_CERT_FILE", &root), ("SSL_CERT_DIR", &all)] {
        in_a_child("the_roots_of_the_environment_take_precedence", &server, &[(variable, roots)]);
    }
}

/// The child sees a directory of this test in place of the platform's store.
#[cfg(all(feature = "native-roots", target_os = "linux"))]
#[test]
fn the_roots_of_the_platform_are_trusted() {
    if let Ok(url) = env::var(URL) {
        let default = TlsConfig::builder().build().unwrap();
        #[cfg(feature = "blocking")]
        assert!(Blocking::make(|pool| pool.tls(default.clone())).get(&url).is_err());
        #[cfg(feature = "async")]
        assert!(Async::make(|pool| pool.tls(default.clone())).get(&url).is_err());
        return send(&url, TlsConfig::builder().native_roots());
    }
    let (server, dir) = server();
    fs::copy(dir.path("root.pem"), dir.path("ca-certificates.crt")).unwrap();
    let with_store = |program: &OsStr| {
        let mut command = Command::new("unshare");
        command
            .args(["--user", "--map-root-user", "--mount", "sh", "-c"])
            .arg("mount --bind \"$0\" /etc/ssl/certs && exec \"$@\"");
        command.arg(dir.path("")).arg(program);
        command
    };
    if !with_store("true".as_ref()).status().is_ok_and(|status| status.success()) {
        println!("skipped: this process may not mount a directory over /etc/ssl/certs");
        return;
    }
    let child = with_store(env::current_exe().unwrap().as_ref());
    succeeds(child, "the_roots_of_the_platform_are_trusted", &server);
}
