//! Customers who never were, with the mistakes that files have.

use std::path::Path;

use csv::Writer;

const FIRST: [&str; 8] = [
    "Ada", "Alan", "Grace", "Edsger", "Barbara", "Donald", "Frances", "John",
];
const LAST: [&str; 7] = [
    "Lovelace", "Turing", "Hopper", "Dijkstra", "Liskov", "Knuth", "Allen",
];

/// Writes a file of so many rows, the same each time.
pub(crate) fn write(file: &Path, rows: usize) -> csv::Result<()> {
    let mut csv = Writer::from_path(file)?;
    csv.write_record([
        "Card No",
        "First Name",
        "Last Name",
        "E-Mail",
        "Mobile",
        "Joined",
    ])?;
    for row in 0..rows {
        let email = match row % 1_013 {
            // The server refuses it.
            500 => format!("customer{row}"),
            _ => format!("customer{row}@example.com"),
        };
        let mobile = match row % 1_511 {
            // Another has it, which shows only when the batch is worked off.
            700 => 0,
            _ => row,
        };
        let joined = match row % 2_003 {
            // There is no such day: it is not sent at all.
            1_000 => "31/02/2023".to_owned(),
            _ => format!(
                "{:02}/{:02}/{}",
                row % 28 + 1,
                row % 12 + 1,
                2010 + row % 14
            ),
        };
        csv.write_record([
            format!("{:013}", 9_300_000_000_000 + row),
            FIRST[row % FIRST.len()].to_owned(),
            LAST[row % LAST.len()].to_owned(),
            email,
            format!("+614{mobile:08}"),
            joined,
        ])?;
    }
    csv.flush()?;
    Ok(())
}
