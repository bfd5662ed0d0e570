//! `filter[..]`, `search` and `sort`.

use serde_json::Value;

use super::{Filter, Operator, Query, Relation, Sort};

/// Conditions and keys beyond this are left out: no caller means them, and each costs time for every record.
const MOST: usize = 50;

/// Steps of a way beyond this are no member of any answer.
const STEPS: usize = 8;

/// What a name means that is no member of a kind's records.
type Known<'r> = &'r dyn Fn(&str, &str) -> Option<Relation>;

/// Reads filters for one kind.
struct Reader<'r> {
    kind: &'r str,
    relation: Known<'r>,
    filters: Vec<Filter>,
}

pub(super) fn read(query: &Query, kind: &str, relation: Known<'_>) -> Vec<Filter> {
    let mut reader = Reader {
        kind,
        relation,
        filters: Vec::new(),
    };
    if let Some(Value::Object(filters)) = query.get(&["filter"]) {
        for (name, value) in filters {
            match name.as_str() {
                "search" => reader.add(Vec::new(), Operator::Search, value),
                "search_with" => reader.fields(value, Operator::Search),
                "json_contains" if value.is_object() => {
                    reader.fields(value, Operator::JsonContains);
                }
                "json_contains" => reader.add(Vec::new(), Operator::JsonContains, value),
                "custom_field" => reader.custom_fields(value),
                name => reader.walk(ways(name), value),
            }
        }
    }
    // The guide's spelling for profiles; the types have `filter[search]`.
    if let Some(value) = query.get(&["search"]) {
        reader.add(Vec::new(), Operator::Search, value);
    }
    reader.filters.truncate(MOST);
    reader.filters
}

/// The keys of `sort=-created_at,name`.
pub(super) fn sort(query: &Query) -> Vec<Sort> {
    let Some(text) = query.get(&["sort"]).and_then(text) else {
        return Vec::new();
    };
    let keys = text
        .split(',')
        .map(str::trim)
        .map(|key| match key.strip_prefix('-') {
            Some(key) => (key, true),
            None => (key, false),
        });
    keys.map(|(key, is_descending)| Sort {
        path: ways(key),
        is_descending,
    })
    .filter(|sort| is_member(&sort.path))
    .take(MOST)
    .collect()
}

