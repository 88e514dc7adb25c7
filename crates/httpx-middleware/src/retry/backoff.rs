//! [`Backoff`]: exponential pauses with full jitter. [`Jitter`]: the random numbers for them.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// The bounds of the pauses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backoff {
    pub(super) base: Duration,
    pub(super) max: Duration,
}

impl Backoff {
    /// Returns the pause before a retry, the first of which is 1: evenly distributed between zero and the base, which
    /// doubles with each retry up to the maximum. This is the "full jitter" of the AWS Architecture Blog: clients that
    /// failed together do not come back together.
    pub(super) fn pause(self, retry: u32, random: u64) -> Duration {
        let ceiling = nanos(self.base).checked_shl(retry.saturating_sub(1)).map_or(u64::MAX, |shifted| {
            let is_lost = shifted >> retry.saturating_sub(1) != nanos(self.base);
            if is_lost { u64::MAX } else { shifted }
        });
        let ceiling = ceiling.min(nanos(self.max));
        let pause = (u128::from(random) * (u128::from(ceiling) + 1)) >> 64;
        Duration::from_nanos(u64::try_from(pause).unwrap_or(u64::MAX))
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// A generator of random numbers that need not be secret: SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug)]
pub(super) struct Jitter(AtomicU64);

impl Jitter {
    const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

    /// Each generator begins at another place.
    pub(super) fn random() -> Self {
        Jitter::seeded(RandomState::new().hash_one(0_u8))
    }

    pub(super) fn seeded(seed: u64) -> Self {
        Jitter(AtomicU64::new(seed))
    }

    pub(super) fn next(&self) -> u64 {
        let state = self.0.fetch_add(Self::GAMMA, Ordering::Relaxed).wrapping_add(Self::GAMMA);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn the_ceiling_doubles_up_to_the_maximum() {
        let backoff = Backoff { base: 100 * MS, max: 10_000 * MS };
        for (retry, ceiling) in
            [(0, 100), (1, 100), (2, 200), (3, 400), (7, 6400), (8, 10_000), (64, 10_000), (u32::MAX, 10_000)]
        {
            assert_eq!(backoff.pause(retry, u64::MAX), ceiling * MS, "{retry}");
            assert_eq!(backoff.pause(retry, 0), Duration::ZERO);
            assert_eq!(backoff.pause(retry, 1 << 63).as_millis() as u32, ceiling / 2);
        }
        let extremes = [
            (Backoff { base: Duration::MAX, max: Duration::MAX }, Duration::from_nanos(u64::MAX)),
            (Backoff { base: Duration::ZERO, max: 10 * MS }, Duration::ZERO),
            (Backoff { base: 10 * MS, max: Duration::ZERO }, Duration::ZERO),
            (Backoff { base: 10 * MS, max: 5 * MS }, 5 * MS),
        ];
        for (backoff, pause) in extremes {
            assert_eq!(backoff.pause(3, u64::MAX), pause, "{backoff:?}");
        }
    }

    /// The first numbers of the reference implementation for the seed 1234567.
    #[test]
    fn the_generator_is_split_mix_64() {
        let jitter = Jitter::seeded(1_234_567);
        let numbers = [jitter.next(), jitter.next(), jitter.next()];
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
        assert_ne!(Jitter::random().next(), Jitter::random().next());
    }

    proptest! {
        /// A pause is never longer than the maximum, nor than the doubled base.
        #[test]
        fn pauses_have_bounds(base in 0_u64..100_000, max in 0_u64..1_000_000, retry in 1_u32..40, random: u64) {
            let (base, max) = (Duration::from_micros(base), Duration::from_micros(max));
            let pause = Backoff { base, max }.pause(retry, random);
            prop_assert!(pause <= max);
            prop_assert!(pause <= base.saturating_mul(2_u32.saturating_pow(retry - 1)));
        }
    }
}
