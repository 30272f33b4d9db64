//! One generated record as a source would export it: all its cells in one buffer.
//!
//! In: values written field by field. Out: the text of each [`Field`]. A row is reused for the next record, so that writing a million
//! records allocates next to nothing. Which fields a source shows, and under which headers, belongs to `sources`.

/// What a generated column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Code,
    Name,
    FormerName,
    ShortName,
    PartyType,
    /// Unified social credit code or Latin tax number.
    Uscc,
    IdCard,
    Contact,
    LegalRepresentative,
    Mobile,
    Landline,
    /// Mobile and landline in one cell.
    Phones,
    Email,
    Website,
    Province,
    City,
    County,
    /// Road and number, or the whole address, as the habit says.
    Address,
    Postcode,
    Industry,
    Amount,
    Currency,
    Rating,
    Level,
    Status,
    /// The subsidiary's own account manager.
    Owner,
    Parent,
    Created,
    Updated,
    LastTrade,
    GivenName,
    FamilyName,
    /// Firm name where persons have columns of their own.
    Organisation,
    Born,
    Remark,
}

/// Number of fields.
const FIELDS: usize = Field::Remark as usize + 1;

/// The cells of one record.
#[derive(Debug, Clone)]
pub(super) struct Row {
    text: String,
    spans: [(usize, usize); FIELDS],
}

impl Row {
    /// A row without values.
    pub(super) fn new() -> Self {
        Self {
            text: String::new(),
            spans: [(0, 0); FIELDS],
        }
    }

    /// Empties every cell.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.spans = [(0, 0); FIELDS];
    }

    /// Sets a field to what `write` adds to the buffer.
    pub(super) fn put(&mut self, field: Field, write: impl FnOnce(&mut String)) {
        let start = self.text.len();
        write(&mut self.text);
        self.spans[field as usize] = (start, self.text.len());
    }

    /// Sets a field to a text.
    pub(super) fn set(&mut self, field: Field, text: &str) {
        self.put(field, |out| out.push_str(text));
    }

    /// The text of a field; empty when it was not set.
    pub(super) fn get(&self, field: Field) -> &str {
        let (start, end) = self.spans[field as usize];
        self.text.get(start..end).unwrap_or("")
    }

    /// Rewrites every cell character by character.
    pub(super) fn map_chars(&mut self, map: impl Fn(char) -> char) {
        let old = std::mem::take(&mut self.text);
        for span in &mut self.spans {
            let start = self.text.len();
            self.text
                .extend(old.get(span.0..span.1).unwrap_or("").chars().map(&map));
            *span = (start, self.text.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Field;
    use super::Row;

    #[test]
    fn cells_keep_their_text_and_clear_together() {
        let mut row = Row::new();
        row.set(Field::Name, "华夏科技");
        row.set(Field::City, "Denver");
        assert_eq!(row.get(Field::Name), "华夏科技");
        row.map_chars(|found| if found == '华' { '華' } else { found });
        assert_eq!(row.get(Field::Name), "華夏科技");
        assert_eq!(row.get(Field::City), "Denver");
        assert_eq!(row.get(Field::Email), "");
        row.clear();
        assert_eq!(row.get(Field::Name), "");
    }
}
