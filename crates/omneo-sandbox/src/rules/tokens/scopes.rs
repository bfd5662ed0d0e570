//! Scopes: their names, and which one an operation asks for.
//!
//! The names are those of Omneo's SDK [seen]. Which operation asks for which is documented of few; the rest follows from the names: the verb by the
//! method, the resource by the path [inferred]. An operation for which that makes no name that there is asks for none.

use std::sync::LazyLock;

use http::Method;

use crate::schema::{Operation, SCHEMA};

/// Verbs, and the resources that have them.
const NAMES: &[(&[&str], &[&str])] = &[
    (
        &["create", "read", "update", "delete"],
        &[
            "achievement-definitions",
            "benefit-definitions",
            "connection-definitions",
            "connections",
            "currencies",
            "custom-products",
            "interactions",
            "list-definitions",
            "locations",
            "orders",
            "point-definitions",
            "points",
            "product-lists",
            "product-options",
            "products",
            "profiles",
            "rate",
            "ratings",
            "reactions",
            "region",
            "reward-definitions",
            "rewards",
            "statuses",
            "targets",
            "tenants",
            "tier-definitions",
            "tier-points",
            "transactions",
            "users",
            "webhooks",
        ],
    ),
    (
        &["create", "read", "delete"],
        &["benefits", "imports", "systems", "tags"],
    ),
    (&["create", "read"], &["allocations", "transaction-claims"]),
    (
        &["read", "update"],
        &["product-list-reservations", "settings"],
    ),
    (
        &["read"],
        &[
            "action-history",
            "audits",
            "identities",
            "ledgers",
            "permissions",
            "redemptions",
            "roles",
        ],
    ),
];

/// Scopes that are not a verb and a resource.
const SINGLE: [&str; 4] = [
    "redeem-benefits",
    "redeem-strategy",
    "return",
    "view-statuses",
];

/// All scopes.
const ALL: &str = "*";

/// The name of every scope.
pub(super) fn all() -> impl Iterator<Item = String> {
    let pairs = NAMES.iter().flat_map(|(verbs, resources)| {
        let resources = resources.iter();
        resources.flat_map(|resource| verbs.iter().map(move |verb| format!("{verb}-{resource}")))
    });
    pairs.chain(SINGLE.map(str::to_owned))
}

/// Whether a token can have a scope.
pub(super) fn is_known(scope: &str) -> bool {
    scope == ALL || all().any(|known| known == scope)
}

/// Operations whose scope is not what their path and method say.
const OPERATIONS: &[(&str, &str)] = &[
    // [seen]
    ("profile.status.batch", "update-profiles"),
    ("profile.status.batch.destroy", "update-profiles"),
    ("transactions.incentive-estimate", "create-transactions"),
    // By the scopes' names [inferred].
    ("profiles.redeem.store", "redeem-strategy"),
    ("profiles.benefits.redeem.store", "redeem-benefits"),
    ("profiles.benefits.claim-redeem", "redeem-benefits"),
    ("redemptions.return", "return"),
    ("redemptions.reversal", "return"),
    ("redemptions.benefit.return", "return"),
    // They only read [inferred].
    ("profiles.search-id", "read-profiles"),
    ("profiles.exists", "read-profiles"),
    ("profiles.availability", "read-profiles"),
    ("targets.preview", "read-targets"),
    ("rates.calculate", "read-rate"),
];

/// Where resources are; the longest that a path starts with is meant.
const PATHS: &[(&str, &str)] = &[
    ("/v3/achievements/definitions", "achievement-definitions"),
    ("/v3/action-history", "action-history"),
    ("/v3/allocations", "allocations"),
    ("/v3/audits", "audits"),
    ("/v3/automations", "reactions"),
    ("/v3/benefits", "benefits"),
    ("/v3/benefits.count", "benefits"),
    ("/v3/benefits/definitions", "benefit-definitions"),
    ("/v3/connection/definitions", "connection-definitions"),
    ("/v3/connections", "connections"),
    ("/v3/currencies", "currencies"),
    ("/v3/customProducts", "custom-products"),
    ("/v3/identities", "identities"),
    ("/v3/imports", "imports"),
    ("/v3/interactions", "interactions"),
    ("/v3/list", "product-list-reservations"),
    ("/v3/lists", "product-lists"),
    ("/v3/lists/definitions", "list-definitions"),
    ("/v3/locations", "locations"),
    ("/v3/orders", "orders"),
    ("/v3/permissions", "permissions"),
    ("/v3/points", "points"),
    ("/v3/points/definitions", "point-definitions"),
    ("/v3/product-lists", "product-lists"),
    ("/v3/products", "products"),
    ("/v3/profile", "profiles"),
    ("/v3/profiles", "profiles"),
    ("/v3/profiles/{profile}/benefits", "benefits"),
    ("/v3/profiles/{profile}/connections", "connections"),
    ("/v3/profiles/{profile}/find-transactions", "transactions"),
    ("/v3/profiles/{profile}/group_orders", "orders"),
    ("/v3/profiles/{profile}/group_transactions", "transactions"),
    ("/v3/profiles/{profile}/interactions", "interactions"),
    ("/v3/profiles/{profile}/ledgers", "ledgers"),
    ("/v3/profiles/{profile}/lists", "product-lists"),
    ("/v3/profiles/{profile}/linked_points", "points"),
    ("/v3/profiles/{profile}/orders", "orders"),
    ("/v3/profiles/{profile}/points", "points"),
    ("/v3/profiles/{profile}/redeemable_benefits", "benefits"),
    ("/v3/profiles/{profile}/redemptions", "redemptions"),
    (
        "/v3/profiles/{profile}/reservations",
        "product-list-reservations",
    ),
    ("/v3/profiles/{profile}/rewards", "rewards"),
    ("/v3/profiles/{profile}/tiers/points", "tier-points"),
    (
        "/v3/profiles/{profile}/transaction-products",
        "transactions",
    ),
    ("/v3/profiles/{profile}/transactionitems", "transactions"),
    ("/v3/profiles/{profile}/transactions", "transactions"),
    (
        "/v3/profiles/{profile}/transactions/claims",
        "transaction-claims",
    ),
    ("/v3/rates", "rate"),
    ("/v3/ratings", "ratings"),
    ("/v3/redemptions", "redemptions"),
    ("/v3/regions", "region"),
    ("/v3/rewards", "rewards"),
    ("/v3/rewards/definitions", "reward-definitions"),
    ("/v3/roles", "roles"),
    // Roles in organisations, which have nothing to do with the manager's.
    ("/v3/roles/definitions", "role-definitions"),
    ("/v3/settings", "settings"),
    ("/v3/statuses", "statuses"),
    ("/v3/systems", "systems"),
    ("/v3/tags", "tags"),
    ("/v3/targets", "targets"),
    ("/v3/tenants", "tenants"),
    ("/v3/tiers/definitions", "tier-definitions"),
    ("/v3/tiers/points", "tier-points"),
    ("/v3/transactions", "transactions"),
    ("/v3/triggers", "reactions"),
    ("/v3/users", "users"),
    ("/v3/webhooks", "webhooks"),
];

