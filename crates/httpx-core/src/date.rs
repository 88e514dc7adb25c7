//! Dates in headers and cookies.

use std::time::{Duration, SystemTime};

/// Parses a date of a header, such as `Last-Modified`, or of a cookie. `None` if a part is missing or there is no such
/// day.
///
/// This is the algorithm for cookies (RFC 6265bis §5.1.1): it finds four tokens, in any order, between other text. So it
/// reads the three forms of RFC 9110 §5.6.7, and the variations that servers send. Time zones are ignored: every date is
/// UTC. Of two tokens of one kind the first counts. A leap second (`:60`) is the second after it.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use httpx_core::parse_date;
///
/// let date = UNIX_EPOCH + Duration::from_secs(784_111_777);
/// assert_eq!(parse_date(b"Sun, 06 Nov 1994 08:49:37 GMT"), Some(date));
/// assert_eq!(parse_date(b"Sunday, 06-Nov-94 08:49:37 GMT"), Some(date));
/// assert_eq!(parse_date(b"Sun Nov  6 08:49:37 1994"), Some(date));
/// assert_eq!(parse_date(b"tomorrow"), None);
/// ```
pub fn parse_date(text: &[u8]) -> Option<SystemTime> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|byte| is_delimiter(*byte)).filter(|token| !token.is_empty()) {
        // In the order of the RFC: the first part that is still missing and fits takes the token.
        if let (None, Some(found)) = (time, time_of_day(token)) {
            time = Some(found);
        } else if let (None, Some(found)) = (day, leading_number(token, 1, 2)) {
            day = Some(found);
        } else if let (None, Some(found)) = (month, month_number(token)) {
            month = Some(found);
        } else if let (None, Some(found)) = (year, leading_number(token, 2, 4)) {
            year = Some(found);
        }
    }
    let year = match year? {
        short @ 70..=99 => short + 1900,
        short @ 0..=69 => short + 2000,
        long => long,
    };
    let days = days_since_epoch(year, month?, day?)?;
    match time? {
        [hour @ 0..=23, minute @ 0..=59, second @ 0..=60] => {
            at(days * 86_400 + i64::from(hour * 3600 + minute * 60 + second))
        }
        _ => None,
    }
}

/// ```abnf
/// delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
/// ```
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// Returns hour, minute and second, which may be out of range.
///
/// ```abnf
/// time       = hms-time [ non-digit *OCTET ]
/// hms-time   = time-field ":" time-field ":" time-field
/// time-field = 1*2DIGIT
/// ```
fn time_of_day(token: &[u8]) -> Option<[u32; 3]> {
    let mut fields = token.splitn(3, |byte| *byte == b':');
    Some([
        whole_number(fields.next()?)?,
        whole_number(fields.next()?)?,
        leading_number(fields.next()?, 1, 2)?,
    ])
}

/// Returns the number of a field of one or two digits.
fn whole_number(field: &[u8]) -> Option<u32> {
    if field.iter().all(u8::is_ascii_digit) { leading_number(field, 1, 2) } else { None }
}

/// Returns the number at the front of `token`, if it has `least` to `most` digits: `min*maxDIGIT [ non-digit *OCTET ]`.
fn leading_number(token: &[u8], least: usize, most: usize) -> Option<u32> {
    let digits = token.iter().take_while(|byte| byte.is_ascii_digit());
    let (count, number) = digits
        .take(most + 1)
        .fold((0, 0), |(count, number), digit| (count + 1, number * 10 + u32::from(digit - b'0')));
    (least..=most).contains(&count).then_some(number)
}

/// Returns the number of a month, 1 to 12, by its first three letters in any case.
fn month_number(token: &[u8]) -> Option<u32> {
    const MONTHS: [(u32, &[u8; 3]); 12] = [
        (1, b"jan"),
        (2, b"feb"),
        (3, b"mar"),
        (4, b"apr"),
        (5, b"may"),
        (6, b"jun"),
        (7, b"jul"),
        (8, b"aug"),
        (9, b"sep"),
        (10, b"oct"),
        (11, b"nov"),
        (12, b"dec"),
    ];
    let name = token.get(..3)?;
    MONTHS.iter().find(|(_, month)| name.eq_ignore_ascii_case(&month[..])).map(|(number, _)| *number)
}

/// Returns the days from 1970-01-01 to a day of the Gregorian calendar. `None` if there is no such day, or if it is before
/// 1601 (RFC 6265bis §5.1.1).
fn days_since_epoch(year: u32, month: u32, day: u32) -> Option<i64> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let (days_before, days_in) = match month {
        1 => (0, 31),
        2 => (31, if is_leap { 29 } else { 28 }),
        3 => (59, 31),
        4 => (90, 30),
        5 => (120, 31),
        6 => (151, 30),
        7 => (181, 31),
        8 => (212, 31),
        9 => (243, 30),
        10 => (273, 31),
        11 => (304, 30),
        12 => (334, 31),
        _ => return None,
    };
    if year < 1601 || !(1..=days_in).contains(&day) {
        return None;
    }
    let leap_day = i64::from(is_leap && month > 2);
    // Whole years before this one, with their leap days; 719,162 days lie between year 1 and 1970.
    let past = i64::from(year) - 1;
    let days_of_years = past * 365 + past / 4 - past / 100 + past / 400 - 719_162;
    Some(days_of_years + days_before + leap_day + i64::from(day) - 1)
}

