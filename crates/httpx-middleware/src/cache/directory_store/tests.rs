//! Files of entries, and directories that cannot be used.

use httpx_testing::TempDir;

use super::*;

fn key(name: &str) -> StoreKey {
    StoreKey::new(format!("https://example.com/{name}"))
}

fn store(directory: &TempDir) -> DirectoryStore {
    DirectoryStore::new(directory.path("cache"))
}

fn files(store: &DirectoryStore) -> usize {
    fs::read_dir(&store.path).map_or(0, Iterator::count)
}

#[test]
fn entries_are_kept_in_files() {
    let directory = TempDir::new();
    let first = store(&directory);
    assert_eq!(first.get(&key("a")).unwrap(), None);
    first.remove(&key("a")).unwrap();
    first.put(&key("a"), Bytes::from("one")).unwrap();
    first.put(&key("b"), Bytes::from("two")).unwrap();
    // Another program.
    let second = store(&directory);
    assert_eq!(second.get(&key("a")).unwrap().unwrap(), "one");
    second.put(&key("a"), Bytes::from("three")).unwrap();
    assert_eq!(first.get(&key("a")).unwrap().unwrap(), "three");
    second.remove(&key("a")).unwrap();
    assert_eq!(first.get(&key("a")).unwrap(), None);
    assert_eq!(files(&first), 1);
    fs::write(directory.path("cache").join("README"), "not an entry").unwrap();
    first.clear().unwrap();
    assert_eq!((second.get(&key("b")).unwrap(), files(&first)), (None, 1));
}

#[test]
fn a_file_that_is_cut_or_changed_is_removed() {
    let directory = TempDir::new();
    let store = store(&directory);
    let damages: [fn(&mut Vec<u8>); 3] = [|file| file.truncate(60), |file| file[55] ^= 1, Vec::clear];
    for damage in damages {
        store.put(&key("a"), Bytes::from("a long enough entry")).unwrap();
        let path = store.file(&key("a"));
        let mut file = fs::read(&path).unwrap();
        damage(&mut file);
        fs::write(&path, file).unwrap();
        assert_eq!((store.get(&key("a")).unwrap(), files(&store)), (None, 0));
    }
}

#[test]
fn the_least_recently_used_files_are_removed() {
    let directory = TempDir::new();
    let store = store(&directory).max_bytes(4 * BLOCK);
    let old = SystemTime::now() - 2 * PART_AGE;
    for (age, name) in ["a", "b", "c", "d"].into_iter().enumerate() {
        store.put(&key(name), Bytes::from("x")).unwrap();
        let file = File::options().write(true).open(store.file(&key(name))).unwrap();
        file.set_modified(old + Duration::from_secs(age as u64)).unwrap();
    }
    let unfinished = store.path.join(format!("{PART}1-1"));
    File::create(&unfinished).unwrap().set_modified(old).unwrap();
    assert!(store.get(&key("a")).unwrap().is_some());
    store.put(&key("e"), Bytes::from("x")).unwrap();
    let left = ["a", "b", "c", "d", "e"].map(|name| store.get(&key(name)).unwrap().is_some());
    assert_eq!((left, unfinished.exists()), ([true, false, false, true, true], false));
    // One that never fits displaces only the file of its own key.
    store.put(&key("a"), Bytes::from(vec![0; 5 * 4096])).unwrap();
    assert_eq!((store.get(&key("a")).unwrap(), files(&store)), (None, 2));
}

#[test]
fn a_directory_that_was_removed_is_made_again() {
    let directory = TempDir::new();
    let store = store(&directory);
    store.put(&key("a"), Bytes::from("x")).unwrap();
    fs::remove_dir_all(&store.path).unwrap();
    assert_eq!(store.get(&key("a")).unwrap(), None);
    store.clear().unwrap();
    store.put(&key("a"), Bytes::from("y")).unwrap();
    assert_eq!(store.get(&key("a")).unwrap().unwrap(), "y");
}

#[test]
fn a_path_that_is_no_directory_is_an_error() {
    let directory = TempDir::new();
    let store = store(&directory);
    fs::write(&store.path, "a file").unwrap();
    assert!(store.put(&key("a"), Bytes::from("x")).is_err());
}

/// In a container each start may have the same process id.
#[test]
fn unfinished_files_of_an_earlier_start_are_not_in_the_way() {
    let directory = TempDir::new();
    let store = store(&directory);
    store.put(&key("a"), Bytes::from("x")).unwrap();
    for number in 0..1000 {
        File::create(store.path.join(format!("{PART}{}-{number}", process::id()))).unwrap();
    }
    store.put(&key("b"), Bytes::from("y")).unwrap();
    assert_eq!(store.get(&key("b")).unwrap().unwrap(), "y");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;

    let directory = TempDir::new();
    let store = store(&directory);
    store.put(&key("a"), Bytes::from("x")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&store.path), mode(&store.file(&key("a")))), (0o700, 0o600));
}

/// Two programs, which write, read and remove the same files at once.
#[test]
fn a_shared_directory_has_whole_entries_only() {
    let directory = TempDir::new();
    let stores = [(); 2].map(|()| store(&directory).max_bytes(4 * BLOCK));
    std::thread::scope(|scope| {
        for number in 0..4_u8 {
            let store = &stores[usize::from(number % 2)];
            scope.spawn(move || {
                for round in 0..50 {
                    let key = key(["a", "b", "c"][round % 3]);
                    let entry = vec![number; 100 * usize::from(number + 1)];
                    // On Windows a file that is open elsewhere is not replaced.
                    let put = store.put(&key, entry.into());
                    assert!(put.is_ok() || cfg!(windows), "{put:?}");
                    if let Ok(Some(found)) = store.get(&key) {
                        let (first, length) = (found[0], found.len());
                        assert_eq!(*found, *vec![first; 100 * usize::from(first + 1)], "{length} bytes");
                    }
                    if round % 7 == 0 {
                        store.remove(&key).unwrap();
                    }
                }
            });
        }
    });
    let parts = fs::read_dir(&stores[0].path).unwrap().flatten();
    assert_eq!(parts.filter(|file| file.file_name().to_string_lossy().starts_with(PART)).count(), 0);
}
