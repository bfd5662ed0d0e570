use omneo::Omneo;
use omneo::types::TierDefinition;

fn a_tier_has_no_value(omneo: &Omneo) {
    let _ = omneo.issue::<TierDefinition>("gold").value(20);
}

fn main() {}
