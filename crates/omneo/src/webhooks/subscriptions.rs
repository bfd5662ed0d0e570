//! Subscriptions that a program wants to be there.

use std::collections::BTreeSet;
use std::fmt;

use omneo_api::resources::{Handle, Webhooks};
use omneo_api::runtime::Effect;
use omneo_api::types::{Webhook, WebhookInput, WebhookUpdateInput};
use omneo_api::{Error, ErrorKind};
use omneo_types::Field;
use reqwest::Url;

use crate::difference::{self, Difference};

/// More than any tenant has.
const MOST: usize = 10_000;

/// What [`Omneo::webhooks`](crate::Api::webhooks) gets beside `list`, `get`, `create`, `update` and `delete`.
///
/// ```no_run
/// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
/// use omneo::types::WebhookInput;
/// use omneo::webhooks::{Subscriptions, Trigger};
///
/// let url = "https://shop.example.com/omneo";
/// let wanted = [Trigger::ProfileUpdated, Trigger::RewardCreated].map(|trigger| WebhookInput::new("shop", trigger, url));
///
/// let plan = omneo.webhooks().ensure("shop", wanted).await?;
/// print!("{plan}");
/// // create reward.created to https://shop.example.com/omneo
/// // delete 12 profile.created to https://old.example.com/omneo
/// // keep 13 profile.updated to https://shop.example.com/omneo
/// plan.apply().await?;
/// # Ok(())
/// # }
/// ```
pub trait Subscriptions: Handle {
    /// Plans what makes the subscriptions of a namespace equal to those that are wanted. Nothing is changed until
    /// [`Plan::apply`], and then nothing of other namespaces, nor what has none.
    ///
    /// A subscription is known by its event and its URL, which are unique together in the whole tenant. Of its other fields
    /// only those that are set in what is wanted are compared and changed: one that was switched off stays off unless
    /// `is_active` is wanted.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the namespace is empty, or what is wanted is of another one, or there twice; and whatever keeps
    /// the list from being read.
    fn ensure(
        &self,
        namespace: &str,
        wanted: impl IntoIterator<Item = WebhookInput> + Send,
    ) -> impl Future<Output = Result<Plan, Error>> + Send;

    /// As [`ensure`](Self::ensure), of the namespace's subscriptions of one URL alone: for one of several receivers.
    ///
    /// # Errors
    ///
    /// As [`ensure`](Self::ensure); `InvalidRequest` if what is wanted is of another URL.
    fn ensure_at(
        &self,
        namespace: &str,
        url: &str,
        wanted: impl IntoIterator<Item = WebhookInput> + Send,
    ) -> impl Future<Output = Result<Plan, Error>> + Send;
}

impl Subscriptions for Webhooks {
    fn ensure(
        &self,
        namespace: &str,
        wanted: impl IntoIterator<Item = WebhookInput> + Send,
    ) -> impl Future<Output = Result<Plan, Error>> + Send {
        plan(
            self,
            namespace.to_owned(),
            None,
            wanted.into_iter().collect(),
        )
    }

    fn ensure_at(
        &self,
        namespace: &str,
        url: &str,
        wanted: impl IntoIterator<Item = WebhookInput> + Send,
    ) -> impl Future<Output = Result<Plan, Error>> + Send {
        let url = Some(url.to_owned());
        plan(
            self,
            namespace.to_owned(),
            url,
            wanted.into_iter().collect(),
        )
    }
}

/// What has to be done, and what not. `Display` has a line for each step; it shows no query of a URL, which may be a secret.
#[derive(Clone, Debug)]
#[must_use = "a plan changes nothing until it is applied"]
pub struct Plan {
    webhooks: Webhooks,
    steps: Vec<Step>,
}

/// A step of a [`Plan`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step {
    /// It is not there.
    Create(WebhookInput),
    /// It is there, and otherwise.
    Update {
        /// As it is.
        webhook: Webhook,
        /// Where it is otherwise.
        differences: Vec<Difference>,
        /// What is sent.
        update: WebhookUpdateInput,
    },
    /// It is there, and not wanted.
    Delete(Webhook),
    /// It is there, and as it is wanted.
    Keep(Webhook),
    /// It can't be created, as another namespace has one of this event and URL. A plan with such a step is not applied.
    Taken {
        /// What is wanted.
        wanted: WebhookInput,
        /// What is there.
        by: Webhook,
    },
}

