//! [`LookupThreads`]: a few threads for lookups that block, kept between lookups.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

/// The most lookups that run at once, without those that have no waiters. Sixteen are enough for a resolver that
/// answers in milliseconds.
const MAX_AWAITED: usize = 16;

/// The most threads.
///
/// The resolver of the system cannot be interrupted. A lookup whose callers have given up continues as long as the
/// resolver retries (30 s and more), and so does its thread. Others take its place up to this number, so that a few
/// names that hang do not stop the lookups of all others.
const MAX_THREADS: usize = 64;

/// How long a thread without work stays.
const IDLE_TIME: Duration = Duration::from_secs(10);

/// The threads for the lookups of this process.
pub(crate) static LOOKUP_THREADS: LookupThreads = LookupThreads::new(MAX_AWAITED, MAX_THREADS, IDLE_TIME);

/// A set of threads that run lookups. A thread starts when a lookup finds none idle, and ends after a time without work.
#[derive(Debug)]
pub(crate) struct LookupThreads {
    state: Mutex<ThreadState>,
    changed: Condvar,
    max_awaited: usize,
    max_threads: usize,
    idle_time: Duration,
}

/// A lookup, and what is done with its result.
pub(crate) type Job = Box<dyn FnOnce() + Send>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct JobId(pub(crate) u64);

struct ThreadState {
    last: u64,
    queue: VecDeque<(JobId, Job)>,
    running: BTreeMap<JobId, Running>,
    threads: usize,
    idle: usize,
}

/// Whether a lookup that runs has waiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Running {
    Awaited,
    Abandoned,
}

impl LookupThreads {
    const fn new(max_awaited: usize, max_threads: usize, idle_time: Duration) -> Self {
        let state =
            ThreadState { last: 0, queue: VecDeque::new(), running: BTreeMap::new(), threads: 0, idle: 0 };
        LookupThreads {
            state: Mutex::new(state),
            changed: Condvar::new(),
            max_awaited,
            max_threads,
            idle_time,
        }
    }

    /// Runs a job on a thread, as soon as one is free.
    ///
    /// # Errors
    ///
    /// If there is no thread and none can be started.
    pub(crate) fn run(&'static self, job: Job) -> io::Result<JobId> {
        let mut state = self.lock();
        state.last += 1;
        let id = JobId(state.last);
        state.queue.push_back((id, job));
        match self.provide(&mut state) {
            Err(error) if state.threads == 0 => {
                let refused = state.queue.pop_back();
                // The job may own anything, so it is not dropped under the lock.
                drop(state);
                drop(refused);
                Err(error)
            }
            _ => Ok(id),
        }
    }

    /// Notes that a job has no waiters. If it has not begun, it is returned and will not begin.
    pub(crate) fn abandon(&'static self, id: JobId) -> Option<Job> {
        let mut state = self.lock();
        if let Some(place) = state.queue.iter().position(|(queued, _)| *queued == id) {
            return state.queue.remove(place).map(|(_, job)| job);
        }
        state.mark(id, Running::Abandoned);
        // If no thread can be started, one that becomes free takes the next job.
        let _ = self.provide(&mut state);
        None
    }

    /// Notes that a job has waiters again.
    pub(crate) fn resume(&self, id: JobId) {
        self.lock().mark(id, Running::Awaited);
    }

    /// Returns whether a job has not begun.
    pub(crate) fn is_queued(&self, id: JobId) -> bool {
        self.lock().queue.iter().any(|(queued, _)| *queued == id)
    }

    /// Wakes or starts a thread for the next job, if it may begin.
    fn provide(&'static self, state: &mut ThreadState) -> io::Result<()> {
        let startable = self.max_awaited.saturating_sub(state.awaited()).min(state.queue.len());
        if startable > state.idle && state.threads < self.max_threads {
            thread::Builder::new().name("httpx-resolve".into()).spawn(|| self.work())?;
            state.threads += 1;
        } else if startable > 0 {
            self.changed.notify_one();
        }
        Ok(())
    }

