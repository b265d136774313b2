//! The C ABI of libstrided.
