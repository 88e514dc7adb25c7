//! Shows sizes and times with a unit, in three digits or so.

use std::fmt;
use std::time::Duration;

/// `999 B`, `1.2 KiB`, `64 KiB`.
pub(super) struct Size(pub(super) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
        if self.0 < 1024 {
            return write!(f, "{} B", self.0);
        }
        let mut amount = self.0 as f64;
        for unit in UNITS {
            amount /= 1024.0;
            // The next unit begins where this one would be rounded up to it.
            if amount < 1023.5 || unit == "EiB" {
                return write!(f, "{amount:.*} {unit}", decimals(amount));
            }
        }
        Ok(())
    }
}

/// `0.4 ms`, `34 ms`, `1.2 s`, `75 s`.
pub(super) struct Time(pub(super) Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.as_secs_f64() * 1000.0;
        let (amount, unit) = if ms < 999.5 { (ms, "ms") } else { (ms / 1000.0, "s") };
        write!(f, "{amount:.*} {unit}", decimals(amount))
    }
}

fn decimals(amount: f64) -> usize {
    usize::from(amount < 9.95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_a_unit() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1234, "1.2 KiB"),
            (10_239, "10 KiB"),
            (65_536, "64 KiB"),
            ((1 << 20) - 1, "1.0 MiB"),
            (1 << 30, "1.0 GiB"),
            (u64::MAX, "16 EiB"),
        ] {
            assert_eq!(Size(bytes).to_string(), shown);
        }
        for (micros, shown) in [
            (0, "0.0 ms"),
            (430, "0.4 ms"),
            (9_960, "10 ms"),
            (34_200, "34 ms"),
            (999_600, "1.0 s"),
            (75_000_000, "75 s"),
        ] {
            assert_eq!(Time(Duration::from_micros(micros)).to_string(), shown);
        }
    }
}
