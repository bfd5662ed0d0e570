//! Which handles there are, and which methods each has.

use std::collections::{BTreeMap, BTreeSet};

use openapi_lowering::naming;
use openapi_lowering::table::PathParameter;

use super::tree::Node;

/// A type with a method for each operation and each handle below it.
#[derive(Debug)]
pub(super) struct Handle {
    pub(super) type_name: String,
    /// The path that it stands for, such as `/profiles/{profile}/rewards`.
    pub(super) path: String,
    /// The parameters of that path, which it holds.
    pub(super) parameters: Vec<PathParameter>,
    pub(super) methods: Vec<Method>,
}

#[derive(Debug)]
pub(super) struct Method {
    pub(super) name: String,
    /// The parameters that the handle does not hold yet.
    pub(super) parameters: Vec<PathParameter>,
    pub(super) target: Target,
}

#[derive(Debug)]
pub(super) enum Target {
    /// An operation, by its index.
    Operation(usize),
    /// Another handle, by its type.
    Handle(String),
}

/// Names that every handle has, or that Rust calls on it.
const RESERVED: &[&str] = &[
    "client",
    "clone",
    "fmt",
    "new",
    "options",
    "query",
    "with_client",
];

/// The handles for a tree of paths; the first is the root, `Api`.
pub(super) fn handles(root: &Node) -> Vec<Handle> {
    let mut planner = Planner::default();
    planner.type_names.insert("Api".to_owned());
    planner.handle("Api".to_owned(), &Place::default(), root, None);
    let root = planner.handles.pop();
    planner.handles.sort_by(|a, b| a.path.cmp(&b.path));
    planner.handles.splice(0..0, root);
    planner.handles
}

/// Where a handle stands.
#[derive(Clone, Debug, Default)]
struct Place {
    path: String,
    /// The words of its type's name.
    words: Vec<String>,
    parameters: Vec<PathParameter>,
}

impl Place {
    fn literal(&self, literal: &str) -> Self {
        let mut place = self.clone();
        place.path = format!("{}/{literal}", self.path);
        place.words.push(literal.to_owned());
        place
    }

    fn parameter_of(&self, parameter: &PathParameter) -> Self {
        let mut place = self.clone();
        place.path = format!("{}/{{{}}}", self.path, parameter.name);
        place.words.push(parameter.name.clone());
        place.parameters.push(parameter.clone());
        place
    }

    /// A scope takes the place of its resource in the name: a profile's rewards are not a profiles'
    /// profile's rewards.
    fn parameter(&self, parameter: &PathParameter) -> Self {
        let mut place = self.clone();
        place.words.pop();
        place.parameter_of(parameter)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Resource,
    Nothing,
}

#[derive(Default)]
struct Planner {
    handles: Vec<Handle>,
    type_names: BTreeSet<String>,
}

/// The methods of one handle, by name, while it is planned.
#[derive(Default)]
struct Methods(BTreeMap<String, Method>);

impl Methods {
    /// Adds a method under the first of these names that is free.
    fn add(&mut self, names: &[String], parameters: Vec<PathParameter>, target: Target) {
        let free = |name: &String| !self.0.contains_key(name) && !RESERVED.contains(&name.as_str());
        let name = names.iter().find(|name| free(name)).cloned().or_else(|| {
            let last = names.last()?;
            (2..).map(|n| format!("{last}_{n}")).find(|name| free(name))
        });
        if let Some(name) = name {
            let method = Method {
                name: name.clone(),
                parameters,
                target,
            };
            self.0.insert(name, method);
        }
    }
}

impl Planner {
    /// Plans the handle for `node`, and those below it. `resource` is the literal that the node is,
    /// if it is one.
    fn handle(&mut self, type_name: String, place: &Place, node: &Node, resource: Option<&str>) {
        let mut methods = Methods::default();
        if resource.is_some() {
            for (http, &index) in &node.operations {
                let verb = match http.as_str() {
                    "get" if node.lists || lists_items(node) => "list",
                    // `POST queue` and `POST queue/create`: the path's own word goes first.
                    other if node.literals.contains_key(crud(other)) => other,
                    other => crud(other),
                };
                methods.add(&[verb.to_owned()], Vec::new(), Target::Operation(index));
            }
        }
        self.items(&mut methods, node, &[]);
        self.scopes(&mut methods, place, node, Beside::Nothing);
        self.finish(methods, type_name, place, node);
    }

