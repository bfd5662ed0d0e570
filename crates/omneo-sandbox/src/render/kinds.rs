//! Components that show a record of another kind in short.

/// Short forms, and the kind of the records that they show.
const SHORT: &[(&str, &str)] = &[
    ("AddressEventContext", "Address"),
    ("AppointmentDefinitionQuestionInfo", "Question"),
    ("AppointmentDefinitionQuestionVersion", "QuestionVersion"),
    ("AppointmentDefinitionQuestionnaireInfo", "Questionnaire"),
    ("AppointmentDefinitionStaffProfile", "Profile"),
    ("AppointmentOrderSummary", "Order"),
    ("AppointmentTransactionSummary", "Transaction"),
    ("AuditLocation", "Location"),
    ("AuditStaff", "Profile"),
    ("BookingQuestionnaire", "Questionnaire"),
    ("BookingQuestionnaireQuestion", "QuestionnaireQuestion"),
    ("BookingQuestionnaireQuestionInfo", "Question"),
    ("BookingQuestionnaireQuestionVersionInfo", "QuestionVersion"),
    ("ClaimableBenefitDefinition", "BenefitDefinition"),
    ("ClaimableRegion", "Region"),
    ("CountryRegion", "Region"),
    ("CustomFieldRaw", "CustomField"),
    ("LedgerProfile", "Profile"),
    ("LocationHandle", "Location"),
    ("LocationReference", "Location"),
    ("LocationSummary", "Location"),
    ("LocationWithTimezone", "Location"),
    ("OrderEventContext", "Order"),
    ("OrderItemEventContext", "OrderItem"),
    ("ProductListItemProduct", "Product"),
    ("ProductListLocation", "Location"),
    ("ProductListNoPII", "ProductList"),
    ("ProductListNoPIILocation", "Location"),
    ("ProductListProfile", "Profile"),
    ("ProductListReservationNested", "ProductListReservation"),
    ("ProductListShareNested", "ProductListShare"),
    ("ProductListShareNestedNoProfile", "ProductListShare"),
    ("ProductListStaff", "Profile"),
    ("ProductListTransaction", "Transaction"),
    ("ProductListTransactionItem", "TransactionItem"),
    ("ProfileAvailabilityProfile", "Profile"),
    ("ProfileEmailOnly", "Profile"),
    ("ProfileEventContext", "Profile"),
    ("ProfileExists", "Profile"),
    ("ProfileOrganisation", "Organisation"),
    ("ProfileOrganisationRoleDefinition", "RoleDefinition"),
    ("ProfileStaff", "Profile"),
    ("ProfileSummary", "Profile"),
    ("ProfileWithoutIdentity", "Profile"),
    ("RedemptionLocation", "Location"),
    ("RedemptionProfile", "Profile"),
    ("RedemptionTransaction", "Transaction"),
    ("RegionSummary", "Region"),
    ("SaleItemProduct", "Product"),
    ("SaleRedemption", "Redemption"),
    ("SaleStaff", "Profile"),
    ("SaleSummary", "Transaction"),
    ("SuccessfulRedemption", "Redemption"),
    ("SuccessfulRedemptionLocation", "Location"),
    ("TierPointBasic", "TierPoint"),
    ("TransactionEventContext", "Transaction"),
    ("TransactionProductVariant", "ProductVariant"),
    ("UserPermission", "Permission"),
    ("UserRole", "Role"),
];

/// The kind of the records that a component shows.
pub(crate) fn kind(component: &str) -> &str {
    SHORT
        .iter()
        .find(|(short, _)| *short == component)
        .map_or(component, |(_, kind)| kind)
}

/// `RewardDefinition` or `rewardDefinition` as members name it: `reward_definition`.
pub(crate) fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{SHORT, snake};
    use crate::schema::SCHEMA;

    #[test]
    fn short_forms_are_components_and_in_order() {
        for (short, _) in SHORT {
            assert!(SCHEMA.component(short).is_some(), "{short}");
        }
        assert!(SHORT.is_sorted());
    }

    #[test]
    fn a_kind_is_named_in_small_letters() {
        assert_eq!(snake("RewardDefinition"), "reward_definition");
    }
}
