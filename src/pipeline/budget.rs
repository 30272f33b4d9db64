//! Limits of a whole run: time, memory and free disk (operations.md B16).
//!
//! In: limits, and what the system says about this process. Out: the limit that is exceeded, in a sentence. Time and memory
//! are looked at all the time, the disk before the run and at each stage; what a stage will need is forecast from the number
//! of records, with less than measured, so that nothing is refused that would have fitted. Ending the run is left to the
//! caller. Nothing is spilled to disk.

use std::fmt;
use std::path::Path;
use std::time::Duration;

/// Resident bytes that a record costs at least at the peak; 1.7 kB were measured at a million persons (docs/performance.md).
const MEMORY_PER_RECORD: u64 = 1_000;

/// Bytes on disk that a record costs at least in a published run; tables, raw texts and workbooks.
const DISK_PER_RECORD: u64 = 500;

/// What a run may use; `None` = whatever there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Budget {
    /// Time from its start to the beginning of publishing.
    pub time_max: Option<Duration>,
    /// Resident memory in bytes.
    pub memory_bytes_max: Option<u64>,
    /// Bytes that stay free on the disk of the hub.
    pub disk_free_bytes_min: Option<u64>,
}

/// A limit that is, or would be, exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breach {
    /// The time is over.
    Time {
        /// The limit.
        limit: Duration,
    },
    /// The process holds more than it may.
    Memory {
        /// Bytes held.
        held: u64,
        /// The limit.
        limit: u64,
    },
    /// That many records do not fit into the memory allowed.
    MemoryForecast {
        /// Records read.
        records: u64,
        /// Bytes that they need at least.
        needed: u64,
        /// The limit.
        limit: u64,
    },
    /// Too little is free, or would be after the run.
    Disk {
        /// Bytes free now.
        free: u64,
        /// Bytes that the run needs at least.
        needed: u64,
        /// Bytes that must stay free.
        limit: u64,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Time { limit } => write!(f, "`--max-time` of {} s is over", limit.as_secs_f64()),
            Self::Memory { held, limit } => {
                write!(
                    f,
                    "{} MiB in use are above `--max-memory` of {} MiB",
                    mebi(held),
                    mebi(limit)
                )
            }
            Self::MemoryForecast {
                records,
                needed,
                limit,
            } => write!(
                f,
                "{records} records need {} MiB at least, `--max-memory` is {} MiB",
                mebi(needed),
                mebi(limit)
            ),
            Self::Disk { free, needed, limit } => write!(
                f,
                "{} MiB are free on the hub's disk and the run needs {} MiB at least; `--min-free-disk` is {} MiB",
                mebi(free),
                mebi(needed),
                mebi(limit)
            ),
        }
    }
}

const fn mebi(bytes: u64) -> u64 {
    bytes >> 20
}

impl Budget {
    /// Is there anything to hold?
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What must be looked at all the time.
    pub fn check(&self, elapsed: Duration, held: u64) -> Option<Breach> {
        if let Some(limit) = self.time_max.filter(|limit| elapsed > *limit) {
            return Some(Breach::Time { limit });
        }
        let limit = self.memory_bytes_max.filter(|limit| held > *limit)?;
        Some(Breach::Memory { held, limit })
    }

    /// What the memory says to that many records.
    pub fn check_records(&self, records: u64) -> Option<Breach> {
        let needed = records.saturating_mul(MEMORY_PER_RECORD);
        let limit = self.memory_bytes_max.filter(|limit| needed > *limit)?;
        Some(Breach::MemoryForecast {
            records,
            needed,
            limit,
        })
    }

    /// What the disk says to a run that writes `needed` bytes, with `free` now.
    pub fn check_disk(&self, free: u64, needed: u64) -> Option<Breach> {
        let limit = self.disk_free_bytes_min?;
        (free < limit.saturating_add(needed)).then_some(Breach::Disk { free, needed, limit })
    }

