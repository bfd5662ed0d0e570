use omneo::Omneo;
use omneo::types::PointDefinition;

fn how_many(omneo: &Omneo) {
    let _ = omneo.issue::<PointDefinition>("purchase").to("p-1").send();
}

fn main() {}
