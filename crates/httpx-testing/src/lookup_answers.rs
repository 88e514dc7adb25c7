//! The answers of a resolver that a test chooses.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use crate::Gate;

/// The answers of a resolver, and the names of which it was asked.
///
/// The resolver itself is in the crate under test, which has the traits of resolvers.
#[derive(Clone)]
pub struct LookupAnswers {
    answer: Arc<dyn Fn(&str) -> Answer + Send + Sync>,
    asked: Arc<Mutex<Vec<String>>>,
    /// Ends the lookups that hang, so that no thread outlives its test.
    gate: Gate,
}

impl fmt::Debug for LookupAnswers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LookupAnswers")
    }
}

/// An answer for a name.
#[derive(Debug)]
pub enum Answer {
    /// These addresses.
    Addresses(Vec<IpAddr>),
    /// Addresses that are not cached.
    Uncached(Vec<IpAddr>),
    /// An error.
    Fails(io::ErrorKind),
    /// The resolver panics.
    Panics,
    /// No answer, until the answers are released.
    Hangs,
}

impl LookupAnswers {
    /// Answers by this function.
    pub fn new(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        LookupAnswers { answer: Arc::new(answer), asked: Arc::default(), gate: Gate::default() }
    }

    /// Returns the names of which it was asked.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Ends the lookups that hang.
    pub fn release(&self) {
        self.gate.open();
    }

    /// Waits until the lookups that hang are ended.
    pub fn wait_for_release(&self) {
        self.gate.wait();
    }

    /// Records the name, and returns its answer.
    pub fn answer(&self, name: &str) -> Answer {
        self.asked.lock().unwrap().push(name.to_owned());
        (self.answer)(name)
    }
}
