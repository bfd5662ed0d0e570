//! What tells the six families apart, a row for each.

use omneo_api::listing::{Field, Text};
use omneo_api::resources;
use omneo_api::{Api, Client, Error, ErrorKind, List, filters, types};
use omneo_types::{Amount, Id};

use super::definition::sealed::Sealed;
use super::definition::{Definition, DefinitionRef, Facts, Family, Instance, Named};
use super::definitions::Definitions;

/// Benefits alone have a route for a handle.
macro_rules! find {
    (by_filter $fields:ident, $definitions:ident, $handle:ident) => {
        by_filter($definitions, $handle, filters::$fields::handle)
    };
    (by_route, $definitions:ident, $handle:ident) => {
        by_route($definitions, $handle)
    };
}

macro_rules! families {
    ($(
        $definition:ident => $instance:ident of $family:ident {
            handle: $handle:ident, $api:ident,
            input: $input:ident, $update:ident,
            find: $how:ident $($fields:ident)?,
            timezone: $timezone:expr,
            max_value: $max_value:expr,
            definition: $of:expr,
        }
    )+) => {$(
        impl Definition for types::$definition {
            type Instance = types::$instance;
            type Definitions = resources::$handle;

            const FAMILY: Family = Family::$family;
        }

        impl Sealed for types::$definition {
            fn facts(&self) -> Facts {
                let timezone: fn(&Self) -> Option<&String> = $timezone;
                let max_value: fn(&Self) -> Option<Amount> = $max_value;
                Facts {
                    id: self.id.clone(),
                    handle: self.handle.clone(),
                    timezone: timezone(self).filter(|name| !name.is_empty()).cloned(),
                    max_value: max_value(self),
                }
            }

            async fn find(
                definitions: &resources::$handle,
                handle: &str,
            ) -> Result<Option<Self>, Error> {
                find!($how $($fields)?, definitions, handle).await
            }
        }

        impl Definitions for resources::$handle {
            type Definition = types::$definition;
            type Input = types::$input;
            type Update = types::$update;

            fn of(client: &Client) -> Self {
                Api::from_client(client.clone()).$api().definitions()
            }

            fn list(&self) -> List<Self::Definition> {
                resources::$handle::list(self)
            }

            async fn get(&self, id: Id) -> Result<Self::Definition, Error> {
                resources::$handle::get(self, id).await
            }

            async fn create(&self, input: &Self::Input) -> Result<Self::Definition, Error> {
                resources::$handle::create(self, input).await
            }

            async fn update(&self, id: Id, input: &Self::Update) -> Result<Self::Definition, Error> {
                resources::$handle::update(self, id, input).await
            }

            async fn delete(&self, id: Id) -> Result<(), Error> {
                resources::$handle::delete(self, id).await
            }

            fn handle_of(input: &Self::Input) -> &str {
                &input.handle
            }
        }

        impl Instance for types::$instance {
            type Definition = types::$definition;

            fn id(&self) -> Option<&Id> {
                self.id.as_ref()
            }

            fn profile_id(&self) -> Option<&Id> {
                self.profile_id.as_ref()
            }

            fn definition(&self) -> Option<&Self::Definition> {
                let definition: fn(&Self) -> Option<&types::$definition> = $of;
                definition(self)
            }
        }

        impl From<&types::$definition> for DefinitionRef<types::$definition> {
            fn from(definition: &types::$definition) -> Self {
                Self::new(Named::Read(definition.facts()))
            }
        }
    )+};
}

families! {
    RewardDefinition => Reward of Rewards {
        handle: RewardsDefinitions, rewards,
        input: RewardDefinitionInput, RewardDefinitionUpdateInput,
        find: by_filter reward_definition,
        timezone: |_| None,
        max_value: |definition| definition.max_value,
        definition: |reward| reward.definition.as_ref(),
    }
    BenefitDefinition => Benefit of Benefits {
        handle: BenefitsDefinitions, benefits,
        input: BenefitDefinitionInput, BenefitDefinitionUpdateInput,
        find: by_route,
        timezone: |_| None,
        max_value: |_| None,
        definition: |benefit| benefit.definition.as_ref(),
    }
    PointDefinition => Point of Points {
        handle: PointsDefinitions, points,
        input: PointDefinitionInput, PointDefinitionUpdateInput,
        find: by_filter point_definition,
        timezone: |_| None,
        max_value: |_| None,
        definition: |point| point.definition.as_ref(),
    }
    CreditDefinition => Credit of Credits {
        handle: CreditsDefinitions, credits,
        input: CreditDefinitionInput, CreditDefinitionUpdateInput,
        find: by_filter credit_definition,
        timezone: |definition| definition.timezone.as_ref(),
        max_value: |definition| definition.max_value,
        definition: |credit| credit.definition.as_ref(),
    }
    TierDefinition => TierProgress of Tiers {
        handle: TiersDefinitions, tiers,
        input: TierDefinitionInput, TierDefinitionUpdateInput,
        find: by_filter tier_definition,
        timezone: |_| None,
        max_value: |_| None,
        definition: |progress| progress.current_tier.as_ref(),
    }
    AchievementDefinition => AchievementPoint of Achievements {
        handle: AchievementsDefinitions, achievements,
        input: AchievementDefinitionInput, AchievementDefinitionUpdateInput,
        find: by_filter achievement_definition,
        timezone: |definition| definition.timezone.as_ref(),
        max_value: |_| None,
        definition: |_| None,
    }
}

/// What a customer may claim is a definition, with more about the customer.
#[cfg(feature = "profiles")]
impl From<&types::ClaimableBenefitDefinition> for DefinitionRef<types::BenefitDefinition> {
    fn from(definition: &types::ClaimableBenefitDefinition) -> Self {
        Self::new(Named::Read(Facts {
            id: definition.id.clone(),
            handle: definition.handle.clone(),
            ..Facts::default()
        }))
    }
}

async fn by_filter<D: Definition>(
    definitions: &D::Definitions,
    handle: &str,
    field: Field<D, Text>,
) -> Result<Option<D>, Error> {
    let mut found = definitions.list().filter(field.eq(handle)).items();
    while let Some(definition) = found.try_next().await? {
        // A collation may take more texts for equal than Rust does.
        if definition.facts().handle.as_deref() == Some(handle) {
            return Ok(Some(definition));
        }
    }
    Ok(None)
}

async fn by_route(
    definitions: &resources::BenefitsDefinitions,
    handle: &str,
) -> Result<Option<types::BenefitDefinition>, Error> {
    match definitions.handle().get(handle).await {
        Ok(definition) => Ok(Some(definition)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
