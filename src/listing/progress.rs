//! Which pages are asked for, and what they say of the list.

use omneo_types::{Integer, Meta};

use crate::{Error, ErrorKind};

/// Empty pages in a row that are read before the server's word that more follow is no longer believed.
const EMPTY_PAGES: u32 = 100;

/// How a list has changed while it was read, by the `total` that its pages tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// How many records were added: as many may have come twice, unless the order puts the new ones last.
    pub added: u64,
    /// How many records were removed: as many may have been missed. See [the module](super) for what to do about it.
    pub removed: u64,
}

/// What a page tells of its list.
pub(super) struct Told {
    records: usize,
    current: Option<u64>,
    last: Option<u64>,
    total: Option<u64>,
    has_next: bool,
}

impl Told {
    pub(super) fn by(records: usize, meta: Option<&Meta>, has_next: bool) -> Self {
        let number = |of: fn(&Meta) -> Option<Integer>| {
            meta.and_then(of)
                .and_then(|number| u64::try_from(number.get()).ok())
        };
        Self {
            records,
            current: number(|meta| meta.current_page),
            last: number(|meta| meta.last_page),
            total: number(|meta| meta.total),
            has_next,
        }
    }
}

/// How far a list is read. Pages are numbered from 1.
#[derive(Debug)]
pub(super) struct Progress {
    /// The last page that was asked for.
    asked: u64,
    /// The last page that came.
    read: u64,
    /// The last page that there is, by the last page that came.
    last: u64,
    total: Option<u64>,
    drift: Drift,
    /// How many pages in a row came empty.
    empty: u32,
    ended: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            asked: 0,
            read: 0,
            // That there is a second page is known from the first.
            last: 1,
            total: None,
            drift: Drift::default(),
            empty: 0,
            ended: false,
        }
    }

    /// The next page to ask for, so that no more than `ahead` are on their way.
    pub(super) fn ask(&mut self, ahead: usize) -> Option<u64> {
        let waiting = self.asked - self.read;
        let may = !self.ended && self.asked < self.last && waiting < ahead as u64;
        may.then(|| {
            self.asked += 1;
            self.asked
        })
    }

    /// Takes note of the next page.
    pub(super) fn read(
        &mut self,
        told: &Told,
        operation: &'static str,
        strict: bool,
    ) -> Result<(), Error> {
        self.read += 1;
        let page = self.read;
        let fail = |kind| Err(Error::of_list(kind, operation).with_page(page));
        if let Some(current) = told.current.filter(|current| page > 1 && *current != page) {
            return fail(ErrorKind::ListBroken(format!(
                "the server answered page {current} in its place, so it does not count pages by `page[number]`; \
                 await the list to get what it answers without one"
            )));
        }
        match told.last {
            Some(last) => self.last = last,
            // Laravel's simple pages tell whether there is a next one, and not how many there are.
            None if told.has_next && told.current.is_some() => self.last = page + 1,
            None => {}
        }
        if let Some(after) = told.total {
            let before = self.total.replace(after).unwrap_or(after);
            let drift = &mut self.drift;
            drift.added = drift.added.saturating_add(after.saturating_sub(before));
            drift.removed = drift.removed.saturating_add(before.saturating_sub(after));
            if after < before {
                tracing::warn!(
                    operation,
                    page,
                    before,
                    after,
                    "records left the list while it was read, and as many may have been missed"
                );
                if strict {
                    return fail(ErrorKind::ListChanged { before, after });
                }
            }
        }
        self.empty = match told.records {
            0 => self.empty + 1,
            _ => 0,
        };
        if self.empty >= EMPTY_PAGES && self.last > page {
            return fail(ErrorKind::ListBroken(format!(
                "the last {EMPTY_PAGES} pages were empty, and the server says that there are {}; \
                 narrow the list with filters",
                self.last
            )));
        }
        Ok(())
    }

    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    pub(super) fn drift(&self) -> Drift {
        self.drift
    }
}

#[cfg(test)]
mod tests {
    use super::{EMPTY_PAGES, Progress, Told};
    use crate::{Error, ErrorKind};

    fn told(records: usize, current: Option<u64>, last: u64, total: Option<u64>) -> Told {
        Told {
            records,
            current,
            last: Some(last),
            total,
            has_next: true,
        }
    }

    fn read(progress: &mut Progress, told: &Told) -> Result<(), Error> {
        progress.ask(1);
        progress.read(told, "rewards_index", false)
    }

    #[test]
    fn totals_that_mean_nothing_are_counted_as_far_as_numbers_go() {
        let mut progress = Progress::new();
        for total in [0, u64::MAX].repeat(3) {
            read(&mut progress, &told(1, None, u64::MAX, Some(total))).unwrap();
        }
        assert_eq!(progress.drift().added, u64::MAX);
        assert_eq!(progress.drift().removed, u64::MAX);
    }

    #[test]
    fn the_first_page_may_be_called_otherwise_and_no_other() {
        let mut progress = Progress::new();
        read(&mut progress, &told(1, Some(0), 3, None)).unwrap();
        let broken = read(&mut progress, &told(1, Some(1), 3, None)).unwrap_err();
        assert!(
            matches!(broken.kind(), ErrorKind::ListBroken(_)),
            "{broken}"
        );
    }

    #[test]
    fn a_list_may_end_with_empty_pages() {
        let mut progress = Progress::new();
        for _ in 0..EMPTY_PAGES {
            read(&mut progress, &told(0, None, EMPTY_PAGES.into(), None)).unwrap();
        }
        assert_eq!(progress.ask(1), None);
    }
}
