//! A reward as one would write it down for an API that keeps to its schema: texts, `bool`s, and for times and amounts what
//! the reader likes: texts and floats by default.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Data<T> {
    pub data: T,
}

#[derive(Deserialize)]
pub struct Page<T> {
    pub data: Vec<T>,
    pub links: Links,
    pub meta: Meta,
}

#[derive(Deserialize)]
pub struct Links {
    pub first: Option<String>,
    pub last: Option<String>,
    pub prev: Option<String>,
    pub next: Option<String>,
}

#[derive(Deserialize)]
pub struct Meta {
    pub current_page: u64,
    pub from: Option<u64>,
    pub last_page: u64,
    pub path: String,
    pub per_page: u64,
    pub to: Option<u64>,
    pub total: u64,
}

#[derive(Deserialize)]
pub struct Reward<Time = String, Number = f64> {
    pub id: i64,
    pub profile_id: String,
    pub value_initial: Number,
    pub value_remaining: Number,
    pub issued_at: Option<Time>,
    pub issued_local_at: Option<Time>,
    pub expires_at: Option<Time>,
    pub expires_local_at: Option<Time>,
    pub extended_at: Option<Time>,
    pub timezone: Option<String>,
    pub is_active: bool,
    pub is_expired: bool,
    pub has_notified_issue: Option<bool>,
    pub has_notified_expiry: Option<bool>,
    pub has_notified_extend: Option<bool>,
    pub notify_issue_at: Option<Time>,
    pub notify_expiry_at: Option<Time>,
    pub source_id: Option<i64>,
    pub source_type: Option<String>,
    pub meta: Option<serde_json::Map<String, serde_json::Value>>,
    pub definition: Definition<Time, Number>,
    pub created_at: Time,
    pub updated_at: Time,
}

#[derive(Deserialize)]
pub struct Definition<Time = String, Number = f64> {
    pub id: i64,
    pub name: String,
    pub handle: String,
    pub description: Option<String>,
    pub short_description: Option<String>,
    pub long_description: Option<String>,
    pub terms_conditions: Option<String>,
    pub internal_notes: Option<String>,
    pub earn_instructions: Option<String>,
    pub icon: Option<String>,
    pub image_url: Option<String>,
    pub value: Number,
    pub max_value: Option<Number>,
    pub currency: Option<String>,
    pub period: i64,
    pub period_type: String,
    pub absolute_expiry: Option<String>,
    #[serde(rename = "type")]
    pub kind: String,
    pub is_published: bool,
    pub is_assignable: bool,
    pub is_reassignable: bool,
    pub is_extendable: bool,
    pub extend_days: Option<i64>,
    pub issue_target_id: Option<i64>,
    pub expiry_target_id: Option<i64>,
    pub extend_target_id: Option<i64>,
    pub notify_issue_offset: Option<i64>,
    pub notify_expiry_offset: Option<i64>,
    pub region_id: Option<i64>,
    pub tags: Vec<String>,
    pub created_at: Time,
    pub updated_at: Time,
}

/// A reward as the schema has it, so that both can read it.
pub fn reward(id: u64) -> String {
    format!(
        r#"{{"id":{id},"profile_id":"9332c9b2-e31c-4d49-8ec3-62a9466d339c","value_initial":25,"value_remaining":12.5,
        "issued_at":"2024-11-23 04:05:06","issued_local_at":"2024-11-23 15:05:06","expires_at":"2025-01-31 12:59:59",
        "expires_local_at":"2025-01-31 23:59:59","extended_at":null,"timezone":"Australia/Melbourne","is_active":true,
        "is_expired":false,"has_notified_issue":true,"has_notified_expiry":false,"has_notified_extend":null,
        "notify_issue_at":"2024-11-23 05:00:00","notify_expiry_at":"2025-01-24 12:59:59","source_id":981234,
        "source_type":"transaction","meta":{{"campaign":"spring-24","till":7}},"definition":{{"id":3,"name":"Birthday reward",
        "handle":"birthday","description":"Issued in the month of the birthday.","short_description":"Happy birthday",
        "long_description":"<p>Enjoy twenty-five dollars off in your birthday month, in store and online.</p>",
        "terms_conditions":"<p>One reward per customer and year. Not with other offers.</p>","internal_notes":null,
        "earn_instructions":null,"icon":"https://cdn.example.com/icons/birthday.svg",
        "image_url":"https://cdn.example.com/images/birthday.jpg","value":25,"max_value":null,"currency":"AUD","period":30,
        "period_type":"days","absolute_expiry":null,"type":"birthday","is_published":true,"is_assignable":true,
        "is_reassignable":false,"is_extendable":true,"extend_days":14,"issue_target_id":11,"expiry_target_id":12,
        "extend_target_id":null,"notify_issue_offset":1,"notify_expiry_offset":168,"region_id":null,
        "tags":["birthday","loyalty"],"created_at":"2023-01-05 00:00:00","updated_at":"2024-06-30 10:11:12"}},
        "created_at":"2024-11-23 04:05:06","updated_at":"2024-12-01 08:00:00"}}"#
    )
}

/// Page `number` of `last` pages of 100 rewards.
pub fn page(number: u64, last: u64) -> String {
    let first = (number - 1) * 100;
    let rewards: Vec<_> = (first + 1..=first + 100).map(reward).collect();
    format!(
        r#"{{"data":[{}],"links":{{"first":"http://host/api/v3/rewards?page=1","last":null,"prev":null,"next":null}},
        "meta":{{"current_page":{number},"from":{},"last_page":{last},"path":"http://host/api/v3/rewards","per_page":100,
        "to":{},"total":{}}}}}"#,
        rewards.join(","),
        first + 1,
        first + 100,
        last * 100
    )
}