    /// Bytes that a run of that many records writes at least.
    pub const fn disk_forecast(records: u64) -> u64 {
        records.saturating_mul(DISK_PER_RECORD)
    }
}

/// Bytes of memory that this process holds; 0 where the system does not say.
pub fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.map_or(0, |kib| kib.saturating_mul(1_024))
}

/// Bytes that this user may still write to the disk of `path`, or of the nearest folder above it that exists.
pub fn free_bytes(path: &Path) -> Option<u64> {
    let full = std::path::absolute(path).ok()?;
    let folder = full.ancestors().find(|folder| folder.exists())?;
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Bytes of a text such as `800MiB`, `2GiB`, `1.5GB`, `4096`.
///
/// # Errors
/// A sentence for the command line.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, f64); 11] = [
        ("kib", 1_024.0),
        ("mib", 1_048_576.0),
        ("gib", 1_073_741_824.0),
        ("tib", 1_099_511_627_776.0),
        ("kb", 1e3),
        ("mb", 1e6),
        ("gb", 1e9),
        ("tb", 1e12),
        ("m", 1_048_576.0),
        ("g", 1_073_741_824.0),
        ("", 1.0),
    ];
    let number = scaled(text, &UNITS).ok_or("write a number with a unit, such as `800MiB` or `2GiB`")?;
    Ok(number as u64)
}

/// Time of a text such as `90s`, `45m`, `2h`, `500ms`.
///
/// # Errors
/// A sentence for the command line.
pub fn parse_time(text: &str) -> Result<Duration, String> {
    const UNITS: [(&str, f64); 5] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3_600.0), ("", 1.0)];
    let seconds = scaled(text, &UNITS).filter(|seconds| *seconds <= 1e9);
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "write a number with a unit, such as `90s`, `45m` or `2h`".to_owned())
}

fn scaled(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.trim().to_ascii_lowercase();
    let end = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.trim().parse().ok()?;
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim())?;
    (number.is_finite() && number >= 0.0).then_some(number * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b16_sizes_and_times_are_read_as_people_write_them() {
        assert_eq!(parse_bytes("800MiB"), Ok(800 << 20));
        assert_eq!(parse_bytes("1.5 gb"), Ok(1_500_000_000));
        assert_eq!(parse_bytes("4096"), Ok(4_096));
        assert_eq!(parse_time("45m"), Ok(Duration::from_secs(2_700)));
        assert_eq!(parse_time("500ms"), Ok(Duration::from_millis(500)));
        for text in ["", "x", "-1s", "1 day", "nan", "五"] {
            assert!(parse_bytes(text).is_err() && parse_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn b16_each_limit_speaks_when_it_is_exceeded_and_not_before() {
        let budget = Budget {
            time_max: Some(Duration::from_secs(9)),
            memory_bytes_max: Some(1_000_000),
            disk_free_bytes_min: Some(100),
        };
        let nine = Duration::from_secs(9);
        assert_eq!(budget.check(nine, 1_000_000), None);
        assert!(matches!(budget.check(nine * 2, 0), Some(Breach::Time { .. })));
        assert!(matches!(
            budget.check(nine, 1_000_001),
            Some(Breach::Memory { .. })
        ));
        assert_eq!(budget.check_records(1_000), None);
        assert!(matches!(
            budget.check_records(1_001),
            Some(Breach::MemoryForecast { .. })
        ));
        assert_eq!(budget.check_disk(150, 50), None);
        assert!(matches!(budget.check_disk(150, 51), Some(Breach::Disk { .. })));
        assert_eq!(Budget::default().check(nine, u64::MAX), None);
        assert!(Budget::default().is_empty());
    }

    #[test]
    fn b16_the_system_says_what_is_held_and_what_is_free() {
        assert!(resident_bytes() > 1 << 20);
        assert!(free_bytes(Path::new("no/such/folder")).is_some_and(|free| free > 0));
    }
}
