//! Prefixes of cookie names, which promise how their cookie was set (RFC 6265bis §4.1.3 and §5.7).

/// A prefix and its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prefix {
    /// `__Secure-`: the cookie was set with `Secure`.
    Secure,
    /// `__Host-`: the cookie was set with `Secure` and `Path=/`, and without `Domain`.
    Host,
}

impl Prefix {
    /// Returns the prefix of `text`, in any case: a server that ignores case would take `__HoSt-` for the real one.
    pub(crate) fn of(text: &str) -> Option<Prefix> {
        const PREFIXES: [(&str, Prefix); 2] = [("__Secure-", Prefix::Secure), ("__Host-", Prefix::Host)];
        let begins = |prefix: &str| {
            text.as_bytes()
                .get(..prefix.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        PREFIXES.iter().find(|(prefix, _)| begins(prefix)).map(|(_, kind)| *kind)
    }

    /// Tells whether a cookie that was set like this may have the prefix.
    pub(crate) fn allows(self, setting: &Setting) -> bool {
        match self {
            Prefix::Secure => setting.secure,
            Prefix::Host => setting.secure && setting.host_only && setting.root_path,
        }
    }
}

/// How a cookie was set, as far as the rules of a prefix need it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setting {
    /// With `Secure`.
    pub(crate) secure: bool,
    /// Without `Domain`.
    pub(crate) host_only: bool,
    /// With `Path=/`.
    pub(crate) root_path: bool,
}

/// Tells whether a cookie of this name and value may be set like this.
///
/// A cookie without a name is sent as its value alone, and a server would take a value that begins with a prefix for a
/// name. So such a value is never allowed.
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
