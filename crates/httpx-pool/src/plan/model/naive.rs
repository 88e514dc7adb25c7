//! The laws of the plan over vectors that are searched from end to end.

use super::*;
use crate::pool_stats::PoolStats;

/// The laws by brute force. Connections are in the order in which they became idle, waiters in that of arrival.
pub(super) struct Model {
    pub(super) limits: PoolLimits,
    pub(super) now: Instant,
    pub(super) closed: bool,
    pub(super) connections: Vec<Connection>,
    pub(super) waiters: Vec<Waiter>,
    pub(super) numbers: u32,
    pub(super) arrivals: u32,
    /// Every connection that was opened and has ended, with its cause.
    ended: Vec<CloseCause>,
    /// How many openings have ended without a connection.
    failed: u64,
    /// How often a connection was used again.
    reused: u64,
}

#[derive(Clone)]
pub(super) struct Connection {
    pub(super) number: u32,
    pub(super) origin: usize,
    pub(super) state: ConnectionState,
    pub(super) since: Instant,
    pub(super) opened: Instant,
    pub(super) jitter: u32,
    pub(super) uses: u64,
    pub(super) deadline: Option<Instant>,
}

pub(super) struct Waiter {
    pub(super) number: u32,
    pub(super) origin: usize,
    pub(super) bypassed: u32,
    pub(super) grant: Option<(Said, u32)>,
}

impl Connection {
    pub(super) fn row(&self) -> (String, ConnectionState, Instant, Instant, u64) {
        let Self { state, since, opened, uses, .. } = *self;
        (KEYS[self.origin].into(), state, since, opened, uses)
    }
}

impl Model {
    pub(super) fn new(limits: PoolLimits) -> Self {
        Self {
            limits,
            now: Instant::now(),
            closed: false,
            connections: Vec::new(),
            waiters: Vec::new(),
            numbers: 0,
            arrivals: 0,
            ended: Vec::new(),
            failed: 0,
            reused: 0,
        }
    }

    pub(super) fn stats(&self) -> PoolStats {
        let count = |state| self.connections.iter().filter(|c| c.state == state).count();
        let [connecting, active, idle] =
            [ConnectionState::Connecting, ConnectionState::Active, ConnectionState::Idle].map(count);
        let mut stats = PoolStats { connecting, active, idle, ..PoolStats::default() };
        stats.waiting = self.waiting().count();
        stats.opened = (active + idle + self.ended.len()) as u64;
        (stats.failed, stats.reused) = (self.failed, self.reused);
        self.ended.iter().for_each(|cause| stats.closed.add(*cause));
        stats
    }

    pub(super) fn acquire(&mut self, origin: usize) -> (Told, u32) {
        let mut close = self.expire();
        let (answer, id) = if self.closed {
            (Said::Closed, 0)
        } else if let Some(number) = self.take_idle(origin) {
            (Said::Use(number), number)
        } else if self.has_room(origin) && self.make_room(&mut close) {
            (Said::Connect, self.connect(origin))
        } else {
            self.waiters.push(Waiter { number: self.arrivals, origin, bypassed: 0, grant: None });
            self.arrivals += 1;
            (Said::Wait, self.arrivals - 1)
        };
        close.sort_unstable_by_key(|(number, _)| *number);
        (Told { answer: Some(answer), close, ..Told::default() }, id)
    }

    pub(super) fn take(&mut self, number: u32) -> (Said, u32) {
        let at = self.waiters.iter().position(|waiter| waiter.number == number).unwrap();
        match self.waiters[at].grant {
            None => (Said::Nothing, 0),
            Some(grant) => {
                self.waiters.remove(at);
                grant
            }
        }
    }

    pub(super) fn give_up(&mut self, number: u32) -> Told {
        let mut told = Told { close: self.expire(), ..Told::default() };
        let at = self.waiters.iter().position(|waiter| waiter.number == number).unwrap();
        match self.waiters.remove(at).grant {
            None => told.retired = Some(number),
            Some((Said::Use(connection), _)) => {
                self.get(connection).uses -= 1;
                self.reused -= 1;
                self.offer(connection, &mut told);
            }
            Some((Said::Connect, connection)) => self.free_slot(connection, CloseCause::Cancelled, &mut told),
            Some(_) => {}
        }
        told.close.sort_unstable_by_key(|(number, _)| *number);
        told
    }

    pub(super) fn opened(&mut self, number: u32, jitter: u32) {
        let now = self.now;
        let connection = self.get(number);
        (connection.since, connection.opened, connection.jitter) = (now, now, jitter);
        connection.state = ConnectionState::Active;
    }

