use futures_util::stream;
use omneo::Omneo;
use omneo::types::PointDefinition;

fn how_many(omneo: &Omneo) {
    let _ = omneo.issue::<PointDefinition>("purchase").to_each(stream::iter(["p-1"]));
}

fn main() {}
