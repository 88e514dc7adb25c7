//! How often routes must be called: the texts of expectations that are not met.

use httpx::testing::{Mock, Route};

use crate::kit::{Kit, panic_text};
use crate::support::both_flavours;

both_flavours!(
    expectations_are_checked,
    verify_panics_and_the_drop_does_not_panic_twice,
    a_clone_keeps_the_mock
);

struct Case {
    routes: fn(&Mock) -> Vec<Route>,
    /// The paths that are requested.
    paths: &'static [&'static str],
    report: Option<&'static str>,
}

const CASES: &[Case] = &[
    Case { routes: |mock| vec![mock.get("/a").expect(1)], paths: &["/a"], report: None },
    Case { routes: |mock| vec![mock.get("/a").at_least(1)], paths: &["/a", "/a"], report: None },
    Case { routes: |mock| vec![mock.get("/a").never()], paths: &["/b"], report: None },
    Case { routes: |mock| vec![mock.get("/a")], paths: &[], report: None },
    Case {
        routes: |mock| vec![mock.get("/a").expect(1)],
        paths: &[],
        report: Some("the mock was not called as expected:\n- expected GET /a once, got 0 requests\n"),
    },
    Case {
        routes: |mock| vec![mock.get("/a").never(), mock.get("/b").expect(2..=3), mock.get("/c").expect(1)],
        paths: &["/a", "/b", "/c"],
        report: Some(
            "the mock was not called as expected:\n- expected GET /a never, got 1 request\n- expected GET /b 2 to 3 \
             times, got 1 request\n",
        ),
    },
    Case {
        routes: |mock| vec![mock.get("/users").query("page", "2").at_least(2)],
        paths: &["/users?page=2", "/users?page=3"],
        report: Some(
            "the mock was not called as expected:\n- expected GET /users?page=2 at least twice, got 1 request\n\
             requests that matched no route:\n- GET http://h/users?page=3\n  nearest route: GET /users?page=2: the query \
             has page=3, not page=2\n",
        ),
    },
];

fn expectations_are_checked<F: Kit>() {
    for Case { routes, paths, report } in CASES {
        let mock = Mock::new();
        let routes = routes(&mock);
        let client = F::over_mock(mock.clone());
        for path in *paths {
            // A request that matches nothing fails.
            drop(F::send(client.get(&format!("http://h{path}"))));
        }
        assert_eq!(panic_text(|| mock.verify()).as_deref(), *report);
        drop((routes, client));
        assert_eq!(panic_text(|| drop(mock)).as_deref(), *report);
    }
}

fn verify_panics_and_the_drop_does_not_panic_twice<F: Kit>() {
    // A second panic would abort the process.
    let report = panic_text(|| {
        let mock = Mock::new();
        mock.get("/a").expect(1);
        mock.verify();
    });
    assert!(report.is_some());
    let text = panic_text(|| {
        let mock = Mock::new();
        mock.get("/a").expect(1);
        let _client = F::over_mock(mock.clone());
        panic!("{}", "of the test");
    });
    assert_eq!(text.as_deref(), Some("of the test\n"));
}

fn a_clone_keeps_the_mock<F: Kit>() {
    let mock = Mock::new();
    mock.get("/a").expect(1);
    let client = F::over_mock(mock);
    F::send(client.get("http://h/a")).unwrap();
}
