//! Where the netrc file of the user is.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The names of the file, and the variables with its directory, in the order in which curl tries them.
#[cfg(not(windows))]
const PLACES: (&[&str], &[&str]) = (&[".netrc"], &["HOME"]);
/// The names of the file, and the variables with its directory, in the order in which curl tries them.
#[cfg(windows)]
const PLACES: (&[&str], &[&str]) = (&[".netrc", "_netrc"], &["HOME", "USERPROFILE"]);

/// Returns the path in `NETRC`, whether there is a file or not, or that of the first file that is there. `get` looks a
/// variable up.
pub(super) fn find(
    get: impl Fn(&str) -> Option<OsString>,
    exists: impl Fn(&Path) -> bool,
) -> Option<PathBuf> {
    let get = |name: &str| get(name).filter(|value| !value.is_empty());
    if let Some(path) = get("NETRC") {
        return Some(path.into());
    }
    let (names, variables) = PLACES;
    let directory = PathBuf::from(variables.iter().find_map(|name| get(name))?);
    names.iter().map(|name| directory.join(name)).find(|path| exists(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        // The variables, the files that exist, and the one that is found.
        type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], Option<&'a str>);
        let rows: &[Row<'_>] = &[
            (&[("NETRC", "n"), ("HOME", "d")], &["d/.netrc"], Some("n")),
            (&[("NETRC", ""), ("HOME", "d")], &["d/.netrc"], Some("d/.netrc")),
            (&[("HOME", "d")], &["d/.netrc", "d/_netrc"], Some("d/.netrc")),
            (&[("HOME", "d")], &[], None),
            (&[("HOME", "d")], &["d/_netrc"], cfg!(windows).then_some("d/_netrc")),
            (&[("USERPROFILE", "d")], &["d/_netrc"], cfg!(windows).then_some("d/_netrc")),
            (&[], &[".netrc"], None),
        ];
        for (variables, files, expected) in rows {
            let get = |name: &str| {
                let found = variables.iter().find(|(variable, _)| *variable == name);
                found.map(|(_, value)| OsString::from(value))
            };
            let found = find(get, |path| files.iter().any(|file| path == Path::new(file)));
            assert_eq!(found.as_deref(), expected.map(Path::new), "{variables:?}");
        }
    }
}
