//! The routes of the ID API: what a customer's own browser or app may do.

/// What follows the profile in a path, and the methods there. `*` is any one segment.
///
/// The ID API is a proxy to the routes of the profile with the token. Its own documentation has no list: these are the
/// routes that Omneo's clients call and its guide names. What is missing here can still be sent with
/// [`IdProfile::request`](super::IdProfile::request).
const ROUTES: &[(&str, &str)] = &[
    ("", "GET PUT DELETE"),
    ("/achievements", "GET POST"),
    ("/achievements/*/achievement-points", "GET"),
    ("/addresses", "GET POST"),
    ("/addresses/*", "GET PUT DELETE"),
    ("/aggregations", "GET"),
    ("/aggregations/calculate", "GET"),
    ("/appointment-definitions/visibility", "GET"),
    ("/appointments", "GET POST"),
    ("/appointments/*", "GET PUT DELETE"),
    ("/attributes/appearance", "GET PUT"),
    ("/attributes/comms", "GET PUT"),
    ("/attributes/custom", "GET"),
    ("/attributes/custom/*", "GET PUT DELETE"),
    ("/attributes/dates", "GET PUT"),
    ("/attributes/dates/*", "DELETE"),
    ("/balances", "GET"),
    ("/benefits", "GET"),
    ("/benefits/*", "GET PUT DELETE"),
    ("/benefits/*/redeem", "POST"),
    ("/benefits/claim", "POST"),
    ("/benefits/claim-redeem", "POST"),
    ("/benefits/claimable", "GET"),
    ("/benefits/viewable", "GET"),
    ("/comms", "PUT"),
    ("/connections", "GET"),
    ("/connections/*", "PUT"),
    ("/connections/*/profileInfo", "GET"),
    ("/credits", "GET"),
    ("/credits/*/redeem", "POST"),
    ("/find-transactions", "GET"),
    ("/group_orders", "GET"),
    ("/group_transactions", "GET"),
    ("/identities", "GET POST"),
    ("/identities/*", "GET PUT DELETE"),
    ("/identities/id/*", "GET PUT DELETE"),
    ("/interactions", "GET"),
    ("/interactions/*", "GET DELETE"),
    ("/ledgers", "GET"),
    ("/ledgers/*", "GET"),
    ("/lists", "GET POST"),
    ("/lists/*", "GET PUT DELETE"),
    ("/lists/*/custom", "POST"),
    ("/lists/*/custom-fields", "GET POST"),
    ("/lists/*/custom-fields/*", "GET PUT DELETE"),
    ("/lists/*/items", "GET POST"),
    ("/lists/*/items/*", "GET PUT DELETE"),
    ("/lists/*/shares", "POST"),
    ("/lists/*/shares/*", "DELETE"),
    ("/orders", "GET"),
    ("/orders/*", "GET"),
    ("/points", "GET"),
    ("/points/*", "GET"),
    ("/purge", "DELETE"),
    ("/redeem", "POST"),
    ("/redeemable_benefits", "GET"),
    ("/redemptions", "GET"),
    ("/redemptions/*", "GET"),
    ("/redemptions/*/*/count", "GET"),
    ("/regions", "GET POST"),
    ("/regions/*", "PUT DELETE"),
    ("/reservations", "GET"),
    ("/resync", "GET"),
    ("/rewards", "GET"),
    ("/rewards/*", "GET"),
    ("/tiers", "GET"),
    ("/tiers/assign", "POST"),
    ("/tiers/calculate", "GET"),
    ("/transaction-products", "GET"),
    ("/transactionitems/list/unassigned", "GET"),
    ("/transactions", "GET"),
    ("/transactions/*", "GET"),
    ("/transactions/claims", "GET"),
    ("/transactions/claims/*", "GET DELETE"),
    ("/update-type", "PUT"),
];

/// Whether the ID API has a route: a method, and what follows the profile in the path.
pub(crate) fn has(method: &str, below: &str) -> bool {
    let fits = |route: &str| {
        let (route, below) = (route.split('/'), below.split('/'));
        route.clone().count() == below.clone().count()
            && route
                .zip(below)
                .all(|(route, segment)| route == "*" || route == segment)
    };
    // Where a literal fits, as `claim` does beside `*`, the server takes the literal.
    ROUTES
        .iter()
        .filter(|(route, _)| fits(route))
        .min_by_key(|(route, _)| route.matches('*').count())
        .is_some_and(|(_, methods)| methods.split(' ').any(|known| known == method))
}

#[cfg(test)]
mod tests {
    use super::{ROUTES, has};

    #[test]
    fn a_route_is_known_by_method_and_path() {
        for (method, below, known) in [
            ("GET", "", true),
            ("DELETE", "/purge", true),
            ("GET", "/rewards", true),
            ("POST", "/rewards", false),
            ("GET", "/rewards/7", true),
            ("GET", "/rewards/7/8", false),
            ("POST", "/benefits/claim", true),
            ("GET", "/benefits/claim", false),
            ("GET", "/benefits/claimable", true),
            ("DELETE", "/attributes/custom/shop:size", true),
            ("GET", "/public", false),
            ("POST", "/custom-event", false),
            ("GET", "/", false),
        ] {
            assert_eq!(has(method, below), known, "{method} {below}");
        }
    }

    #[test]
    fn routes_are_sorted_and_there_once() {
        assert!(ROUTES.is_sorted_by(|(a, _), (b, _)| a < b));
    }

    /// Each is a route of the admin API too, so that a handle reaches it.
    #[test]
    #[cfg(all(
        feature = "appointments",
        feature = "commerce",
        feature = "configuration",
        feature = "incentives",
        feature = "lists",
        feature = "profiles",
    ))]
    fn every_route_mirrors_an_operation_of_the_schema() {
        let mut mirrored = 0;
        for (below, methods) in ROUTES {
            let path = format!("/v3/profiles/p{}", below.replace('*', "a:b"));
            for method in methods.split(' ') {
                let found = omneo_api::Operation::matching(omneo_api::OPERATIONS, method, &path);
                assert!(found.is_some(), "{method} {path}");
                mirrored += 1;
            }
        }
        // All of the 113 known routes but the login, enrolment, locations, and the bare path of a connection.
        assert_eq!(mirrored, 109);
    }
}
