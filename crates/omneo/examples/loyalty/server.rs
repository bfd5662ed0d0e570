//! A server that answers as Omneo does to this story, and to no other.

use omneo::types::{
    Benefit, BenefitDefinition, Ledger, Point, PointDefinition, Profile, ProfileBalances,
    Redemption, Reward, RewardDefinition, SuccessfulRedemption, TierDefinition, TierPoint,
    TierProgress,
};
use omneo_mock::Server;

const ADA: &str = "9332c9b2-e31c-4d49-8ec3-62a9466d339c";

pub(crate) async fn start() -> Server {
    let server = Server::start().await;
    definitions(&server);
    incentives(&server);
    redemptions(&server);
    server
}

/// Nothing is defined yet.
fn definitions(server: &Server) {
    server.rewards_definitions_index(|_, then| {
        then.items([]);
    });
    server.rewards_definitions_store(|_, then| {
        then.ok(RewardDefinition {
            id: Some(7.into()),
            handle: Some("birthday".to_owned()),
            value: Some(20.into()),
            ..Default::default()
        });
    });
    server.benefits_definitions_handle(|_, then| {
        then.not_found().up_to_n_times(1);
    });
    server.benefits_definitions_store(|_, then| {
        then.ok(BenefitDefinition {
            id: Some(3.into()),
            handle: Some("free-alteration".to_owned()),
            ..Default::default()
        });
    });
    let purchase = PointDefinition {
        id: Some(2.into()),
        handle: Some("purchase".to_owned()),
        name: Some("Purchase".to_owned()),
        ..Default::default()
    };
    server.points_definitions_index(|_, then| {
        then.items([purchase.clone()]);
    });
    server.tiers_definitions_index(|_, then| {
        then.items([tier("bronze", "Bronze", 0), tier("silver", "Silver", 100)]);
    });
}

fn tier(handle: &str, name: &str, from: i64) -> TierDefinition {
    TierDefinition {
        id: Some(from.into()),
        handle: Some(handle.to_owned()),
        name: Some(name.to_owned()),
        value_min: Some(from.into()),
        ..Default::default()
    }
}

fn incentives(server: &Server) {
    server.profiles_store(|_, then| {
        then.ok(Profile {
            id: Some(ADA.into()),
            ..Default::default()
        });
    });
    server.points_store(|_, then| {
        then.ok(Point {
            value_initial: Some(150.into()),
            ..Default::default()
        });
    });
    server.tiers_points_store(|_, then| {
        then.ok(TierPoint::default());
    });
    server.profiles_tiers_calculate(|_, then| {
        then.ok(TierProgress {
            current_tier: Some(tier("silver", "Silver", 100)),
            ..Default::default()
        });
    });
    server.rewards_store(|_, then| {
        then.ok(Reward {
            id: Some(16.into()),
            value_remaining: Some(20.into()),
            ..Default::default()
        });
    });
    server.profiles_benefits_claim(|_, then| {
        then.ok(Benefit {
            id: Some(9.into()),
            redemptions_remaining: Some(1.into()),
            ..Default::default()
        });
    });
    server.profiles_benefits_redeem_store(|when, then| {
        when.benefit(9);
        then.ok(Redemption::default());
    });
}

fn redemptions(server: &Server) {
    let balances = |rewards: i64| ProfileBalances {
        reward_balance: Some(rewards.into()),
        ..Default::default()
    };
    server.profiles_balances_index(|_, then| {
        then.ok(balances(20));
    });
    server.profiles_redeem_store(|_, then| {
        then.ok(SuccessfulRedemption {
            id: Some(991.into()),
            total: Some(15.into()),
            balances: Some(balances(5)),
            ..Default::default()
        });
    });
    server.redemptions_reversal(|when, then| {
        when.redemption(991);
        then.ok(SuccessfulRedemption {
            balances: Some(balances(20)),
            ..Default::default()
        });
    });
    server.profiles_ledgers_index(|_, then| {
        let entry = |description: &str, value: i64, balance: i64| Ledger {
            description: Some(description.to_owned()),
            dollar_value: Some(value.into()),
            dollar_balance: Some(balance.into()),
            ..Default::default()
        };
        then.items([
            entry("Birthday", 20, 20),
            entry("Redeemed POS-991", -15, 5),
            entry("Reversal of POS-991", 15, 20),
        ]);
    });
}
