use omneo::Omneo;
use omneo::types::ProfileStatusBatchItem;

fn statuses(omneo: &Omneo) {
    let _ = omneo.batch::<ProfileStatusBatchItem>().import_job(4);
}

fn main() {}
