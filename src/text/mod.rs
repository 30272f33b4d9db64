//! String kernels on `&str`.
//!
//! In: text. Out: folded text, tokens, readings, distances, hashes. Pure functions that know no table and no field;
//! what a value means is decided in `field`.

pub mod distance;
pub mod fold;
pub mod hash;
pub mod mojibake;
pub mod phonetic;
pub mod pinyin;
pub mod script;
pub mod simplify;
pub mod tokens;
