//! The `guiyi` program.

fn main() {}
