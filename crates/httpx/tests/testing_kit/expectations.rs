//! How often routes must be called: the texts of expectations that are not met.

use httpx::testing::{Mock, Route};

use crate::kit::{Kit, panic_text};
use crate::support::both_flavours;

both_flavours!(
    expectations_are_checked,
    verify_panics_and_the_drop_does_not_panic_twice,
    a_clone_keeps_the_mock,
    requests_have_a_limit,
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

fn requests_have_a_limit<F: Kit>() {
    let mock = Mock::new();
    mock.get("/a").reply(200).expect(6);
    let client = F::over_mock(mock.clone());
    let body: &'static str = "x".repeat(16 << 20).leak();
    for n in 1..=5 {
        let response = client.ask("GET", &format!("http://h/a?{n}"), &[], body).unwrap();
        assert_eq!(response.status(), 200);
    }
    let queries =
        mock.requests().iter().map(|request| request.url().query().unwrap().to_owned()).collect::<String>();
    assert_eq!((queries.as_str(), format!("{mock:?}").as_str()), ("2345", "Mock(1 routes, 4 requests)"));
    for n in 0..30 {
        client.ask("GET", &format!("http://h/none/{n}"), &[], "").unwrap_err();
    }
    // All calls count, also those that are forgotten.
    let report = panic_text(|| mock.verify()).unwrap();
    assert!(report.contains("expected GET /a 6 times, got 5 requests"), "{report}");
    assert!(report.contains("- GET http://h/none/19\n") && !report.contains("none/20"), "{report}");
    assert!(report.trim_end().ends_with(" and 10 more"), "{report}");
    F::send(client.get("http://h/a")).unwrap();
}
