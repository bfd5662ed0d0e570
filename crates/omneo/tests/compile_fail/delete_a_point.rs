use omneo::Omneo;

fn points_are_never_deleted(omneo: &Omneo) {
    let _ = omneo.points().delete(7);
}

fn main() {}
