//! What is asked of the server for a page, whatever its records are.

use std::fmt;

use crate::runtime::{Operation, Parameter};
use crate::{Client, Error, RequestOptions};

/// The records of a page unless [`List::page_size`](super::List::page_size) says otherwise: the most that Omneo
/// documents.
pub const DEFAULT_PAGE_SIZE: u32 = 100;

const SIZE: &str = "page[size]";
const NUMBER: &str = "page[number]";

#[derive(Clone)]
pub(super) struct Request {
    client: Client,
    pub(super) operation: &'static str,
    /// The query parameters that the schema has.
    known: &'static [Parameter],
    pub(super) options: RequestOptions,
    pub(super) page_size: Option<u32>,
    /// The first thing that was asked for and can't be sent.
    refused: Option<String>,
}

impl Request {
    pub(super) fn new(client: &Client, operation: &'static str) -> Self {
        let known = Operation::find(client.inner.operations(), operation);
        Self {
            client: client.clone(),
            operation,
            known: known.map_or(&[], |operation| operation.query),
            options: client.options().clone(),
            page_size: None,
            refused: None,
        }
    }

    pub(super) fn add(&mut self, pair: Result<(String, String), String>) {
        match pair {
            Ok(pair) => self.options.query.push(pair),
            Err(why) => _ = self.refused.get_or_insert(why),
        }
    }

    /// Adds to a parameter that is a comma list.
    pub(super) fn join(&mut self, name: &str, value: Result<String, String>) {
        let query = &mut self.options.query;
        match (value, query.iter_mut().find(|(given, _)| given == name)) {
            (Ok(value), Some((_, list))) => {
                list.push(',');
                list.push_str(&value);
            }
            (value, _) => self.add(value.map(|value| (name.to_owned(), value))),
        }
    }

    pub(super) fn search(&mut self, text: String) {
        // Profiles have both; the guide's is the one that forgives typing errors.
        let name = match self.is_known("search") {
            true => "search",
            false => "filter[search]",
        };
        self.add(Ok((name.to_owned(), text)));
    }

    /// The same with pages of one record, where the operation has pages.
    pub(super) fn single(&self) -> Self {
        let mut single = self.clone();
        if self.has_size() {
            // A size of 0 stays, to be refused.
            single.page_size = Some(self.page_size.unwrap_or(1).min(1));
        }
        single
    }

    /// Whether the size of a page is sent.
    pub(super) fn has_size(&self) -> bool {
        self.page_size.is_some() || self.is_given(SIZE) || self.is_known(SIZE)
    }

    /// The client that asks for a page, and the page's number if it is sent. No number asks for the first page, or
    /// for the one that the caller's query names.
    pub(super) fn of_page(&self, number: Option<u64>) -> Result<(Client, Option<u64>), Error> {
        let refuse = |why: &str| Err(Error::invalid_request(why).with_operation(self.operation));
        if let Some(why) = &self.refused {
            return refuse(why);
        }
        let mut options = self.options.clone();
        let query = &mut options.query;
        match self.page_size {
            Some(0) => return refuse("a page of 0 records is none; pass a page_size of 1 or more"),
            Some(size) => {
                query.retain(|(name, _)| name != SIZE);
                query.push((SIZE.to_owned(), size.to_string()));
            }
            None if self.is_known(SIZE) && !self.is_given(SIZE) => {
                query.push((SIZE.to_owned(), DEFAULT_PAGE_SIZE.to_string()));
            }
            None => {}
        }
        let number = match number {
            Some(0) => return refuse("pages are counted from 1; pass a page number of 1 or more"),
            Some(_) if self.is_given(NUMBER) => {
                return refuse(
                    "the list counts its pages itself; drop `page[number]` from the query, or await the list to get that one page",
                );
            }
            None if self.is_given(NUMBER) => None,
            number => number
                .or(Some(1))
                .filter(|number| *number > 1 || self.is_known(NUMBER)),
        };
        if let Some(number) = number {
            query.push((NUMBER.to_owned(), number.to_string()));
        }
        Ok((self.client.with(options), number))
    }

    fn is_known(&self, name: &str) -> bool {
        self.known.iter().any(|parameter| parameter.name == name)
    }

    fn is_given(&self, name: &str) -> bool {
        self.options.query.iter().any(|(given, _)| given == name)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("options", &self.options)
            .field("page_size", &self.page_size)
            .finish_non_exhaustive()
    }
}
