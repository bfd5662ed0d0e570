//! The routes of a profile at the other end of a connection.

use serde_json::{Value, json};

use crate::http::Http;
use crate::of;
use crate::support::{profile, sandbox};

#[test]
fn each_end_of_a_connection_reaches_the_other_and_nobody_else_does() {
    let sandbox = sandbox();
    let [ada, bob, eve] =
        ["ada", "bob", "eve"].map(|name| profile(&sandbox, &format!("{name}@example.com")));
    let connection =
        json!({ "id": 5, "connector_id": ada, "connected_id": bob, "status": "accepted" });
    sandbox.insert("Connection", connection).expect("inserted");
    let http = Http::new(&sandbox);
    let ask = |profile: &str, path: &str| {
        let token = of(&sandbox, profile);
        http.json(
            Some(&token),
            "GET",
            &format!("/id/api/v1/profiles/connection/{path}"),
            Value::Null,
        )
    };
    for (own, other) in [(&ada, &bob), (&bob, &ada)] {
        let (status, answer) = ask(own, "5");
        assert_eq!(
            (status, &answer["data"]["id"]),
            (200, &json!(other)),
            "{answer}"
        );
        assert_eq!(ask(own, "5/addresses").0, 200);
    }
    assert_eq!(ask(&eve, "5").0, 404);
    assert_eq!(ask(&ada, "6").0, 404);
    assert_eq!(ask(&ada, "5/custom-event").0, 404);
    assert_eq!(ask(&ada, "").0, 404);
}
