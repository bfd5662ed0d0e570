use omneo::Omneo;
use omneo::types::AchievementDefinition;

fn how_often(omneo: &Omneo) {
    let _ = omneo.issue::<AchievementDefinition>("visits").to("p-1").send();
}

fn main() {}
