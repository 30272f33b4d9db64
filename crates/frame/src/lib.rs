//! Tables in and out of Parquet and Arrow IPC; the only crate of the workspace that names polars.
