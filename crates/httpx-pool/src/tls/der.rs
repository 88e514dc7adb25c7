//! A reader for DER (X.690), as far as certificates need it.

use std::time::Duration;

use rustls_pki_types::UnixTime;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OID: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// The explicit tag `[n]`.
pub(super) const fn context(n: u8) -> u8 {
    0xa0 | n
}

/// A sequence of elements.
#[derive(Clone, Copy)]
pub(super) struct Der<'a>(pub(super) &'a [u8]);

/// One element: tag, length and content.
#[derive(Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// The content with its tag and length.
    pub(super) whole: &'a [u8],
}

impl<'a> Iterator for Der<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            // No certificate needs more than four bytes for a length.
            let count = usize::from(first & 0x7f);
            let (bytes, rest) = rest.split_at_checked(count).filter(|_| count <= 4)?;
            (bytes.iter().fold(0, |length, &byte| length << 8 | usize::from(byte)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let (whole, _) = self.0.split_at_checked(self.0.len() - rest.len())?;
        self.0 = rest;
        Some(Element { tag, content, whole })
    }
}

impl<'a> Der<'a> {
    /// Takes the next element if it has this tag.
    pub(super) fn next_if(&mut self, tag: u8) -> Option<Element<'a>> {
        let mut ahead = *self;
        let element = ahead.next().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element)
    }
}

impl<'a> Element<'a> {
    /// Returns the elements in the content.
    pub(super) fn inside(self) -> Der<'a> {
        Der(self.content)
    }

    /// Reads `YYMMDDHHMMSSZ` (UTCTime) or `YYYYMMDDHHMMSSZ` (GeneralizedTime) as RFC 5280 §4.1.2.5 has them. A time
    /// before 1970 becomes 1970.
    pub(super) fn time(self) -> Option<UnixTime> {
        let digits = std::str::from_utf8(self.content).ok()?.strip_suffix('Z')?;
        let (year, rest) = match self.tag {
            0x17 => digits.split_at_checked(2)?,
            0x18 => digits.split_at_checked(4)?,
            _ => return None,
        };
        let mut year: i64 = number(year)?;
        if self.tag == 0x17 {
            year += if year < 50 { 2000 } else { 1900 };
        }
        let field = |at: usize| number(rest.get(at..at + 2)?);
        let (month, day) = (field(0)?, field(2)?);
        if rest.len() != 10 || !(1..=12).contains(&month) {
            return None;
        }
        let seconds = (field(4)? * 60 + field(6)?) * 60 + field(8)?;
        let since_epoch = days_since_epoch(year, month, day) * 24 * 3600 + seconds;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(since_epoch).unwrap_or(0))))
    }
}

/// Returns a SEQUENCE with this content. `None` if the content is longer than anything in a certificate.
pub(super) fn sequence(content: &[u8]) -> Option<Vec<u8>> {
    let [high, low] = u16::try_from(content.len()).ok()?.to_be_bytes();
    let length: &[u8] = match (high, low) {
        (0, ..0x80) => &[low],
        (0, _) => &[0x81, low],
        _ => &[0x82, high, low],
    };
    Some([&[SEQUENCE], length, content].concat())
}

fn number(digits: &str) -> Option<i64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Returns the days since 1970-01-01. It counts years from March, so that leap days are last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements() {
        let long = [&[0x04, 0x82, 0x01, 0x00][..], &[7; 256]].concat();
        let mut der = Der(&long);
        let element = der.next_if(0x04).unwrap();
        assert_eq!((element.content, element.whole), (&[7; 256][..], &*long));
        assert!(der.next().is_none());
        for broken in [&[][..], &[0x30], &[0x30, 0x02, 0x00], &[0x30, 0x81], &[0x30, 0x85, 0, 0, 0, 0, 0]] {
            assert!(Der(broken).next().is_none(), "{broken:?}");
        }
        assert!(Der(&[0x30, 0x00]).next_if(OID).is_none());
    }

    #[test]
    fn sequences_are_read_back() {
        for length in [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff] {
            let content = vec![7; length];
            let whole = sequence(&content).unwrap();
            let element = Der(&whole).next_if(SEQUENCE).unwrap();
            assert_eq!((element.content, element.whole), (&*content, &*whole));
        }
        assert!(sequence(&[0; 0x1_0000]).is_none());
    }

    #[test]
    fn times() {
        let rows: [(u8, &str, Option<u64>); 11] = [
            (0x17, "700101000000Z", Some(0)),
            (0x17, "000301000000Z", Some(951_868_800)),
            (0x17, "491231235959Z", Some(2_524_607_999)),
            (0x17, "500101000000Z", Some(0)),
            (0x18, "20240229123456Z", Some(1_709_210_096)),
            (0x18, "99991231235959Z", Some(253_402_300_799)),
            (0x18, "202402291234Z", None),
            (0x18, "20241329123456Z", None),
            (0x18, "20240229123456", None),
            (0x17, "+40229123456Z", None),
            (0x04, "700101000000Z", None),
        ];
        for (tag, text, expected) in rows {
            let content = text.as_bytes();
            let time = Element { tag, content, whole: content }.time();
            assert_eq!(time.map(|time| time.as_secs()), expected, "{text}");
        }
    }
}
