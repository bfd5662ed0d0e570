//! The running balances of a profile, as they are stored.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::json;

use super::SETTLE;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, stamp};
use crate::rules::incentives::{Incentive, standing};

/// The kind of the accounts, in the store; the id is the profile's.
const ACCOUNT: &str = "~account";

/// The running balances of a profile.
#[derive(Clone, Debug, Default)]
pub(in crate::rules::incentives) struct Account {
    /// In dollars, by the order of [`Incentive::ALL`].
    dollars: [Decimal; 4],
    pub(in crate::rules::incentives) points: Decimal,
    /// The next moment at which the clock changes them.
    pub(super) turns_at: Option<Timestamp>,
    /// Up to when the clock's changes are booked.
    pub(super) settled_at: Option<Timestamp>,
    is_stored: bool,
}

impl Account {
    pub(in crate::rules::incentives) fn dollars(&self, incentive: Incentive) -> Decimal {
        let place = Incentive::ALL.iter().position(|one| *one == incentive);
        place
            .and_then(|place| self.dollars.get(place))
            .copied()
            .unwrap_or_default()
    }

    /// All of it in dollars.
    pub(in crate::rules::incentives) fn total(&self) -> Decimal {
        self.dollars.iter().sum()
    }

    pub(in crate::rules::incentives) fn add(
        &mut self,
        incentive: Incentive,
        dollars: Decimal,
        points: Decimal,
    ) {
        for (one, sum) in Incentive::ALL.iter().zip(&mut self.dollars) {
            if *one == incentive {
                *sum = sum.saturating_add(dollars);
            }
        }
        self.points = self.points.saturating_add(points);
    }

    pub(super) fn read(context: &Context<'_>, profile: &str) -> Result<Self, Refusal> {
        let Some(stored) = context.store().get(ACCOUNT, profile)? else {
            return Ok(Self::default());
        };
        let mut account = Self {
            points: stored.amount("points").unwrap_or_default(),
            turns_at: stored.time("turns_at"),
            settled_at: stored.time("settled_at"),
            is_stored: true,
            ..Self::default()
        };
        for (incentive, sum) in Incentive::ALL.iter().zip(&mut account.dollars) {
            *sum = stored.amount(incentive.name()).unwrap_or_default();
        }
        Ok(account)
    }

    pub(super) fn keep(&mut self, context: &Context<'_>, profile: &str) -> Result<(), Refusal> {
        let mut stored = Record::new();
        stored.set("id", profile);
        // As texts, which are exact.
        stored.set("points", self.points.to_string());
        for (incentive, sum) in Incentive::ALL.iter().zip(&self.dollars) {
            stored.set(incentive.name(), sum.to_string());
        }
        stored.set("turns_at", self.turns_at.map(stamp));
        stored.set("settled_at", self.settled_at.map(stamp));
        if self.is_stored {
            context.store().put(ACCOUNT, &stored)?;
        } else {
            context.store().insert(ACCOUNT, &stored)?;
            self.is_stored = true;
        }
        Ok(())
    }

    /// Whether the clock changed nothing since it was settled.
    pub(super) fn is_settled(&self, now: Timestamp) -> bool {
        // Without an account, there may be instances that were put in as they are.
        self.is_stored
            && self.turns_at.is_none_or(|turns| turns > now)
            && self.settled_at.is_none_or(|settled| settled <= now)
    }

    /// Has the moment of a change by the clock noticed.
    pub(super) fn expect(
        &mut self,
        context: &Context<'_>,
        profile: &str,
        turn: Timestamp,
    ) -> Result<(), Refusal> {
        if self.turns_at.is_some_and(|turns| turns <= turn) {
            return Ok(());
        }
        self.turns_at = Some(turn);
        let pause = turn.duration_since(context.now());
        let pause = pause.max(SignedDuration::ZERO);
        context.later(SETTLE, pause, json!({ "profile_id": profile }))
    }
}

/// The balances of a profile now, without booking what the clock brought.
pub(in crate::rules::incentives) fn read(
    context: &Context<'_>,
    profile: &str,
) -> Result<Account, Refusal> {
    let account = Account::read(context, profile)?;
    if account.is_settled(context.now()) {
        return Ok(account);
    }
    let mut account = Account::default();
    for incentive in Incentive::ALL {
        for record in context.find(incentive.kind(), &[("profile_id", profile.into())])? {
            let worth = standing::worth(incentive, &record, context.now());
            account.add(incentive, worth.dollars, worth.points);
        }
    }
    Ok(account)
}
