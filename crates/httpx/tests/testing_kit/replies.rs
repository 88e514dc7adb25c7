//! What a mock answers: responses, faults, delays, bodies that are cut.

use std::time::Duration;

use httpx::models::{RequestSent, Timeout};
use httpx::testing::{Fault, Mock, Reply};
use httpx::{Error, ErrorKind, Response, StatusCode, Text};

use crate::kit::Kit;
use crate::support::both_flavours;

both_flavours!(
    answers_come_in_order,
    a_function_answers,
    faults_are_errors_as_of_a_network,
    a_delay_ends_at_a_timeout,
    bodies_are_cut,
    no_body_where_there_can_be_none,
    invalid_replies_are_errors,
    redirects_and_cookies_go_through_the_client,
);

fn answers_come_in_order<F: Kit>() {
    let mock = Mock::new();
    mock.get("/").reply(503).reply(StatusCode::ACCEPTED).reply(Response::new(200, Text("done")));
    let client = F::over_mock(mock);
    let statuses = [(); 4].map(|()| F::send(client.get("http://h/")).unwrap().status().as_u16());
    assert_eq!(statuses, [503, 202, 200, 200]);
}

fn a_function_answers<F: Kit>() {
    let mock = Mock::new();
    // It may look at the mock.
    let own = mock.clone();
    let route = mock.post("/echo").reply_with(move |request| {
        Reply::new(201).body(request.body().clone()).header("X-Count", own.requests().len())
    });
    // The closure holds the mock, so that only `verify` checks it.
    mock.get("/fails").reply_with(|_| Err::<Reply, _>(Error::new(ErrorKind::Proxy, "of the test")));
    let client = F::over_mock(mock.clone());
    let response = client.ask("POST", "http://h/echo", &[], "hello").unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (201, "hello"));
    assert_eq!(response.headers().get("x-count").unwrap(), "1");
    let error = F::send(client.get("http://h/fails")).unwrap_err();
    assert_eq!((error.kind(), &*error.to_string()), (ErrorKind::Proxy, "GET http://h/fails: of the test"));
    assert_eq!(route.calls(), 1);
}

fn faults_are_errors_as_of_a_network<F: Kit>() {
    use RequestSent::{Complete, Nothing};
    for (fault, kind, sent, text) in [
        (
            Fault::UnknownHost,
            ErrorKind::Resolve,
            Nothing,
            "could not find the address of h: the name does not exist",
        ),
        (
            Fault::Refused,
            ErrorKind::Connect,
            Nothing,
            "could not connect to h; is a server listening there?: connection refused",
        ),
        (Fault::Tls, ErrorKind::Tls, Nothing, "the certificate of h is not trusted"),
        (
            Fault::Reset,
            ErrorKind::Io,
            Complete,
            "the connection failed; send the request again: connection reset by peer",
        ),
        (
            Fault::Closed,
            ErrorKind::Io,
            Complete,
            "the server closed the connection without a response; send the request again",
        ),
        (
            Fault::Timeout(Timeout::Connect),
            ErrorKind::Timeout(Timeout::Connect),
            Nothing,
            "the connect timeout of 10s passed; raise it if the server needs longer",
        ),
        (
            Fault::Timeout(Timeout::Head),
            ErrorKind::Timeout(Timeout::Head),
            Complete,
            "the head timeout of 7s passed; raise it if the server needs longer",
        ),
    ] {
        let mock = Mock::new();
        mock.get("/").reply(fault);
        let ask = F::over_mock(mock).get("http://h/").head_timeout(Duration::from_secs(7));
        let error = F::send(ask).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (kind, Some(sent)));
        assert_eq!(error.to_string(), format!("GET http://h/: {text}"));
    }
}

fn a_delay_ends_at_a_timeout<F: Kit>() {
    const LONG: Duration = Duration::from_secs(1000);
    const SHORT: Duration = Duration::from_millis(1);
    let mock = Mock::new();
    mock.get("/slow").reply(Reply::new(200).delay(LONG));
    mock.get("/quick").reply(Reply::new(200).delay(SHORT));
    let client = F::over_mock(mock);
    let error = F::send(client.get("http://h/slow").head_timeout(SHORT)).unwrap_err();
    assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(Timeout::Head), Some(SHORT)));
    let error = F::send(client.get("http://h/slow").timeout(SHORT)).unwrap_err();
    assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(Timeout::Total), Some(SHORT)));
    assert_eq!(F::send(client.get("http://h/quick")).unwrap().status(), 200);
}

fn bodies_are_cut<F: Kit>() {
    for (cut, read, text) in [
        (0, "", "the response was cut short after 0 of 5 bytes"),
        (3, "hel", "the response was cut short after 3 of 5 bytes"),
        (9, "hello", "the response was cut short after 5 of 5 bytes"),
    ] {
        let mock = Mock::new();
        mock.get("/").reply(Reply::text("hello").cut_after(cut));
        let client = F::over_mock(mock);
        let error = F::send(client.get("http://h/")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Incomplete);
        let text = format!("GET http://h/: {text}; send the request again, or request the rest with Range");
        assert_eq!(error.to_string(), text);
        let (bytes, ended) = F::drain(&mut F::stream(client.get("http://h/")).unwrap());
        assert_eq!((&*bytes, ended.unwrap_err().kind()), (read.as_bytes(), ErrorKind::Incomplete));
    }
}

fn no_body_where_there_can_be_none<F: Kit>() {
    let mock = Mock::new();
    mock.any("/{status}").reply_with(|request| {
        let status = request.url().path()[1..].parse::<u16>().unwrap();
        Reply::text("hello").status(status)
    });
    let client = F::over_mock(mock);
    for (method, status, text) in
        [("GET", 200, "hello"), ("HEAD", 200, ""), ("GET", 204, ""), ("GET", 304, ""), ("GET", 404, "hello")]
    {
        let response = F::send(client.request(method, &format!("http://h/{status}"))).unwrap();
        assert_eq!((response.status().as_u16(), &*response.text()), (status, text), "{method}");
    }
}

fn invalid_replies_are_errors<F: Kit>() {
    for (reply, text) in [
        (Reply::new(99), "99"),
        (Reply::text("x").status(7), "7"),
        (Reply::new(200).header("X Y", "1"), "X Y"),
        (Reply::new(200).body(httpx::models::File::new("/no/such")), "memory"),
    ] {
        let mock = Mock::new();
        mock.get("/").reply(reply);
        let error = F::send(F::over_mock(mock).get("http://h/")).unwrap_err();
        assert!(error.to_string().contains(text), "{text}: {error}");
    }
}

fn redirects_and_cookies_go_through_the_client<F: Kit>() {
    let mock = Mock::new();
    mock.post("/login")
        .reply(Reply::new(303).header("Location", "/me").header("Set-Cookie", "sid=1; Path=/"));
    mock.get("/me").reply(Reply::text("Ann"));
    let response = client_posts::<F>(&mock);
    assert_eq!(response.text(), "Ann");
    let requests = mock.requests();
    assert_eq!((requests[1].method().as_str(), requests[1].url().as_str()), ("GET", "https://h/me"));
    #[cfg(feature = "cookies")]
    assert_eq!(requests[1].headers().get("Cookie").unwrap(), "sid=1");
}

fn client_posts<F: Kit>(mock: &Mock) -> Response {
    F::over_mock(mock.clone()).ask("POST", "https://h/login", &[], "x").unwrap()
}
