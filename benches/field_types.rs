//! Bench `field_types`: distinct values of every field that its type standardises in one second of one core.
//!
//! `cargo bench --bench field_types -- [--records N]`, by default 20,000 generated records of each script with their noise,
//! read as a run reads them. Each field's distinct cells are standardised again and again on one thread for at least
//! [`CPU_MIN`]; the standing of every cell must be the one the stage gave it. Memory is that of the finished column, per
//! million distinct cells.

#[path = "support/job.rs"]
mod job;
#[path = "support/process.rs"]
mod process;

use guiyi::field::field_type;
use guiyi::model::ValueStatus;
use guiyi::pipeline;
use guiyi::synth;
use guiyi::synth::Locale;
use guiyi::table::StandardColumn;
use std::time::Duration;

/// Processor time spent on one field.
const CPU_MIN: Duration = Duration::from_millis(400);

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let records = arguments
        .iter()
        .position(|argument| argument == "--records")
        .and_then(|at| arguments.get(at + 1)?.parse().ok())
        .unwrap_or(20_000);
    for locale in [Locale::Zh, Locale::En] {
        println!("\nfield_types: {records} records, {locale:?}\n");
        println!("| field | type | distinct cells | usable | thousand a second | µs each | MB a million |");
        println!("|---|---|---:|---:|---:|---:|---:|");
        bench(records, locale);
    }
}

fn bench(records: u64, locale: Locale) {
    let scratch = tempfile::tempdir().expect("there is room for generated exports");
    let settings = synth::Settings {
        records,
        locale,
        sources: 5,
        seed: 1,
        nights: 1,
        out: scratch.path().join("exports"),
        plain: true,
    };
    synth::generate(&settings).expect("there is room for generated exports");
    let plan = job::propose(&job::exports(&settings.out), scratch.path());
    let prepared = job::with_circumstances(&|_, _, _| {}, |c| pipeline::prepare(&plan, None, c));
    let prepared = prepared.unwrap_or_else(|error| panic!("the exports cannot be read: {error}"));
    let mut micros = 0.0;
    for column in prepared.standard.columns() {
        micros += measure(column);
    }
    println!("| all, a distinct cell of each | | | | | {micros:.1} | |");
    println!(
        "\npeak memory so far: {:.0} MB",
        process::peak_bytes() as f64 / 1e6
    );
}

/// Prints one line and gives the microseconds of one cell.
fn measure(column: &StandardColumn) -> f64 {
    let field_type = field_type(column.field_type).expect("the stage knew the type");
    let cells = column.raw.len() as u32;
    if cells < 2 {
        return 0.0;
    }
    let (start, mut rounds, mut usable) = (process::cpu(), 0_u32, 0_u32);
    while rounds == 0 || process::cpu() - start < CPU_MIN {
        usable = 0;
        for cell in 1..cells {
            let value = field_type.standardise(column.raw.get(cell));
            usable += u32::from(value.status.is_usable());
            // Filled cells have the raw text of the gap that they fill.
            let is_filled = column.findings.of(cell).any(|(code, _)| code.name == "filled");
            let status = column.status[cell as usize];
            assert!(
                is_filled || status == value.status,
                "{} cell {cell}",
                column.field.as_str()
            );
        }
        rounds += 1;
    }
    let seconds = (process::cpu() - start).as_secs_f64();
    let values = f64::from(cells - 1);
    let each = seconds / (values * f64::from(rounds));
    assert!(usable > 0 || column.status.iter().all(|status| *status <= ValueStatus::Invalid));
    println!(
        "| {} | {} | {} | {:.1} % | {:.0} | {:.2} | {:.0} |",
        column.field.as_str(),
        column.field_type,
        cells - 1,
        f64::from(usable) / values * 100.0,
        1e-3 / each,
        each * 1e6,
        column.size_bytes() as f64 / values
    );
    each * 1e6
}
