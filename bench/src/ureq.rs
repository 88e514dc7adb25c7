//! `ureq-proto`: the state machine beneath ureq, without I/O like the codec. It consumes the request, so the request is
//! cloned for each exchange. It copies the body out of the input.

use std::hint::black_box;

use http::Request;
use ureq_proto::client::state::SendRequest;
use ureq_proto::client::{Call, RecvBodyResult, RecvResponseResult, SendRequestResult};

use crate::cases::{Case, REQUEST};
use crate::{Codec, Result};

/// A connection of ureq's.
#[derive(Debug)]
pub struct UreqProto {
    request: Request<()>,
    out: Vec<u8>,
    wire: Vec<u8>,
    body: Vec<u8>,
}

impl Codec for UreqProto {
    fn new(case: &Case) -> Result<Self> {
        let url = format!("http://{}{}", REQUEST.host, REQUEST.target);
        let request = REQUEST
            .fields
            .iter()
            .fold(Request::get(url), |request, (name, value)| request.header(*name, *value));
        Ok(UreqProto {
            request: request.body(())?,
            out: vec![0; 4096],
            wire: case.wire(),
            body: vec![0; 64 << 10],
        })
    }

    fn cycle(&mut self) -> Result<u64> {
        let call = self.ask()?;
        let Some(SendRequestResult::RecvResponse(mut call)) = call.proceed()? else {
            return Err("the request is not whole".into());
        };
        let (mut at, response) = call.try_response(black_box(&self.wire), false)?;
        black_box(response.ok_or("the head is not whole")?);
        let Some(RecvResponseResult::RecvBody(mut call)) = call.proceed() else {
            return Err("there is no body".into());
        };
        let mut length = 0;
        while !call.can_proceed() {
            let rest = self.wire.get(at..).unwrap_or_default();
            let (used, written) = call.read(rest, &mut self.body)?;
            if (used, written) == (0, 0) {
                return Err("the answer has stopped".into());
            }
            black_box(self.body.get(..written));
            at += used;
            length += written as u64;
        }
        match call.proceed() {
            Some(RecvBodyResult::Cleanup(call)) if !call.must_close_connection() => Ok(length),
            _ => Err("the connection is not kept".into()),
        }
    }

    fn encode(&mut self) -> Result<bool> {
        self.ask()?;
        Ok(true)
    }
}

impl UreqProto {
    fn ask(&mut self) -> Result<Call<SendRequest>> {
        let mut call = Call::new(self.request.clone())?.proceed();
        let n = call.write(&mut self.out)?;
        black_box(self.out.get(..n));
        Ok(call)
    }
}
