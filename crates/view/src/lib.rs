//! Views and reference-counted arrays over strided memory.
