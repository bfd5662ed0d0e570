use serde_json::{Value, json};

use crate::support::{done, refused, sandbox};
use crate::{at, made, read};

#[test]
fn a_region_names_its_countries_by_a_code() {
    let sandbox = sandbox();
    for (name, code) in [("Australia", "AU"), ("New Zealand", "NZ")] {
        made(
            &sandbox,
            "/v3/countries",
            json!({"name": name, "iso_2": code}),
        );
    }
    let countries = json!([{"iso_2": "AU"}, {"iso_2": "NZ"}]);
    let body = json!({"name": "Oceania", "handle": "oceania", "countries": countries});
    let region = made(&sandbox, "/v3/regions", body);
    assert_eq!(region["countries"][1]["name"], "New Zealand");
    let path = at("/v3/regions", &region);
    let body = json!({"countries": [{"iso_2": "NZ"}]});
    let region = done(sandbox.call("PUT", &path, body));
    assert_eq!(region["countries"].as_array().map(Vec::len), Some(1));
    // What is not given stays.
    let region = done(sandbox.call("PUT", &path, json!({"name": "South"})));
    assert_eq!(region["countries"].as_array().map(Vec::len), Some(1));
    let countries = read(&sandbox, "/v3/countries");
    assert_eq!(countries[0]["region"], Value::Null);
    assert_eq!(countries[1]["region"]["handle"], "oceania");
    let unknown = json!({"countries": [{"iso_2": "XX"}]});
    let errors = refused(sandbox.call("PUT", &path, unknown));
    assert!(errors["countries.0.iso_2"].is_array(), "{errors}");
}
