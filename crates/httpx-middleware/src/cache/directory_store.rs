//! A store in a directory.

mod framed_file;

use std::ffi::OsStr;
use std::fs::{self, DirEntry, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use std::{fmt, process};

use bytes::Bytes;

use super::{Store, StoreKey};
use crate::sys;
use framed_file::{FRAME_BYTES, frame, unframe};

/// The end of the name of an entry's file. The rest is the digest of its key.
const ENTRY: &str = ".entry";
/// The beginning of the name of a file that is being written.
const PART: &str = ".part-";
/// A file that is being written is not older, or its program has ended.
const PART_AGE: Duration = Duration::from_secs(3600);
/// A file takes a multiple of this on most disks.
const BLOCK: u64 = 4096;
/// How often the use of an entry is noted as the time of its file.
const USE_INTERVAL: Duration = Duration::from_secs(60);

/// A store in a directory, one file for each entry, for one user. Several programs may share it.
///
/// A file is written beside its place and then renamed, and it has a checksum: one that is cut short, corrupt, or of a later
/// version counts as missing, and is removed. If the disk is full, or the directory cannot be written or was removed, requests go on
/// without it: see [`Cache::take_last_error`](super::Cache::take_last_error). A directory that is missing is made.
///
/// On Unix only its owner can read a directory that it makes, and the files (modes 0700 and 0600). A directory that exists
/// keeps its mode: choose one in the user's own cache directory. Who can write to it can replace responses. Bodies and headers of responses are in
/// the files as they are; of the requests there are only their URLs, and digests of the headers that select a response. Files
/// of other names are left alone.
///
/// ```
/// # mod httpx { pub mod cache { pub use httpx_middleware::cache::*; } }
/// use httpx::cache::{Cache, DirectoryStore};
///
/// let store = DirectoryStore::new("/home/ann/.cache/my-tool").max_bytes(1 << 30);
/// let cache = Cache::builder().store(store).build();
/// ```
pub struct DirectoryStore {
    path: PathBuf,
    max_bytes: u64,
    /// About the size of all files in bytes; `None` until the directory was read.
    used: Mutex<Option<u64>>,
}

/// A file of an entry.
struct EntryFile {
    path: PathBuf,
    size: u64,
    used: SystemTime,
}

impl DirectoryStore {
    /// Makes a store in this directory, which is made when the first entry is put.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        DirectoryStore { path: path.into(), max_bytes: 256 << 20, used: Mutex::default() }
    }

    /// Sets the most bytes of all files, each rounded up to 4 KiB. Beyond it the files are removed that were used least
    /// recently. Programs that share the directory may exceed it for a while. Defaults to 256 MiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    fn file(&self, key: &StoreKey) -> PathBuf {
        self.path.join(key.digest() + ENTRY)
    }

    fn used(&self) -> MutexGuard<'_, Option<u64>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, to: &Path, entry: &Bytes) -> io::Result<()> {
        // Random, because in a container each start may have the same process id.
        let number = RandomState::new().hash_one((process::id(), to));
        let part = self.path.join(format!("{PART}{number:016x}"));
        let file = match sys::create_private(&part) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                sys::create_private_dir(&self.path)?;
                sys::create_private(&part)?
            }
            file => file?,
        };
        let written = write_and_rename(file, &part, to, entry);
        if written.is_err() {
            // The first error is the one to report.
            let _ = fs::remove_file(&part);
        }
        written
    }

    /// Counts a file that was written, and makes room.
    fn count(&self, size: u64) -> io::Result<()> {
        let mut used = self.used();
        let sum = match *used {
            Some(used) => used.saturating_add(size),
            None => self.entries()?.iter().map(|file| file.size).sum(),
        };
        *used = Some(if sum > self.max_bytes { self.evict()? } else { sum });
        Ok(())
    }

    /// Removes the files that were used least recently, and returns the size of the others.
    fn evict(&self) -> io::Result<u64> {
        let mut files = self.entries()?;
        files.sort_by_key(|file| file.used);
        let mut sum = files.iter().map(|file| file.size).sum::<u64>();
        // Some room, so that not each file is followed by a reading of the directory.
        let most = self.max_bytes - self.max_bytes / 10;
        for file in files {
            if sum <= most {
                break;
            }
            remove(&file.path)?;
            sum = sum.saturating_sub(file.size);
        }
        Ok(sum)
    }

    /// Returns the files of entries. Removes files whose writing has ended without success.
    fn entries(&self) -> io::Result<Vec<EntryFile>> {
        let directory = match fs::read_dir(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            directory => directory?,
        };
        // A file that another program removes meanwhile is no error.
        Ok(directory.flatten().filter_map(|file| EntryFile::of(&file)).collect())
    }
}

