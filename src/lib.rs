//! guiyi 归一: one clean customer master from the exports of a group's subsidiaries.
//!
//! The data's path is a chain of stages, one folder each: `ingest`, `standardise`, `block`, `compare`, `score`,
//! `cluster`, `identify`, `survive`, `publish`. Typed tables (`table`) stand between them and only `pipeline` knows
//! their order. ARCHITECTURE.md draws the map.

pub mod block;
pub mod cli;
pub mod cluster;
pub mod compare;
pub mod disk;
pub mod evaluate;
pub mod export;
pub mod field;
pub mod guard;
pub mod identify;
pub mod ingest;
pub mod model;
pub mod pipeline;
pub mod plan;
pub mod profile;
pub mod publish;
pub mod quality;
pub mod reference;
pub mod report;
pub mod review;
pub mod score;
pub mod standardise;
pub mod steward;
pub mod survive;
pub mod synth;
pub mod table;
pub mod text;
pub mod timeline;