    pub(super) fn release(&mut self, number: u32, how: Release) -> Told {
        let mut told = Told { close: self.expire(), ..Told::default() };
        self.get(number).state = ConnectionState::Active;
        match how {
            Release::Close(cause) => {
                told.close.push((number, cause));
                self.free_slot(number, cause, &mut told);
            }
            Release::Unused => {
                self.get(number).uses -= 1;
                self.reused -= 1;
                self.offer(number, &mut told);
            }
            Release::Fresh => {
                self.get(number).uses = 0;
                self.keep(number, None);
                self.offer(number, &mut told);
            }
            Release::Reuse { keep } => {
                self.keep(number, keep);
                self.offer(number, &mut told);
            }
        }
        told.close.sort_unstable_by_key(|(number, _)| *number);
        told
    }

    fn keep(&mut self, number: u32, keep: Option<Duration>) {
        let (now, limits) = (self.now, self.limits);
        let connection = self.get(number);
        let mut deadline = now + keep.unwrap_or(limits.idle_time).min(limits.idle_time);
        if let Some(age) = limits.age_with(connection.jitter) {
            deadline = deadline.min(connection.opened + age);
        }
        connection.deadline = Some(deadline);
    }

    pub(super) fn forget(&mut self, number: u32, cause: CloseCause) -> Told {
        let mut told = Told { close: self.expire(), ..Told::default() };
        self.free_slot(number, cause, &mut told);
        told.close.sort_unstable_by_key(|(number, _)| *number);
        told
    }

    pub(super) fn replace(&mut self, number: u32, by: Replacement) -> (Told, u32) {
        let close = self.expire();
        let origin = self.get(number).origin;
        let idle = if by == Replacement::Any && !self.closed { self.take_idle(origin) } else { None };
        self.remove(number, by.cause());
        let (answer, id) = match idle {
            _ if self.closed => (Said::Closed, 0),
            Some(number) => (Said::Use(number), number),
            None => (Said::Connect, self.connect(origin)),
        };
        (Told { answer: Some(answer), close, ..Told::default() }, id)
    }

    pub(super) fn close(&mut self) -> Told {
        self.closed = true;
        let mut told = Told::default();
        let mut gone = Vec::new();
        for waiter in &mut self.waiters {
            match waiter.grant.replace((Said::Closed, 0)) {
                None => told.wake.push(waiter.number),
                Some((Said::Use(number), _)) => {
                    told.close.push((number, CloseCause::PoolClosed));
                    gone.push(number);
                }
                Some((Said::Connect, number)) => gone.push(number),
                Some(_) => {}
            }
        }
        gone.into_iter().for_each(|number| self.remove(number, CloseCause::PoolClosed));
        while let Some(number) = self.oldest_idle() {
            told.close.push((number, CloseCause::PoolClosed));
            self.remove(number, CloseCause::PoolClosed);
        }
        told.close.sort_unstable_by_key(|(number, _)| *number);
        told
    }

    pub(super) fn expire(&mut self) -> Vec<(u32, CloseCause)> {
        let now = self.now;
        let expired =
            |c: &&Connection| c.state == ConnectionState::Idle && c.deadline.is_some_and(|at| at <= now);
        let expired: Vec<Connection> = self.connections.iter().filter(expired).cloned().collect();
        let mut close: Vec<_> = expired.iter().map(|c| (c.number, self.reached_limit(c).unwrap())).collect();
        close.iter().for_each(|(number, cause)| self.remove(*number, *cause));
        close.sort_unstable_by_key(|(number, _)| *number);
        close
    }

    fn reached_limit(&self, connection: &Connection) -> Option<CloseCause> {
        let Connection { opened, jitter, uses, deadline, .. } = *connection;
        if self.limits.uses.is_some_and(|most| uses >= most) {
            Some(CloseCause::MaxUses)
        } else if self.limits.age_with(jitter).is_some_and(|age| opened + age <= self.now) {
            Some(CloseCause::MaxAge)
        } else {
            deadline.is_some_and(|at| at <= self.now).then_some(CloseCause::IdleTimeout)
        }
    }

    pub(super) fn offer(&mut self, number: u32, told: &mut Told) {
        let now = self.now;
        let connection = self.get(number).clone();
        let limit = if self.closed { Some(CloseCause::PoolClosed) } else { self.reached_limit(&connection) };
        if let Some(cause) = limit {
            told.close.push((number, cause));
            return self.free_slot(number, cause, told);
        }
        let next = self.waiters.iter().position(|w| w.grant.is_none() && w.origin == connection.origin);
        let awaiting_capacity = self.first_awaiting_capacity();
        match (next, awaiting_capacity) {
            (Some(next), Some(awaiting_capacity))
                if awaiting_capacity < next && self.waiters[awaiting_capacity].bypassed == 4 =>
            {
                told.close.push((number, CloseCause::Evicted));
                self.free_slot(number, CloseCause::Evicted, told);
            }
            (Some(next), awaiting_capacity) => {
                if let Some(awaiting_capacity) =
                    awaiting_capacity.filter(|awaiting_capacity| *awaiting_capacity < next)
                {
                    self.waiters[awaiting_capacity].bypassed += 1;
                }
                self.use_again(number);
                self.waiters[next].grant = Some((Said::Use(number), number));
                told.wake.push(self.waiters[next].number);
            }
            (None, _) => {
                let connection_origin = connection.origin;
                let connection = self.get(number);
                (connection.state, connection.since) = (ConnectionState::Idle, now);
                let at = self.connections.iter().position(|c| c.number == number).unwrap();
                let connection = self.connections.remove(at);
                self.connections.push(connection);
                self.limit_idle(connection_origin, told);
                self.serve_room(told);
            }
        }
    }

