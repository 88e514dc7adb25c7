//! Functions of a flow that may block, through both drivers.
#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::sync::{Arc, Mutex};

use httpx_core::{RequestHead, Result};
use httpx_middleware::flow::{BeforeSend, BlockingWork};
use httpx_middleware::{Clock, Flow, Middleware};
use support::{Flavour, Scripted, both_flavours, request};

both_flavours!(work_runs_before_the_flow_is_asked_again);

/// Looks into a slot that work fills.
struct Slot;

impl Flow for Slot {
    type Call = Arc<Mutex<u32>>;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<Self::Call> {
        Ok(Arc::default())
    }

    fn before_send(
        &self,
        slot: &mut Self::Call,
        request: &mut RequestHead,
        _: &dyn Clock,
    ) -> Result<BeforeSend> {
        let done = *slot.lock().unwrap();
        request.headers_mut().set("X-Done", done.to_string())?;
        let slot = Arc::clone(slot);
        let work = BlockingWork::new(move || *slot.lock().unwrap() += 1);
        Ok(if done < 3 { BeforeSend::Run(work) } else { BeforeSend::Send })
    }
}

fn work_runs_before_the_flow_is_asked_again<F: Flavour>() {
    let mock = Scripted::new(["200"]);
    F::send(&Middleware::with(Slot, &mock), request::<F>("GET http://h/")).unwrap();
    assert_eq!(mock.sent(), ["GET http://h/ | X-Done: 3"]);
}
