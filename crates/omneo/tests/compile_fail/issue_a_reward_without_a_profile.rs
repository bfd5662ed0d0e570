use omneo::Omneo;
use omneo::types::RewardDefinition;

fn to_whom(omneo: &Omneo) {
    let _ = omneo.issue::<RewardDefinition>("birthday").send();
}

fn main() {}
