use futures_util::stream;
use omneo::Omneo;
use omneo::types::AllocationBatchItemInput;

fn codes(omneo: &Omneo) {
    let codes = ["A-1", "A-2"].map(AllocationBatchItemInput::new);
    let _ = omneo.batch().send(stream::iter(codes));
}

fn main() {}