    fn limit_idle(&mut self, origin: usize, told: &mut Told) {
        let idle = |model: &Self| -> Vec<(u32, usize)> {
            let idle = model.connections.iter().filter(|c| c.state == ConnectionState::Idle);
            idle.map(|c| (c.number, c.origin)).collect()
        };
        let of_origin: Vec<_> = idle(self).into_iter().filter(|c| c.1 == origin).collect();
        if self.limits.idle_per_origin.is_some_and(|most| of_origin.len() > most) {
            told.close.push((of_origin[0].0, CloseCause::IdleLimit));
            self.remove(of_origin[0].0, CloseCause::IdleLimit);
        }
        let all = idle(self);
        if self.limits.idle.is_some_and(|most| all.len() > most) {
            told.close.push((all[0].0, CloseCause::IdleLimit));
            self.remove(all[0].0, CloseCause::IdleLimit);
        }
    }

    pub(super) fn free_slot(&mut self, number: u32, cause: CloseCause, told: &mut Told) {
        self.remove(number, cause);
        self.serve_room(told);
    }

    pub(super) fn serve_room(&mut self, told: &mut Told) {
        while let Some(at) = self.first_awaiting_capacity()
            && self.make_room(&mut told.close)
        {
            let number = self.connect(self.waiters[at].origin);
            self.waiters[at].grant = Some((Said::Connect, number));
            told.wake.push(self.waiters[at].number);
        }
    }

    pub(super) fn first_awaiting_capacity(&self) -> Option<usize> {
        let awaiting_capacity = |w: &Waiter| w.grant.is_none() && self.has_room(w.origin);
        self.waiters.iter().position(awaiting_capacity)
    }

    pub(super) fn waiting(&self) -> impl Iterator<Item = &Waiter> {
        self.waiters.iter().filter(|waiter| waiter.grant.is_none())
    }

    pub(super) fn make_room(&mut self, close: &mut Vec<(u32, CloseCause)>) -> bool {
        if self.connections.len() >= self.limits.total {
            let Some(oldest) = self.oldest_idle() else { return false };
            close.push((oldest, CloseCause::Evicted));
            self.remove(oldest, CloseCause::Evicted);
        }
        true
    }

    pub(super) fn take_idle(&mut self, origin: usize) -> Option<u32> {
        let idle = |c: &&Connection| c.state == ConnectionState::Idle && c.origin == origin;
        let number = self.connections.iter().rfind(idle)?.number;
        let now = self.now;
        assert!(self.get(number).deadline > Some(now), "an expired one would be used");
        self.use_again(number);
        Some(number)
    }

    pub(super) fn use_again(&mut self, number: u32) {
        let now = self.now;
        let connection = self.get(number);
        (connection.state, connection.since) = (ConnectionState::Active, now);
        connection.uses += 1;
        self.reused += 1;
    }

    pub(super) fn connect(&mut self, origin: usize) -> u32 {
        self.numbers += 1;
        self.connections.push(Connection {
            number: self.numbers,
            origin,
            state: ConnectionState::Connecting,
            since: self.now,
            opened: self.now,
            jitter: 0,
            uses: 1,
            deadline: None,
        });
        self.numbers
    }

    pub(super) fn oldest_idle(&self) -> Option<u32> {
        self.connections.iter().find(|c| c.state == ConnectionState::Idle).map(|c| c.number)
    }

    fn has_room(&self, origin: usize) -> bool {
        self.limits.per_origin.is_none_or(|most| self.count(origin) < most)
    }

    pub(super) fn count(&self, origin: usize) -> usize {
        self.connections.iter().filter(|c| c.origin == origin).count()
    }

    pub(super) fn get(&mut self, number: u32) -> &mut Connection {
        self.connections.iter_mut().find(|c| c.number == number).unwrap()
    }

    pub(super) fn remove(&mut self, number: u32, cause: CloseCause) {
        match self.get(number).state {
            ConnectionState::Connecting => self.failed += 1,
            ConnectionState::Active | ConnectionState::Idle => self.ended.push(cause),
        }
        self.connections.retain(|c| c.number != number);
    }
}
