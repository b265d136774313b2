//! `cargo xtask demo`
pub(crate) fn command(_: &[String]) -> crate::sh::Result<()> {
    Ok(())
}