impl Reader<'_> {
    /// The conditions at a way of names and below.
    fn walk(&mut self, path: Vec<String>, value: &Value) {
        let Value::Object(members) = value else {
            let operator = match value {
                Value::Array(_) => Operator::In,
                _ => Operator::Eq,
            };
            return self.add(path, operator, value);
        };
        for (name, value) in members {
            match Operator::named(name) {
                Some(operator) => self.add(path.clone(), operator, value),
                None if path.len() < STEPS => self.walk(join(&path, name), value),
                None => {}
            }
        }
    }

    /// One condition for each field: `filter[search_with][email]`.
    fn fields(&mut self, value: &Value, operator: Operator) {
        for (name, value) in value.as_object().into_iter().flatten() {
            self.field(ways(name), operator, value);
        }
    }

    fn field(&mut self, path: Vec<String>, operator: Operator, value: &Value) {
        match value {
            Value::Object(members) if path.len() < STEPS => {
                for (name, value) in members {
                    self.field(join(&path, name), operator, value);
                }
            }
            value => self.add(path, operator, value),
        }
    }

    /// `filter[custom_field][namespace][handle]`, with or without an operator.
    fn custom_fields(&mut self, value: &Value) {
        let namespaces = value.as_object().into_iter().flatten();
        for (namespace, handles) in namespaces {
            for (handle, value) in handles.as_object().into_iter().flatten() {
                let start = self.filters.len();
                let relation = (self.relation)(self.kind, "custom_field")
                    .or_else(|| (self.relation)(self.kind, "custom_fields"));
                let Some(relation) = relation else {
                    let path = ["custom_fields", namespace, handle];
                    self.walk(path.map(str::to_owned).to_vec(), value);
                    continue;
                };
                self.walk(vec!["value".to_owned()], value);
                for filter in self.filters.iter_mut().skip(start) {
                    filter.relations.insert(0, relation.clone());
                    filter.beside = vec![
                        ("namespace".to_owned(), namespace.clone()),
                        ("handle".to_owned(), handle.clone()),
                    ];
                }
            }
        }
    }

    /// Adds a condition. An empty value is none, as Laravel turns it into null; so is one on what is no member.
    fn add(&mut self, path: Vec<String>, operator: Operator, value: &Value) {
        let Some(value) = text(value) else {
            return;
        };
        let is_searched = matches!(operator, Operator::Search | Operator::JsonContains);
        let is_whole = path.is_empty() && is_searched;
        if !is_whole && !is_member(&path) {
            return;
        }
        if operator == Operator::Nullable && !matches!(value.as_str(), "0" | "1" | "true" | "false")
        {
            return;
        }
        let (relations, path) = self.relations(path, operator);
        self.filters.push(Filter {
            relations,
            path,
            operator,
            value,
            beside: Vec::new(),
        });
    }

    /// The relations that a way begins with, and what is left of it: at least the member, except for whether there is another record.
    fn relations(&self, mut path: Vec<String>, operator: Operator) -> (Vec<Relation>, Vec<String>) {
        let left = usize::from(operator != Operator::Nullable);
        let mut relations: Vec<Relation> = Vec::new();
        while path.len() > left {
            let kind = relations
                .last()
                .map_or(self.kind, |relation| &relation.kind);
            let Some(relation) = path.first().and_then(|name| (self.relation)(kind, name)) else {
                break;
            };
            relations.push(relation);
            path.remove(0);
        }
        (relations, path)
    }
}

/// The steps of `tags.handle`.
fn ways(name: &str) -> Vec<String> {
    name.split('.').map(str::to_owned).collect()
}

fn join(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain(ways(name)).collect()
}

/// Whether a way may lead to a member that an answer shows: the sandbox's own begin with an underscore.
fn is_member(path: &[String]) -> bool {
    let is_name = |step: &String| {
        !step.is_empty()
            && !step.starts_with('_')
            && !step.contains(['"', '\\'])
            && step.len() <= 100
    };
    (1..=STEPS).contains(&path.len()) && path.iter().all(is_name)
}