/// What [`Plan::apply`] did.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Applied {
    /// Those that were created.
    pub created: Vec<Webhook>,
    /// Those that were changed, as they are now.
    pub updated: Vec<Webhook>,
    /// Those that were deleted, as they were.
    pub deleted: Vec<Webhook>,
    /// Those that were left as they are.
    pub kept: Vec<Webhook>,
}

async fn plan(
    webhooks: &Webhooks,
    namespace: String,
    url: Option<String>,
    wanted: Vec<WebhookInput>,
) -> Result<Plan, Error> {
    check(&namespace, url.as_deref(), &wanted)?;
    // All of them: those of other namespaces may have the same event and URL.
    let all = webhooks.list().all(MOST).await?;
    let (mut ours, others): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|found| found.namespace.as_deref() == Some(&namespace));
    if let Some(url) = &url {
        ours.retain(|found| found.url.as_ref() == Some(url));
    }
    let mut steps = Vec::new();
    for wanted in wanted {
        if let Some(place) = ours.iter().position(|found| is_of(&wanted, found)) {
            steps.push(compare(ours.swap_remove(place), &wanted)?);
        } else if let Some(other) = others.iter().find(|found| is_of(&wanted, found)) {
            let by = other.clone();
            steps.push(Step::Taken { wanted, by });
        } else {
            steps.push(Step::Create(wanted));
        }
    }
    steps.extend(ours.into_iter().map(Step::Delete));
    steps.sort_by_key(|step| match step {
        Step::Taken { .. } => 0,
        Step::Create(_) => 1,
        Step::Update { .. } => 2,
        Step::Delete(_) => 3,
        Step::Keep(_) => 4,
    });
    Ok(Plan {
        webhooks: webhooks.clone(),
        steps,
    })
}

fn check(namespace: &str, url: Option<&str>, wanted: &[WebhookInput]) -> Result<(), Error> {
    let refuse = |why: String| Err(Error::invalid_request(why));
    if namespace.is_empty() {
        return refuse("the namespace is empty; name the integration that has the webhooks".into());
    }
    let mut seen = BTreeSet::new();
    for wanted in wanted {
        let trigger = &wanted.trigger;
        if wanted.namespace != namespace {
            return refuse(format!(
                "{trigger} is wanted for the namespace {:?}; only those of {namespace:?} are made equal",
                wanted.namespace
            ));
        }
        if url.is_some_and(|url| wanted.url != url) {
            return refuse(format!(
                "{trigger} is wanted at another URL than the one that is made equal"
            ));
        }
        if !seen.insert((trigger, &wanted.url)) {
            return refuse(format!(
                "{trigger} is wanted twice at one URL; an event and a URL are unique together"
            ));
        }
    }
    Ok(())
}

fn is_of(wanted: &WebhookInput, found: &Webhook) -> bool {
    found.trigger.as_ref() == Some(&wanted.trigger) && found.url.as_ref() == Some(&wanted.url)
}

fn compare(webhook: Webhook, wanted: &WebhookInput) -> Result<Step, Error> {
    let differences = difference::between(wanted, &webhook)?;
    Ok(match differences.is_empty() {
        true => Step::Keep(webhook),
        false => Step::Update {
            webhook,
            differences,
            update: WebhookUpdateInput {
                condition: wanted.condition.clone(),
                extra_data_template: wanted.extra_data_template.clone(),
                is_active: match &wanted.is_active {
                    Field::Value(flag) => Some(*flag),
                    _ => None,
                },
                queue: wanted.queue.clone(),
                retry_daily: wanted.retry_daily,
                retry_hourly: wanted.retry_hourly,
                trigger: None,
                url: None,
            },
        },
    })
}

