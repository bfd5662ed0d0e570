//! What a sale would earn.

use serde_json::{Map, Value};

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::rules::locations;

pub(super) fn estimate(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let trigger = call.body.text("trigger_id").unwrap_or_default();
    call.get("Trigger", &trigger)?;
    if let Some(profile) = call.body.text("profile_id") {
        let handle = call.body.text("profile_id_handle");
        call.profile_by(&profile, handle.as_deref())?;
    }
    if let Some(location) = call.body.text("location_id") {
        locations::named(&call.context, &location)?.ok_or(Refusal::NotFound)?;
    }
    // What actions issue is set in the platform's own editor, which no operation shows; so none applies here.
    Ok(Answer::Data(Value::Object(Map::new())))
}