    /// The handle of a scope: what lies below the item, not the item itself.
    fn scope(&mut self, type_name: String, place: &Place, node: &Node) {
        let mut methods = Methods::default();
        self.scopes(&mut methods, place, node, Beside::Nothing);
        self.finish(methods, type_name, place, node);
    }

    fn finish(&mut self, mut methods: Methods, type_name: String, place: &Place, node: &Node) {
        for (literal, child) in &node.literals {
            self.scopes(
                &mut methods,
                &place.literal(literal),
                child,
                Beside::Resource,
            );
        }
        for (literal, child) in &node.literals {
            self.literal(&mut methods, place, literal, child);
        }
        self.handles.push(Handle {
            type_name,
            path: place.path.clone(),
            parameters: place.parameters.clone(),
            methods: methods.0.into_values().collect(),
        });
    }

    /// The operations on single items: those whose path ends with parameters.
    fn items(&mut self, methods: &mut Methods, node: &Node, before: &[PathParameter]) {
        let with = |parameter: &PathParameter| {
            let mut parameters = before.to_vec();
            parameters.push(parameter.clone());
            parameters
        };
        for (parameter, child) in node.parameters.values() {
            let parameters = with(parameter);
            for (http, &index) in &child.operations {
                let verb = crud(http);
                let by = naming::method(&parameters[0].name);
                methods.add(
                    &[verb.to_owned(), format!("{verb}_by_{by}")],
                    parameters.clone(),
                    Target::Operation(index),
                );
            }
        }
        for (parameter, child) in node.parameters.values() {
            self.items(methods, child, &with(parameter));
        }
    }

    fn literal(&mut self, methods: &mut Methods, place: &Place, literal: &str, node: &Node) {
        let here = place.literal(literal);
        let name = naming::method(literal);
        if let Some((http, index, parameters)) = only_operation(literal, node) {
            let verb = crud(http);
            let holder = place.words.last().map(|word| naming::method(word));
            let mut names = vec![name.clone()];
            names.extend(holder.map(|holder| format!("{name}_{holder}")));
            names.push(format!("{verb}_{name}"));
            methods.add(&names, parameters, Target::Operation(index));
            return;
        }
        let has_own = !node.operations.is_empty()
            || node
                .parameters
                .values()
                .any(|(_, child)| has_item_operations(child));
        // A scope that is not named after the literal stands on its handle.
        let has_scopes = node
            .parameters
            .values()
            .any(|(parameter, child)| !is_singular(&parameter.name, literal) && leads_on(child));
        if !(has_own || has_scopes) && (node.literals.is_empty() || methods.0.contains_key(&name)) {
            // A literal that only groups, and whose name a scope has: its children stand here.
            for (child_literal, child) in &node.literals {
                let joined = format!("{literal}-{child_literal}");
                let mut outer = place.clone();
                outer.path = here.path.clone();
                outer.words.push(literal.to_owned());
                self.grouped(methods, &outer, &joined, child_literal, child);
            }
            return;
        }
        let type_name = self.type_name(&here, "");
        methods.add(
            &[name.clone(), format!("all_{name}")],
            Vec::new(),
            Target::Handle(type_name.clone()),
        );
        self.handle(type_name, &here, node, Some(literal));
    }

    fn grouped(
        &mut self,
        methods: &mut Methods,
        outer: &Place,
        joined: &str,
        literal: &str,
        node: &Node,
    ) {
        let mut inner = Methods::default();
        self.literal(&mut inner, outer, literal, node);
        let own = naming::method(literal);
        for (name, mut method) in inner.0 {
            let wanted = if name == own {
                naming::method(joined)
            } else {
                name
            };
            method.name.clone_from(&wanted);
            methods.add(&[wanted], method.parameters, method.target);
        }
    }

    /// The scopes below a node. One that is named after its resource stands beside it: `profile(id)`
    /// beside `profiles()`. Others stand on the resource: `allocations().definition(id)`.
    fn scopes(&mut self, methods: &mut Methods, resource: &Place, node: &Node, beside: Beside) {
        let word = resource.words.last().map_or("", String::as_str);
        for (parameter, child) in node.parameters.values() {
            let named_after =
                resource.path.ends_with(&format!("/{word}")) && is_singular(&parameter.name, word);
            if named_after != (beside == Beside::Resource) {
                continue;
            }
            let place = match named_after {
                true => resource.parameter(parameter),
                false => resource.parameter_of(parameter),
            };
            let parameters = vec![parameter.clone()];
            self.scope_below(methods, word, &place, parameters, child);
        }
    }

