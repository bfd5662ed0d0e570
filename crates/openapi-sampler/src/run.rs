//! Making the samples of one schema.

use std::collections::HashSet;
use std::{mem, ptr};

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::conjunction::Conjunction;
use crate::{Kind, Place, Role, Sampler, pattern, scalar};

/// How many schemas may lie inside each other before the values become short.
const DEPTH: usize = 48;

/// The longest list that is made because a schema asks for one.
const LONGEST: usize = 1000;

/// A value that has not been put in its place yet.
#[derive(Clone)]
struct Sample<'d> {
    value: Value,
    kind: Kind,
    format: Option<&'d str>,
}

struct Run<'s, 'd> {
    sampler: &'s Sampler<'d>,
    rng: Rng,
    /// The targets of references that are spelled out, or are being.
    spelled: HashSet<*const Value>,
    /// The targets of references around a short value.
    around: Vec<&'d Value>,
}

/// The way to a value.
#[derive(Clone, Copy)]
struct Way<'n> {
    name: Option<&'n str>,
    /// How many records are around.
    records: usize,
    /// How many schemas are around.
    depth: usize,
}

impl<'n> Way<'n> {
    fn into_record(self, name: &'n str) -> Self {
        Self {
            name: Some(name),
            records: self.records + 1,
            depth: self.depth + 1,
        }
    }

    fn deeper(self) -> Self {
        Self {
            depth: self.depth + 1,
            ..self
        }
    }
}

pub(crate) fn samples(sampler: &Sampler<'_>, pointer: &str) -> Vec<Value> {
    let Some(schema) = sampler.document.pointer(pointer) else {
        return Vec::new();
    };
    let mut run = Run {
        sampler,
        rng: Rng::with_seed(sampler.seed),
        spelled: HashSet::from([ptr::from_ref(schema)]),
        around: Vec::new(),
    };
    let way = Way {
        name: None,
        records: 0,
        depth: 0,
    };
    let samples = run.all([schema], way).into_iter();
    samples
        .filter_map(|sample| run.place(sample, Role::Whole, way))
        .collect()
}

