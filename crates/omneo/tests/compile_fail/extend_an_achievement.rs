use omneo::Profile;
use omneo::incentives::Extension;
use omneo::types::AchievementPoint;

fn an_achievement_is_not_extended(profile: &Profile) {
    let _ = profile.extend::<AchievementPoint>([7], Extension::days(30));
}

fn main() {}
