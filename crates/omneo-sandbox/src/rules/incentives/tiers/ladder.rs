//! The tiers, from the lowest up.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::RecordExt;

/// All tiers that are defined.
#[derive(Debug)]
pub(super) struct Ladder(Vec<Rung>);

/// A tier.
#[derive(Clone, Debug)]
pub(super) struct Rung {
    pub(super) id: Value,
    /// The points of twelve months that it takes.
    pub(super) from: Decimal,
    /// The points of a year that it takes to stay.
    pub(super) keeps: Decimal,
    pub(super) is_floor: bool,
    /// Whether points beyond what it takes count toward staying.
    pub(super) carries: bool,
}

impl Ladder {
    pub(super) fn read(context: &Context<'_>) -> Result<Self, Refusal> {
        let definitions = context.find("TierDefinition", &[])?;
        let mut rungs: Vec<_> = definitions
            .iter()
            .map(|definition| {
                let from = definition.amount("value_min").unwrap_or_default();
                Rung {
                    id: definition.value("id"),
                    from,
                    // Who could achieve it anew keeps it.
                    keeps: definition
                        .amount("value_maintain")
                        .map_or(from, |keeps| keeps.min(from)),
                    is_floor: definition.flag("is_floor") == Some(true),
                    carries: definition.flag("disable_credit") != Some(true),
                }
            })
            .collect();
        // A floor is below all, whatever it takes.
        rungs.sort_by_key(|rung| (!rung.is_floor, rung.from));
        Ok(Self(rungs))
    }

    pub(super) fn floor(&self) -> Option<&Rung> {
        self.0.first().filter(|rung| rung.is_floor)
    }

    pub(super) fn lowest(&self) -> Option<&Rung> {
        self.0.first()
    }

    pub(super) fn rung(&self, id: &Value) -> Option<&Rung> {
        self.0.iter().find(|rung| rung.id == *id)
    }

    /// The place of a tier; below all if it is gone.
    pub(super) fn place(&self, id: &Value) -> Option<usize> {
        self.0.iter().position(|rung| rung.id == *id)
    }

    /// The highest tier that so many points make.
    pub(super) fn reached(&self, points: Decimal) -> Option<&Rung> {
        let mut rungs = self.0.iter().rev();
        rungs.find(|rung| rung.is_floor || rung.from <= points)
    }

    pub(super) fn next(&self, id: &Value) -> Option<&Rung> {
        self.0.get(self.place(id)?.checked_add(1)?)
    }

    pub(super) fn below(&self, id: &Value) -> Option<&Rung> {
        self.0.get(self.place(id)?.checked_sub(1)?)
    }
}
