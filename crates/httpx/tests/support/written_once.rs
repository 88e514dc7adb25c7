//! For tests whose subject is the shape of a user's program: written once, with `async` and `.await`, and compiled
//! for each flavour. The others are generic over a [`Flavour`](super::Flavour).

/// Makes this code a module of each flavour: `ahttpx` as it stands, `blocking` with each `async` and `.await` left
/// out. In both, `flavour` is the client's crate, and `io` and `#[test]` are those that a program would use with it.
macro_rules! written_once {
    ($($code:tt)*) => {
        #[cfg(feature = "blocking")]
        mod blocking {
            use crate::support::written_once::without_await;
            #[allow(unused_imports)] // not all is needed each time
            use {crate::support::written_once::blocking::*, ::httpx as flavour, std::io};

            without_await!([] same [] [$($code)*] $($code)*);
        }

        #[cfg(feature = "async")]
        mod ahttpx {
            #[allow(unused_imports)] // not all is needed each time
            use {crate::support::written_once::ahttpx::*, ::httpx::ahttpx as flavour, tokio::{io, test}};

            $($code)*
        }
    };
}
pub(crate) use written_once;

/// Token by token: the groups that are open (each with what is around it), whether the innermost one is still the
/// same, what has been done of it, and what is to do, twice: to take apart, and as it was written. A group that stays
/// the same is handed on as it was written, so that a panic in it tells its own line.
macro_rules! without_await {
    ($open:tt $_is:ident $done:tt [$_dot:tt $_await:tt $($whole:tt)*] .await $($rest:tt)*) => {
        without_await!($open changed $done [$($whole)*] $($rest)*);
    };
    ($open:tt $_is:ident $done:tt [$_async:tt $($whole:tt)*] async $($rest:tt)*) => {
        without_await!($open changed $done [$($whole)*] $($rest)*);
    };

    // A group begins.
    ([$($open:tt)*] $is:ident $done:tt $whole:tt ($($group:tt)*) $($rest:tt)*) => {
        without_await!([[() $is $done $whole $($rest)*] $($open)*] same [] [$($group)*] $($group)*);
    };
    ([$($open:tt)*] $is:ident $done:tt $whole:tt [$($group:tt)*] $($rest:tt)*) => {
        without_await!([[[] $is $done $whole $($rest)*] $($open)*] same [] [$($group)*] $($group)*);
    };
    ([$($open:tt)*] $is:ident $done:tt $whole:tt {$($group:tt)*} $($rest:tt)*) => {
        without_await!([[{} $is $done $whole $($rest)*] $($open)*] same [] [$($group)*] $($group)*);
    };

    ($open:tt $is:ident [$($done:tt)*] [$_next:tt $($whole:tt)*] $next:tt $($rest:tt)*) => {
        without_await!($open $is [$($done)* $next] [$($whole)*] $($rest)*);
    };

    // The innermost group ends.
    ([[$_kind:tt $is:ident [$($done:tt)*] [$group:tt $($whole:tt)*] $($rest:tt)*] $($open:tt)*] same $_done:tt []) => {
        without_await!([$($open)*] $is [$($done)* $group] [$($whole)*] $($rest)*);
    };
    ([[() $_is:ident [$($done:tt)*] [$_was:tt $($whole:tt)*] $($rest:tt)*] $($open:tt)*] changed [$($group:tt)*] []) => {
        without_await!([$($open)*] changed [$($done)* ($($group)*)] [$($whole)*] $($rest)*);
    };
    ([[[] $_is:ident [$($done:tt)*] [$_was:tt $($whole:tt)*] $($rest:tt)*] $($open:tt)*] changed [$($group:tt)*] []) => {
        without_await!([$($open)*] changed [$($done)* [$($group)*]] [$($whole)*] $($rest)*);
    };
    ([[{} $_is:ident [$($done:tt)*] [$_was:tt $($whole:tt)*] $($rest:tt)*] $($open:tt)*] changed [$($group:tt)*] []) => {
        without_await!([$($open)*] changed [$($done)* {$($group)*}] [$($whole)*] $($rest)*);
    };
    ([] $_is:ident [$($code:tt)*] []) => { $($code)* };
}
pub(crate) use without_await;

#[cfg(feature = "blocking")]
pub mod blocking {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    /// Does this so many times at once, each in a thread.
    pub fn at_once(times: usize, work: impl Fn() + Sync) {
        thread::scope(|scope| (0..times).for_each(|_| drop(scope.spawn(&work))));
    }

    /// What this gives, or its panic.
    pub fn caught<T>(work: impl FnOnce() -> T) -> thread::Result<T> {
        catch_unwind(AssertUnwindSafe(work))
    }
}

#[cfg(feature = "async")]
pub mod ahttpx {
    use std::future::poll_fn;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::pin::pin;
    use std::task::Poll;
    use std::thread;

    use crate::support::flavour::RUNTIME;

    /// Does this so many times at once, each in a task on one of the threads of a runtime.
    pub async fn at_once<T: Future<Output = ()> + Send + 'static>(times: usize, work: impl Fn() -> T) {
        let tasks: Vec<_> = (0..times).map(|_| RUNTIME.spawn(work())).collect();
        for task in tasks {
            task.await.unwrap();
        }
    }

    /// What this gives, or its panic.
    pub async fn caught<T>(work: impl AsyncFnOnce() -> T) -> thread::Result<T> {
        let mut work = pin!(work());
        poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(cx))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic)),
        })
        .await
    }
}
