//! Dates of headers that decide about freshness.

use std::time::SystemTime;

use httpx_core::parse_date;

/// The forms of RFC 9110 §5.6.7: `?` is a letter, `#` a digit, `_` a digit or a space. The day of the week of the second
/// form is cut off, because its length varies.
const FORMS: [&[u8]; 3] =
    [b"???, ## ??? #### ##:##:## GMT", b", ##-???-## ##:##:## GMT", b"??? ??? _# ##:##:## ####"];

/// Parses a date strictly. Others would be read as UTC by [`parse_date`], though they name another zone, but an invalid
/// `Expires` must count as one in the past (RFC 9111 §5.3). Letters may have any case.
pub(super) fn parse_http_date(text: &[u8]) -> Option<SystemTime> {
    let weekday = text.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let without_weekday = text.get(weekday..).unwrap_or_default();
    let [first, second, third] = FORMS;
    let is_date = has_form(text, first) || has_form(without_weekday, second) || has_form(text, third);
    if is_date { parse_date(text) } else { None }
}

fn has_form(text: &[u8], form: &[u8]) -> bool {
    let fits = |(byte, class): (&u8, &u8)| match class {
        b'?' => byte.is_ascii_alphabetic(),
        b'#' => byte.is_ascii_digit(),
        b'_' => byte.is_ascii_digit() || *byte == b' ',
        literal => byte.eq_ignore_ascii_case(literal),
    };
    text.len() == form.len() && text.iter().zip(form).all(fits)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn only_the_three_forms_are_dates() {
        let table = [
            ("Thu, 18 Aug 2050 02:01:18 GMT", true),
            ("THU, 18 AUG 2050 02:01:18 gMT", true),
            ("Thursday, 18-Aug-50 02:01:18 GMT", true),
            ("Sun Nov  6 08:49:37 1994", true),
            ("Thu, 18 Aug 2050 02:01:18 UTC", false),
            ("Thu, 18 Aug 2050 02:01:18 PST", false),
            ("Thu, 18 Aug 50 02:01:18 GMT", false),
            ("Thu 18 Aug 2050 02:01:18 GMT", false),
            ("Thu, 18  Aug  2050 02:01:18 GMT", false),
            ("Thu, 18-Aug-2050 02:01:18 GMT", false),
            ("Thu, 18 Aug 2050 02.01.18 GMT", false),
            ("Thu, 18 Aug 2050 2:01:18 GMT", false),
            ("Thu, 38 Aug 2050 02:01:18 GMT", false),
            ("0", false),
            ("-1", false),
            ("", false),
        ];
        for (text, is_date) in table {
            assert_eq!(parse_http_date(text.as_bytes()).is_some(), is_date, "{text}");
        }
        let seconds = |text: &str| {
            parse_http_date(text.as_bytes()).unwrap().duration_since(UNIX_EPOCH).unwrap().as_secs()
        };
        assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), 784_111_777);
        assert_eq!(seconds("Sunday, 06-Nov-94 08:49:37 GMT"), 784_111_777);
    }
}
