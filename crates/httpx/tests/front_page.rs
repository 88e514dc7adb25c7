//! The face of the crate: the root has few names, and each method of a builder, a client or a model has an example.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

/// Further names belong in a module named after their subject. Modules are not counted: each is one line that leads on.
const MAX_NAMES: usize = 35;

#[test]
fn the_root_has_few_names() {
    let shared = names(include_str!("../src/reexports.rs"));
    for (file, text) in
        [("lib.rs", include_str!("../src/lib.rs")), ("ahttpx.rs", include_str!("../src/ahttpx.rs"))]
    {
        let mut all = names(text);
        all.extend(shared.iter().cloned());
        assert!(all.contains("Client") && all.contains("Url"), "{file}: {all:?}");
        assert!(all.len() <= MAX_NAMES, "{file} has {} names: {all:?}", all.len());
    }
}

/// The public names of a file: its `pub` items without indentation, but not its modules.
fn names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut hidden = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(item) = line.strip_prefix("pub ") else {
            hidden |= line == "#[doc(hidden)]";
            hidden &= line.starts_with('#');
            continue;
        };
        if item.starts_with("mod ") {
            hidden = false;
            continue;
        }
        let mut item = item.to_owned();
        while item.starts_with("use ") && !item.ends_with(';') {
            item.push_str(lines.next().unwrap());
        }
        if !std::mem::take(&mut hidden) {
            names.extend(names_of(&item));
        }
    }
    names
}

fn names_of(item: &str) -> Vec<String> {
    let (keyword, rest) = item.split_once(' ').unwrap();
    if keyword != "use" {
        return vec![rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned()];
    }
    let rest = rest.trim_end_matches(';');
    let list = rest.rsplit_once('{').map_or(rest, |(_, list)| list.trim_end_matches('}'));
    let last = |path: &str| path.trim().rsplit("::").next().unwrap().to_owned();
    list.split(',').map(last).filter(|name| !name.is_empty() && name != "*").collect()
}

#[test]
fn names_are_found() {
    let text = "pub use a::b::{C,\n    d,\n};\n#[doc(hidden)]\npub use e::F;\n#[cfg(x)]\npub mod g {\n    pub use h::I;\n}\n\
                pub use j::*;\npub type K<B = L> = M<B>;\n";
    assert_eq!(names(text).into_iter().collect::<Vec<_>>(), ["C", "K", "d"]);
}

#[test]
fn each_method_has_an_example() {
    let files = [
        include_str!("../src/client_builder.rs"),
        include_str!("../src/client_builder/headers.rs"),
        include_str!("../src/client_builder/layers.rs"),
        include_str!("../src/client_builder/options.rs"),
        include_str!("../src/client_builder/pool.rs"),
        include_str!("../src/client_builder/proxy.rs"),
        include_str!("../src/client_builder/transports.rs"),
        include_str!("../src/request_builder.rs"),
        include_str!("../src/request_builder/connect.rs"),
        include_str!("../src/request_builder/headers.rs"),
        include_str!("../src/request_builder/options.rs"),
        include_str!("../src/request_builder/proxy.rs"),
        include_str!("../src/request_builder/trailers.rs"),
        include_str!("../src/request_builder/upgrade.rs"),
        include_str!("../src/blocking/client.rs"),
        include_str!("../src/blocking/client_builder.rs"),
        include_str!("../src/blocking/request_builder.rs"),
        include_str!("../src/blocking/functions.rs"),
        include_str!("../src/ahttpx/client.rs"),
        include_str!("../src/ahttpx/client_builder.rs"),
        include_str!("../src/ahttpx/request_builder.rs"),
        include_str!("../src/ahttpx/functions.rs"),
    ];
    let methods = files.iter().flat_map(|text| methods(text)).collect::<Vec<_>>();
    assert!(methods.len() > 90, "{methods:?}");
    let without = methods.iter().filter(|(_, has_example)| !has_example).collect::<Vec<_>>();
    assert!(without.is_empty(), "{without:?}");
}

