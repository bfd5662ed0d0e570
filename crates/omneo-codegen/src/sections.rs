//! Sections of Omneo's reference, which are cargo features.
//!
//! The schema knows only tags. A tag that no section has is in every build, so that an operation
//! which Omneo adds under a new tag is never lost.

/// A section of Omneo's reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Section {
    /// The cargo feature.
    pub feature: &'static str,
    /// The tags of its operations.
    pub tags: &'static [&'static str],
    /// Schemas that belong to it although no operation has them: what webhooks and the ID API send.
    pub schemas: &'static [&'static str],
}

/// Every section.
pub const SECTIONS: &[Section] = &[
    Section {
        feature: "appointments",
        tags: &["Appointment", "Appointment Availability", "Appointment Definition", "Appointment Definition Location", "Appointment Definition Normal Hour", "Appointment Definition Special Hour", "Appointment Definition Staff", "Appointment Link", "Appointment Queue", "Appointment Waitlist", "Profile Appointment", "Profile Normal Hour", "Profile Special Hour"],
        schemas: &[],
    },
    Section {
        feature: "automation",
        tags: &["Action History", "Automation", "Target", "Trigger", "Webhook"],
        schemas: &["AddressEventContext", "OrderEventContext", "ProfileEventContext", "TransactionEventContext", "WebhookDelivery"],
    },
    Section {
        feature: "commerce",
        tags: &["Custom Product", "Department", "Location", "Location Custom Field", "Location Profile", "Order", "Order Item", "Product", "Product Variant", "Profile Order", "Profile Product", "Profile Transaction", "Profile Transaction Claim", "Transaction", "Transaction Custom Field", "Transaction Item"],
        schemas: &[],
    },
    Section {
        feature: "configuration",
        tags: &["Brand", "Connection", "Connection Definition", "Country", "Currency", "Custom Field", "Region", "Saved Filter", "Status", "Tag", "Tenant Custom Field"],
        schemas: &[],
    },
    Section {
        feature: "incentives",
        tags: &["Achievement Definition", "Allocation", "Benefit", "Benefit Definition", "Benefit Redeem", "Credit", "Credit Definition", "Point", "Point Definition", "Profile Achievement", "Profile Credit", "Profile Point", "Profile Tier", "Profile Tier Point", "Rate", "Redeem Strategy", "Redemption", "Redemption Item", "Return Strategy", "Reward", "Reward Definition", "Tier Definition", "Tier Point"],
        schemas: &["EstimatedRate", "IdRedeemInput"],
    },
    Section {
        feature: "lists",
        tags: &["List Definition", "List Item Reservation", "Product List", "Product List Custom Field", "Product List Item", "Product List Reservation", "Product List Share", "Profile List Share", "Share"],
        schemas: &[],
    },
    Section {
        feature: "organisations",
        tags: &["API Tokens", "Access Tokens", "Auth", "Clients", "Discovery Tokens", "Organisation", "Organisation Profile", "Permission", "Personal Access Tokens", "Role", "Role Definition", "Scopes", "Staff", "User"],
        schemas: &["DelegateTokenInput", "IdToken", "IdTokenClaims", "IdTokenInput", "ShopifyIdToken", "ShopifyIdTokenInput"],
    },
    Section {
        feature: "platform",
        tags: &["Audit", "Batch", "Health", "Import", "Import Job", "Reminder", "Setting", "System", "Tenant"],
        schemas: &["ErrorResponse", "ValidationErrorResponse"],
    },
    Section {
        feature: "profiles",
        tags: &["Identity", "Interaction", "Ledger", "Profile", "Profile Address", "Profile Aggregation", "Profile Appearance Attribute", "Profile Balance", "Profile Benefit", "Profile Comms Attribute", "Profile Connection", "Profile Custom Attribute", "Profile Dates Attribute", "Profile Identity", "Profile Interaction", "Profile Redemption", "Profile Region", "Profile Reward", "Profile Status", "Profile Tag", "Profile Validation Rule", "Profile Visit", "Question", "Questionnaire", "Questionnaire Page", "Questionnaire Question", "Rating"],
        schemas: &["IdCommsChannelInput", "IdProfileUpsertInput"],
    },
];
