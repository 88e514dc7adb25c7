//! What the tests of the client share: a server that does as it is told, certificates, and the one place where a
//! flavour is spoken to.

#![allow(dead_code, unused_imports, unused_macros, unreachable_pub)] // each test takes the part that it needs

pub mod flavour;
pub mod server;
#[cfg(feature = "tls")]
pub mod tls;
pub mod written_once;

#[cfg(feature = "async")]
pub use flavour::Async;
#[cfg(feature = "blocking")]
pub use flavour::Blocking;
pub use flavour::Flavour;
pub use server::{Reply, Server};

/// Runs each of these functions, generic over a [`Flavour`], as a test of every flavour.
macro_rules! both_flavours {
    ($($(#[$attribute:meta])* $test:ident),* $(,)?) => {
        #[cfg(feature = "blocking")]
        mod blocking {
            $(
                $(#[$attribute])*
                #[test]
                fn $test() {
                    super::$test::<crate::support::Blocking>();
                }
            )*
        }

        #[cfg(feature = "async")]
        mod ahttpx {
            $(
                $(#[$attribute])*
                #[test]
                fn $test() {
                    super::$test::<crate::support::Async>();
                }
            )*
        }
    };
}
pub(crate) use both_flavours;
