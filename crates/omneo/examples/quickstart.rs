//! The story of a customer: what a retailer offers, and what Ada makes of it. Against a sandbox in this process.

use omneo::incentives::{Definitions, Strategy};
use omneo::omneo_types::Amount;
use omneo::types::{
    BenefitDefinitionInput, PointDefinition, PointDefinitionInput, ProfileInput,
    RewardDefinitionInput, RewardDefinitionType, TierDefinitionInput,
};
use omneo::{Error, Omneo};
use omneo_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An Omneo of its own, with nothing in it.
    let sandbox = Sandbox::start().await?;
    let omneo = Omneo::builder()
        .base_url(sandbox.url())
        .token(sandbox.token())
        .timezone("Australia/Melbourne")
        .build()?;

    // What the retailer offers. Safe to run at every start: what is there already stays as it is.
    let birthday = RewardDefinitionInput {
        is_extendable: true.into(),
        ..RewardDefinitionInput::new(
            "birthday",
            "Birthday",
            30,
            RewardDefinitionType::Birthday,
            20,
        )
    };
    let birthday = omneo.rewards().definitions().ensure(&birthday).await?;
    for difference in birthday.differences() {
        println!("the birthday reward is not as it should be: {difference}");
    }
    let birthday = birthday.into_definition();
    let alteration = BenefitDefinitionInput {
        is_claimable: true.into(),
        max_redemptions: 1.into(),
        ..BenefitDefinitionInput::new("free-alteration", "Free alteration", 90)
    };
    omneo.benefits().definitions().ensure(&alteration).await?;
    let purchase = PointDefinitionInput::new("purchase", "Purchase");
    omneo.points().definitions().ensure(&purchase).await?;
    for (handle, name, from) in [("bronze", "Bronze", 0), ("silver", "Silver", 100)] {
        let tier = TierDefinitionInput::new(handle, name, from);
        omneo.tiers().definitions().ensure(&tier).await?;
    }

    // Ada joins.
    let input = ProfileInput::new("ada@example.com", "Ada", "Lovelace");
    let profile = omneo.profiles().create(&input).await?;
    let id = profile.id.ok_or("the server gave the profile no id")?;
    let ada = omneo.profile(&id);
    println!("Ada has joined");

    // She buys something: points to spend, and points that count.
    let points = omneo.issue::<PointDefinition>("purchase").to(&id);
    let points = points.value(150).description("a coat").send().await?;
    omneo
        .tier_points("purchase")
        .to(&id)
        .value(150)
        .send()
        .await?;
    println!("{} points for a coat", shown(points.value_initial));

    // That makes her silver.
    let progress = ada.tiers().calculate().await?;
    let tier = progress.current_tier.and_then(|tier| tier.name);
    println!("her tier is {}", tier.as_deref().unwrap_or("unknown"));

    // Her birthday comes, and she has her coat altered.
    let reward = omneo.issue(&birthday).to(&id).send().await?;
    println!(
        "a reward of {} for her birthday",
        shown(reward.value_remaining)
    );
    let benefit = ada.claim("free-alteration").send().await?;
    ada.redeem_benefit(&benefit, 1).await?;
    println!("the coat is altered");

    // She pays with a part of the reward, and thinks better of it.
    let redeemed = ada
        .redeem(15)
        .strategies([Strategy::Rewards, Strategy::Points])
        .strict()
        .reference("POS-991")
        .balances_before()
        .send()
        .await?;
    let before = redeemed.before.as_ref().and_then(|had| had.reward_balance);
    let after = redeemed.after().and_then(|has| has.reward_balance);
    println!("{} of {} left", shown(after), shown(before));
    let reversed = omneo.reverse(&redeemed).await?;
    let balance = reversed.balances.and_then(|has| has.reward_balance);
    println!("{} again after the reversal", shown(balance));

    print_ledger(&ada).await?;
    Ok(())
}

async fn print_ledger(profile: &omneo::Profile) -> Result<(), Error> {
    println!("\nledger                          value  balance");
    let mut ledger = profile.ledgers().list().items();
    while let Some(entry) = ledger.try_next().await? {
        let what = entry.description.unwrap_or_default();
        let value = shown(entry.dollar_value);
        println!("{what:<28} {value:>8} {:>8}", shown(entry.dollar_balance));
    }
    Ok(())
}

fn shown(amount: Option<Amount>) -> String {
    amount.map_or_else(|| "?".to_owned(), |amount| format!("{:.2}", *amount))
}
