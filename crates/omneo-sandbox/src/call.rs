//! One request, as rules see it.

use std::ops::{Deref, DerefMut};

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::auth::Token;
use crate::context::Context;
use crate::query::{Query, Select};
use crate::record::{Record, RecordExt};
use crate::schema::Operation;

/// A request whose body fits the schema, from a caller who may make it.
pub(crate) struct Call<'e> {
    pub(crate) context: Context<'e>,
    pub(crate) operation: &'static Operation,
    /// The values of the path's parameters, in their order.
    pub(crate) values: Vec<String>,
    pub(crate) query: Query,
    /// The body; empty if there was none. A form's members are texts.
    pub(crate) body: Record,
    /// The file of a multipart body.
    pub(crate) file: Option<Upload>,
    /// Whose token it came with; none where none is needed.
    pub(crate) token: Option<Token>,
}

/// A file that was sent up.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl<'e> Deref for Call<'e> {
    type Target = Context<'e>;

    fn deref(&self) -> &Context<'e> {
        &self.context
    }
}

impl DerefMut for Call<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.context
    }
}

impl Call<'_> {
    /// The value of a parameter of the path; empty if the path has none of that name.
    pub(crate) fn param(&self, name: &str) -> &str {
        let names = self.operation.parameters.iter();
        let mut pairs = names.zip(&self.values);
        pairs
            .find(|(parameter, _)| *parameter == name)
            .map_or("", |(_, value)| value)
    }

    /// The profile that the path names: by its id, or with `identity[handle]` by the value of that identity. 404 if there is none, or it was deleted.
    pub(crate) fn profile(&self) -> Result<Record, Refusal> {
        let handle = self.query.text(&["identity", "handle"]);
        self.profile_by(self.param("profile"), handle)
    }

    /// The id of [`profile`](Self::profile).
    pub(crate) fn profile_id(&self) -> Result<String, Refusal> {
        Ok(self.profile()?.text("id").unwrap_or_default())
    }

    /// The record of a kind that a parameter of the path names; 404 if it is not the profile's.
    pub(crate) fn owned(
        &self,
        kind: &str,
        parameter: &str,
        profile: &str,
    ) -> Result<Record, Refusal> {
        let record = self.get(kind, self.param(parameter))?;
        let is_owned = record.text("profile_id").as_deref() == Some(profile);
        is_owned.then_some(record).ok_or(Refusal::NotFound)
    }

    /// All records of a kind that the path's profile has, as an answer.
    pub(crate) fn all_owned(&self, kind: &str) -> Result<Answer, Refusal> {
        let profile = self.profile_id()?;
        self.find(kind, &[("profile_id", profile.into())])
            .map(Answer::Many)
    }

    /// Answers a page of a list: of a kind, with these members, by the query's filters and sort.
    pub(crate) fn list(&self, kind: &str, equal: &[(&str, Value)]) -> Result<Answer, Refusal> {
        self.page(&self.selection(kind, equal))
    }

    /// Answers the page of a list that is selected.
    pub(crate) fn page(&self, select: &Select) -> Result<Answer, Refusal> {
        let (records, total) = self.store().select(select)?;
        Ok(Answer::Page {
            records,
            total,
            number: select.number,
            size: select.size,
        })
    }

    /// Answers a list that has no pages: all of a kind, with these members, by the query's filters and sort.
    pub(crate) fn whole_list(
        &self,
        kind: &str,
        equal: &[(&str, Value)],
    ) -> Result<Answer, Refusal> {
        let mut select = self.selection(kind, equal);
        // A caller who names a page gets that page.
        if self.query.get(&["page"]).is_none() {
            (select.number, select.size) = (1, WHOLE);
        }
        let (records, _) = self.store().select(&select)?;
        Ok(Answer::Many(records))
    }

    fn selection(&self, kind: &str, equal: &[(&str, Value)]) -> Select {
        let mut select = self.query.select(kind, crate::resource::relation);
        let equal = equal
            .iter()
            .map(|(member, value)| ((*member).to_owned(), value.clone()));
        select.equal.extend(equal);
        select
    }
}

/// The longest list without pages.
const WHOLE: u64 = 10_000;

impl Context<'_> {
    /// The profile that a body or path names: without a handle by its id, with `email` by its email, with any other by that identity. A deleted one is
    /// not found.
    pub(crate) fn profile_by(&self, id: &str, handle: Option<&str>) -> Result<Record, Refusal> {
        let found = match handle {
            None | Some("" | "id" | "profile_id") => self.store().get("Profile", id)?,
            Some("email") => self.first("Profile", &[("email", id.into())])?,
            Some(handle) => {
                let equal = [("identifier", id.into()), ("handle", handle.into())];
                let identity = self.first("Identity", &equal)?;
                match identity.and_then(|identity| identity.text("profile_id")) {
                    Some(id) => self.store().get("Profile", &id)?,
                    None => None,
                }
            }
        };
        found
            .filter(|profile| !profile.has("deleted_at"))
            .ok_or(Refusal::NotFound)
    }

    /// The profile that a body names by `profile_id` and `profile_id_handle`: none if it names none, 422 if there is no such profile.
    pub(crate) fn profile_of(&self, body: &Record) -> Result<Option<Record>, Refusal> {
        let Some(id) = body.text("profile_id") else {
            return Ok(None);
        };
        let handle = body.text("profile_id_handle");
        match self.profile_by(&id, handle.as_deref()) {
            Err(Refusal::NotFound) => Err(Refusal::unknown("profile_id")),
            other => other.map(Some),
        }
    }
}
