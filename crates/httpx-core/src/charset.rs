use std::borrow::Cow;
pub(crate) fn decode<'a>(_content_type: Option<&[u8]>, bytes: &'a [u8]) -> Cow<'a, str> {
    String::from_utf8_lossy(bytes)
}
pub(crate) fn decode_strict<'a>(
    _content_type: Option<&[u8]>,
    bytes: &'a [u8],
) -> Result<Cow<'a, str>, std::str::Utf8Error> {
    std::str::from_utf8(bytes).map(Cow::from)
}
