//! Shape and stride mathematics of strided arrays, without pointers: views, broadcasting, overlap, loop nests.
