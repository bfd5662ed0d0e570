use omneo::Omneo;
use omneo::types::PointInput;

fn points(omneo: &Omneo) {
    let _ = omneo.batch::<PointInput>().match_criteria("email");
}

fn main() {}
