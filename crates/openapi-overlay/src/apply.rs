//! Applying an overlay, and finding out which of its actions were of use.

use std::collections::HashSet;

use serde_json::Value;

use crate::MAX_DEPTH;
use crate::document::{Action, Change, Overlay};
use crate::error::{ActionError, OverlayError, Problem};
use crate::location::{Location, Step, exceeds_depth};

/// What an overlay did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// One entry for each action, in order.
    pub actions: Vec<AppliedAction>,
}

/// What one action did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedAction {
    /// Its place in the overlay's `actions`, from 0.
    pub index: usize,
    /// Its target, as written.
    pub target: String,
    /// JSON pointers to the nodes that it matched, as the document was when its turn came. Never empty.
    pub matched: Vec<String>,
}

/// What an overlay did where its actions could be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fitting {
    /// One entry for each action that was done and needed, in order.
    pub applied: Applied,
    /// The actions that were not done, and those that made no difference, in order.
    pub unfitting: Vec<ActionError>,
}

impl Overlay {
    /// Applies every action in order.
    ///
    /// # Errors
    ///
    /// [`OverlayError::Actions`] lists every action that matched nothing, that is no longer needed, or that can't be done where it matches. The
    /// document is then as it was.
    pub fn apply(&self, document: &mut Value) -> Result<Applied, OverlayError> {
        if exceeds_depth(document, MAX_DEPTH) {
            return Err(OverlayError::DocumentTooDeep);
        }
        let original = document.clone();
        let Fitting { applied, unfitting } = self.run(&original, document);
        if unfitting.is_empty() {
            return Ok(applied);
        }
        *document = original;
        Err(OverlayError::Actions(unfitting))
    }

    /// Applies the actions that can be done, in order, and names the others: for looking at a document that the overlay was not made for.
    ///
    /// # Errors
    ///
    /// [`OverlayError::DocumentTooDeep`]; no failure of an action is one.
    pub fn apply_fitting(&self, document: &mut Value) -> Result<Fitting, OverlayError> {
        if exceeds_depth(document, MAX_DEPTH) {
            return Err(OverlayError::DocumentTooDeep);
        }
        let original = document.clone();
        Ok(self.run(&original, document))
    }

    fn run(&self, original: &Value, document: &mut Value) -> Fitting {
        let mut run = Run {
            original,
            document,
            shifted: HashSet::new(),
        };
        let outcomes: Vec<_> = self
            .actions()
            .iter()
            .map(|action| run.act(action))
            .collect();

        let mut applied = Vec::with_capacity(outcomes.len());
        let mut unfitting = Vec::new();
        for (index, (action, outcome)) in self.actions().iter().zip(outcomes).enumerate() {
            let target = action.target().to_owned();
            match outcome.and_then(|done| {
                run.is_needed(&done)
                    .then_some(done)
                    .ok_or(Problem::NotNeeded)
            }) {
                Ok(done) => applied.push(AppliedAction {
                    index,
                    target,
                    matched: done.matched.iter().map(ToString::to_string).collect(),
                }),
                Err(problem) => unfitting.push(ActionError {
                    index,
                    target,
                    problem,
                }),
            }
        }
        Fitting {
            applied: Applied { actions: applied },
            unfitting,
        }
    }
}

struct Run<'a> {
    original: &'a Value,
    document: &'a mut Value,
    /// Arrays that lost elements, so that an index into them no longer names the element that it named.
    shifted: HashSet<Location>,
}

#[derive(Default)]
struct Done {
    matched: Vec<Location>,
    /// Where something was written or removed, no more than was: of a merge the members that it changed.
    touched: Vec<Location>,
}

