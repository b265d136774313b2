//! Build, install, demo and test libstrided.
fn main() {}
