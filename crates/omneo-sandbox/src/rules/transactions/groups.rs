//! A profile's sales, grouped by their order numbers.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};

/// The sales that have an order number in common; one without has a group of its own.
#[derive(Debug, Default)]
pub(in crate::rules) struct Group {
    /// In the order of adding.
    pub(in crate::rules) sales: Vec<Record>,
}

impl Group {
    /// Groups sales, the group that was dealt last first.
    pub(in crate::rules) fn all(sales: Vec<Record>) -> Vec<Self> {
        let mut groups: Vec<(Option<String>, Self)> = Vec::new();
        let mut places = std::collections::HashMap::new();
        for sale in sales {
            let number = sale.text("order_number");
            let next = groups.len();
            let place = match &number {
                Some(number) => *places.entry(number.clone()).or_insert(next),
                None => next,
            };
            match groups.get_mut(place) {
                Some((_, group)) => group.sales.push(sale),
                None => groups.push((number, Self { sales: vec![sale] })),
            }
        }
        let mut groups: Vec<_> = groups.into_iter().map(|(_, group)| group).collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.latest("transacted_at")));
        groups
    }

    /// The latest of a time.
    pub(in crate::rules) fn latest(&self, member: &str) -> Option<String> {
        self.sales.iter().filter_map(|sale| sale.text(member)).max()
    }

    /// A member of the sale that was dealt last.
    pub(in crate::rules) fn newest(&self, member: &str) -> Value {
        let newest = self
            .sales
            .iter()
            .max_by_key(|sale| sale.text("transacted_at"));
        newest
            .and_then(|sale| sale.get(member).cloned())
            .unwrap_or_default()
    }
}

pub(super) fn transactions(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let id = profile.value("id");
    let groups = Group::all(call.find("Transaction", &[("profile_id", id)])?);
    Ok(page(call, groups, |group| {
        let mut row = Record::new();
        row.insert("order_number".to_owned(), group.newest("order_number"));
        row.insert("transaction_id".to_owned(), group.newest("id"));
        row.set("number_transactions", group.sales.len());
        row.set("latest_updated_at", group.latest("updated_at"));
        row.set("latest_transacted_at", group.latest("transacted_at"));
        row
    }))
}

/// The page of some rows that the query asks for.
pub(in crate::rules) fn page<T>(
    call: &Call<'_>,
    rows: Vec<T>,
    row: impl Fn(T) -> Record,
) -> Answer {
    let (number, size) = call.query.page();
    let total = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    let skipped = number.saturating_sub(1).saturating_mul(size);
    let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
    let taken = usize::try_from(size).unwrap_or(usize::MAX);
    let records = rows.into_iter().skip(skipped).take(taken).map(row);
    Answer::Page {
        records: records.collect(),
        total,
        number,
        size,
    }
}