impl Run<'_> {
    fn act(&mut self, action: &Action) -> Result<Done, Problem> {
        let matched = action.target.locate(self.document);
        if matched.is_empty() {
            return Err(Problem::MatchesNothing);
        }
        let touched = match &action.change {
            Change::Update(update) => self.update(&matched, update)?,
            Change::Remove => self.remove(&matched)?,
        };
        Ok(Done { matched, touched })
    }

    fn update(&mut self, matched: &[Location], update: &Value) -> Result<Vec<Location>, Problem> {
        // All are looked at before the first is changed: an action is done whole or not at all.
        for location in matched {
            let pointer = || location.to_string();
            // A merged update starts at the level of the object itself, an appended one a level further in.
            let around = match location.node(self.document) {
                Some(Value::Object(_)) if !update.is_object() => {
                    return Err(Problem::UpdateIsNoObject { pointer: pointer() });
                }
                Some(Value::Object(_)) => location.0.len(),
                Some(Value::Array(_)) => location.0.len() + 1,
                _ => return Err(Problem::SelectsPrimitive { pointer: pointer() }),
            };
            if exceeds_depth(update, MAX_DEPTH.saturating_sub(around)) {
                return Err(Problem::TooDeep);
            }
        }
        let mut touched = Vec::new();
        for location in matched {
            // A match inside an earlier match may be gone, overwritten by this very action.
            match location.node_mut(self.document) {
                Some(Value::Array(elements)) => {
                    elements.push(update.clone());
                    touched.push(location.clone());
                }
                Some(node @ Value::Object(_)) => {
                    merge(node, update, &mut location.clone(), &mut touched);
                }
                _ => {}
            }
        }
        Ok(touched)
    }

    fn remove(&mut self, matched: &[Location]) -> Result<Vec<Location>, Problem> {
        let places: Option<Vec<_>> = matched.iter().cloned().map(Location::split).collect();
        let places = places.ok_or(Problem::RemovesDocument)?;
        // Sorted outer before inner and by rising index; backwards no removal moves what is still to be removed.
        for (container, last) in places.into_iter().rev() {
            match (container.node_mut(self.document), last) {
                // `retain`, because `remove` may reorder the other members, depending on a feature of serde_json.
                (Some(Value::Object(members)), Step::Member(name)) => {
                    members.retain(|other, _| *other != name);
                }
                (Some(Value::Array(elements)), Step::Element(index)) if index < elements.len() => {
                    elements.remove(index);
                    self.shifted.insert(container);
                }
                _ => {}
            }
        }
        Ok(matched.to_vec())
    }

    /// Whether something that the action wrote or removed is not as it was.
    fn is_needed(&self, done: &Done) -> bool {
        done.touched.iter().any(|location| {
            let comparable = self.comparable(location);
            comparable.node(self.original) != comparable.node(self.document)
        })
    }

    /// The location, or that of the outermost array around it whose indexes have shifted.
    fn comparable(&self, location: &Location) -> Location {
        if self.shifted.is_empty() {
            return location.clone();
        }
        let mut outer = Location::default();
        for step in &location.0 {
            if self.shifted.contains(&outer) {
                break;
            }
            outer.0.push(step.clone());
        }
        outer
    }
}

/// Merges `update` into `node`, noting each place that it changes. Goes no deeper than `update` does.
fn merge(node: &mut Value, update: &Value, at: &mut Location, touched: &mut Vec<Location>) {
    match (node, update) {
        (Value::Object(members), Value::Object(update)) => {
            for (name, value) in update {
                at.0.push(Step::Member(name.clone()));
                match members.get_mut(name) {
                    Some(member) => merge(member, value, at, touched),
                    None => {
                        members.insert(name.clone(), value.clone());
                        touched.push(at.clone());
                    }
                }
                at.0.pop();
            }
        }
        (Value::Array(elements), Value::Array(more)) => {
            if !more.is_empty() {
                elements.extend_from_slice(more);
                touched.push(at.clone());
            }
        }
        (node, value) => {
            if node != value {
                *node = value.clone();
                touched.push(at.clone());
            }
        }
    }
}
