//! Tables in and out of Parquet and Arrow IPC; the only crate of the workspace that names polars.
//!
//! In: a [`Table`] of plain Rust columns, or a Parquet file or Arrow stream written by anybody. Out: the same.
//! No public item is generic over, returns or takes a polars type, so a change elsewhere in the workspace never
//! compiles polars' generics again.
//!
//! Polars is used at the level of its file formats (`polars-parquet`, `polars-arrow`), below its data frames:
//! - `polars-core` is the slowest crate of polars to compile, and its eager half has no join; the two helpers that
//!   reports need, [`count_by`] and [`left_join`], are plain Rust here.
//! - The readers of `polars-io` map files into memory, where a file cut short by its owner kills the process, and
//!   decode whole row groups at once. [`read_parquet_as_text`] reads chunks into buffers of its own and decodes
//!   slices, after checking that lengths in the file agree with each other.
//!
//! # Threads
//! The polars crates below data frames start no threads. The parallel work here (columns of a row group) runs on the
//! rayon pool of the caller: the global one, or the one whose `install` the caller is inside. A `--threads N` that
//! sizes rayon's pool therefore governs this crate too, without any environment variable; results are the same
//! bytes for every N.
//!
//! # Faults
//! Damaged input ends in a [`FrameError`]. Where polars panics on damaged bytes, the panic is caught on the thread
//! where it happens and its message is not printed (see `guard`); this needs `panic = "unwind"`. Parquet pages carry no
//! checksums, so a flipped bit in a value may go unseen in files of others; our own carry a seal (see `seal`).

mod convert;
mod error;
#[cfg(test)]
mod fixtures;
mod group;
mod guard;
mod ipc;
mod parquet_read;
mod parquet_source;
mod parquet_types;
mod parquet_write;
mod render;
mod row_group;
mod seal;
mod table;
mod text;

pub use error::FrameError;
pub use error::TableError;
pub use group::count_by;
pub use group::left_join;
pub use ipc::read_ipc_stream;
pub use ipc::write_ipc_stream;
pub use parquet_read::OpenParquet;
pub use parquet_read::ParquetColumn;
pub use parquet_read::ParquetShape;
pub use parquet_read::TextBatch;
pub use parquet_read::parquet_shape;
pub use parquet_read::read_parquet;
pub use parquet_read::read_parquet_as_text;
pub use parquet_read::read_parquet_batches;
pub use parquet_write::ParquetTableWriter;
pub use parquet_write::ROWS_PER_GROUP;
pub use parquet_write::parquet_bytes;
pub use parquet_write::write_parquet;
pub use row_group::GroupColumn;
pub use row_group::GroupData;
pub use row_group::Texts;
pub use table::Column;
pub use table::ColumnData;
pub use table::Table;
pub use text::TextColumn;
pub use text::TextPool;