/// Returns the time this number of seconds after 1970, if the system can represent it.
fn at(seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    match seconds {
        0.. => SystemTime::UNIX_EPOCH.checked_add(distance),
        _ => SystemTime::UNIX_EPOCH.checked_sub(distance),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Seconds from 1970, or none.
    fn seconds(text: &str) -> Option<i64> {
        let date = parse_date(text.as_bytes())?;
        Some(match date.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => after.as_secs() as i64,
            Err(before) => -(before.duration().as_secs() as i64),
        })
    }

    /// Forms seen in the wild, most of them from the two published sets of the http-state working group.
    #[test]
    fn forms() {
        #[rustfmt::skip]
        let table = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
            ("Mon, 10-Dec-2007 17:02:24 GMT", Some(1_197_306_144)),
            ("Wed, 09 Dec 2009 16:27:23 GMT", Some(1_260_376_043)),
            ("Thursday, 01-Jan-1970 00:00:00 GMT", Some(0)),
            ("Mon Dec 10 16:32:30 2007 GMT", Some(1_197_304_350)),
            ("Wednesday, 01-Jan-10 00:00:00 GMT", Some(1_262_304_000)),
            ("Mon, 10-Dec-07 20:35:03 GMT", Some(1_197_318_903)),
            ("Thu, 31 Dec 23:55:55 2037 GMT", Some(2_145_916_555)),
            ("Wed Dec 12 2007 08:44:07 GMT-0500 (EST)", Some(1_197_449_047)),
            ("Wednesday, 01-Jan-10 0:0:00 GMT", Some(1_262_304_000)),
            ("Thu, 10 Dec 2009 13:57:2 GMT", Some(1_260_453_422)),
            ("Sat, 15-Apr-17 21:01:22 GMT", Some(1_492_290_082)),
            ("Thu, 19/Apr\\2007 16:00:00 GMT", Some(1_176_998_400)),
            (", 1-Jan-2003 00:00:00 GMT", Some(1_041_379_200)),
            (" 1-Jan-2003 00:00:00 GMT", Some(1_041_379_200)),
            ("WillyWonka  ,  18-apr-07   22:50:12", Some(1_176_936_612)),
            ("Mon, 18-Apr-77 22:50:13 GMT", Some(230_251_813)),
            ("\"Sat, 15-Apr-17\\\"21:01:22\\\"GMT\"", Some(1_492_290_082)),
            ("Partyday, 18 - Apri-07 22:50:12", Some(1_176_936_612)),
            ("Sat, 15-Apr-17 21:01:22 GMT-0400 (EDT)", Some(1_492_290_082)),
            ("Sat, 15-Apr-17 21:01:22 11:22:33", Some(1_492_290_082)),
            ("Sat, 15-Apr-17 ::00 21:01:22", Some(1_492_290_082)),
            ("Sat, 15-Apr-17 boink:z 21:01:22", Some(1_492_290_082)),
            ("22:50:12 Thu Apr 18 2007 GMT", Some(1_176_936_612)),
            ("15-Sat, Apr 21:01:22 GMT 17", Some(1_492_290_082)),
            ("15 17 Apr 21:01:22", Some(1_492_290_082)),
            ("Apr 15 21:01:22 17", Some(1_492_290_082)),
            ("2017 April 15 21:01:22", Some(1_492_290_082)),
            ("15 April 2017 21:01:22", Some(1_492_290_082)),
            ("15th Apr 2017x 21:01:22z", Some(1_492_290_082)),
            ("1 Jan 1601 00:00:00", Some(-11_644_473_600)),
            ("29 Feb 2000 12:00:00", Some(951_825_600)),
            ("31 Dec 9999 23:59:59", Some(253_402_300_799)),
            ("1 Jan 69 00:00:00", Some(3_124_224_000)),
            ("1 Jan 70 00:00:00", Some(0)),
            // A leap second (RFC 9110 §5.6.7).
            ("31 Dec 2016 23:59:60", Some(1_483_228_800)),
            // No such date, or none at all.
            ("Mon, 01-Jan-2011 00: 00:00 GMT", None),
            ("Sat, 15-Apr-17 91:22:33 21:01:22", None),
            ("1 Jan 2000 24:00:00", None),
            ("1 Jan 2000 00:60:00", None),
            ("1 Jan 2000 00:00:61", None),
            ("29 Feb 1900 12:00:00", None),
            ("31 Apr 2017 21:01:22", None),
            ("0 Apr 2017 21:01:22", None),
            ("1 Jan 1600 00:00:00", None),
            ("98 April 17 21:01:22", None),
            ("Thu, 012-Aug-2008 20:49:07 GMT", None),
            ("Thu, 12-Aug-31841 20:49:07 GMT", None),
            ("Thu, 999999999999-Aug-2007 20:49:07 GMT", None),
            ("Thu, 12-Aug-2007 20:61:99999999999 GMT", None),
            ("12 Aug 2007", None),
            ("IAintNoDateFool", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = days_since_epoch(1601, 1, 1).unwrap();
        for (year, month, day) in
            (1601..=2400).flat_map(|y| (1..=12).flat_map(move |m| (1..=31).map(move |d| (y, m, d))))
        {
            if let Some(days) = days_since_epoch(year, month, day) {
                assert_eq!(days, expected, "{year}-{month}-{day}");
                expected += 1;
            }
        }
    }

    proptest! {
        #[test]
        fn never_panics(bytes: Vec<u8>) {
            parse_date(&bytes);
        }

        #[test]
        fn never_panics_on_likely_text(text in "[0-9:a-z /-]{0,40}") {
            parse_date(text.as_bytes());
        }
    }
}