/// Operations that ask for nothing but a good token: everybody may ask who they are.
const FREE: [&str; 1] = ["users.me"];

/// The scopes of the schema's operations, by their places.
static REQUIRED: LazyLock<Vec<Option<String>>> =
    LazyLock::new(|| SCHEMA.operations().iter().map(scope_of).collect());

/// The scope that an operation asks for; none if a good token is enough, or which one it is is not known.
pub(crate) fn required(operation: &Operation) -> Option<&'static str> {
    REQUIRED.get(operation.index)?.as_deref()
}

fn scope_of(operation: &Operation) -> Option<String> {
    if FREE.contains(&operation.id.as_str()) {
        return None;
    }
    let mut exceptions = OPERATIONS.iter();
    if let Some((_, scope)) = exceptions.find(|(id, _)| *id == operation.id) {
        return Some((*scope).to_owned());
    }
    let resources = PATHS
        .iter()
        .filter(|(path, _)| is_under(&operation.path, path));
    let (path, resource) = resources.max_by_key(|(path, _)| path.len())?;
    let verb = match operation.method {
        Method::GET => "read",
        // What belongs to a profile changes the profile, whether it is added, changed or removed.
        _ if *resource == "profiles" && is_part(&operation.path, path) => "update",
        Method::POST => "create",
        Method::PUT => "update",
        Method::DELETE => "delete",
        _ => return None,
    };
    let scope = format!("{verb}-{resource}");
    is_known(&scope).then_some(scope)
}

fn is_under(path: &str, other: &str) -> bool {
    path.strip_prefix(other)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a path leads to something in a profile, and not to the profile itself.
fn is_part(path: &str, resource: &str) -> bool {
    let rest = path.strip_prefix(resource).unwrap_or_default();
    rest.starts_with("/{profile}/") && rest != "/{profile}/purge"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::schema::SCHEMA;

    fn required(operation: &str) -> Option<&'static str> {
        super::required(SCHEMA.operation(operation).expect(operation))
    }

    #[test]
    fn there_are_151_scopes() {
        let all: BTreeSet<_> = super::all().collect();
        assert_eq!(all.len(), 151);
    }

    #[test]
    fn the_verb_is_of_the_method_and_the_resource_of_the_path() {
        for (operation, scope) in [
            ("profiles.show", Some("read-profiles")),
            ("profiles.store", Some("create-profiles")),
            ("profiles.update", Some("update-profiles")),
            ("profiles.destroy", Some("delete-profiles")),
            ("profiles.purge", Some("delete-profiles")),
            ("profiles.addresses.store", Some("update-profiles")),
            ("profiles.addresses.index", Some("read-profiles")),
            ("profiles.rewards.index", Some("read-rewards")),
            ("profiles.redeem.store", Some("redeem-strategy")),
            ("profile.status.batch", Some("update-profiles")),
            (
                "rewards.definitions.store",
                Some("create-reward-definitions"),
            ),
            (
                "transactions.incentive-estimate",
                Some("create-transactions"),
            ),
            ("webhooks.destroy", Some("delete-webhooks")),
            // There is no scope of this name.
            ("benefits.update", None),
            ("batches.index", None),
            ("appointments.index", None),
            ("users.me", None),
            ("auth.api-tokens.store", None),
        ] {
            assert_eq!(required(operation), scope, "{operation}");
        }
    }

    #[test]
    fn every_exception_is_an_operation() {
        for (operation, scope) in super::OPERATIONS {
            assert!(SCHEMA.operation(operation).is_some(), "{operation}");
            assert!(super::is_known(scope), "{scope}");
        }
    }

    #[test]
    fn every_path_leads_to_an_operation() {
        for (path, _) in super::PATHS {
            let mut operations = SCHEMA.operations().iter();
            assert!(
                operations.any(|operation| super::is_under(&operation.path, path)),
                "{path}"
            );
        }
    }
}
