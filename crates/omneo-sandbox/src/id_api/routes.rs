//! The routes of one profile.

/// What follows the profile, a route a line: method and path.
const ROUTES: &str = include_str!("routes.txt");

/// The routes that a path may be: method and template, without the slash that it starts with. A literal segment wins over a parameter, as in Laravel.
pub(super) fn of<'p>(
    segments: &'p [&str],
) -> impl Iterator<Item = (&'static str, &'static str)> + 'p {
    let matching = || all().filter(move |(_, template)| fits(template, segments));
    let most = matching().map(|(_, template)| literals(template)).max();
    matching().filter(move |(_, template)| Some(literals(template)) == most)
}

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let routes = ROUTES.lines().filter_map(|line| line.split_once(' '));
    routes.map(|(method, path)| (method, path.strip_prefix('/').unwrap_or(path)))
}

fn fits(template: &str, segments: &[&str]) -> bool {
    let names: Vec<_> = template
        .split('/')
        .filter(|_| !template.is_empty())
        .collect();
    let mut pairs = names.iter().zip(segments);
    names.len() == segments.len()
        && pairs.all(|(name, segment)| match name.starts_with('{') {
            // `{namespace}:{handle}`
            true => !segment.is_empty() && (!name.contains(':') || segment.contains(':')),
            false => name == segment,
        })
}

fn literals(template: &str) -> usize {
    let names = template.split('/');
    names.filter(|name| !name.starts_with('{')).count()
}

#[cfg(test)]
mod tests {
    use crate::schema::{Route, SCHEMA};

    fn of(path: &str) -> Vec<String> {
        let segments: Vec<_> = path.split('/').filter(|_| !path.is_empty()).collect();
        super::of(&segments)
            .map(|(method, template)| format!("{method} {template}"))
            .collect()
    }

    #[test]
    fn a_path_is_one_of_its_routes() {
        assert_eq!(of(""), ["GET ", "PUT ", "DELETE "]);
        assert_eq!(of("benefits/claim"), ["POST benefits/claim"]);
        let one = [
            "GET benefits/{benefit}",
            "PUT benefits/{benefit}",
            "DELETE benefits/{benefit}",
        ];
        assert_eq!(of("benefits/7"), one);
        assert_eq!(
            of("redemptions/reward/7/count"),
            ["GET redemptions/{type}/{id}/count"]
        );
        assert_eq!(of("attributes/custom/a:b").len(), 3);
    }

    #[test]
    fn what_is_no_route_is_none() {
        for path in [
            "custom-event",
            "attributes/custom/a",
            "benefits/",
            "benefits//redeem",
            "lists/1/shares/2/3",
        ] {
            assert!(of(path).is_empty(), "{path}");
        }
    }

    #[test]
    fn every_route_is_one_of_the_admin_api() {
        for (method, template) in super::all() {
            let path = format!("/v3/profiles/p/{template}").replace("{namespace}:{handle}", "a:b");
            let path = path.replace(['{', '}'], "");
            let path = path.trim_end_matches('/');
            let method = method.parse().expect("a method");
            assert!(
                matches!(SCHEMA.route(&method, path), Route::Found(..)),
                "{method} {path}"
            );
        }
    }
}
