//! The generated handles: how a caller gets from the root to an operation.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use syn::visit::{self, Visit};
use syn::{Expr, ImplItem, Item, Visibility};

use super::rust::Method;

/// A handle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handle {
    /// How a caller gets to it, such as `api.profile(…).rewards()`.
    pub chain: String,
    /// Its methods that lead to other handles; each returns the handle's type.
    pub accessors: BTreeMap<String, Method>,
    /// Its methods that call operations, by the binding that each calls.
    pub(super) calls: BTreeMap<String, Method>,
}

/// The handles of `resources.rs`. `bindings` are the methods that they call.
pub(super) fn read(items: &[Item], bindings: &BTreeSet<String>) -> BTreeMap<String, Handle> {
    let mut handles = BTreeMap::<String, Handle>::new();
    for item in items {
        let Item::Impl(block) = item else { continue };
        let syn::Type::Path(ty) = &*block.self_ty else {
            continue;
        };
        let Some(name) = ty.path.segments.last() else {
            continue;
        };
        let handle = handles.entry(name.ident.to_string()).or_default();
        for item in &block.items {
            let ImplItem::Fn(method) = item else { continue };
            if !matches!(method.vis, Visibility::Public(_)) {
                continue;
            }
            let signature = Method::new(&method.sig, &BTreeSet::new());
            let mut called = Called {
                bindings,
                found: None,
            };
            called.visit_block(&method.block);
            match called.found {
                Some(binding) => handle.calls.insert(binding, signature),
                None => handle.accessors.insert(signature.name.clone(), signature),
            };
        }
    }
    set_chains(&mut handles);
    handles
}

/// Finds the binding that a method calls on the client.
struct Called<'a> {
    bindings: &'a BTreeSet<String>,
    found: Option<String>,
}

impl<'ast> Visit<'ast> for Called<'_> {
    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let name = call.method.to_string();
        let on_client = match &*call.receiver {
            Expr::Field(_) => true,
            Expr::MethodCall(inner) => matches!(&*inner.receiver, Expr::Field(_)),
            // A list holds the call in a closure that is given the client.
            Expr::Path(given) => given.path.is_ident("client"),
            _ => false,
        };
        if on_client && name != "map" && self.bindings.contains(&name) {
            self.found = Some(name);
        } else {
            visit::visit_expr_method_call(self, call);
        }
    }
}

/// The shortest way from the root to each handle.
fn set_chains(handles: &mut BTreeMap<String, Handle>) {
    let mut next = VecDeque::from([("Api".to_owned(), "api".to_owned())]);
    while let Some((name, chain)) = next.pop_front() {
        let Some(handle) = handles
            .get_mut(&name)
            .filter(|handle| handle.chain.is_empty())
        else {
            continue;
        };
        for accessor in handle.accessors.values() {
            let target = accessor.returns.to_string();
            next.push_back((target, format!("{chain}.{}", shown_call(accessor))));
        }
        handle.chain = chain;
    }
}

/// A call of a method as a reader would sketch it.
pub(crate) fn shown_call(method: &Method) -> String {
    match method.arguments.is_empty() {
        true => format!("{}()", method.name),
        false => format!("{}(…)", method.name),
    }
}
