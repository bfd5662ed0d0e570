//! The same for many customers.

use std::fmt;
use std::marker::PhantomData;

use futures_util::Stream;
use omneo_api::{Error, ErrorKind};
use omneo_types::{Id, jiff};
use serde::{Serialize, Serializer};

use super::{Each, External, Issuable, Issue, Order, Prepared, ValueGiven, ids};
use crate::batch::sealed::Wire;
use crate::batch::{Batch, Common, Found, Record, Repeat, Run, State, Taken};
use crate::client::Omneo;
use crate::import::ImportRecord;
use crate::incentives::check;
use crate::incentives::definition::{DefinitionRef, Named};
use crate::incentives::lookup::Naming;
use crate::profile::ProfileRef;

/// One of the customers for whom the same is made.
///
/// Anything that names a profile is one: an id, or an [identity](crate::identity).
pub struct Recipient<K> {
    profile: ProfileRef,
    external_id: Option<Id>,
    kind: PhantomData<fn() -> K>,
}

impl<K: Each> Recipient<K> {
    /// This customer.
    pub fn new(profile: impl Into<ProfileRef>) -> Self {
        Self {
            profile: profile.into(),
            external_id: None,
            kind: PhantomData,
        }
    }

    /// The id in the caller's own system of what is made for this customer, by which it is looked for when the answer is
    /// lost.
    pub fn external_id(mut self, id: impl Into<Id>) -> Self
    where
        K: External,
    {
        self.external_id = Some(ids::text(id.into()));
        self
    }
}

impl<K: Each, P: Into<ProfileRef>> From<P> for Recipient<K> {
    fn from(profile: P) -> Self {
        Self::new(profile)
    }
}

impl<K: Each, To, V: ValueGiven> Issue<K, To, V> {
    /// For each of these customers, with the settings that a [batch](crate::batch) has: see [`batch`](Self::batch).
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo, birthdays: Vec<String>) -> Result<(), omneo::Error> {
    /// use futures_util::stream;
    /// use omneo::types::RewardDefinition;
    ///
    /// let issue = omneo.issue::<RewardDefinition>("birthday");
    /// let report = issue.to_each(stream::iter(birthdays)).await?.report().await;
    /// for failed in &report.failed {
    ///     eprintln!("{:?}: {:?}", failed.profile_id, failed.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`batch`](Self::batch).
    pub async fn to_each<'a, S>(self, customers: S) -> Result<Run<'a>, Error>
    where
        S: Stream<Item: Into<Recipient<K>>> + Send + 'a,
    {
        Ok(self.batch().await?.to_each(customers))
    }

    /// The same for many customers, to be set further before it is sent [to each](Batch::to_each). Only with the feature
    /// `platform`, which has the batches.
    ///
    /// Rewards and benefits go up to 500 in one request, and identities with them as they are; the others go alone, some
    /// at once, after look-ups of identities. What fails for one does not keep the others from it. Times that are not
    /// given are those of this call.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo, birthdays: Vec<(String, u32)>) -> Result<(), omneo::Error> {
    /// use futures_util::stream;
    /// use omneo::incentives::Recipient;
    /// use omneo::types::RewardDefinition;
    ///
    /// let batch = omneo.issue::<RewardDefinition>("birthday").batch().await?;
    /// let customers = birthdays.into_iter().map(|(id, year)| {
    ///     let key = format!("birthday-{year}-{id}");
    ///     Recipient::new(id).external_id(key)
    /// });
    /// let report = batch.on_progress(|done| eprintln!("{done}")).send(stream::iter(customers)).report().await;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong for everyone, before anything is sent: `InvalidRequest` for what can't be right, and for a definition
    /// that is not known.
    pub async fn batch(self) -> Result<Batch<Recipient<K>>, Error> {
        let Self {
            omneo, mut order, ..
        } = self;
        if order.fields.external_id.is_some() {
            return Err(check::refuse(
                "external_id",
                "would be the same for each; give each its own with `Recipient::external_id`",
            ));
        }
        order.read_definition(&omneo).await?;
        let prepared = order.prepare(&omneo).await?;
        let template = Template { order, prepared };
        Ok(omneo.batch_of(template))
    }
}

impl<K: Each> Batch<Recipient<K>> {
    /// Sends to each of these customers: ids, [identities](crate::identity) or [`Recipient`]s.
    pub fn to_each<'a, S>(self, customers: S) -> Run<'a>
    where
        S: Stream<Item: Into<Recipient<K>>> + Send + 'a,
    {
        self.send(futures_util::StreamExt::map(customers, Into::into))
    }
}

