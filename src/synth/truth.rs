//! What is true of the generated records: which are one customer, what kind it is, and the clean parts of name and address.
//!
//! Out: `truth.csv` (source, id, cluster, kind, group, trap, damage) with one line per exported record, `truth_parts.csv` (source, id, region,
//! core, industry, form, branch, province, city, county, road, number, room), and `truth_relations.csv` (cluster, relation, group) with one
//! line per related customer, UTF-8. `cluster` is the customer; `group` ties customers that are related but different; `trap` and
//! `relation` say how they are alike; `damage` says what happened to the record, in words parted by blanks.

use super::SynthError;
use super::damage::Damage;
use super::entity::Entity;
use super::entity::Name;
use super::places::Address;
use super::writers::create_file;
use std::fs::File;
use std::io::BufWriter;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;

/// The open truth files of one night.
pub(super) struct TruthSink {
    clusters: TruthFile,
    parts: TruthFile,
    relations: TruthFile,
    line: Vec<u8>,
}

/// One open file.
struct TruthFile {
    path: PathBuf,
    out: BufWriter<File>,
}

impl TruthFile {
    fn create(path: PathBuf, header: &str) -> Result<Self, SynthError> {
        let out = BufWriter::with_capacity(1 << 16, create_file(&path)?);
        let mut file = Self { path, out };
        file.write(header.as_bytes())?;
        Ok(file)
    }

    fn write(&mut self, line: &[u8]) -> Result<(), SynthError> {
        let wrote = self.out.write_all(line);
        wrote.map_err(|source| SynthError::write(&self.path, source))
    }

    fn finish(mut self) -> Result<PathBuf, SynthError> {
        let wrote = self.out.flush();
        wrote.map_err(|source| SynthError::write(&self.path, source))?;
        Ok(self.path)
    }
}

impl TruthSink {
    /// Creates the files in `folder`.
    ///
    /// # Errors
    /// [`SynthError::Write`] when they cannot be created.
    pub(super) fn create(folder: &Path) -> Result<Self, SynthError> {
        let parts = "source,id,region,core,industry,form,branch,province,city,county,road,number,room\n";
        Ok(Self {
            clusters: TruthFile::create(
                folder.join("truth.csv"),
                "source,id,cluster,kind,group,trap,damage\n",
            )?,
            parts: TruthFile::create(folder.join("truth_parts.csv"), parts)?,
            relations: TruthFile::create(folder.join("truth_relations.csv"), "cluster,relation,group\n")?,
            line: Vec::new(),
        })
    }

    /// Adds one customer with records, when it is related to others.
    ///
    /// # Errors
    /// [`SynthError::Write`] when the file cannot be written.
    pub(super) fn relate(&mut self, entity: &Entity) -> Result<(), SynthError> {
        let Some((relation, group)) = entity.relation() else {
            return Ok(());
        };
        let line = format!("C{:07}-{},{relation},{group}\n", entity.group(), entity.member());
        self.relations.write(line.as_bytes())
    }

    /// Adds one exported record: its key, its customer, what happened to it, and the clean name and address it was made from.
    ///
    /// # Errors
    /// [`SynthError::Write`] when the files cannot be written.
    pub(super) fn write(
        &mut self,
        key: (&str, &str),
        entity: &Entity,
        damage: Damage,
        (name, address): (&Name, &Address),
    ) -> Result<(), SynthError> {
        let (source, id) = key;
        let (group, member) = (entity.group(), entity.member());
        let (kind, trap) = (entity.kind.as_str(), entity.trap.as_str());
        let damage = damage.words();
        let line = format!("{source},{id},C{group:07}-{member},{kind},G{group:07},{trap},{damage}\n");
        self.clusters.write(line.as_bytes())?;
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
        self.parts.write(&self.line)
    }

    /// Completes the files and names them.
    ///
    /// # Errors
    /// [`SynthError::Write`] when they cannot be written.
    pub(super) fn finish(self) -> Result<[PathBuf; 3], SynthError> {
        Ok([
            self.clusters.finish()?,
            self.parts.finish()?,
            self.relations.finish()?,
        ])
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
