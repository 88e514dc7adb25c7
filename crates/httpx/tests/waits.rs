//! Waits that are not for the network: a pause between two attempts, and the queue of a thousand callers.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::{Duration, Instant};

use httpx::flow::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, RequestHead};
use httpx::models::{RequestSent, Timeout};
use httpx::{ErrorKind, Result, Timeouts};
use support::{Flavour, Reply, Server, both_flavours};

both_flavours!(pauses, the_total_timeout_of_a_pool_bounds_a_pause, a_thousand_at_once);

/// A flow that tries again after a pause.
struct Patient(Duration);

impl Flow for Patient {
    type Call = u32;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<u32> {
        Ok(0)
    }

    fn next(
        &self,
        tries: &mut u32,
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        *tries += 1;
        match outcome {
            FlowOutcome::Response(response) if response.status() == 503 && *tries < 3 => {
                Ok(FlowNext::Again { after: Some(self.0), body: BodyReuse::Keep })
            }
            FlowOutcome::Response(_) | FlowOutcome::Failed(_) => Ok(FlowNext::Done),
        }
    }
}

/// Always busy.
fn busy() -> Server {
    Server::new(|_| Reply::full("503 Service Unavailable", "", "later"))
}

/// The number of connections of the default pool.
const CONNECTIONS: usize = 100;
const CALLERS: usize = 1_000;
/// The number of requests of each caller.
const CALLS: usize = 4;

/// Answers in rounds: as soon as all connections have a request, and not before all callers have begun.
fn in_rounds(callers: Arc<AtomicUsize>) -> Server {
    let all = Barrier::new(CONNECTIONS);
    Server::new(move |_| {
        if all.wait().is_leader() {
            while callers.load(Ordering::Relaxed) < CALLERS {
                thread::yield_now();
            }
        }
        all.wait();
        Reply::ok("good")
    })
}

/// A caller with an answer asks again, behind all waiting callers. After every round, no caller has had more than
/// two answers more than another. No connection has carried more than its share. The paths are the callers.
fn assert_fair(server: &Server) {
    let (mut answers, mut shares) = (vec![0; CALLERS], HashMap::new());
    for (n, round) in server.take().chunks(CONNECTIONS).enumerate() {
        for seen in round {
            answers[seen.target()[1..].parse::<usize>().unwrap()] += 1;
            *shares.entry(seen.connection).or_insert(0) += 1;
        }
        let (most, fewest) = (answers.iter().max().unwrap(), answers.iter().min().unwrap());
        assert!(most - fewest <= 2, "round {n}: {most} for one, {fewest} for another");
    }
    assert!(answers.iter().all(|answers| *answers == CALLS));
    let share = CALLERS * CALLS / CONNECTIONS;
    assert!(shares.len() == CONNECTIONS && shares.values().all(|had| *had == share), "{shares:?}");
}

/// A pause counts for the total timeout, and does not begin if the time does not suffice.
fn pauses<F: Flavour>() {
    // The blocking driver sleeps by the clock of the system.
    let (server, short) = (busy(), Duration::from_millis(1));
    let client = |pause| F::with_flow(F::pool(), Patient(pause));
    let start = Instant::now();
    let response = F::send(client(short).get(&server.url("/"))).unwrap();
    assert_eq!((response.status().as_u16(), server.take().len()), (503, 3));
    assert!(start.elapsed() >= 2 * short);
    let (start, minute) = (Instant::now(), Duration::from_secs(60));
    let late = F::send(client(minute).get(&server.url("/")).timeout(minute / 2)).unwrap_err();
    assert_eq!((late.kind(), server.take().len()), (ErrorKind::Timeout(Timeout::Total), 1));
    assert!(start.elapsed() < minute / 2);
}

/// The timeout is a setting of the pool below the flow, or of the request, which wins. The pause does not begin, because
/// the time does not suffice.
fn the_total_timeout_of_a_pool_bounds_a_pause<F: Flavour>() {
    let server = busy();
    let [short, limit, pause, long] = [3, 4, 5, 60].map(Duration::from_secs);
    for (pool, own) in [(limit, None), (limit, Some(short)), (long, Some(limit))] {
        let mut timeouts = Timeouts::default();
        timeouts.total = Some(pool);
        let client = F::with_flow(F::pool().timeouts(timeouts), Patient(pause));
        let mut request = client.get(&server.url("/"));
        if let Some(own) = own {
            request = request.timeout(own);
        }
        let start = Instant::now();
        let late = F::send(request).unwrap_err();
        assert!(start.elapsed() < pause, "the pause was made");
        let total = Some(own.unwrap_or(pool));
        assert_eq!((late.kind(), late.timeout()), (ErrorKind::Timeout(Timeout::Total), total));
        assert_eq!((late.request_sent(), server.take().len()), (Some(RequestSent::Complete), 1));
    }
}

fn a_thousand_at_once<F: Flavour>() {
    let callers = Arc::new(AtomicUsize::new(0));
    let server = Arc::new(in_rounds(Arc::clone(&callers)));
    let asked = Arc::clone(&server);
    let url = move || asked.url(&format!("/{}", callers.fetch_add(1, Ordering::Relaxed)));
    F::new().run_callers(CALLERS, CALLS, url);
    assert_fair(&server);
}

/// A pause can be cancelled, and holds no connection.
#[cfg(feature = "async")]
#[tokio::test]
async fn a_dropped_pause() {
    use httpx::ahttpx::flow::Middleware;
    use httpx::ahttpx::network::ConnectionCounts;
    use httpx::ahttpx::{Client, ConnectionPool, Transport};

    let server = busy();
    let pool = ConnectionPool::new();
    let patient = Middleware::with(Patient(Duration::from_secs(60)), pool.clone());
    let cli = Client::builder().transport(patient).build().unwrap();
    let call = tokio::spawn(cli.get(server.url("/")).send());
    while pool.counts() != Some(ConnectionCounts::new(0, 1)) {
        tokio::task::yield_now().await;
    }
    assert!(!call.is_finished());
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    assert_eq!((server.take().len(), pool.counts()), (1, Some(ConnectionCounts::new(0, 1))));
}
