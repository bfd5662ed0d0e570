//! The families whose instances have a value.

/// A family whose instances have a value that is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Incentive {
    Reward,
    Benefit,
    Point,
    Credit,
}

impl Incentive {
    pub(crate) const ALL: [Self; 4] = [Self::Reward, Self::Benefit, Self::Point, Self::Credit];

    /// The kind of its instances.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Reward => "Reward",
            Self::Benefit => "Benefit",
            Self::Point => "Point",
            Self::Credit => "Credit",
        }
    }

    /// As an item of a redemption and an entry of the ledger name it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Reward => "reward",
            Self::Benefit => "benefit",
            Self::Point => "point",
            Self::Credit => "credit",
        }
    }

    /// As a strategy of redeeming names it.
    pub(crate) fn strategy(self) -> &'static str {
        match self {
            Self::Reward => "rewards",
            Self::Benefit => "benefits",
            Self::Point => "points",
            Self::Credit => "credits",
        }
    }

    /// The kind of its definitions.
    pub(crate) fn definition(self) -> &'static str {
        match self {
            Self::Reward => "RewardDefinition",
            Self::Benefit => "BenefitDefinition",
            Self::Point => "PointDefinition",
            Self::Credit => "CreditDefinition",
        }
    }

    /// The member that names the definition by its id.
    pub(crate) fn definition_id(self) -> &'static str {
        match self {
            Self::Reward => "reward_definition_id",
            Self::Benefit => "benefit_definition_id",
            Self::Point => "point_definition_id",
            Self::Credit => "credit_definition_id",
        }
    }

    /// The member that names the definition by its handle.
    pub(crate) fn definition_handle(self) -> &'static str {
        match self {
            Self::Reward => "reward_definition_handle",
            Self::Benefit => "benefit_definition_handle",
            Self::Point => "point_definition_handle",
            Self::Credit => "credit_definition_handle",
        }
    }

    /// The family that an item of a redemption names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|incentive| incentive.name() == name)
    }

    /// The family of a strategy.
    pub(crate) fn of_strategy(strategy: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|incentive| incentive.strategy() == strategy)
    }
}