impl EntryFile {
    fn of(file: &DirEntry) -> Option<Self> {
        let (name, metadata) = (file.file_name(), file.metadata().ok()?);
        let used = metadata.modified().ok()?;
        if name.to_str()?.starts_with(PART) && is_older(used, PART_AGE) {
            // It is tried again later.
            let _ = fs::remove_file(file.path());
        }
        let is_entry = metadata.is_file() && is_entry_name(&name);
        is_entry.then(|| EntryFile { path: file.path(), size: on_disk(metadata.len()), used })
    }
}

impl Store for DirectoryStore {
    fn get(&self, key: &StoreKey) -> io::Result<Option<Bytes>> {
        let path = self.file(key);
        let mut file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            file => file?,
        };
        let metadata = file.metadata()?;
        let mut bytes = Vec::new();
        if metadata.len() <= self.max_bytes.saturating_add(FRAME_BYTES) {
            file.read_to_end(&mut bytes)?;
        }
        drop(file);
        let entry = unframe(bytes);
        match entry {
            None => remove(&path)?,
            Some(_) => note_use(&path, metadata.modified().ok()),
        }
        Ok(entry)
    }

    fn put(&self, key: &StoreKey, entry: Bytes) -> io::Result<()> {
        let (path, size) = (self.file(key), on_disk(entry.len() as u64 + FRAME_BYTES));
        if size > self.max_bytes {
            return remove(&path);
        }
        self.write(&path, &entry)?;
        self.count(size)
    }

    fn remove(&self, key: &StoreKey) -> io::Result<()> {
        remove(&self.file(key))
    }

    fn clear(&self) -> io::Result<()> {
        let mut used = self.used();
        for file in self.entries()? {
            remove(&file.path)?;
        }
        *used = Some(0);
        Ok(())
    }
}

fn write_and_rename(mut file: File, part: &Path, to: &Path, entry: &Bytes) -> io::Result<()> {
    file.write_all(&frame(entry))?;
    file.write_all(entry)?;
    drop(file); // not forced to the disk: after a crash the checksum tells
    fs::rename(part, to)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Sets the time of a file that was read, now and then. In a directory that cannot be written, nothing is removed either.
fn note_use(path: &Path, modified: Option<SystemTime>) {
    if modified.is_some_and(|modified| is_older(modified, USE_INTERVAL)) {
        let file = File::options().write(true).open(path);
        let _ = file.and_then(|file| file.set_modified(SystemTime::now()));
    }
}

fn is_older(time: SystemTime, age: Duration) -> bool {
    SystemTime::now().duration_since(time).is_ok_and(|passed| passed > age)
}

fn is_entry_name(name: &OsStr) -> bool {
    let digest = name.to_str().and_then(|name| name.strip_suffix(ENTRY));
    digest.is_some_and(|digest| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn on_disk(bytes: u64) -> u64 {
    bytes.next_multiple_of(BLOCK)
}

/// `<DirectoryStore ["/home/ann/.cache/my-tool"]>`.
impl fmt::Debug for DirectoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<DirectoryStore [{:?}]>", self.path)
    }
}

#[cfg(test)]
mod tests;
