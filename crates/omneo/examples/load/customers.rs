//! A file of customers, the same at each run.

use std::fs::File;
use std::io::{BufWriter, Result, Write as _};
use std::path::PathBuf;

const CUSTOMERS: u32 = 20_000;

const FIRST_NAMES: [&str; 7] = ["Ada", "Blaise", "Carl", "Emmy", "Grace", "Niels", "Sofia"];
const LAST_NAMES: [&str; 5] = ["Byron", "Noether", "O'Brien", "Müller", "Nguyen"];

/// Writes the file to the folder for temporary ones, and gives its path.
pub(crate) fn write() -> Result<PathBuf> {
    let path = std::env::temp_dir().join("omneo-example-customers.csv");
    let mut file = BufWriter::new(File::create(&path)?);
    writeln!(
        file,
        "email,first_name,last_name,mobile_phone,birth_year,birth_month,birth_day"
    )?;
    for number in 1..=CUSTOMERS {
        let first = FIRST_NAMES[number as usize % FIRST_NAMES.len()];
        let last = LAST_NAMES[number as usize % LAST_NAMES.len()];
        // The server refuses it as it comes.
        let at = if number % 2_500 == 7 { " at " } else { "@" };
        // The reader takes no name for a month.
        let month = match number % 3_000 {
            11 => "Feb".to_owned(),
            _ => (number % 12 + 1).to_string(),
        };
        // Two customers with one: the batch fails for the second.
        let mobile = if number % 4_000 == 13 {
            number - 1
        } else {
            number
        };
        writeln!(
            file,
            "customer-{number}{at}example.com,{first},{last},+614{mobile:08},{},{month},{}",
            1940 + number % 65,
            number % 28 + 1,
        )?;
    }
    file.flush()?;
    Ok(path)
}