impl<'d> Run<'_, 'd> {
    fn place(&self, sample: Sample<'d>, role: Role, way: Way<'_>) -> Option<Value> {
        let place = Place {
            kind: sample.kind,
            role,
            name: way.name,
            format: sample.format,
            depth: way.records,
        };
        (self.sampler.edit)(&place, sample.value)
    }

    /// Values that cover the schemas.
    fn all(
        &mut self,
        schemas: impl IntoIterator<Item = &'d Value>,
        way: Way<'_>,
    ) -> Vec<Sample<'d>> {
        let all = Conjunction::of(self.sampler.document, schemas);
        self.once(&all, &all.targets, way)
    }

    /// Values that cover the schemas, or a short one if one of the targets has been spelled out.
    fn once(
        &mut self,
        all: &Conjunction<'d>,
        targets: &[&'d Value],
        way: Way<'_>,
    ) -> Vec<Sample<'d>> {
        let targets_at = || targets.iter().map(|target| ptr::from_ref(*target));
        if way.depth > DEPTH || targets_at().any(|target| self.spelled.contains(&target)) {
            return self.short_once(all, targets, way, 1).into_iter().collect();
        }
        self.spelled.extend(targets_at());
        self.spelled_out(all, way)
    }

    fn spelled_out(&mut self, all: &Conjunction<'d>, way: Way<'_>) -> Vec<Sample<'d>> {
        if all.is_never {
            return Vec::new();
        }
        if let Some(union) = all.union() {
            let mut samples = Vec::new();
            for branch in union {
                let (chosen, new) = all.choose(self.sampler.document, union, branch);
                samples.extend(self.once(&chosen, &new, way));
            }
            return samples;
        }
        if let Some(values) = all.listed() {
            return values.into_iter().map(|value| listed(all, value)).collect();
        }
        let Some(types) = all.types() else {
            return anything();
        };
        let mut samples = Vec::new();
        for ty in types {
            match ty {
                "object" => samples.extend(self.objects(all, way)),
                "array" => samples.extend(self.lists(all, way)),
                scalar => samples.extend(self.scalars(all, scalar, way)),
            }
        }
        samples
    }

    fn scalars(&mut self, all: &Conjunction<'d>, ty: &str, way: Way<'_>) -> Vec<Sample<'d>> {
        let (kind, values) = match ty {
            "null" => (Kind::Null, vec![Value::Null]),
            "boolean" => (Kind::Boolean, vec![true.into(), false.into()]),
            "integer" => (Kind::Number, scalar::numbers(all, true, &mut self.rng)),
            "number" => (Kind::Number, scalar::numbers(all, false, &mut self.rng)),
            "string" => {
                let by_name = way.name.and_then(|name| (self.sampler.text)(name));
                let texts = scalar::texts(all, by_name, way.name, &mut self.rng);
                (Kind::Text, texts)
            }
            _ => (Kind::Any, Vec::new()),
        };
        let format = all.text("format");
        let sample = |value| Sample {
            value,
            kind,
            format,
        };
        values.into_iter().map(sample).collect()
    }

    /// As many objects as the property with the most samples asks for, and one with what is required only.
    fn objects(&mut self, all: &Conjunction<'d>, way: Way<'_>) -> Vec<Sample<'d>> {
        let mut columns = Vec::new();
        for name in all.property_names() {
            let samples = self.all(all.property(name), way.into_record(name));
            let required = all.requires(name);
            if samples.is_empty() && required {
                return Vec::new();
            }
            columns.push(Column {
                name,
                required,
                least: least(&samples),
                samples,
            });
        }
        let kind = match columns.is_empty() {
            true => Kind::Map,
            false => Kind::Record,
        };
        let mut bare = Map::new();
        for column in columns.iter().filter(|column| column.required) {
            self.put(&mut bare, column, column.least(), way);
        }
        let mut objects = Vec::new();
        let rows = columns.iter().map(|column| column.samples.len()).max();
        for row in 0..rows.unwrap_or(1).max(1) {
            let mut object = Map::new();
            for column in &mut columns {
                let sample = column.take(row);
                self.put(&mut object, column, sample, way);
            }
            if row == 0 {
                object.extend(self.members(all, way.deeper()));
            }
            objects.push(object);
        }
        objects.push(bare);
        objects.dedup();
        let sample = |object| Sample {
            value: Value::Object(object),
            kind,
            format: None,
        };
        objects.into_iter().map(sample).collect()
    }

    fn put(
        &self,
        object: &mut Map<String, Value>,
        column: &Column<'d>,
        sample: Option<Sample<'d>>,
        way: Way<'_>,
    ) {
        let role = Role::Property {
            required: column.required,
        };
        let way = way.into_record(column.name);
        if let Some(value) = sample.and_then(|sample| self.place(sample, role, way)) {
            object.insert(column.name.to_owned(), value);
        }
    }

    /// The members that have no names in the schemas.
    fn members(&mut self, all: &Conjunction<'d>, way: Way<'_>) -> Map<String, Value> {
        let samples = match all.first("additionalProperties") {
            Some(Value::Bool(false)) => Vec::new(),
            Some(Value::Object(_)) => self.all(all.inner("additionalProperties"), way),
            None if all.first("properties").is_some() => Vec::new(),
            _ => anything(),
        };
        let mut members = Map::new();
        for sample in samples {
            if let Some(value) = self.place(sample, Role::Member, way) {
                members.insert(self.member_name(all, &members), value);
            }
        }
        members
    }

    /// A name that no other member has, by the pattern that the schema gives for names.
    fn member_name(&mut self, all: &Conjunction<'d>, members: &Map<String, Value>) -> String {
        let names = all.first("propertyNames");
        let pattern = names.and_then(|names| names.get("pattern")?.as_str());
        let name = pattern.and_then(|pattern| {
            let mut names = std::iter::repeat_with(|| pattern::matching(pattern, &mut self.rng));
            let mut names = names.by_ref().take(100).flatten();
            names.find(|name| !members.contains_key(name))
        });
        name.unwrap_or_else(|| format!("member {}", members.len()))
    }

    /// Lists with every item, as long as they may be, and the shortest one.
    fn lists(&mut self, all: &Conjunction<'d>, way: Way<'_>) -> Vec<Sample<'d>> {
        let way = way.deeper();
        let shortest = all.count("minItems").unwrap_or(0).min(LONGEST);
        let longest = all.count("maxItems").unwrap_or(usize::MAX);
        let inner = all.inner("items");
        let items = match (longest, inner.is_empty()) {
            (0, _) => Vec::new(),
            (_, true) => anything(),
            (_, false) => self.all(inner, way),
        };
        // What is too short is filled up with the least item.
        let filler = least(&items).map(|index| items[index].clone());
        let mut first = Vec::new();
        for schema in all.tuple().iter().take(longest) {
            first.extend(self.all([schema], way).into_iter().next());
        }
        let room = longest.saturating_sub(first.len()).max(1);
        let mut lists = Vec::new();
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            let items = items.by_ref().take(room);
            lists.push(
                first
                    .iter()
                    .cloned()
                    .chain(items)
                    .take(longest)
                    .collect::<Vec<_>>(),
            );
        }
        if lists.is_empty() && !first.is_empty() {
            lists.push(first);
        }
        lists.push(Vec::new());
        let mut values = Vec::new();
        for mut list in lists {
            let missing = shortest.saturating_sub(list.len());
            list.extend(std::iter::repeat_n(filler.clone(), missing).flatten());
            if list.len() >= shortest {
                values.push(self.list(list, way));
            }
        }
        values.dedup_by(|a, b| a.value == b.value);
        values
    }

    fn list(&self, items: Vec<Sample<'d>>, way: Way<'_>) -> Sample<'d> {
        let placed = items
            .into_iter()
            .filter_map(|item| self.place(item, Role::Item, way));
        Sample {
            value: Value::Array(placed.collect()),
            kind: Kind::List,
            format: None,
        }
    }

    /// One value, with what is optional to a depth of `extra` records. None if the schemas ask for a value of
    /// themselves without end.
    fn short(&mut self, schemas: Vec<&'d Value>, way: Way<'_>, extra: usize) -> Option<Sample<'d>> {
        let all = Conjunction::of(self.sampler.document, schemas);
        self.short_once(&all, &all.targets, way, extra)
    }

    fn short_once(
        &mut self,
        all: &Conjunction<'d>,
        targets: &[&'d Value],
        way: Way<'_>,
        extra: usize,
    ) -> Option<Sample<'d>> {
        let is_around =
            |target: &&Value| self.around.iter().any(|around| ptr::eq(*around, *target));
        if self.around.len() > DEPTH || targets.iter().any(is_around) {
            return None;
        }
        let before = self.around.len();
        self.around.extend_from_slice(targets);
        let sample = self.short_of(all, way, extra);
        self.around.truncate(before);
        sample
    }

    fn short_of(
        &mut self,
        all: &Conjunction<'d>,
        way: Way<'_>,
        extra: usize,
    ) -> Option<Sample<'d>> {
        if all.is_never {
            return None;
        }
        if let Some(union) = all.union() {
            return union.iter().find_map(|branch| {
                let (chosen, new) = all.choose(self.sampler.document, union, branch);
                self.short_once(&chosen, &new, way, extra)
            });
        }
        if let Some(values) = all.listed() {
            return values.first().map(|value| listed(all, value));
        }
        let Some(mut types) = all.types() else {
            return anything().pop();
        };
        // Null says least.
        types.sort_by_key(|ty| *ty == "null");
        types.into_iter().find_map(|ty| match ty {
            "object" => self.short_object(all, way, extra),
            "array" => self.short_list(all, way, extra),
            scalar => self.scalars(all, scalar, way).into_iter().next(),
        })
    }

    fn short_object(
        &mut self,
        all: &Conjunction<'d>,
        way: Way<'_>,
        extra: usize,
    ) -> Option<Sample<'d>> {
        let mut object = Map::new();
        let names = all.property_names();
        let kind = match names.is_empty() {
            true => Kind::Map,
            false => Kind::Record,
        };
        for name in names {
            let required = all.requires(name);
            if !required && extra == 0 {
                continue;
            }
            let way_in = way.into_record(name);
            let sample = self.short(all.property(name), way_in, extra.saturating_sub(1));
            if sample.is_none() && required {
                return None;
            }
            let column = Column {
                name,
                required,
                least: None,
                samples: Vec::new(),
            };
            self.put(&mut object, &column, sample, way);
        }
        Some(Sample {
            value: Value::Object(object),
            kind,
            format: None,
        })
    }

    fn short_list(
        &mut self,
        all: &Conjunction<'d>,
        way: Way<'_>,
        extra: usize,
    ) -> Option<Sample<'d>> {
        let way = way.deeper();
        let shortest = all.count("minItems").unwrap_or(0).min(LONGEST);
        let wanted = match (all.count("maxItems"), extra) {
            (Some(0), _) | (_, 0) => shortest,
            _ => shortest.max(1),
        };
        let inner = all.inner("items");
        let item = match (wanted, inner.is_empty()) {
            (0, _) => None,
            (_, true) => anything().pop(),
            (_, false) => self.short(inner, way, extra.saturating_sub(1)),
        };
        let items = std::iter::repeat_n(item, wanted)
            .flatten()
            .collect::<Vec<_>>();
        (items.len() >= shortest).then(|| self.list(items, way))
    }
}