impl Plan {
    /// What has to be done, in the order in which it is done, and what not.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether nothing has to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Keep(_)))
    }

    /// Does it: what is new first, so that no event is missed, and deletes last.
    ///
    /// What changed since the plan was made is not looked at, except that one which was created or deleted in the meantime
    /// counts as done.
    ///
    /// # Errors
    ///
    /// `InvalidRequest`, and nothing is sent, if a step is [`Taken`](Step::Taken). Otherwise whatever keeps a step from
    /// succeeding: those before it are done; make a new plan for the rest.
    pub async fn apply(self) -> Result<Applied, Error> {
        let Self { webhooks, steps } = self;
        if let Some(taken) = steps.iter().find(|step| matches!(step, Step::Taken { .. })) {
            return Err(Error::invalid_request(format!(
                "{taken}; delete it there, or receive at another URL"
            )));
        }
        let mut applied = Applied::default();
        for step in steps {
            match step {
                Step::Create(wanted) => applied.created.push(create(&webhooks, &wanted).await?),
                Step::Update {
                    webhook, update, ..
                } => {
                    let updated = webhooks.update(id(&webhook)?, &update).await?;
                    applied.updated.push(updated);
                }
                Step::Delete(webhook) => {
                    match webhooks.delete(id(&webhook)?).await {
                        // It is gone, which is what was wanted.
                        Err(error) if matches!(error.kind(), ErrorKind::NotFound(_)) => {}
                        deleted => deleted?,
                    }
                    applied.deleted.push(webhook);
                }
                Step::Keep(webhook) => applied.kept.push(webhook),
                Step::Taken { .. } => {}
            }
        }
        Ok(applied)
    }
}

async fn create(webhooks: &Webhooks, wanted: &WebhookInput) -> Result<Webhook, Error> {
    let error = match webhooks.create(wanted).await {
        Ok(created) => return Ok(created),
        Err(error) => error,
    };
    // Another program may have created it in the meantime, or this one did and the answer was lost: event and URL are unique,
    // so whatever is there now is it.
    let may_be_there =
        error.effect() != Effect::None || matches!(error.kind(), ErrorKind::Validation(_));
    if may_be_there && let Ok(all) = webhooks.list().all(MOST).await {
        let mut same = all.into_iter().filter(|found| is_of(wanted, found));
        if let Some(found) = same.next()
            && found.namespace.as_ref() == Some(&wanted.namespace)
            && difference::between(wanted, &found)?.is_empty()
        {
            return Ok(found);
        }
    }
    Err(error)
}

fn id(webhook: &Webhook) -> Result<omneo_types::Id, Error> {
    webhook.id.clone().ok_or_else(|| {
        Error::invalid_request("the server listed a webhook without an id, so it can't be changed")
    })
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| writeln!(f, "{step}"))
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create(wanted) => {
                write!(f, "create {} to {}", wanted.trigger, shown(&wanted.url))
            }
            Self::Update {
                webhook,
                differences,
                ..
            } => {
                let fields = differences.iter().map(|difference| &*difference.field);
                let fields = fields.collect::<Vec<_>>().join(", ");
                write!(f, "update {}: {fields}", There(webhook))
            }
            Self::Delete(webhook) => write!(f, "delete {}", There(webhook)),
            Self::Keep(webhook) => write!(f, "keep {}", There(webhook)),
            Self::Taken { by, .. } => {
                let namespace = by.namespace.as_deref().unwrap_or("none");
                write!(f, "taken {}, by the namespace {namespace}", There(by))
            }
        }
    }
}

/// A webhook as a plan shows it.
struct There<'w>(&'w Webhook);

impl fmt::Display for There<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(webhook) = self;
        if let Some(id) = &webhook.id {
            write!(f, "{id} ")?;
        }
        let trigger = webhook.trigger.as_deref().unwrap_or("?");
        let url = webhook.url.as_deref().unwrap_or("?");
        write!(f, "{trigger} to {}", shown(url))
    }
}

/// Without what may be a secret.
fn shown(url: &str) -> String {
    let Ok(mut url) = Url::parse(url) else {
        return "an address that is no URL".to_owned();
    };
    url.set_query(url.query().map(|_| "…"));
    url.set_fragment(None);
    // An address without a host has neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.to_string().replace("%E2%80%A6", "…")
}
