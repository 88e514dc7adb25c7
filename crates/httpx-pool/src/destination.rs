//! [`Destination`]: the endpoint, the deadline and the options of a connection that a backend opens.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use httpx_core::Extensions;

use crate::address_filter::AddressRefused;
use crate::connect_error::ConnectError;
use crate::connect_options::ConnectOptions;
use crate::dial_trace::DialTrace;
use crate::endpoint::Endpoint;
use crate::happy_eyeballs::HappyEyeballs;

/// The argument of a `NetworkBackend`: the endpoint to connect to, the deadline, and the options.
///
/// A backend that wraps another one passes it on, with another [endpoint](Self::with_endpoint) or
/// [deadline](Self::with_deadline) if necessary.
///
/// ```
/// # mod httpx { pub mod network { pub use httpx_pool::*; } }
/// use httpx::network::{Destination, Endpoint, Scheme};
///
/// let endpoint = Endpoint::new(Scheme::Http, "example.com", 8080);
/// let to = Destination::new(&endpoint);
/// assert_eq!((to.endpoint().port(), to.deadline()), (8080, None));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Destination<'a> {
    endpoint: &'a Endpoint,
    deadline: Option<Instant>,
    options: &'a ConnectOptions,
    extensions: Option<&'a Extensions>,
    trace: Option<&'a DialTrace>,
}

impl<'a> Destination<'a> {
    /// Makes a destination without a deadline, with the default options and without extensions.
    pub fn new(endpoint: &'a Endpoint) -> Self {
        Destination {
            endpoint,
            deadline: None,
            options: ConnectOptions::unset(),
            extensions: None,
            trace: None,
        }
    }

