//! Names, waiters and time, all as values.

use std::io::ErrorKind;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;

use super::*;

type Table = LookupTable<&'static str>;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn addresses(last: &[u8]) -> Vec<SocketAddr> {
    last.iter().map(|last| SocketAddr::from(([192, 0, 2, *last], 0))).collect()
}

fn resolved(last: &[u8]) -> io::Result<Resolved> {
    Ok(Resolved::new(last.iter().map(|last| Ipv4Addr::new(192, 0, 2, *last))))
}

fn begin(table: &mut Table, name: &str, now: Instant) -> Ticket {
    match table.ask(name, now) {
        CacheResult::Miss(ticket) => ticket,
        other => panic!("{name}: {other:?}"),
    }
}

fn join(table: &mut Table, name: &str, now: Instant) -> Ticket {
    match table.ask(name, now) {
        CacheResult::Pending { ticket, .. } => ticket,
        other => panic!("{name}: {other:?}"),
    }
}

fn known(table: &mut Table, name: &str, now: Instant) -> io::Result<Vec<SocketAddr>> {
    match table.ask(name, now) {
        CacheResult::Hit(answer) => answer,
        other => panic!("{name}: {other:?}"),
    }
}

fn answered(table: &mut Table, ticket: &Ticket, now: Instant) -> io::Result<Vec<SocketAddr>> {
    match table.poll(ticket, Waker::noop(), now) {
        Polled::Answered(answer) => answer,
        other => panic!("{other:?}"),
    }
}

/// Looks up a name that has one waiter.
fn look_up(table: &mut Table, name: &str, found: io::Result<Resolved>, now: Instant) {
    let ticket = begin(table, name, now);
    table.answer(ticket.lookup, found, now);
    let _ = answered(table, &ticket, now);
}

#[test]
fn one_lookup_serves_all_who_wait() {
    let (mut table, now) = (Table::new(DnsCacheOptions::new()), Instant::now());
    let first = begin(&mut table, "a", now);
    let others: Vec<_> = (0..9).map(|_| join(&mut table, "a", now)).collect();
    let counter = Arc::new(Counter::default());
    for ticket in others.iter().chain([&first]) {
        let waker = Waker::from(Arc::clone(&counter));
        assert!(matches!(table.poll(ticket, &waker, now), Polled::Waiting(None)));
    }
    let other = begin(&mut table, "b", now);
    table.answer(first.lookup, resolved(&[1]), now).into_iter().for_each(Waker::wake);
    assert_eq!(counter.0.load(Ordering::Relaxed), 10);
    for ticket in others.iter().chain([&first]) {
        assert_eq!(answered(&mut table, ticket, now).unwrap(), addresses(&[1]));
    }
    assert!(matches!(table.cancel(&other, None), CancelAction::Abandoned(_)));
    table.forget(other.lookup);
    assert!(table.is_idle());
}

#[test]
fn an_error_reaches_all_who_wait() {
    let rows = [
        (io::Error::from_raw_os_error(24), Some(24), io::Error::from_raw_os_error(24).kind()),
        (io::Error::new(ErrorKind::NotFound, "no such name"), None, ErrorKind::NotFound),
        (io::Error::other("try again"), None, ErrorKind::Other),
    ];
    for (error, code, kind) in rows {
        let (mut table, now) = (Table::new(DnsCacheOptions::new()), Instant::now());
        let first = begin(&mut table, "a", now);
        let second = join(&mut table, "a", now);
        let text = error.to_string();
        table.answer(first.lookup, Err(error), now);
        for ticket in [first, second] {
            let error = answered(&mut table, &ticket, now).unwrap_err();
            assert_eq!((error.raw_os_error(), error.kind(), error.to_string()), (code, kind, text.clone()));
        }
        assert!(table.is_idle());
    }
}

#[test]
fn answers_are_kept_for_their_lifetime() {
    let options = DnsCacheOptions::new().lifetime(30 * SECOND).negative_lifetime(5 * SECOND);
    let with = |time| resolved(&[1]).map(|resolved| resolved.time_to_live(time));
    let not_found = || Err(io::Error::from(ErrorKind::NotFound));
    let rows = [
        (resolved(&[1]), 30),
        (with(7 * SECOND), 7),
        (with(Duration::ZERO), 0),
        (with(Duration::MAX), 24 * 3600),
        (resolved(&[]), 5),
        (not_found(), 5),
        (Err(io::Error::other("try again")), 0),
    ];
    for (n, (found, seconds)) in rows.into_iter().enumerate() {
        let (mut table, now) = (Table::new(options), Instant::now());
        look_up(&mut table, "a", found, now);
        let end = now + seconds * SECOND;
        if seconds > 0 {
            let last = known(&mut table, "a", end - Duration::from_nanos(1));
            assert_eq!(last.is_ok(), seconds != 5, "row {n}");
        }
        begin(&mut table, "a", end);
    }
}