impl<K: Issuable> Order<K> {
    /// Reads the definition if only its handle is known, so that an unknown one is noticed once and not by every customer.
    async fn read_definition(&mut self, omneo: &Omneo) -> Result<(), Error> {
        check::fields(&self.fields)?;
        if matches!(self.definition.named, Named::Handle(_)) {
            let shared = &omneo.shared;
            let (client, now) = (omneo.for_lookups(), shared.core.timer.now());
            let facts = shared
                .definitions
                .resolve(&self.definition, Naming::Id, &client, now)
                .await?;
            self.definition = DefinitionRef::new(Named::Read(facts));
        }
        Ok(())
    }
}

/// What is made for each.
#[allow(unreachable_pub)] // what goes with all records is named by a public trait
pub struct Template<K: Issuable> {
    order: Order<K>,
    prepared: Prepared,
}

impl<K: Each> Template<K> {
    fn row(&self, recipient: &Recipient<K>, profile: ProfileRef) -> Result<K::Row, Error> {
        let mut ready = self.order.ready(self.prepared.clone(), None);
        ready.external_id.clone_from(&recipient.external_id);
        K::row(ready, profile)
    }

    async fn rows(&self, omneo: &Omneo, to: &[Recipient<K>]) -> Result<Vec<K::Row>, Error> {
        let mut rows = Vec::with_capacity(to.len());
        for recipient in to {
            let profile = match K::BY_ID {
                true => omneo.profile_id(&recipient.profile).await?.into(),
                false => recipient.profile.clone(),
            };
            rows.push(self.row(recipient, profile)?);
        }
        Ok(rows)
    }

    /// What the server refused is looked up anew the next time.
    fn forget(&self, omneo: &Omneo, to: &[Recipient<K>]) {
        omneo.shared.definitions.forget(&self.order.definition);
        for recipient in to {
            if let ProfileRef::Identity(identity) = &recipient.profile {
                omneo.shared.identities.forget(identity);
            }
        }
    }
}

impl<K: Each> Record for Recipient<K> {}

impl<K: Each<Row: ImportRecord>> ImportRecord for Recipient<K> {
    const HANDLER: &'static str = K::Row::HANDLER;
}

impl<K: Each> Wire for Recipient<K> {
    type Scope = Template<K>;
    const MOST: usize = <K::Row as Wire>::MOST;
    const NAME: &'static str = <K::Row as Wire>::NAME;

    fn repeat(common: &Common<Template<K>>, to: &[Self]) -> Repeat {
        // Whose they are makes no difference.
        let row = |to: &Self| common.scope.row(to, to.profile.identifier().into());
        let rows: Result<Vec<_>, _> = to.iter().map(row).collect();
        rows.map_or(Repeat::Never, |rows| {
            K::Row::repeat(&common.unscoped(), &rows)
        })
    }

    fn external_id(&self) -> Option<&Id> {
        self.external_id.as_ref()
    }

    fn profile_id(&self) -> Option<Id> {
        Some(self.profile.identifier())
    }

    async fn send(
        omneo: &Omneo,
        common: &Common<Template<K>>,
        to: Vec<Self>,
    ) -> (Vec<Self>, Result<Taken, Error>) {
        let rows = match common.scope.rows(omneo, &to).await {
            Ok(rows) => rows,
            Err(error) => return (to, Err(error)),
        };
        let (_, taken) = K::Row::send(omneo, &common.unscoped(), rows).await;
        if let Err(error) = &taken
            && matches!(
                error.kind(),
                ErrorKind::NotFound(_) | ErrorKind::Validation(_)
            )
        {
            common.scope.forget(omneo, &to);
        }
        (to, taken)
    }

    fn unread() -> State {
        K::Row::unread()
    }

    async fn look(
        &self,
        omneo: &Omneo,
        common: &Common<Template<K>>,
        sent_at: jiff::Timestamp,
    ) -> Result<Found, Error> {
        let row = common.scope.row(self, self.profile.identifier().into())?;
        row.look(omneo, &common.unscoped(), sent_at).await
    }
}

/// As JSON it is the profile and the id.
impl<K> Serialize for Recipient<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let handle = match &self.profile {
            ProfileRef::Id(_) => None,
            ProfileRef::Identity(identity) => Some(&identity.handle),
        };
        (handle, self.profile.identifier(), &self.external_id).serialize(serializer)
    }
}

impl<K> Clone for Recipient<K> {
    fn clone(&self) -> Self {
        Self {
            profile: self.profile.clone(),
            external_id: self.external_id.clone(),
            kind: PhantomData,
        }
    }
}

impl<K> fmt::Debug for Recipient<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recipient")
            .field("profile", &self.profile)
            .field("external_id", &self.external_id)
            .finish()
    }
}
