//! Which ways of moving are allowed: all that the sizes call for, or one of them at any size, for tests.

/// What the plan may choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tuning {
    /// By the sizes.
    Auto,
}

impl Tuning {
    /// Every tuning there is.
    #[cfg(test)]
    pub(super) const ALL: [Tuning; 1] = [Tuning::Auto];
}
