//! The request that the options describe.

use std::fs;

use httpx::models::{Coding, File};
use httpx::{Client, RequestBuilder};

use crate::arguments::{Arguments, Data};
use crate::data;
use crate::failure::Failure;

pub(crate) fn build(client: &Client, arguments: &Arguments, url: &str) -> Result<RequestBuilder, Failure> {
    let mut request = client.request(method(arguments), with_data(with_scheme(url), arguments)?);
    if arguments.has("compressed") {
        request = request.accept_encodings([Coding::Gzip, Coding::Deflate]);
    } else {
        request = request.decompress(false);
    }
    if let Some(time) = arguments.max_time {
        request = request.timeout(time);
    }
    if arguments.retries > 0 {
        // curl repeats any method.
        request = request.idempotent(true);
    }
    request = with_credentials(request, arguments);
    request = with_body(request, arguments)?;
    Ok(with_headers(request, arguments))
}

/// `example.com` is `http://example.com`, as in curl.
fn with_scheme(url: &str) -> String {
    if url.contains("://") { url.to_owned() } else { format!("http://{url}") }
}

/// With `-G`, appends the data to the query, as it is.
fn with_data(url: String, arguments: &Arguments) -> Result<String, Failure> {
    if !arguments.has("get") || arguments.data.is_empty() {
        return Ok(url);
    }
    let data = data::joined(&arguments.data)?;
    let data = String::from_utf8_lossy(&data);
    let (url, fragment) = url.split_once('#').unwrap_or((&url, ""));
    let separator = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{separator}{data}#{fragment}"))
}

fn method(arguments: &Arguments) -> &str {
    match &arguments.method {
        Some(method) => method,
        None if arguments.has("head") => "HEAD",
        None if arguments.has("get") => "GET",
        None if arguments.upload.is_some() => "PUT",
        None if !arguments.data.is_empty() || !arguments.fields.is_empty() => "POST",
        None => "GET",
    }
}

fn with_credentials(request: RequestBuilder, arguments: &Arguments) -> RequestBuilder {
    let Some(user) = &arguments.user else { return request };
    let (user, password) = user.split_once(':').unwrap_or((user, ""));
    if arguments.has("digest") {
        request.digest_auth(user, password)
    } else {
        request.basic_auth(user, password)
    }
}

fn with_body(request: RequestBuilder, arguments: &Arguments) -> Result<RequestBuilder, Failure> {
    if !arguments.fields.is_empty() {
        return Ok(request.multipart(data::form(&arguments.fields)?));
    }
    if let Some(path) = &arguments.upload {
        fs::File::open(path).map_err(|error| Failure::read(&path.display().to_string(), &error))?;
        return Ok(request.body(File::new(path)));
    }
    if arguments.data.is_empty() || arguments.has("get") {
        return Ok(request);
    }
    let body = data::joined(&arguments.data)?;
    let is_json = arguments.data.iter().any(|data| matches!(data, Data::Json(_)));
    Ok(if is_json {
        request.header("Content-Type", "application/json").header("Accept", "application/json").body(body)
    } else {
        request.header("Content-Type", "application/x-www-form-urlencoded").body(body)
    })
}

/// Sets the headers of the options; a line of `-H` replaces the header of its name.
fn with_headers(mut request: RequestBuilder, arguments: &Arguments) -> RequestBuilder {
    let cookies = arguments.cookies.iter().filter(|cookie| cookie.contains('=')).cloned().collect::<Vec<_>>();
    let cookies = (!cookies.is_empty()).then(|| cookies.join("; "));
    let own = [
        ("User-Agent", arguments.user_agent.as_ref()),
        ("Referer", arguments.referer.as_ref()),
        ("Cookie", cookies.as_ref()),
    ];
    for (name, value) in own {
        request = match value {
            Some(value) if value.is_empty() => request.without_header(name),
            Some(value) => request.header(name, value),
            None => request,
        };
    }
    for line in &arguments.headers {
        request = match (line.split_once(':'), line.strip_suffix(';')) {
            (Some((name, value)), _) if value.trim().is_empty() => request.without_header(name),
            (Some((name, value)), _) => request.header(name, value.trim()),
            (None, Some(name)) => request.header(name, ""),
            // curl ignores it, too.
            (None, None) => request,
        };
    }
    request
}
