//! Which of several records a JSON object is.

use serde_json::Value;

/// The index of the candidate, a list of property names, that knows most of an object's properties; of several, the one with the
/// fewest properties of its own. 0 for anything but an object, which then fails to be read as that.
///
/// Where every property is optional an object fits any record. What is not a record's property would be lost in it.
///
/// ```
/// use omneo_types::best_fit;
///
/// let reward = serde_json::json!({"id": 3, "value_remaining": 5});
/// assert_eq!(best_fit(&reward, &[&["id", "external_id"], &["id", "value_remaining"]]), 1);
/// ```
pub fn best_fit(value: &Value, candidates: &[&[&str]]) -> usize {
    let Value::Object(object) = value else {
        return 0;
    };
    let known = |candidate: &[&str]| {
        object
            .keys()
            .filter(|key| candidate.contains(&key.as_str()))
            .count()
    };
    (0..candidates.len())
        .max_by_key(|&index| {
            let candidate = candidates[index];
            // Of equals the last is taken, so the order is turned round: the first is the most likely.
            (
                known(candidate),
                usize::MAX - candidate.len(),
                usize::MAX - index,
            )
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::best_fit;

    #[test]
    fn the_record_that_knows_most_properties_is_taken() {
        let candidates: &[&[&str]] =
            &[&["id", "name"], &["id", "total", "items"], &["id", "total"]];
        assert_eq!(best_fit(&json!({"id": 1, "total": 2}), candidates), 2);
        assert_eq!(
            best_fit(&json!({"id": 1, "total": 2, "items": []}), candidates),
            1
        );
        assert_eq!(best_fit(&json!({"id": 1}), candidates), 0);
    }

    #[test]
    fn what_is_no_object_or_fits_nothing_is_the_first() {
        assert_eq!(best_fit(&json!([]), &[&["a"], &["b"]]), 0);
        assert_eq!(best_fit(&json!({"c": 1}), &[&["a"], &["b"]]), 0);
        assert_eq!(best_fit(&json!({}), &[]), 0);
    }
}