/// The samples of a property.
struct Column<'d> {
    name: &'d str,
    required: bool,
    samples: Vec<Sample<'d>>,
    least: Option<usize>,
}

impl<'d> Column<'d> {
    /// The sample for a row. When all have been used, plain ones come again, and large ones only where they must.
    fn take(&mut self, row: usize) -> Option<Sample<'d>> {
        let is_used = row >= self.samples.len();
        let is_least = Some(row) == self.least;
        let index = row % self.samples.len().max(1);
        let sample = self.samples.get_mut(index)?;
        let is_plain = !matches!(
            sample.kind,
            Kind::List | Kind::Map | Kind::Record | Kind::Any
        );
        match (is_plain, is_used) {
            (true, _) => Some(sample.clone()),
            (false, true) if self.required => self.least(),
            (false, true) => None,
            (false, false) if is_least => Some(sample.clone()),
            (false, false) => Some(Sample {
                value: mem::take(&mut sample.value),
                ..*sample
            }),
        }
    }

    fn least(&self) -> Option<Sample<'d>> {
        self.samples.get(self.least?).cloned()
    }
}

/// The index of the sample that holds least, but for null.
fn least(samples: &[Sample<'_>]) -> Option<usize> {
    let size = |sample: &Sample<'_>| (sample.value.is_null(), size(&sample.value));
    (0..samples.len()).min_by_key(|&index| size(&samples[index]))
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 0,
    }
}

fn listed<'d>(all: &Conjunction<'d>, value: &Value) -> Sample<'d> {
    let kind = match value {
        Value::Null => Kind::Null,
        _ => Kind::Enum,
    };
    Sample {
        value: value.clone(),
        kind,
        format: all.text("format"),
    }
}

/// A value of each JSON type; a short one last.
fn anything() -> Vec<Sample<'static>> {
    let values = [
        json!({ "inside": { "a key": [1, null] } }),
        json!([1.5, "two", false]),
        json!(null),
        json!(true),
        json!(7),
        json!("free text"),
    ];
    let sample = |value| Sample {
        value,
        kind: Kind::Any,
        format: None,
    };
    values.into_iter().map(sample).collect()
}
