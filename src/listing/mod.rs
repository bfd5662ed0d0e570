//! Lists: filtered, sorted and read page by page.
//!
//! A method that lists sends nothing yet. It gives a [`List`], which is told what to list, and then read in the form
//! that suits:
//!
//! ```no_run
//! # #[cfg(feature = "incentives")]
//! # async fn run(api: omneo_api::Api) -> Result<(), omneo_api::Error> {
//! use omneo_api::filter;
//! use omneo_api::filters::reward;
//! use omneo_api::omneo_types::jiff::civil::date;
//!
//! let rewards = api
//!     .rewards()
//!     .list()
//!     .filter(reward::value_remaining.gt(0))
//!     .filter(reward::expires_at.gte(date(2026, 1, 31)))
//!     .filter(filter("any.name").eq("x"))
//!     .sort(reward::expires_at.desc())
//!     .page_size(50);
//!
//! let count = rewards.count().await?; // a u64
//! let first = rewards.first().await?; // an Option<Reward>
//! let third = rewards.page(3).await?; // a Page<Reward>
//! let all = rewards.all(1_000).await?; // a Vec<Reward>, or an error if there are more
//!
//! let mut items = rewards.items(); // a Stream of them, one by one
//! while let Some(reward) = items.try_next().await? {
//!     println!("{:?} {:?}", reward.id, reward.value_remaining);
//! }
//!
//! let page = rewards.await?; // the first Page<Reward>
//! # Ok(())
//! # }
//! ```
//!
//! # What is sent
//!
//! | method | query |
//! |---|---|
//! | `.filter(reward::value_remaining.eq(0))` | `filter[value_remaining]=0` |
//! | `.filter(reward_definition::is_published.eq(true))` | `filter[is_published]=1` |
//! | `.filter(reward::expires_at.gte(date(2026, 1, 31)))` | `filter[expires_at][gte]=2026-01-31 00:00:00` |
//! | `.filter(reward::profile_id.is_in(["a", "b"]))` | `filter[profile_id][in]=a,b` |
//! | `.sort("-expires_at").sort("id")` | `sort=-expires_at,id` |
//! | `.include("profile")` | `include=profile` |
//! | `.search("ada")` | `search=ada` where the operation has it, else `filter[search]=ada` |
//! | `.query("currency", "AUD")` | `currency=AUD` |
//! | `.page_size(50)` | `page[size]=50` |
//!
//! The names and kinds of [`filters`](crate::filters) come from the schema; a filter of another resource does not
//! compile. [`filter`](fn@filter) takes any other name. What the handle has been given
//! ([`query`](crate::resources::Api::query), headers) goes with every page.
//!
//! # Pages
//!
//! Pages are counted from 1 to the `last_page` that each page tells anew. The URLs of a page are never followed: the
//! server writes them with plain `http` and under several names for the page's number. A first page that tells neither
//! a `last_page` nor that there is a next one is the whole list. Empty pages don't end a list, but a hundred in a row
//! do, with an error, so that a `last_page` that grows for ever keeps nobody waiting.
//!
//! A page has [`DEFAULT_PAGE_SIZE`] records, the most that Omneo documents. Streams ask for one page ahead of the one
//! in hand, see [`List::prefetch`]; a page is dropped once its records are handed out, so a million records take no
//! more memory than a few pages.
//!
//! # Lists that change while they are read
//!
//! Pages are counted by the server anew for each request, so what is added or removed in the meantime moves the
//! records behind it:
//!
//! - **Removed** records move others onto pages that have been read, where they are **missed**. This also happens to a
//!   program that lists by a filter and changes the records so that they no longer fit it. The list notices when the
//!   `total` falls from one page to the next: it warns (`tracing::warn!`), [`Items::drift`] counts it, and
//!   [`List::strict`] makes it an error. Nobody notices a removal that is made up for by an addition.
//! - **Added** records move others onto pages that are still to be read, where they come **twice**. Nothing is lost, and
//!   the list keeps no record to compare with: [`Items::drift`] counts the additions, and a caller to whom it matters
//!   compares ids.
//!
//! To be safe from additions, sort by `id` ascending, so that they come last. To be safe from both, don't count pages:
//! sort by `id`, filter by the last one that was read, and take the first page until it is empty:
//!
//! ```no_run
//! # #[cfg(feature = "commerce")]
//! # async fn run(api: omneo_api::Api) -> Result<(), omneo_api::Error> {
//! # use omneo_api::filters::product;
//! let products = api.products().list().sort("id");
//! let mut page = products.clone().await?;
//! while let Some(last) = page.data.last().and_then(|product| product.id.clone()) {
//!     for product in page {
//!         println!("{:?}", product.title);
//!     }
//!     page = products.clone().filter(product::id.gt(last)).await?;
//! }
//! # Ok(())
//! # }
//! ```

mod field;
mod items;
mod key;
mod kind;
mod list;
mod pages;
mod progress;
mod request;
mod value;

pub use field::{Field, Filter, Sort, filter};
pub use items::Items;
pub use kind::{Any, Bool, Column, Each, Id, Kind, Members, Nested, Number, Ordered, Text, Time};
pub use list::List;
pub use pages::Pages;
pub use progress::Drift;
pub use request::DEFAULT_PAGE_SIZE;
pub use value::FilterValue;
