//! guiyi 归一: one clean customer master from the exports of a group's subsidiaries.

pub mod synth;