    /// Parameters that follow one another make one scope.
    fn scope_below(
        &mut self,
        methods: &mut Methods,
        word: &str,
        place: &Place,
        parameters: Vec<PathParameter>,
        node: &Node,
    ) {
        if !node.is_scope() {
            for (next, below) in node.parameters.values() {
                let mut parameters = parameters.clone();
                parameters.push(next.clone());
                self.scope_below(methods, word, &place.parameter_of(next), parameters, below);
            }
            return;
        }
        let type_name = self.type_name(place, "Scope");
        let first = &parameters[0].name;
        let name = naming::method(first);
        let long = naming::method(&format!("{} {first}", singular(word)));
        let names = match naming::is_reserved_word(name.trim_end_matches('_')) {
            true => vec![long],
            false => vec![name, long],
        };
        methods.add(&names, parameters, Target::Handle(type_name.clone()));
        self.scope(type_name, place, node);
    }

    fn type_name(&mut self, place: &Place, suffix: &str) -> String {
        let name = naming::pascal(&place.words.join("-")) + suffix;
        let mut candidates =
            std::iter::once(name.clone()).chain((2..).map(|n| format!("{name}{n}")));
        let free = candidates.find(|name| !self.type_names.contains(name));
        let name = free.unwrap_or(name);
        self.type_names.insert(name.clone());
        name
    }
}

fn crud(http: &str) -> &'static str {
    match http {
        "get" => "get",
        "post" => "create",
        "put" | "patch" => "update",
        "delete" => "delete",
        _ => "head",
    }
}

/// Whether single items can be read below a resource, so that a `GET` of it is of all of them.
fn lists_items(node: &Node) -> bool {
    node.parameters
        .values()
        .any(|(_, child)| child.operations.contains_key("get"))
}

/// Whether anything but parameters' own operations lies somewhere below.
fn leads_on(node: &Node) -> bool {
    node.is_scope() || node.parameters.values().any(|(_, child)| leads_on(child))
}

fn has_item_operations(node: &Node) -> bool {
    !node.operations.is_empty()
        || node
            .parameters
            .values()
            .any(|(_, child)| has_item_operations(child))
}

/// The one operation at or right below a literal, if that is all there is and it lists nothing.
fn only_operation<'n>(
    literal: &str,
    node: &'n Node,
) -> Option<(&'n str, usize, Vec<PathParameter>)> {
    let mut parameters = Vec::new();
    let mut node = node;
    loop {
        if !node.literals.is_empty() {
            return None;
        }
        match (node.operations.len(), node.parameters.len()) {
            (1, 0) => {
                let (http, index) = node.operations.iter().next()?;
                if !parameters.is_empty() && !matches!(http.as_str(), "get" | "post") {
                    return None;
                }
                return (!node.lists || !parameters.is_empty()).then_some((
                    http.as_str(),
                    *index,
                    parameters,
                ));
            }
            (0, 1) => {
                let (parameter, child) = node.parameters.values().next()?;
                if parameters.is_empty() && is_singular(&parameter.name, literal) {
                    return None;
                }
                parameters.push(parameter.clone());
                node = child;
            }
            _ => return None,
        }
    }
}

/// Whether a parameter is named after what the literal before it has several of.
fn is_singular(parameter: &str, literal: &str) -> bool {
    let word = |name: &str| {
        let snake = naming::method(name);
        snake.rsplit('_').next().unwrap_or_default().to_owned()
    };
    let literal = word(literal);
    let parameter = word(parameter);
    parameter == singular(&literal) || format!("{parameter}es") == literal
}

fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => word.strip_suffix('s').unwrap_or(word).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_singular;

    #[test]
    fn a_scope_is_named_after_its_resource() {
        for (parameter, literal) in [
            ("profile", "profiles"),
            ("identity", "identities"),
            ("batch", "batches"),
            ("status", "statuses"),
            ("appointmentDefinition", "appointment-definitions"),
            ("staff", "staff"),
        ] {
            assert!(is_singular(parameter, literal), "{parameter} {literal}");
        }
        assert!(!is_singular("definition", "allocations"));
        assert!(!is_singular("type", "redemptions"));
    }
}
