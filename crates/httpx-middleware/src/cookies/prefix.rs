//! Cookie name prefixes (RFC 6265bis 4.1.3 and 5.7): names that promise how their cookie was set.

/// What a prefix asks of the cookie that bears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    /// `__Secure-`: set with `Secure`.
    Secure,
    /// `__Host-`: set with `Secure` and `Path=/`, without `Domain`.
    Host,
}

impl Prefix {
    /// The prefix that `text` begins with, in any case: servers that compare without regard to case would
    /// otherwise take `__HoSt-` for the real one.
    pub(crate) fn of(text: &str) -> Option<Prefix> {
        const PREFIXES: [(&str, Prefix); 2] = [("__Secure-", Prefix::Secure), ("__Host-", Prefix::Host)];
        let begins = |prefix: &str| {
            text.as_bytes()
                .get(..prefix.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        PREFIXES.iter().find(|(prefix, _)| begins(prefix)).map(|(_, kind)| *kind)
    }

    /// Whether a cookie that was set like this may bear the prefix.
    pub(crate) fn allows(self, setting: &Setting) -> bool {
        match self {
            Prefix::Secure => setting.secure,
            Prefix::Host => setting.secure && setting.host_only && setting.root_path,
        }
    }
}

/// How a cookie was set, as far as a prefix asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// With `Secure`.
    pub(crate) secure: bool,
    /// Without `Domain`.
    pub(crate) host_only: bool,
    /// With a `Path`, and it is `/`.
    pub(crate) root_path: bool,
}

/// Whether name and value may stand together in a cookie that was set like this.
///
/// A cookie without a name is sent as its value alone, so a value that begins with a prefix would read as a name
/// on the server: it is never allowed.
pub(crate) fn allows(name: &str, value: &str, setting: &Setting) -> bool {
    match name {
        "" => Prefix::of(value).is_none(),
        name => Prefix::of(name).is_none_or(|prefix| prefix.allows(setting)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        // name, value, Secure, host-only, Path=/, allowed
        #[rustfmt::skip]
        let table = [
            ("a",           "b", false, false, false, true),
            ("__Secure-a",  "b", true,  false, false, true),
            ("__Secure-a",  "b", false, true,  true,  false),
            ("__secure-",   "b", false, true,  true,  false),
            ("__SECURE-a",  "b", true,  false, false, true),
            ("__Host-a",    "b", true,  true,  true,  true),
            ("__Host-a",    "b", false, true,  true,  false),
            ("__Host-a",    "b", true,  false, true,  false),
            ("__Host-a",    "b", true,  true,  false, false),
            ("__hOST-a",    "b", true,  true,  false, false),
            ("__Host",      "b", false, false, false, true),
            ("_Host-",      "b", false, false, false, true),
            ("a__Host-",    "b", false, false, false, true),
            ("",            "__Host-a", true, true, true, false),
            ("",            "__secure-a", true, true, true, false),
            ("",            "a__secure-a", false, true, true, true),
            ("a",           "__Host-a", false, false, false, true),
        ];
        for (name, value, secure, host_only, root_path, expected) in table {
            let setting = Setting { secure, host_only, root_path };
            assert_eq!(allows(name, value, &setting), expected, "{name}={value} {setting:?}");
        }
    }
}
