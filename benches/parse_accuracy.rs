//! Bench `parse_accuracy`: how well names and addresses are taken apart; Markdown tables for `docs/accuracy.md`.
//!
//! `cargo bench --bench parse_accuracy -- [--misses N] [--synth] [--records N] [--seed N]…`. Without `--synth` the field types
//! `party_name` and `address` read the hand-made sets `benches/parse/*.tsv` (conventions: `benches/parse/README.md`). With it, exports
//! are generated in Chinese, English and both, read and standardised by the job that `init` proposes, and compared with
//! `truth_parts.csv`. `--misses N` lists up to N misses of every part; the sets are public or generated, so values may be shown.

#[path = "parse/conventions.rs"]
mod conventions;
#[path = "parse/generated.rs"]
mod generated;
#[path = "parse/hand_made.rs"]
mod hand_made;
#[path = "support/job.rs"]
mod job;
#[path = "parse/tally.rs"]
mod tally;

/// What the command line asks for.
struct Arguments {
    is_generated: bool,
    misses: usize,
    records: u64,
    seeds: Vec<u64>,
}

fn main() {
    let arguments = arguments();
    if arguments.is_generated {
        generated::measure(arguments.records, &arguments.seeds, arguments.misses);
    } else {
        hand_made::measure(arguments.misses);
    }
}

fn arguments() -> Arguments {
    let mut found = Arguments {
        is_generated: false,
        misses: 0,
        records: 20_000,
        seeds: Vec::new(),
    };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        let mut number = || {
            let value = given.next().and_then(|value| value.parse().ok());
            value.unwrap_or_else(|| panic!("`{argument}` needs a number"))
        };
        match argument.as_str() {
            "--synth" => found.is_generated = true,
            "--misses" => found.misses = number() as usize,
            "--records" => found.records = number(),
            "--seed" => found.seeds.push(number()),
            // Cargo's own word to benches.
            "--bench" => {}
            other => panic!("unknown argument `{other}`"),
        }
    }
    if found.seeds.is_empty() {
        found.seeds = vec![2026, 7];
    }
    found
}
