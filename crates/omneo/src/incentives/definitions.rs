//! Definitions of any family, by the same names.

use omneo_api::resources::Handle;
use omneo_api::{Client, Error, List};
use omneo_types::Id;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::definition::Definition;
use super::definition::sealed::Sealed as _;
use super::ensure::{self, Ensured};
use super::{check, unknown};

/// What reads and writes the definitions of one family: `omneo.rewards().definitions()` and its five kin, or
/// [`Omneo::definitions`](crate::Omneo::definitions) for code that works with any family.
///
/// [`list`](Definitions::list) to [`delete`](Definitions::delete) are the handle's own methods, here for generic code;
/// [`by_handle`](Definitions::by_handle) and [`ensure`](Definitions::ensure) are what this trait adds.
///
/// ```no_run
/// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
/// use omneo::incentives::Definitions;
///
/// let birthday = omneo.rewards().definitions().by_handle("birthday").await?;
/// println!("{:?} for {:?} days", birthday.value, birthday.period);
/// # Ok(())
/// # }
/// ```
pub trait Definitions: Handle + Send + Sync {
    /// What is read.
    type Definition: Definition<Definitions = Self>;

    /// What is created.
    type Input: Serialize + DeserializeOwned + Send + Sync;

    /// What is changed.
    type Update: Serialize + DeserializeOwned + Send + Sync;

    /// The family's handle.
    fn of(client: &Client) -> Self;

    /// All of the tenant's.
    fn list(&self) -> List<Self::Definition>;

    /// Reads one.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding; `NotFound` if there is none.
    fn get(&self, id: Id) -> impl Future<Output = Result<Self::Definition, Error>> + Send;

    /// Creates one.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding; `Validation` if there is one with its handle.
    fn create(
        &self,
        input: &Self::Input,
    ) -> impl Future<Output = Result<Self::Definition, Error>> + Send;

    /// Changes one. A handle never changes.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding.
    fn update(
        &self,
        id: Id,
        input: &Self::Update,
    ) -> impl Future<Output = Result<Self::Definition, Error>> + Send;

    /// Deletes one. The server fails (500) for a tier that customers are in.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding.
    fn delete(&self, id: Id) -> impl Future<Output = Result<(), Error>> + Send;

    /// The handle in an input.
    #[doc(hidden)]
    fn handle_of(input: &Self::Input) -> &str;

    /// Reads the one with a handle: benefits by their own route, the other families by a filter.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding; `InvalidRequest` if there is none, which names the families that have
    /// such a handle.
    fn by_handle(
        &self,
        handle: &str,
    ) -> impl Future<Output = Result<Self::Definition, Error>> + Send {
        async move {
            check::named(Self::Definition::FAMILY, "handle", handle)?;
            match Self::Definition::find(self, handle).await? {
                Some(definition) => Ok(definition),
                None => Err(unknown::handle::<Self::Definition>(self.client(), handle).await),
            }
        }
    }

    /// Sees to it that there is one with the input's handle: creates it if there is none, else says where it is otherwise.
    /// Safe to run at every start of a program, and by several at once.
    ///
    /// Only the fields that the input has are compared, and by what they mean: `10` is `"10.00"`. Nothing is updated.
    ///
    /// # Errors
    ///
    /// Whatever keeps it from being read or created.
    fn ensure(
        &self,
        wanted: &Self::Input,
    ) -> impl Future<Output = Result<Ensured<Self::Definition>, Error>> + Send {
        ensure::ensure(self, wanted)
    }
}
