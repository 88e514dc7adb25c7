//! `Debug` texts of settings, clients and requests that hold proxies.

use httpx::network::{ConnectOptions, Proxy};
use httpx_testing::{ScriptedServer, serve};

use crate::support::{Flavour, both_flavours};
use crate::{BASIC, OK, check_no_secrets, proxy};

both_flavours!(no_text_shows_credentials);

fn no_text_shows_credentials<F: Flavour>() {
    let server = ScriptedServer::repeat(serve(OK));
    let one = proxy("http", &server);
    let other = Proxy::https("https://proxyuser:pr0xy%20pass@proxy.test").unwrap().no_proxy("a, b");
    let named = other.clone();
    let options = ConnectOptions::new().proxy(other.clone()).proxy_by(move |_| Some(named.clone()));
    let options = options.proxy(one.clone());
    let mut shown = vec![format!("{one:?} {other:#?} {options:?} {options:#?}")];
    assert!(shown[0].contains(&format!("http://{}", server.addr())), "{shown:?}");
    let client = F::own(|builder| {
        let builder = builder.connect_options(options);
        shown.push(format!("{builder:?} {builder:#?}"));
        builder
    });
    let ask =
        client.get("http://origin.test/").proxy(one.clone()).secret_header("Proxy-Authorization", BASIC);
    shown.push(format!("{ask:?} {ask:#?} {}", client.shown()));
    let response = F::send(ask).unwrap();
    shown.push(format!("{response:?} {response:#?} {:?} {:?}", response.head(), response.connection()));
    shown.iter().for_each(|text| check_no_secrets(text));
}