#[test]
fn the_name_that_was_not_used_for_longest_makes_room() {
    let (mut table, now) = (Table::new(DnsCacheOptions::new().max_names(2)), Instant::now());
    look_up(&mut table, "a", resolved(&[1]), now);
    look_up(&mut table, "b", resolved(&[2]), now);
    known(&mut table, "a", now).unwrap();
    look_up(&mut table, "c", resolved(&[3]), now);
    known(&mut table, "a", now).unwrap();
    known(&mut table, "c", now).unwrap();
    let b = begin(&mut table, "b", now);
    // Names that are being looked up stay, however many they are.
    let more: Vec<_> = ["d", "e", "f"].map(|name| begin(&mut table, name, now)).into();
    assert_eq!(table.names.len(), 4);
    for ticket in more.iter().chain([&b]) {
        table.answer(ticket.lookup, resolved(&[4]), now);
        answered(&mut table, ticket, now).unwrap();
    }
    assert_eq!(table.names.len(), 2);
    assert!(table.is_idle());
}

#[test]
fn without_a_cache_lookups_are_still_shared() {
    let (mut table, now) = (Table::new(DnsCacheOptions::new().max_names(0)), Instant::now());
    let first = begin(&mut table, "a", now);
    let second = join(&mut table, "a", now);
    table.answer(first.lookup, resolved(&[1]), now);
    for ticket in [first, second] {
        assert_eq!(answered(&mut table, &ticket, now).unwrap(), addresses(&[1]));
    }
    assert!(table.names.is_empty() && table.lookups.is_empty());
}

#[test]
fn uses_rotate_and_the_winner_goes_first() {
    let (mut table, now) = (Table::new(DnsCacheOptions::new().lifetime(3600 * SECOND)), Instant::now());
    let first = begin(&mut table, "a", now);
    let second = join(&mut table, "a", now);
    table.answer(first.lookup, resolved(&[1, 2, 3]), now);
    assert_eq!(answered(&mut table, &first, now).unwrap(), addresses(&[1, 2, 3]));
    assert_eq!(answered(&mut table, &second, now).unwrap(), addresses(&[2, 3, 1]));
    assert_eq!(known(&mut table, "a", now).unwrap(), addresses(&[3, 1, 2]));
    table.won("a", SocketAddr::from(([192, 0, 2, 2], 8080)), now);
    table.won("unknown", SocketAddr::from(([192, 0, 2, 2], 8080)), now);
    assert_eq!(known(&mut table, "a", now).unwrap(), addresses(&[2, 1, 3]));
    assert_eq!(known(&mut table, "a", now).unwrap(), addresses(&[2, 3, 1]));
    let later = now + WINNER_KEPT;
    assert_eq!(known(&mut table, "a", later).unwrap(), addresses(&[3, 1, 2]));
}

/// The future of a lookup goes from leader to leader, and ends with the last waiter.
#[test]
fn a_leader_that_leaves_hands_over() {
    let (mut table, now) = (Table::new(DnsCacheOptions::new()), Instant::now());
    let leader = begin(&mut table, "a", now);
    let second = join(&mut table, "a", now);
    let third = join(&mut table, "a", now);
    let counter = Arc::new(Counter::default());
    let waker = Waker::from(Arc::clone(&counter));
    assert!(matches!(table.poll(&second, &waker, now), Polled::Waiting(None)));
    let CancelAction::Wake(woken) = table.cancel(&leader, Some("future")) else {
        panic!("no waiter is woken")
    };
    woken.wake();
    assert_eq!(counter.0.load(Ordering::Relaxed), 1);
    // The one that was woken leaves before it polls; the third finds the future by itself.
    assert!(matches!(table.cancel(&second, None), CancelAction::Nothing));
    assert!(matches!(table.poll(&third, &waker, now), Polled::Lead("future")));
    let fourth = join(&mut table, "a", now);
    assert!(matches!(table.cancel(&third, Some("future")), CancelAction::Nothing));
    assert!(matches!(table.cancel(&fourth, None), CancelAction::Drop("future")));
    assert!(table.is_idle());
    begin(&mut table, "a", now);
}

/// The lookup of a thread goes on without waiters.
#[test]
fn an_abandoned_lookup_can_be_joined_and_its_answer_is_kept() {
    let (mut table, now) = (Table::new(DnsCacheOptions::new()), Instant::now());
    let first = begin(&mut table, "a", now);
    let (lookup, job) = (first.lookup, JobId(7));
    table.set_job(lookup, job);
    assert!(matches!(table.cancel(&first, None), CancelAction::Abandoned(Some(JobId(7)))));
    let CacheResult::Pending { ticket: second, resume } = table.ask("a", now) else { panic!("no join") };
    assert_eq!((resume, table.job(&second)), (Some(job), Some(job)));
    let CacheResult::Pending { ticket: third, resume: None } = table.ask("a", now) else { panic!("no join") };
    assert!(matches!(table.cancel(&second, None), CancelAction::Nothing));
    assert!(matches!(table.cancel(&third, None), CancelAction::Abandoned(Some(JobId(7)))));
    table.answer(lookup, resolved(&[1]), now);
    assert_eq!(known(&mut table, "a", now).unwrap(), addresses(&[1]));
    assert!(table.is_idle());
}
