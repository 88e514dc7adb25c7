//! The netrc file that a client finds by the environment. It belongs to a process, so each client runs in a child process.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::env;
use std::process::Command;

use httpx::auth::Netrc;
use httpx::models::basic_auth;
use httpx::{ErrorKind, Response, Text, Url};
use httpx_core::Request;
use httpx_testing::TempDir;
use support::flavour::BodyOf;
use support::{Flavour, both_flavours};

both_flavours!(each_row);

/// Set in the child: the number of its row.
const ROW: &str = "HTTPX_TEST_ROW";

/// All that is read. Variables that a row does not set are removed.
const VARIABLES: &[&str] = &["NETRC", "HOME", "USERPROFILE"];

/// The variables, with names in the directory of the files, and the login that is found, or the name in the error.
type Row = (&'static [(&'static str, &'static str)], Result<Option<&'static str>, &'static str>);

const ROWS: &[Row] = &[
    (&[], Ok(None)),
    (&[("HOME", "home")], Ok(Some("ann"))),
    (&[("HOME", "empty")], Ok(None)),
    (&[("NETRC", "logins")], Ok(Some("bob"))),
    (&[("NETRC", "logins"), ("HOME", "home")], Ok(Some("bob"))),
    (&[("NETRC", "missing"), ("HOME", "home")], Err("missing")),
    (&[("NETRC", "bad")], Err("line 1")),
];

fn each_row<F: Flavour>() {
    if let Ok(row) = env::var(ROW) {
        return check::<F>(&ROWS[row.parse::<usize>().unwrap()]);
    }
    let dir = TempDir::new();
    for name in ["home", "empty"] {
        std::fs::create_dir(dir.path(name)).unwrap();
    }
    std::fs::write(dir.path("home").join(".netrc"), "machine h login ann password s3cret").unwrap();
    std::fs::write(dir.path("logins"), "machine h login bob password s3cret").unwrap();
    std::fs::write(dir.path("bad"), "machine h login bob password \"s3cret").unwrap();
    for (n, (variables, _)) in ROWS.iter().enumerate() {
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", &format!("{}::each_row", F::NAME)]);
        for variable in VARIABLES {
            child.env_remove(variable);
        }
        for (variable, name) in *variables {
            child.env(variable, dir.path(name));
        }
        let child = child.env(ROW, n.to_string()).output().unwrap();
        let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success() && said.contains("1 passed"), "{variables:?}: {said}");
    }
}

/// In the child.
fn check<F: Flavour>((variables, expected): &Row) {
    // The transport answers with the header that it gets.
    let answer = |request: &Request<BodyOf<F>>| {
        let header = request.headers().get("Authorization").map(|value| value.to_str().unwrap().to_owned());
        Response::new(200, Text(header.unwrap_or_default()))
    };
    let (client, netrc) = (F::answered(answer, httpx::ClientBuilder::netrc), Netrc::from_env());
    let url = Url::parse("http://h/").unwrap();
    match expected {
        Ok(login) => {
            let login = login.map(|login| (login, "s3cret"));
            assert_eq!(netrc.unwrap().find(&url), login, "{variables:?}");
            let header = login.map_or(String::new(), |(login, password)| basic_auth(login, password));
            assert_eq!(F::send(client.unwrap().get("http://h/")).unwrap().text(), header, "{variables:?}");
        }
        Err(word) => {
            let Err(error) = client else { panic!("{variables:?}: there is a client") };
            for error in [error, netrc.unwrap_err()] {
                assert_eq!(error.kind(), ErrorKind::Config, "{error:?}");
                let shown = format!("{error:#} {error:?}");
                assert!(shown.contains(word) && !shown.contains("s3cret"), "{shown}");
            }
        }
    }
}
