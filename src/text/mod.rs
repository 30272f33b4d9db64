//! String kernels on `&str`.
//!
//! In: text. Out: folded text, tokens, readings, distances, hashes. Pure functions that know no table and no field;
//! what a value means is decided in `field`.

pub mod hash;
