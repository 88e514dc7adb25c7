//! A typed map that a request carries for layers and backends.

use std::any::{Any, TypeId};
use std::fmt;

/// Values that a request carries for flows, layers and backends, one of each type.
///
/// They are never sent. A clone of the request has a clone of each value; put an [`Arc`](std::sync::Arc) in where all
/// clones are to share one. An empty map allocates nothing.
///
/// ```
/// # mod httpx { pub mod flow { pub use httpx_core::*; } }
/// use httpx::flow::Extensions;
///
/// #[derive(Clone, Debug, PartialEq)]
/// struct Tenant(u32);
///
/// let mut extensions = Extensions::new();
/// assert_eq!(extensions.insert(Tenant(1)), None);
/// assert_eq!(extensions.insert(Tenant(2)), Some(Tenant(1)));
/// assert_eq!(extensions.get(), Some(&Tenant(2)));
/// assert_eq!(extensions.remove::<Tenant>(), Some(Tenant(2)));
/// assert!(extensions.is_empty());
/// ```
#[derive(Default)]
pub struct Extensions(Vec<(TypeId, Box<dyn ExtensionValue>)>);

/// A value that can be stored: one that can be cloned behind `dyn`.
trait ExtensionValue: Any + Send + Sync {
    fn clone_boxed(&self) -> Box<dyn ExtensionValue>;
}

impl<T: Any + Clone + Send + Sync> ExtensionValue for T {
    fn clone_boxed(&self) -> Box<dyn ExtensionValue> {
        Box::new(self.clone())
    }
}

impl Extensions {
    /// Creates an empty map; allocates nothing.
    pub const fn new() -> Self {
        Extensions(Vec::new())
    }

    /// Stores a value, and returns the one of its type that it replaces.
    pub fn insert<T: Clone + Send + Sync + 'static>(&mut self, value: T) -> Option<T> {
        let old = self.remove::<T>();
        self.0.push((TypeId::of::<T>(), Box::new(value)));
        old
    }

    /// Returns the value of this type.
    pub fn get<T: 'static>(&self) -> Option<&T> {
        let (_, value) = self.0.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
        let value: &dyn Any = &**value;
        value.downcast_ref()
    }

    /// Returns the value of this type, to change it.
    pub fn get_mut<T: 'static>(&mut self) -> Option<&mut T> {
        let (_, value) = self.0.iter_mut().find(|(id, _)| *id == TypeId::of::<T>())?;
        let value: &mut dyn Any = &mut **value;
        value.downcast_mut()
    }

    /// Takes the value of this type out.
    pub fn remove<T: 'static>(&mut self) -> Option<T> {
        let at = self.0.iter().position(|(id, _)| *id == TypeId::of::<T>())?;
        let value: Box<dyn Any> = self.0.swap_remove(at).1;
        value.downcast().ok().map(|value| *value)
    }

    /// Adds those values of `defaults` whose type is not here yet.
    pub fn add_missing(&mut self, defaults: &Extensions) {
        for (id, value) in &defaults.0 {
            if self.0.iter().all(|(other, _)| other != id) {
                self.0.push((*id, (**value).clone_boxed()));
            }
        }
    }

    /// Returns how many values there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Clone for Extensions {
    fn clone(&self) -> Self {
        Extensions(self.0.iter().map(|(id, value)| (*id, (**value).clone_boxed())).collect())
    }
}

/// `Extensions { len: 2 }`: the values are not shown, they may hold secrets.
impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extensions").field("len", &self.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_value_of_each_type_and_clones_are_apart() {
        let mut one = Extensions::new();
        one.insert("text");
        one.insert(7_u32);
        let mut two = one.clone();
        *two.get_mut::<u32>().unwrap() += 1;
        assert_eq!(
            (one.get::<u32>(), two.get::<u32>(), two.get::<&str>()),
            (Some(&7), Some(&8), Some(&"text"))
        );
        assert_eq!((one.remove::<i8>(), one.get::<i8>()), (None, None));
        two.insert(1_u64);
        one.insert("own");
        one.add_missing(&two);
        assert_eq!(
            (one.get::<u32>(), one.get::<u64>(), one.get::<&str>()),
            (Some(&7), Some(&1), Some(&"own"))
        );
        one.remove::<u64>();
        assert_eq!((one.len(), format!("{one:?}").as_str()), (2, "Extensions { len: 2 }"));
    }
}
