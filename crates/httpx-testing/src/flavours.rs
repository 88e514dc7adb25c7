//! [`both_flavours`](crate::both_flavours): makes one test a test of both flavours.

/// Makes each of these generic functions a test of the blocking and of the async flavour.
///
/// The function `name` becomes the tests `blocking::name` and `ahttpx::name`, called with `crate::support::Blocking`
/// and `crate::support::Async`. Each module exists if the crate under test has the feature `blocking` or `async`.
#[macro_export]
#[allow(clippy::crate_in_macro_def)] // the types are those of the calling crate
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
