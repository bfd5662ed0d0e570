use omneo::Omneo;
use omneo::types::ProfileTagBatchItem;

fn tags_in_an_import(omneo: &Omneo) {
    let _ = omneo.batch::<ProfileTagBatchItem>().import();
}

fn main() {}
