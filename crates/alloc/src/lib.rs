//! Aligned memory blocks with caller-supplied allocators, foreign owners and atomic sharing.
