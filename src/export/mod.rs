//! Views of a published run by role: what sales, marketing, finance, a subsidiary and an auditor get, and nothing else.
//!
//! In: a published run, the schema, and who asks ([`Request`]). Out: a [`Table`] of texts and files of it. A [`Role`] is one of
//! [`roles()`] or of the job: whose rows it gets, and for every field whether it is shown, masked or left out. A subsidiary sees of
//! others' values only the fields that the job shares. Masked values are for eyes and no keys; whoever must join without names asks
//! for keyed pseudonyms ([`Key`]). Files may be encrypted for [`Recipients`]. Who may ask is decided by the file system and by those
//! who schedule the command.

mod error;
mod pseudonym;
mod recipients;
mod roles;
mod table;
mod write;

pub use error::ExportError;
pub use pseudonym::Key;
pub use recipients::Recipients;
pub use roles::Role;
pub use roles::Rows;
pub use roles::Show;
pub use roles::roles;
pub use table::Request;
pub use table::Table;
pub use table::export;
pub use write::ExportedFile;
pub use write::FileFormat;
pub use write::write;