/// A text that is not empty; the texts of a list with commas between.
fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            items.join(",")
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::super::samples::relation;
    use super::super::{Operator, Query, Select};
    use proptest::prelude::*;

    fn select(kind: &str, text: &str) -> Select {
        Query::parse(text).select(kind, relation)
    }

    /// Filters as `RewardDefinition:handle Eq vip`.
    fn filters(kind: &str, text: &str) -> Vec<String> {
        let filters = select(kind, text).filters;
        let shown = filters.iter().map(|filter| {
            let relations = filter
                .relations
                .iter()
                .map(|relation| format!("{}:", relation.kind));
            let beside = filter
                .beside
                .iter()
                .map(|(name, value)| format!(" {name}={value}"));
            format!(
                "{}{} {:?} {}{}",
                relations.collect::<String>(),
                filter.path.join("/"),
                filter.operator,
                filter.value,
                beside.collect::<String>()
            )
        });
        shown.collect()
    }

    #[test]
    fn filters_are_read_in_every_spelling() {
        let cases = [
            ("filter[name]=Tea", "name Eq Tea"),
            ("filter%5Bname%5D=Tea+%26%20me", "name Eq Tea & me"),
            ("filter[total][gte]=5", "total Gte 5"),
            ("filter[total][ne]=5", "total Ne 5"),
            ("filter[id][in]=1,2", "id In 1,2"),
            ("filter[id][in][]=1&filter[id][in][]=2", "id In 1,2"),
            ("filter[id][]=1&filter[id][]=2", "id In 1,2"),
            ("filter[expires_at][nullable]=1", "expires_at Nullable 1"),
            ("filter[meta.colour]=red", "meta/colour Eq red"),
            ("filter[meta][colour][eq]=red", "meta/colour Eq red"),
            (
                "filter[definition.handle]=vip",
                "RewardDefinition:handle Eq vip",
            ),
            (
                "filter[definition][handle]=vip",
                "RewardDefinition:handle Eq vip",
            ),
            (
                "filter[definition][handle][in]=a,b",
                "RewardDefinition:handle In a,b",
            ),
            ("filter[definition]=5", "definition Eq 5"),
            (
                "filter[definition][nullable]=0",
                "RewardDefinition: Nullable 0",
            ),
            (
                "filter[profile.identities.identifier]=x",
                "Profile:Identity:identifier Eq x",
            ),
            ("filter[search]=ada", " Search ada"),
            ("search=ada", " Search ada"),
            ("filter[search_with][email]=ada", "email Search ada"),
            (
                "filter[search_with][definition.name]=ada",
                "RewardDefinition:name Search ada",
            ),
            ("filter[json_contains]=red", " JsonContains red"),
            ("filter[json_contains][meta]=red", "meta JsonContains red"),
            ("filter[is_active]=1", "is_active Eq 1"),
            (
                "filter[custom_field][ns][size]=9",
                "custom_fields/ns/size Eq 9",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(filters("Reward", text), [expected], "{text}");
        }
    }

    #[test]
    fn a_custom_field_is_another_record_where_it_is_one() {
        let text = "filter[custom_field][ns][size][gt]=9";
        let expected = "CustomField:value Gt 9 namespace=ns handle=size";
        assert_eq!(filters("Profile", text), [expected]);
    }

    #[test]
    fn what_is_no_filter_is_left_out() {
        let cases = [
            "filter=x",
            "filter[]=x",
            "filter[name]=",
            "filter[_secret]=x",
            "filter[meta][_secret][gte]=x",
            "filter[profile._secret]=x",
            "filter[search_with]=x",
            "filter[search_with][]=x",
            "filter[custom_field]=x",
            "filter[custom_field][ns]=x",
            "filter[a\"b]=x",
            "filter[expires_at][nullable]=perhaps",
            "filter[a.b.c.d.e.f.g.h.i]=x",
            "filter[.]=x",
            "other[name]=x",
        ];
        for text in cases {
            assert_eq!(filters("Reward", text), [""; 0], "{text}");
        }
    }

    #[test]
    fn no_more_than_fifty_filters_are_read() {
        let text: String = (0..500)
            .map(|number| format!("filter[f{number}]=1&"))
            .collect();
        assert_eq!(select("Reward", &text).filters.len(), 50);
        let keys: String = (0..500).map(|number| format!("f{number},")).collect();
        assert_eq!(select("Reward", &format!("sort={keys}")).sort.len(), 50);
    }

    #[test]
    fn sort_has_keys_by_comma_and_descends_by_a_dash() {
        let sort = select("Reward", "sort=-created_at,definition.name,,-,_secret").sort;
        let keys: Vec<_> = sort
            .iter()
            .map(|key| (key.path.join("/"), key.is_descending))
            .collect();
        let expected = [
            ("created_at".to_owned(), true),
            ("definition/name".to_owned(), false),
        ];
        assert_eq!(keys, expected);
    }

    #[test]
    fn conditions_of_one_field_hold_together() {
        let text = "filter[total][gte]=1&filter[total][lt]=5";
        assert_eq!(filters("Reward", text), ["total Gte 1", "total Lt 5"]);
        assert!(Operator::named("between").is_none());
    }

    proptest! {
        #[test]
        fn any_query_is_read(text in "(filter|sort|page|search)?[\\[\\]a-z_.=&,%0-9-]{0,60}") {
            let select = select("Reward", &text);
            prop_assert!((1..=100).contains(&select.size));
            prop_assert!(select.number >= 1);
        }
    }
}
