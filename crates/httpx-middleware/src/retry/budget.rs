//! [`RetryBudget`]: the number of retries that the requests of a client share.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The seconds that the budget looks back, as in Finagle.
const WINDOW: usize = 10;

/// The budget counts in hundredths of a retry, so that percentages are whole numbers.
const ONE_RETRY: i64 = 100;

/// A budget of retries that requests share, so that a server that is down does not get a multiple of its usual load.
///
/// In each window of 10 seconds, the requests may cause as many retries as a percentage of their number, and a minimum
/// per second besides, so that programs with few requests can retry too. A retry that finds the budget used up is not
/// made: the caller gets the response or the error at once. The budget is that of Twitter's Finagle.
///
/// Clones share the budget.
///
/// ```
/// # mod httpx { pub mod retry { pub use httpx_middleware::retry::*; } }
/// use httpx::retry::{Retry, RetryBudget};
///
/// let budget = RetryBudget::new(10, 1); // a retry for 10 requests, and one per second
/// let retry = Retry::new().budget(&budget);
/// let other = Retry::new().budget(&budget).max_attempts(5);
/// ```
#[derive(Clone)]
pub struct RetryBudget(Arc<BudgetState>);

struct BudgetState {
    percent: u32,
    min_per_second: u32,
    window: Mutex<Window>,
}

impl RetryBudget {
    /// The default percentage: 20.
    pub const PERCENT: u32 = 20;

    /// The default minimum per second: 10.
    pub const MIN_PER_SECOND: u32 = 10;

    /// Creates a budget: how many retries per 100 requests, and how many per second besides. With 0 and 0 there are no
    /// retries. Defaults to [`PERCENT`](Self::PERCENT) and [`MIN_PER_SECOND`](Self::MIN_PER_SECOND).
    pub fn new(percent: u32, min_per_second: u32) -> Self {
        RetryBudget(Arc::new(BudgetState { percent, min_per_second, window: Mutex::default() }))
    }

    /// Counts a request.
    pub(super) fn deposit(&self, now: Instant) {
        self.window().add(i64::from(self.0.percent), now);
    }

    /// Takes a retry, if there is one.
    pub(super) fn withdraw(&self, now: Instant) -> bool {
        let reserve = i64::from(self.0.min_per_second) * WINDOW as i64 * ONE_RETRY;
        let mut window = self.window();
        window.advance(now);
        let has_one = window.sum().saturating_add(reserve) >= ONE_RETRY;
        if has_one {
            window.add(-ONE_RETRY, now);
        }
        has_one
    }

    /// Gives back a retry that was not made.
    pub(super) fn refund(&self, now: Instant) {
        self.window().add(ONE_RETRY, now);
    }

    fn window(&self) -> MutexGuard<'_, Window> {
        self.0.window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        RetryBudget::new(Self::PERCENT, Self::MIN_PER_SECOND)
    }
}

impl From<&RetryBudget> for RetryBudget {
    fn from(budget: &RetryBudget) -> Self {
        budget.clone()
    }
}

/// `<RetryBudget [20 %, 10 per second]>`.
impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<RetryBudget [{} %, {} per second]>", self.0.percent, self.0.min_per_second)
    }
}

/// What was deposited and withdrawn in each of the last seconds.
#[derive(Default)]
struct Window {
    /// When the first second began.
    began: Option<Instant>,
    /// The number of the present second.
    second: u64,
    /// The balance of each second; that of second `n` stands at `n % WINDOW`.
    balances: [i64; WINDOW],
}

impl Window {
    fn add(&mut self, amount: i64, now: Instant) {
        self.advance(now);
        let at = (self.second % WINDOW as u64) as usize;
        if let Some(balance) = self.balances.get_mut(at) {
            *balance = balance.saturating_add(amount);
        }
    }

    fn sum(&self) -> i64 {
        self.balances.iter().fold(0, |sum, balance| sum.saturating_add(*balance))
    }

    /// Forgets the seconds that have left the window. A clock that another thread has read earlier stands still.
    fn advance(&mut self, now: Instant) {
        let began = *self.began.get_or_insert(now);
        let second = now.saturating_duration_since(began).as_secs().max(self.second);
        for passed in (self.second + 1..=second).take(WINDOW) {
            if let Some(balance) = self.balances.get_mut((passed % WINDOW as u64) as usize) {
                *balance = 0;
            }
        }
        self.second = second;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_share_of_the_requests_and_a_minimum() {
        let start = Instant::now();
        // percent, minimum per second, requests, retries in the first second
        for (percent, minimum, requests, retries) in [
            (20, 0, 0, 0),
            (20, 0, 4, 0),
            (20, 0, 5, 1),
            (20, 0, 104, 20),
            (150, 0, 2, 3),
            (0, 1, 100, 10),
            (0, 0, 9, 0),
        ] {
            let budget = RetryBudget::new(percent, minimum);
            (0..requests).for_each(|_| budget.deposit(start));
            let granted = (0..1000).filter(|_| budget.withdraw(start)).count();
            assert_eq!(granted, retries, "{budget:?} {requests}");
        }
    }

    #[test]
    fn deposits_last_ten_seconds_and_so_do_withdrawals() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        for (ms, is_granted) in [(9_999, true), (10_000, false), (1_000_000_000, false)] {
            let budget = RetryBudget::new(100, 0);
            budget.deposit(at(0));
            assert_eq!(budget.withdraw(at(ms)), is_granted, "{ms}");
        }
        let budget = RetryBudget::new(0, 1);
        assert_eq!((0..11).filter(|_| budget.withdraw(at(0))).count(), 10);
        assert!(!budget.withdraw(at(9_999)));
        // An older reading of the clock brings nothing back.
        assert!(budget.withdraw(at(10_000)) && budget.withdraw(at(5_000)));
        budget.refund(at(10_000));
        assert_eq!((0..11).filter(|_| budget.withdraw(at(10_000))).count(), 9);
    }

    proptest! {
        /// At no moment have there been more retries than the share of the requests, and the minimum of each window.
        #[test]
        fn never_more_retries_than_allowed(
            percent in 0_u32..200,
            minimum in 0_u32..4,
            steps in prop::collection::vec((0_u64..1500, 0_u32..20, 0_u32..20), 1..200),
        ) {
            let (budget, start) = (RetryBudget::new(percent, minimum), Instant::now());
            let (mut ms, mut requests, mut retries) = (0, 0_u64, 0_u64);
            for (pause, sent, wanted) in steps {
                ms += pause;
                let now = start + Duration::from_millis(ms);
                (0..sent).for_each(|_| budget.deposit(now));
                requests += u64::from(sent);
                retries += (0..wanted).filter(|_| budget.withdraw(now)).count() as u64;
                let windows = ms / 10_000 + 1;
                let most = requests * u64::from(percent) / 100 + windows * 10 * u64::from(minimum);
                prop_assert!(retries <= most, "{retries} retries of {requests} requests in {ms} ms");
            }
        }
    }
}
