//! Records that other records name.

use crate::query::Relation;

/// What a name means in records of any kind: the kind of the other record, and the member that has its id.
const ANY: [(&str, &str, &str); 28] = [
    (
        "appointment_definition",
        "AppointmentDefinition",
        "appointment_definition_id",
    ),
    ("assigned_staff", "Profile", "assigned_staff_id"),
    ("brand", "Brand", "brand_id"),
    ("connected", "Profile", "connected_id"),
    ("connector", "Profile", "connector_id"),
    ("currency", "Currency", "currency_id"),
    ("custom_product", "CustomProduct", "custom_product_id"),
    ("department", "Department", "department_id"),
    ("joined_location", "Location", "joined_location_id"),
    ("joined_staff", "Profile", "joined_staff_id"),
    (
        "latest_transacted_location",
        "Location",
        "latest_transacted_location_id",
    ),
    ("location", "Location", "location_id"),
    (
        "most_transacted_location",
        "Location",
        "most_transacted_location_id",
    ),
    ("order", "Order", "order_id"),
    ("organisation", "Organisation", "organisation_id"),
    ("preferred_location", "Location", "preferred_location_id"),
    ("preferred_staff", "Profile", "preferred_staff_id"),
    ("product", "Product", "product_id"),
    ("product_category", "ProductCategory", "product_category_id"),
    ("product_list", "ProductList", "product_list_id"),
    (
        "product_list_item",
        "ProductListItem",
        "product_list_item_id",
    ),
    ("product_variant", "ProductVariant", "product_variant_id"),
    ("profile", "Profile", "profile_id"),
    ("question", "Question", "question_id"),
    ("redemption", "Redemption", "redemption_id"),
    ("region", "Region", "region_id"),
    ("staff", "Profile", "staff_id"),
    ("transaction", "Transaction", "transaction_id"),
];

/// What a name means in records of one kind: the kind of the other record, the member of this one, and the member of the other that has the same value.
const OF: [(&str, &str, &str, &str, &str); 30] = [
    (
        "AppointmentDefinition",
        "normal_hours",
        "AppointmentDefinitionNormalHour",
        "id",
        "appointment_definition_id",
    ),
    (
        "AppointmentDefinition",
        "special_hours",
        "AppointmentDefinitionSpecialHour",
        "id",
        "appointment_definition_id",
    ),
    (
        "AppointmentDefinition",
        "staff",
        "AppointmentDefinitionStaff",
        "id",
        "appointment_definition_id",
    ),
    ("Automation", "actions", "Action", "id", "automation_id"),
    (
        "Benefit",
        "definition",
        "BenefitDefinition",
        "benefit_definition_id",
        "id",
    ),
    (
        "Connection",
        "definition",
        "ConnectionDefinition",
        "connection_definition_id",
        "id",
    ),
    (
        "Credit",
        "definition",
        "CreditDefinition",
        "credit_definition_id",
        "id",
    ),
    ("Identity", "profile", "Profile", "profile_id", "id"),
    ("Order", "items", "OrderItem", "id", "order_id"),
    ("Order", "transactions", "Transaction", "id", "order_id"),
    (
        "Point",
        "definition",
        "PointDefinition",
        "point_definition_id",
        "id",
    ),
    ("Product", "variants", "ProductVariant", "id", "product_id"),
    (
        "ProductList",
        "definition",
        "ListDefinition",
        "product_list_definition_id",
        "id",
    ),
    (
        "ProductList",
        "items",
        "ProductListItem",
        "id",
        "product_list_id",
    ),
    (
        "ProductList",
        "shares",
        "ProductListShare",
        "id",
        "product_list_id",
    ),
    (
        "ProductListItem",
        "reservations",
        "ProductListReservation",
        "id",
        "product_list_item_id",
    ),
    (
        "ProductListShare",
        "list",
        "ProductList",
        "product_list_id",
        "id",
    ),
    ("Profile", "address", "Address", "address_id", "id"),
    ("Profile", "addresses", "Address", "id", "profile_id"),
    ("Profile", "identities", "Identity", "id", "profile_id"),
    (
        "Profile",
        "normal_hours",
        "ProfileNormalHour",
        "id",
        "profile_id",
    ),
    ("Profile", "regions", "ProfileRegion", "id", "profile_id"),
    (
        "Profile",
        "special_hours",
        "ProfileSpecialHour",
        "id",
        "profile_id",
    ),
    (
        "ProfileValidationRule",
        "values",
        "ProfileValidationRuleValue",
        "id",
        "rule_id",
    ),
    (
        "Questionnaire",
        "pages",
        "QuestionnairePage",
        "id",
        "questionnaire_id",
    ),
    (
        "QuestionnairePage",
        "questions",
        "QuestionnaireQuestion",
        "id",
        "questionnaire_page_id",
    ),
    (
        "Redemption",
        "items",
        "RedemptionItem",
        "id",
        "redemption_id",
    ),
    (
        "Reward",
        "definition",
        "RewardDefinition",
        "reward_definition_id",
        "id",
    ),
    (
        "Transaction",
        "items",
        "TransactionItem",
        "id",
        "transaction_id",
    ),
    ("Trigger", "actions", "Action", "id", "trigger_id"),
];

/// What a name that a filter or an answer has means, where it is no member of the kind's records.
pub(crate) fn relation(kind: &str, name: &str) -> Option<Relation> {
    let of = OF
        .iter()
        .find(|(of, named, ..)| *of == kind && *named == name);
    let of = of.map(|(_, _, kind, member, other)| (*kind, *member, *other));
    let any = || {
        let any = ANY.iter().find(|(named, ..)| *named == name);
        any.map(|(_, kind, member)| (*kind, *member, "id"))
    };
    let (kind, member, other) = of.or_else(any)?;
    Some(Relation {
        kind: kind.to_owned(),
        member: member.to_owned(),
        other: other.to_owned(),
    })
}