    fn work(&self) {
        let mut state = self.lock();
        loop {
            if state.awaited() < self.max_awaited
                && let Some((id, job)) = state.queue.pop_front()
            {
                state.running.insert(id, Running::Awaited);
                drop(state);
                // The job reports a panic of the resolver by itself. This catches a panic of the code that it reports
                // to.
                let _ = catch_unwind(AssertUnwindSafe(job));
                state = self.lock();
                state.running.remove(&id);
                continue;
            }
            state.idle += 1;
            let waited = self.changed.wait_timeout(state, self.idle_time);
            let (woken, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if timeout.timed_out() && state.queue.is_empty() {
                state.threads -= 1;
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, ThreadState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ThreadState {
    fn awaited(&self) -> usize {
        self.running.values().filter(|running| **running == Running::Awaited).count()
    }

    fn mark(&mut self, id: JobId, as_running: Running) {
        if let Some(running) = self.running.get_mut(&id) {
            *running = as_running;
        }
    }
}

impl std::fmt::Debug for ThreadState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ThreadState { queue, running, threads, idle, .. } = self;
        let mut debug = f.debug_struct("ThreadState");
        debug.field("queued", &queue.len()).field("running", running);
        debug.field("threads", threads).field("idle", idle).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use super::*;

    const LONG: Duration = Duration::from_secs(20);

    fn threads(max_awaited: usize, max_threads: usize, idle_time: Duration) -> &'static LookupThreads {
        Box::leak(Box::new(LookupThreads::new(max_awaited, max_threads, idle_time)))
    }

    /// A job that reports that it has begun, and ends when the sender is used or dropped.
    fn hanging(began: &Sender<u32>, number: u32) -> (Job, Sender<()>) {
        let (end, ended) = channel();
        let began = began.clone();
        let job = move || {
            began.send(number).unwrap();
            let _ = ended.recv();
        };
        (Box::new(job), end)
    }

    fn next(began: &Receiver<u32>) -> u32 {
        began.recv_timeout(LONG).unwrap()
    }

    #[test]
    fn one_thread_serves_one_lookup_after_another() {
        let threads = threads(16, 64, LONG);
        let (ran, ids) = channel();
        for _ in 0..100 {
            let ran = ran.clone();
            threads.run(Box::new(move || ran.send(thread::current().id()).unwrap())).unwrap();
            ids.recv_timeout(LONG).unwrap();
            // The thread is idle a moment after it has reported.
            while threads.lock().idle == 0 {
                thread::yield_now();
            }
        }
        assert_eq!(threads.lock().threads, 1);
    }

    #[test]
    fn a_panic_ends_no_thread() {
        let threads = threads(1, 1, LONG);
        let (ran, results) = channel();
        for n in 0..3 {
            let ran = ran.clone();
            threads.run(Box::new(move || panic!("lookup {n}"))).unwrap();
            threads.run(Box::new(move || ran.send(n).unwrap())).unwrap();
            assert_eq!(results.recv_timeout(LONG), Ok(n));
        }
        assert_eq!(threads.lock().threads, 1);
    }

    /// Lookups that hang do not block others once they are given up.
    #[test]
    fn an_abandoned_lookup_makes_room() {
        let threads = threads(2, 3, LONG);
        let (began, begins) = channel();
        let (jobs, ends): (Vec<_>, Vec<_>) = (0..5).map(|n| hanging(&began, n)).unzip();
        let ids: Vec<_> = jobs.into_iter().map(|job| threads.run(job).unwrap()).collect();
        let mut first = [next(&begins), next(&begins)];
        first.sort_unstable();
        assert_eq!((first, threads.is_queued(ids[2]), threads.is_queued(ids[0])), ([0, 1], true, false));
        assert!(threads.abandon(ids[0]).is_none());
        assert_eq!(next(&begins), 2);
        // Three threads are the limit.
        assert!(threads.abandon(ids[1]).is_none());
        assert!(threads.is_queued(ids[3]));
        // A lookup that has not begun never begins.
        assert!(threads.abandon(ids[3]).is_some());
        threads.resume(ids[0]);
        drop(ends);
        assert_eq!(next(&begins), 4);
        assert_eq!(threads.lock().threads, 3);
    }

    #[test]
    fn idle_threads_end() {
        let threads = threads(16, 64, Duration::from_millis(1));
        let (began, begins) = channel();
        for n in 0..3 {
            let (job, end) = hanging(&began, n);
            threads.run(job).unwrap();
            assert_eq!(next(&begins), n);
            drop(end);
            while threads.lock().threads > 0 {
                thread::yield_now();
            }
        }
    }
}
