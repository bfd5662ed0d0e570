//! The generated code for reading: formatted, and only what was asked for.

use anyhow::{Result, bail};
use openapi_lowering::Lowered;
use quote::format_ident;
use syn::{ImplItem, Item, ItemMod, parse_quote};

use super::surface::{generate, parse};

/// The bindings and the handles as formatted Rust. With a filter, the types and methods whose names
/// have it in them, whatever its case.
///
/// # Errors
///
/// If no code can be made of the schema, or nothing has the filter in its name.
pub fn bindings(lowered: &Lowered, filter: Option<&str>) -> Result<String> {
    let files = generate(lowered)?;
    let filter = filter.map(str::to_lowercase);
    let mut modules = Vec::<Item>::new();
    for (file, module) in [("bindings.rs", "bindings"), ("resources.rs", "resources")] {
        let items = kept(parse(&files, file)?, filter.as_deref());
        if !items.is_empty() {
            let name = format_ident!("{module}");
            modules.push(parse_quote!(pub mod #name { #(#items)* }));
        }
    }
    if let (true, Some(filter)) = (modules.is_empty(), filter) {
        bail!("no type or method has `{filter}` in its name");
    }
    Ok(prettyplease::unparse(&syn::File {
        shebang: None,
        attrs: Vec::new(),
        items: modules,
        frontmatter: None,
    }))
}

/// The items that a filter keeps.
fn kept(items: Vec<Item>, filter: Option<&str>) -> Vec<Item> {
    let Some(filter) = filter else { return items };
    let has = |name: &syn::Ident| name.to_string().to_lowercase().contains(filter);
    items
        .into_iter()
        .filter_map(|item| match item {
            Item::Struct(item) => has(&item.ident).then_some(Item::Struct(item)),
            Item::Enum(item) => has(&item.ident).then_some(Item::Enum(item)),
            Item::Mod(module) => inner(module, filter).map(Item::Mod),
            Item::Impl(mut block) => {
                let of_type = match &*block.self_ty {
                    syn::Type::Path(ty) => ty.path.segments.last(),
                    _ => None,
                };
                if !of_type.is_some_and(|segment| has(&segment.ident)) {
                    block.items.retain(
                        |item| matches!(item, ImplItem::Fn(method) if has(&method.sig.ident)),
                    );
                }
                (!block.items.is_empty()).then_some(Item::Impl(block))
            }
            _ => None,
        })
        .collect()
}

fn inner(mut module: ItemMod, filter: &str) -> Option<ItemMod> {
    let (brace, items) = module.content.take()?;
    let items = kept(items, Some(filter));
    let is_empty = items.is_empty();
    module.content = Some((brace, items));
    (!is_empty).then_some(module)
}