/// Short methods may share an example: it is enough that some example of the model calls them.
#[test]
fn each_method_of_a_model_has_an_example() {
    macro_rules! core {
        ($($file:literal),*) => { [$(include_str!(concat!("../../httpx-core/src/", $file))),*].to_vec() };
    }
    macro_rules! pool {
        ($($file:literal),*) => { [$(include_str!(concat!("../../httpx-pool/src/", $file))),*].to_vec() };
    }
    let models = [
        ("Url", core!("url.rs", "url_parsing.rs")),
        ("Request", core!("request.rs")),
        ("Headers", core!("headers.rs", "headers/convert.rs")),
        ("HeaderValue", core!("headers/value.rs")),
        ("Response", core!("response.rs", "response/metadata.rs", "response/json.rs", "message_body.rs")),
        ("QueryParams", core!("query_params.rs", "serialized_params.rs")),
        ("StatusCode", core!("status.rs")),
        ("Method", core!("method.rs")),
        ("MediaType", core!("media_type.rs")),
        ("SetCookie", core!("set_cookie.rs")),
        ("Link", core!("link.rs")),
        ("Error", core!("error.rs", "error/convert.rs")),
        ("Timeouts", core!("timeouts.rs")),
        ("Proxy", pool!("proxy.rs")),
        ("NoProxy", pool!("proxy/no_proxy.rs")),
        ("PoolBuilder", pool!("pool_builder.rs")),
        ("ConnectionBuilder", pool!("connection_builder.rs")),
        (
            "ConnectOptions",
            pool!("connect_options.rs", "connect_options/proxy.rs", "connect_options/unix_socket.rs"),
        ),
        ("DnsCacheOptions", pool!("dns_cache_options.rs")),
        ("Resolved", pool!("resolved.rs")),
        ("TlsConfigBuilder", pool!("tls/config_builder.rs", "tls/config_builder/verification.rs")),
        ("TcpBackend", pool!("blocking/backend.rs")),
        ("ahttpx::TcpBackend", pool!("ahttpx/backend.rs")),
    ];
    for (model, files) in models {
        let examples = files.iter().flat_map(|text| text.lines().map(str::trim_start));
        let examples = examples.filter(|line| line.starts_with("///")).collect::<Vec<_>>().join("\n");
        let methods = files.iter().flat_map(|text| methods(text)).collect::<Vec<_>>();
        assert!(!methods.is_empty(), "{model}");
        let is_called =
            |name| [format!(".{name}("), format!("::{name}(")].iter().any(|call| examples.contains(call));
        let without = methods.iter().filter(|(name, has_example)| !has_example && !is_called(name));
        let without = without.collect::<Vec<_>>();
        assert!(without.is_empty(), "{model}: {without:?}");
    }
}

/// The public functions of a file that are not hidden, and whether their docs have an example.
fn methods(text: &str) -> Vec<(&str, bool)> {
    let mut methods = Vec::new();
    let (mut has_example, mut is_hidden, mut is_in_hidden_block) = (false, false, false);
    for line in text.lines() {
        is_in_hidden_block &= line != "}";
        is_in_hidden_block |= is_hidden && line.starts_with("impl");
        let line = line.trim_start();
        let item = line.strip_prefix("pub ").unwrap_or_default();
        if let Some(name) = item.trim_start_matches("async ").trim_start_matches("const ").strip_prefix("fn ")
            && !(is_hidden || is_in_hidden_block)
        {
            methods.push((name.split(['(', '<']).next().unwrap(), has_example));
        }
        let is_attached = line.starts_with("///") || line.starts_with("#[");
        has_example = is_attached && (has_example || line.starts_with("/// ```"));
        is_hidden = is_attached && (is_hidden || line == "#[doc(hidden)]");
    }
    methods
}

#[test]
fn methods_are_found() {
    let text = "/// A.\n///\n/// ```\n/// x.a();\n/// ```\npub struct X;\n\nimpl X {\n    /// ```\n    /// ```\n    #[inline]\n    \
                pub const fn a(&self) {}\n\n    /// B.\n    pub async fn b<T>() {}\n\n    #[doc(hidden)]\n    pub fn c() {}\n    \
                pub(crate) fn d() {}\n}\n\n#[doc(hidden)]\nimpl X {\n    pub fn e() {}\n}\n\nimpl X {\n    pub fn f() {}\n}\n";
    assert_eq!(methods(text), [("a", true), ("b", false), ("f", false)]);
}
