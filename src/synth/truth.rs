//! What is true of the generated records: which are one customer, what kind it is, and the clean parts of name and address.
//!
//! Out: `truth.csv` (source, id, cluster, kind, group, trap) with one line per exported record, and `truth_parts.csv` (source, id, region,
//! core, industry, form, branch, province, city, county, road, number, room), UTF-8. `cluster` is the customer; `group` ties customers
//! that are related but different; `trap` says how they are alike.

use super::SynthError;
use super::entity::Entity;
use super::entity::Name;
use super::places::Address;
use super::writers::create_file;
use std::fs::File;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// The two open truth files of one night.
pub(super) struct TruthSink {
    paths: [PathBuf; 2],
    clusters: BufWriter<File>,
    parts: BufWriter<File>,
    line: Vec<u8>,
}

impl TruthSink {
    /// Creates both files in `folder`.
    ///
    /// # Errors
    /// [`SynthError::Write`] when they cannot be created.
    pub(super) fn create(folder: &Path) -> Result<Self, SynthError> {
        let paths = [folder.join("truth.csv"), folder.join("truth_parts.csv")];
        let mut clusters = BufWriter::with_capacity(1 << 16, create_file(&paths[0])?);
        let mut parts = BufWriter::with_capacity(1 << 16, create_file(&paths[1])?);
        let wrote = clusters.write_all(b"source,id,cluster,kind,group,trap\n");
        wrote.map_err(|source| SynthError::write(&paths[0], source))?;
        let wrote = parts
            .write_all(b"source,id,region,core,industry,form,branch,province,city,county,road,number,room\n");
        wrote.map_err(|source| SynthError::write(&paths[1], source))?;
        Ok(Self {
            paths,
            clusters,
            parts,
            line: Vec::new(),
        })
    }

    /// Adds one exported record: its key, its customer, and the clean name and address it was made from.
    ///
    /// # Errors
    /// [`SynthError::Write`] when the files cannot be written.
    pub(super) fn write(
        &mut self,
        key: (&str, &str),
        entity: &Entity,
        name: &Name,
        address: &Address,
    ) -> Result<(), SynthError> {
        let (source, id) = key;
        let (group, member) = (entity.group(), entity.member());
        let (kind, trap) = (entity.kind.as_str(), entity.trap.as_str());
        let wrote = writeln!(
            self.clusters,
            "{source},{id},C{group:07}-{member},{kind},G{group:07},{trap}"
        );
        wrote.map_err(|source| SynthError::write(&self.paths[0], source))?;
        let number = address.number.to_string();
        let [region, core, industry, form, branch] = name_parts(name);
        let cells = [
            source,
            id,
            region,
            core,
            industry,
            form,
            branch,
            address.province,
            address.city,
            address.county,
            &address.road,
            &number,
            &address.room,
        ];
        self.line.clear();
        for (position, cell) in cells.into_iter().enumerate() {
            if position > 0 {
                self.line.push(b',');
            }
            // No generated part holds a comma, a quote or a line end.
            self.line.extend_from_slice(cell.as_bytes());
        }
        self.line.push(b'\n');
        self.parts
            .write_all(&self.line)
            .map_err(|source| SynthError::write(&self.paths[1], source))
    }

    /// Completes both files and names them.
    ///
    /// # Errors
    /// [`SynthError::Write`] when they cannot be written.
    pub(super) fn finish(mut self) -> Result<[PathBuf; 2], SynthError> {
        self.clusters
            .flush()
            .map_err(|source| SynthError::write(&self.paths[0], source))?;
        self.parts
            .flush()
            .map_err(|source| SynthError::write(&self.paths[1], source))?;
        Ok(self.paths)
    }
}

/// Region, core, industry, form and branch; persons have none, Latin firms no region.
fn name_parts(name: &Name) -> [&str; 5] {
    match name {
        Name::Company(name) => {
            let region = if name.place == super::companies::RegionPlace::Absent {
                ""
            } else {
                name.region.as_str()
            };
            [region, &name.core, name.industry, name.form, &name.branch]
        }
        Name::Firm(name) => ["", &name.core, &name.trade, name.form, &name.branch],
        Name::Person(_) | Name::Fixed(_) => [""; 5],
    }
}