    /// Returns the same destination with another endpoint.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{Destination, Endpoint};
    ///
    /// fn on_this_machine(to: &Destination<'_>) -> Endpoint {
    ///     Endpoint::new(to.endpoint().scheme(), "127.0.0.1", to.endpoint().port())
    /// }
    ///
    /// # let example = Endpoint::new(httpx::network::Scheme::Http, "example.com", 8080);
    /// # let to = Destination::new(&example);
    /// let endpoint = on_this_machine(&to);
    /// assert_eq!(to.with_endpoint(&endpoint).endpoint().host(), "127.0.0.1");
    /// ```
    pub fn with_endpoint<'b>(&self, endpoint: &'b Endpoint) -> Destination<'b>
    where
        'a: 'b,
    {
        Destination { endpoint, ..*self }
    }

    /// Returns the same destination with another deadline.
    pub fn with_deadline(self, deadline: Option<Instant>) -> Self {
        Destination { deadline, ..self }
    }

    /// Returns the same destination with other options.
    pub fn with_options(self, options: &'a ConnectOptions) -> Self {
        Destination { options, ..self }
    }

    pub(crate) fn with_extensions(self, extensions: &'a Extensions) -> Self {
        Destination { extensions: Some(extensions), ..self }
    }

    pub(crate) fn with_trace(self, trace: &'a DialTrace) -> Self {
        Destination { trace: Some(trace), ..self }
    }

    /// Returns the trace of the connection, if the destination comes from a pool.
    pub(crate) fn trace(&self) -> Option<&'a DialTrace> {
        self.trace
    }

    /// Returns the origin to connect to.
    pub fn endpoint(&self) -> &'a Endpoint {
        self.endpoint
    }

    /// Returns when the connection must be open. Without a deadline, the operating system decides how long to try.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns the options of the request, merged with those of the pool.
    pub fn options(&self) -> &'a ConnectOptions {
        self.options
    }

    /// Asks the [`AddressFilter`](crate::AddressFilter) of the options about an address. Without a filter all are
    /// allowed.
    ///
    /// A backend that opens sockets itself asks before each attempt.
    ///
    /// # Errors
    ///
    /// If the filter refuses the address.
    pub fn check_address(&self, address: SocketAddr) -> Result<(), AddressRefused> {
        self.options.filter().map_or(Ok(()), |filter| filter.check(address))
    }

    /// Returns those of the addresses that the filter allows.
    ///
    /// # Errors
    ///
    /// If there are addresses, and none of them is allowed.
    pub(crate) fn allowed(&self, mut addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, ConnectError> {
        let mut first = None;
        addresses.retain(|&address| match self.check_address(address) {
            Ok(()) => true,
            Err(refused) => {
                first.get_or_insert((address, refused));
                false
            }
        });
        match first {
            Some((address, source)) if addresses.is_empty() => Err(self.refused(address, source)),
            _ => Ok(addresses),
        }
    }

    /// Returns the error of a refused address.
    pub(crate) fn refused(&self, address: SocketAddr, source: AddressRefused) -> ConnectError {
        ConnectError::AddressRefused { host: self.endpoint.host().into(), address, source }
    }

    /// Returns the extensions of the request that the connection is opened for.
    pub fn extensions(&self) -> Option<&'a Extensions> {
        self.extensions
    }

    /// Returns the addresses that are known without a lookup: those of an override, the host itself if it is an address,
    /// and the loopback addresses for `localhost` (RFC 6761 §6.3). Most servers on this machine listen on IPv4.
    pub(crate) fn known_addresses(&self) -> Option<Result<Vec<SocketAddr>, ConnectError>> {
        let (host, port) = (self.endpoint.host(), self.endpoint.port());
        if let Some(addresses) = self.options.overrides().addresses(host, port) {
            return Some(ConnectError::check_lookup(host, Ok(addresses)));
        }
        if self.endpoint.is_localhost() {
            let loopback: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
            return Some(Ok(loopback.map(|address| SocketAddr::new(address, port)).into()));
        }
        let address: IpAddr = host.parse().ok()?;
        Some(Ok(vec![SocketAddr::new(address, port)]))
    }

    /// Makes the attempts to connect to these addresses.
    #[cfg_attr(not(any(feature = "blocking", feature = "async")), expect(dead_code))]
    pub(crate) fn attempts(&self, addresses: Vec<SocketAddr>) -> HappyEyeballs<'a> {
        HappyEyeballs::new(self.endpoint.host(), addresses, self.options.delay(), self.deadline)
            .traced(self.trace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Scheme;

    #[test]
    fn addresses_that_need_no_lookup() {
        let (v4, v6) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([1, 2, 3, 4, 5, 6, 7, 8]));
        let options = ConnectOptions::new()
            .resolve("Example.COM", [v4, v6])
            .resolve("port.test", [SocketAddr::new(v4, 0), SocketAddr::new(v4, 81)])
            .resolve("b\u{fc}cher.example", [v4])
            .resolve("empty.test", [] as [IpAddr; 0])
            .resolve("192.0.2.9", [v6])
            .resolve("again.test", [v4])
            .resolve("mine.localhost", [v6])
            .resolve("AGAIN.test", [v6]);
        let at = |address, port| SocketAddr::new(address, port);
        let loopback = vec![at(Ipv4Addr::LOCALHOST.into(), 8080), at(Ipv6Addr::LOCALHOST.into(), 8080)];
        let rows = [
            ("example.com", Some(Some(vec![at(v4, 8080), at(v6, 8080)]))),
            ("EXAMPLE.com", Some(Some(vec![at(v4, 8080), at(v6, 8080)]))),
            ("www.example.com", None),
            ("port.test", Some(Some(vec![at(v4, 8080), at(v4, 81)]))),
            ("xn--bcher-kva.example", Some(Some(vec![at(v4, 8080)]))),
            ("empty.test", Some(None)),
            ("192.0.2.9", Some(Some(vec![at(v6, 8080)]))),
            ("192.0.2.1", Some(Some(vec![at(v4, 8080)]))),
            ("1:2:3:4:5:6:7:8", Some(Some(vec![at(v6, 8080)]))),
            ("again.test", Some(Some(vec![at(v6, 8080)]))),
            ("localhost", Some(Some(loopback.clone()))),
            ("LocalHost", Some(Some(loopback.clone()))),
            ("localhost.", Some(Some(loopback.clone()))),
            ("a.b.localhost", Some(Some(loopback))),
            ("mine.localhost", Some(Some(vec![at(v6, 8080)]))),
            ("notlocalhost", None),
            ("localhost.example", None),
            ("\u{fc}localhost", None),
        ];
        for (host, expected) in rows {
            let endpoint = Endpoint::new(Scheme::Http, host, 8080);
            let known = Destination::new(&endpoint).with_options(&options).known_addresses();
            assert_eq!(known.map(Result::ok), expected, "{host}");
        }
        let endpoint = Endpoint::new(Scheme::Http, "empty.test", 8080);
        let error =
            Destination::new(&endpoint).with_options(&options).known_addresses().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "cannot resolve the name empty.test");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the name has no address");
    }
}
