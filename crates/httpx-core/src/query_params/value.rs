//! Values that can be given to a query parameter.

use std::borrow::Cow;

/// A value that can be given to a parameter of a query or a form.
///
/// It is implemented for text, numbers, `bool` and `char`, for references to these, and for [`Option`]: `None` leaves the
/// parameter out. Implement it for your own types, or convert them with `to_string()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a parameter",
    note = "give text, a number, a `bool`, or an `Option` of these; convert other values with `to_string()`"
)]
pub trait ParamValue {
    /// Returns the value as text; `None` leaves the parameter out.
    fn to_value(&self) -> Option<String>;
}

impl<T: ParamValue + ?Sized> ParamValue for &T {
    fn to_value(&self) -> Option<String> {
        (**self).to_value()
    }
}

impl<T: ParamValue> ParamValue for Option<T> {
    fn to_value(&self) -> Option<String> {
        self.as_ref()?.to_value()
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        impl ParamValue for $type {
            fn to_value(&self) -> Option<String> {
                Some(self.to_string())
            }
        }
    )*};
}

displayed!(str, String, Box<str>, Cow<'_, str>, bool, char, f32, f64);
displayed!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
