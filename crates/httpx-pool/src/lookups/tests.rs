//! Resolvers that answer on command, polled by hand. A row is a kind of resolver: on a thread, or polled.

use std::mem;
use std::net::Ipv4Addr;
use std::sync::Condvar;
use std::task::Waker;
use std::thread;

use httpx_testing::{PATIENCE, block_on};

use super::*;

/// A resolver that holds its answers back until it is told to give them.
#[derive(Clone, Debug, Default)]
struct Held(Arc<(Mutex<Inner>, Condvar)>);

#[derive(Debug, Default)]
struct Inner {
    polled: bool,
    asked: usize,
    dropped: usize,
    released: bool,
    wakers: Vec<Waker>,
}

impl Held {
    fn new(polled: bool) -> Self {
        let held = Held::default();
        held.lock().polled = polled;
        held
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.0.lock().unwrap()
    }

    fn release(&self) {
        let mut inner = self.lock();
        inner.released = true;
        let wakers = mem::take(&mut inner.wakers);
        drop(inner);
        self.0.1.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    fn answer(name: &str) -> io::Result<Resolved> {
        assert_ne!(name, "panic", "a resolver that panics");
        match name {
            "unknown" => Err(io::ErrorKind::NotFound.into()),
            _ => Ok(Resolved::new([Ipv4Addr::LOCALHOST])),
        }
    }
}

impl LookupSource for Held {
    fn look_up(&self, name: &str) -> Lookup {
        self.lock().asked += 1;
        let (held, name) = (self.clone(), name.to_owned());
        if self.lock().polled {
            return Lookup::Polled(Box::pin(Answering { held, name }));
        }
        Lookup::Blocking(Box::new(move || {
            let inner = held.lock();
            drop(held.0.1.wait_timeout_while(inner, PATIENCE, |inner| !inner.released).unwrap());
            Held::answer(&name)
        }))
    }
}

struct Answering {
    held: Held,
    name: String,
}

impl Future for Answering {
    type Output = io::Result<Resolved>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut inner = self.held.lock();
        if !inner.released {
            inner.wakers.push(cx.waker().clone());
            return Poll::Pending;
        }
        drop(inner);
        Poll::Ready(Held::answer(&self.name))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.held.lock().dropped += 1;
    }
}

type Found = Result<Vec<SocketAddr>, ConnectError>;

fn poll(looking_up: &mut LookingUp<'_>) -> Poll<Found> {
    Pin::new(looking_up).poll(&mut Context::from_waker(Waker::noop()))
}

fn loopback(port: u16) -> Vec<SocketAddr> {
    vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))]
}

/// A resolver on a thread, and one that is polled.
fn each_kind(test: impl Fn(&Held, &Arc<Lookups>)) {
    for polled in [false, true] {
        let held = Held::new(polled);
        let lookups = Lookups::new(Arc::new(held.clone()), DnsCacheOptions::new());
        test(&held, &lookups);
        assert!(is_empty(&lookups), "polled: {polled}");
    }
}

/// Nothing is left behind: no lookup, no waiter.
fn is_empty(lookups: &Lookups) -> bool {
    let start = Instant::now();
    while !lookups.lock().is_idle() {
        if start.elapsed() > PATIENCE {
            return false;
        }
        thread::yield_now();
    }
    true
}

/// On a busy machine, the thread of a lookup may begin late.
fn wait_until_begun(waiter: &mut LookingUp<'_>) {
    let start = Instant::now();
    loop {
        let text = waiter.timed_out().to_string();
        if text == "no time left while resolving a" {
            return;
        }
        assert!(start.elapsed() < PATIENCE, "{text}");
        thread::yield_now();
    }
}

#[test]
fn those_who_wait_share_a_lookup_and_the_answer_is_kept() {
    each_kind(|held, lookups| {
        let mut waiters: Vec<_> = (0..50).map(|port| lookups.look_up("a", port)).collect();
        for waiter in &mut waiters {
            assert!(poll(waiter).is_pending());
        }
        held.release();
        for (waiter, port) in waiters.iter_mut().zip(0..) {
            assert_eq!(block_on(waiter).unwrap(), loopback(port));
        }
        for _ in 0..10_000 {
            assert!(matches!(poll(&mut lookups.look_up("a", 80)), Poll::Ready(Ok(_))));
        }
        assert_eq!(held.lock().asked, 1);
    });
}

/// If any waiter leaves, the others get the answer.
#[test]
fn a_waiter_that_leaves_takes_nothing_away() {
    for leaves in 0..3 {
        each_kind(|held, lookups| {
            let mut waiters: Vec<_> = (0..3).map(|port| lookups.look_up("a", port)).collect();
            for waiter in &mut waiters {
                assert!(poll(waiter).is_pending());
            }
            drop(waiters.remove(leaves));
            // The next leader takes the future when it is woken.
            for waiter in &mut waiters {
                assert!(poll(waiter).is_pending());
            }
            held.release();
            for waiter in &mut waiters {
                block_on(waiter).unwrap();
            }
            assert_eq!(held.lock().asked, 1);
        });
    }
}

/// The future of a lookup ends with its last waiter. A thread goes on, and the next caller joins it.
#[test]
fn a_lookup_without_waiters() {
    each_kind(|held, lookups| {
        for _ in 0..3 {
            let mut waiter = lookups.look_up("a", 80);
            assert!(poll(&mut waiter).is_pending());
            // A lookup that has not begun never begins.
            wait_until_begun(&mut waiter);
        }
        let Inner { polled, asked, dropped, .. } = *held.lock();
        assert_eq!((asked, dropped), if polled { (3, 3) } else { (1, 0) });
        held.release();
        assert_eq!(block_on(lookups.look_up("a", 80)).unwrap(), loopback(80));
    });
}

#[test]
fn errors_and_panics_reach_all_who_wait() {
    each_kind(|held, lookups| {
        for (name, text, asked) in [("unknown", "entity not found", 1), ("panic", "the resolver panicked", 3)]
        {
            let mut waiters = [lookups.look_up(name, 80), lookups.look_up(name, 80)];
            for waiter in &mut waiters {
                assert!(poll(waiter).is_pending());
            }
            held.release();
            for waiter in &mut waiters {
                let Err(ConnectError::Resolve { host, source }) = block_on(waiter) else { panic!("found") };
                assert!(*host == *name && source.to_string().contains(text), "{source}");
            }
            // A name that does not exist is remembered, and a panic is not.
            let again = block_on(lookups.look_up(name, 80)).unwrap_err();
            assert!(matches!(again, ConnectError::Resolve { .. }));
            assert_eq!(held.lock().asked, asked, "{name}");
            held.lock().released = false;
        }
    });
}

#[test]
fn the_time_is_up() {
    each_kind(|held, lookups| {
        let mut waiter = lookups.look_up("a", 80);
        assert!(poll(&mut waiter).is_pending());
        wait_until_begun(&mut waiter);
        held.release();
        block_on(waiter).unwrap();
    });
}

/// A name that is known needs no time, but the connection would.
#[test]
fn a_lookup_without_time_does_not_begin() {
    each_kind(|held, lookups| {
        held.release();
        let now = Instant::now();
        match poll(&mut lookups.look_up("a", 80).by(Some(now))) {
            Poll::Ready(Err(ConnectError::TimedOut { step, host, .. })) => {
                assert_eq!((step, &*host), (ConnectStep::Resolving, "a"));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!((held.lock().asked, lookups.lock().is_idle()), (0, true));
        let in_time = lookups.look_up("a", 80).by(now.checked_add(PATIENCE));
        assert_eq!(block_on(in_time).unwrap(), loopback(80));
    });
}
