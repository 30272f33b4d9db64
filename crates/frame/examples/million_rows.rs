//! Writes and reads a Parquet file of text and prints seconds of processor time and sizes.
//!
//! `cargo run --release -p frame --example million_rows -- [ROWS] [FILE]`; one million rows of ten text columns,
//! four of them repetitive, unless told otherwise. Checks what it reads. Linux only (`/proc/self/stat`).

use std::error::Error;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Instant;

use frame::Column;
use frame::Table;
use frame::TextColumn;
use frame::read_ipc_stream;
use frame::read_parquet;
use frame::read_parquet_as_text;
use frame::write_ipc_stream;
use frame::write_parquet;

const CITIES: [&str; 6] = ["上海", "北京", "广州", "深圳", "Paris", "杭州"];
const STATES: [&str; 3] = ["正常", "注销", ""];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows = arguments
        .next()
        .map_or(Ok(1_000_000), |rows| rows.parse::<usize>())?;
    let path = arguments.next().map_or_else(
        || std::env::temp_dir().join("million_rows.parquet"),
        PathBuf::from,
    );
    let table = measured("make", || make_table(rows))?;
    measured("write_parquet", || Ok(write_parquet(&path, &table)?))?;
    println!("{:<24}{:>10} bytes", "", std::fs::metadata(&path)?.len());
    let back = measured("read_parquet", || Ok(read_parquet(&path, None)?))?;
    let seen = measured("read_parquet_as_text", || {
        let mut seen = 0;
        read_parquet_as_text(&path, None, 8_192, &mut |batch| {
            seen += (0..batch.rows())
                .filter(|&row| batch.get(row, 0).is_some())
                .count();
            ControlFlow::Continue(())
        })?;
        Ok(seen)
    })?;
    let mut stream = Vec::new();
    measured("write_ipc_stream", || Ok(write_ipc_stream(&table, &mut stream)?))?;
    let again = measured("read_ipc_stream", || Ok(read_ipc_stream(&mut stream.as_slice())?))?;
    println!("equal: {}", back == table && again == table && seen == rows);
    std::fs::remove_file(&path)?;
    Ok(())
}

fn make_table(rows: usize) -> Result<Table, Box<dyn Error>> {
    let column = |name: &str, value: &dyn Fn(usize, u64) -> Option<String>| {
        let mut column = TextColumn::with_capacity(rows, rows * 16);
        for row in 0..rows {
            // A multiplicative hash (Knuth) spreads the row numbers like names spread.
            let hash = (row as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            column.push_option(value(row, hash >> 16).as_deref());
        }
        Column::text(name, column)
    };
    let pick =
        |texts: &[&str], hash: u64| Some(texts[usize::try_from(hash).unwrap_or(0) % texts.len()].to_owned());
    Ok(Table::try_new(vec![
        column("名称", &|_, hash| {
            Some(format!("客户{}科技有限公司", hash % 800_000))
        }),
        column("统一社会信用代码", &|_, hash| {
            Some(format!("9131{:014}", hash % 10_u64.pow(14)))
        }),
        column("电话", &|_, hash| {
            (hash % 10 != 0).then(|| format!("138{:08}", hash % 100_000_000))
        }),
        column("城市", &|_, hash| pick(&CITIES, hash)),
        column("状态", &|_, hash| pick(&STATES, hash)),
        column("地址", &|_, hash| {
            Some(format!("浦东新区世纪大道{}号{}室", hash % 2_000, hash % 999))
        }),
        column("联系人", &|_, hash| {
            (hash % 3 != 0).then(|| format!("张{}", hash % 5_000))
        }),
        column("email", &|row, hash| {
            (hash % 2 == 0).then(|| format!("c{row}@example.com"))
        }),
        column("日期", &|_, hash| {
            Some(format!(
                "20{:02}-{:02}-{:02}",
                hash % 25,
                hash % 12 + 1,
                hash % 28 + 1
            ))
        }),
        column("客户编号", &|row, _| Some(format!("{row:010}"))),
    ])?)
}

fn measured<T>(name: &str, work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<T, Box<dyn Error>> {
    let (cpu, wall) = (cpu_seconds()?, Instant::now());
    let result = work()?;
    let cpu = cpu_seconds()? - cpu;
    println!(
        "{name:<24}{cpu:>6.2} s cpu{:>8.2} s wall",
        wall.elapsed().as_secs_f64()
    );
    Ok(result)
}

/// User and system time of all threads, from fields 14 and 15 of proc(5), counted in hundredths of a second.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Result<Vec<u32>, _> = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse)
        .collect();
    Ok(ticks?.into_iter().map(f64::from).sum::<f64>() / 100.0)
}
