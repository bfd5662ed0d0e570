//! Conditions on a record's body, as SQL. Whatever a caller gave, names and values, is bound; the text is the store's own.

use rusqlite::types::Value as Sql;
use serde_json::Value;

use super::{is_indexed, term};
use crate::query::{Filter, Operator, Relation};

/// Conditions that hold together, and the values that their text refers to by number.
#[derive(Default)]
pub(super) struct Conditions {
    texts: Vec<String>,
    values: Vec<Sql>,
    /// Names given to other records so far.
    aliases: usize,
}

/// A value inside a record: an SQL expression of it, and one of its JSON type.
struct Member {
    value: String,
    kind: String,
}

impl Conditions {
    pub(super) fn push(&mut self, text: String) {
        self.texts.push(text);
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn all(&self) -> String {
        self.texts.join(" AND ")
    }

    pub(super) fn values(&self) -> &[Sql] {
        &self.values
    }

    /// Binds a value: what stands for it in the text.
    pub(super) fn bind(&mut self, value: impl Into<Sql>) -> String {
        self.values.push(value.into());
        format!("?{}", self.values.len())
    }

    /// The condition that a filter is on a record of a kind, in the row of this alias.
    pub(super) fn filter(&mut self, alias: &str, kind: &str, filter: &Filter) -> String {
        self.related(alias, kind, &filter.relations, filter)
    }

    fn related(
        &mut self,
        alias: &str,
        kind: &str,
        relations: &[Relation],
        filter: &Filter,
    ) -> String {
        let Some((relation, further)) = relations.split_first() else {
            return self.beside(alias, kind, filter);
        };
        self.aliases += 1;
        let other = format!("o{}", self.aliases);
        // "Has none" is said of the last relation, as Laravel's `whereDoesntHave`.
        let is_absence = further.is_empty()
            && filter.path.is_empty()
            && filter.operator == Operator::Nullable
            && is_true(&filter.value);
        let condition = if further.is_empty() && filter.path.is_empty() {
            "1".to_owned()
        } else {
            self.related(&other, &relation.kind, further, filter)
        };
        let other_kind = self.bind(relation.kind.clone());
        let name = if relation.other == "id" {
            format!("{other}.id")
        } else {
            let path = self.bind(path(&[&relation.other]));
            format!("json_extract({other}.body, {path})")
        };
        // Not correlated, so that it is looked up once and not for each record.
        let names = |name: &str| {
            format!(
                "SELECT {name} FROM records {other} WHERE {other}.kind = {other_kind} AND {condition}"
            )
        };
        let lower = names(&format!("lower({name})"));
        let has = if relation.member == "id" {
            format!(
                "{alias}.id IN ({})",
                names(&format!("CAST({name} AS TEXT)"))
            )
        } else if is_indexed(&relation.member) {
            let kind = self.bind(kind.to_owned());
            let member = self.bind(relation.member.clone());
            format!(
                "{alias}.place IN (SELECT place FROM terms WHERE kind = {kind} AND member = {member} AND value IN ({lower}))"
            )
        } else {
            // One name, or a list of them.
            let path = self.bind(path(&[&relation.member]));
            format!(
                "EXISTS (SELECT 1 FROM json_each({alias}.body, {path}) m WHERE lower(m.value) IN ({lower}))"
            )
        };
        if is_absence {
            format!("NOT {has}")
        } else {
            has
        }
    }

    /// The filter's own condition, and the members that its record must have besides.
    fn beside(&mut self, alias: &str, kind: &str, filter: &Filter) -> String {
        let mut all = vec![self.own(alias, kind, filter)];
        for (member, value) in &filter.beside {
            let same = Filter {
                relations: Vec::new(),
                path: vec![member.clone()],
                operator: Operator::Eq,
                value: value.clone(),
                beside: Vec::new(),
            };
            all.push(self.own(alias, kind, &same));
        }
        format!("({})", all.join(" AND "))
    }

    fn own(&mut self, alias: &str, kind: &str, filter: &Filter) -> String {
        match (filter.path.as_slice(), filter.operator) {
            ([], Operator::Search) => self.search(alias, &filter.value),
            (steps, Operator::JsonContains) => self.contains(alias, steps, &filter.value),
            ([], _) => "0".to_owned(),
            ([member], Operator::Eq | Operator::In) if member == "id" => {
                let values = self.list(filter, str::to_owned);
                format!("{alias}.id IN ({values})")
            }
            ([member], Operator::Eq | Operator::In) if is_indexed(member) => {
                let values = self.list(filter, str::to_ascii_lowercase);
                let kind = self.bind(kind.to_owned());
                let member = self.bind(member.clone());
                format!(
                    "{alias}.place IN (SELECT place FROM terms WHERE kind = {kind} AND member = {member} AND value IN ({values}))"
                )
            }
            (steps, _) => self.at(alias, steps, |conditions, member| {
                conditions.compare(member, filter)
            }),
        }
    }

    /// The values of a filter, as one bound list.
    fn list(&mut self, filter: &Filter, form: impl Fn(&str) -> String) -> String {
        let values: Vec<Value> = texts(filter).map(form).map(Value::String).collect();
        let values = self.bind(Value::Array(values).to_string());
        format!("SELECT value FROM json_each({values})")
    }

    /// A condition on what is at a way of names; where the first is a list, on any of its items.
    fn at(
        &mut self,
        alias: &str,
        steps: &[String],
        condition: impl Fn(&mut Self, &Member) -> String,
    ) -> String {
        let whole = self.bind(path(steps));
        let direct = Member {
            value: format!("json_extract({alias}.body, {whole})"),
            kind: format!("json_type({alias}.body, {whole})"),
        };
        let direct = condition(self, &direct);
        let (first, rest) = steps.split_at(steps.len().min(1));
        let first = self.bind(path(first));
        let item = if rest.is_empty() {
            Member {
                value: "e.value".to_owned(),
                kind: "e.type".to_owned(),
            }
        } else {
            let rest = self.bind(path(rest).split_off(1));
            let place = format!("{first} || '[' || e.key || ']' || {rest}");
            Member {
                value: format!("json_extract({alias}.body, {place})"),
                kind: format!("json_type({alias}.body, {place})"),
            }
        };
        let item = condition(self, &item);
        format!(
            "({direct} OR json_type({alias}.body, {first}) = 'array' AND \
            EXISTS (SELECT 1 FROM json_each({alias}.body, {first}) e WHERE {item}))"
        )
    }

    fn compare(&mut self, member: &Member, filter: &Filter) -> String {
        let Member { value, .. } = member;
        match filter.operator {
            Operator::Eq => self.ordered(member, "=", &filter.value),
            Operator::Ne => self.ordered(member, "<>", &filter.value),
            Operator::Gt => self.ordered(member, ">", &filter.value),
            Operator::Gte => self.ordered(member, ">=", &filter.value),
            Operator::Lt => self.ordered(member, "<", &filter.value),
            Operator::Lte => self.ordered(member, "<=", &filter.value),
            Operator::In => {
                let any: Vec<_> = texts(filter)
                    .take(100)
                    .map(|text| self.ordered(member, "=", text))
                    .collect();
                format!("({})", any.join(" OR "))
            }
            Operator::Nullable if is_true(&filter.value) => format!("{value} IS NULL"),
            Operator::Nullable => format!("{value} IS NOT NULL"),
            Operator::Search | Operator::JsonContains => {
                let text = self.bind(filter.value.to_ascii_lowercase());
                format!("instr(lower({value}), {text}) > 0")
            }
        }
    }

    /// Numbers are compared as numbers, all else as texts without ASCII case, as MySQL's usual collation does. Nothing compares with null.
    fn ordered(&mut self, member: &Member, operator: &str, with: &str) -> String {
        let Member { value, kind } = member;
        let text = self.bind(with.to_owned());
        let as_text = format!("CAST({value} AS TEXT) {operator} {text} COLLATE NOCASE");
        // A boolean may be asked for by its name too; its type in JSON is its value.
        let is_flag = matches!(with, "true" | "false");
        match number(with) {
            Some(number) => {
                let number = self.bind(number);
                format!(
                    "CASE WHEN typeof({value}) = 'text' THEN {as_text} ELSE {value} {operator} {number} END"
                )
            }
            None if is_flag => format!(
                "CASE WHEN {kind} IN ('true', 'false') THEN {kind} {operator} {text} ELSE {as_text} END"
            ),
            None => format!("({as_text})"),
        }
    }

    /// Every word in one of the record's texts; dates are no text to search in.
    fn search(&mut self, alias: &str, text: &str) -> String {
        let mut all = vec!["1".to_owned()];
        for word in text.split_whitespace().take(16) {
            let is_plain = !word
                .chars()
                .any(|letter| letter.is_control() || matches!(letter, '"' | '\\'));
            let word = self.bind(word.to_ascii_lowercase());
            if is_plain {
                // Far cheaper than taking the body apart, and true of every record that has the word.
                all.push(format!("instr(lower({alias}.body), {word}) > 0"));
            }
            all.push(format!(
                "EXISTS (SELECT 1 FROM json_each({alias}.body) e WHERE e.type = 'text' \
                AND substr(e.key, 1, 1) <> '_' AND substr(e.key, -3) <> '_at' \
                AND instr(lower(e.value), {word}) > 0)"
            ));
        }
        format!("({})", all.join(" AND "))
    }

    /// A value anywhere inside of what is at a way of names; without a way, inside of any list or map of the record.
    fn contains(&mut self, alias: &str, steps: &[String], value: &str) -> String {
        let item = Member {
            value: "e.atom".to_owned(),
            kind: "e.type".to_owned(),
        };
        let same = self.ordered(&item, "=", value);
        if steps.is_empty() {
            return format!(
                "EXISTS (SELECT 1 FROM json_tree({alias}.body) e WHERE e.atom IS NOT NULL \
                AND e.path <> '$' AND substr(e.path, 1, 3) <> '$._' AND substr(e.path, 1, 4) <> '$.\"_' \
                AND {same})"
            );
        }
        let path = self.bind(path(steps));
        format!(
            "EXISTS (SELECT 1 FROM json_tree({alias}.body, {path}) e WHERE e.atom IS NOT NULL AND {same})"
        )
    }
}

/// The condition that a member equals a value, as [`find`](super::Store::find) says.
pub(super) fn same(
    conditions: &mut Conditions,
    alias: &str,
    member: &str,
    value: &Value,
) -> String {
    let text = match term::normal(value) {
        Some(text) if member == "id" => {
            let text = value.as_str().map_or(text, str::to_owned);
            let text = conditions.bind(text);
            return format!("{alias}.id = {text}");
        }
        Some(text) => text,
        None => {
            let path = conditions.bind(path(&[member]));
            let member = format!("json_extract({alias}.body, {path})");
            if value.is_null() {
                return format!("{member} IS NULL");
            }
            let text = conditions.bind(value.to_string());
            return format!("{member} = {text}");
        }
    };
    let steps = [member.to_owned()];
    conditions.at(alias, &steps, |conditions, member| {
        conditions.ordered(member, "=", &text)
    })
}

/// A way of names in SQLite's form. A name with a quote, a backslash or a zero is no member's; without them it can't end its quotes, nor the path.
pub(super) fn path<S: AsRef<str>>(steps: &[S]) -> String {
    let mut path = "$".to_owned();
    for step in steps {
        path.push_str(".\"");
        path.extend(
            step.as_ref()
                .chars()
                .filter(|c| !matches!(c, '"' | '\\' | '\0')),
        );
        path.push('"');
    }
    path
}

/// What a filter asks for: one text, or those between the commas.
fn texts(filter: &Filter) -> impl Iterator<Item = &str> {
    let is_list = filter.operator == Operator::In;
    let mut texts = filter.value.split(move |letter| is_list && letter == ',');
    std::iter::from_fn(move || {
        texts
            .next()
            .map(|text| if is_list { text.trim() } else { text })
    })
}

fn is_true(value: &str) -> bool {
    !matches!(value, "0" | "false")
}

/// A text that is written as a number: digits, with a sign and a fraction.
fn number(text: &str) -> Option<Sql> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    match text.parse() {
        Ok(number) => Some(Sql::Integer(number)),
        Err(_) => text.parse().ok().map(Sql::Real),
    }
}
