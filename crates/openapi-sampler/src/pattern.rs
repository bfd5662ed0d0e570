//! Texts that match a regular expression.

use fastrand::Rng;
use regex_syntax::hir::{Class, ClassUnicodeRange, Hir, HirKind};

/// A text that matches, if the pattern can be read. Anchors and word boundaries are taken to hold.
pub(crate) fn matching(pattern: &str, rng: &mut Rng) -> Option<String> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, rng, &mut text)?;
    Some(text)
}

fn write(hir: &Hir, rng: &mut Rng, text: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(std::str::from_utf8(&literal.0).ok()?),
        HirKind::Class(class) => text.push(character(class, rng)?),
        HirKind::Repetition(repetition) => {
            // One where none would do, so that it is seen.
            let least = repetition.min.max(repetition.max.unwrap_or(1).min(1));
            let most = repetition
                .max
                .unwrap_or(u32::MAX)
                .min(least.saturating_add(3));
            for _ in 0..rng.u32(least..=most).min(1000) {
                write(&repetition.sub, rng, text)?;
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, rng, text)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, rng, text)?;
            }
        }
        HirKind::Alternation(branches) => write(rng.choice(branches)?, rng, text)?,
    }
    Some(())
}

/// A character of a class: one that can be read, if there is one.
fn character(class: &Class, rng: &mut Rng) -> Option<char> {
    let ranges = match class {
        Class::Unicode(class) => class.ranges().to_vec(),
        Class::Bytes(class) => {
            let ranges = class.ranges().iter();
            ranges
                .map(|range| ClassUnicodeRange::new(range.start().into(), range.end().into()))
                .collect()
        }
    };
    let readable = ranges.iter().filter_map(|range| {
        let (start, end) = (range.start().max('!'), range.end().min('~'));
        (start <= end).then_some((start, end))
    });
    let readable = readable.collect::<Vec<_>>();
    match rng.choice(readable) {
        Some((start, end)) => Some(rng.char(start..=end)),
        None => Some(ranges.first()?.start()),
    }
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::matching;

    #[test]
    fn a_text_matches_its_pattern() {
        for pattern in [
            r"^#([A-Fa-f0-9]{6}|[A-Fa-f0-9]{3})$",
            "^[A-Z]+$",
            r"^\d+$",
            r"^a?b*c{2,3}[^x-z]\w(?:d|e\.f)\b$",
            "^[α-ω]$",
            "",
        ] {
            for seed in 0..20 {
                let text = matching(pattern, &mut Rng::with_seed(seed)).unwrap();
                let schema = serde_json::json!({"pattern": pattern});
                assert!(
                    jsonschema::is_valid(&schema, &text.clone().into()),
                    "{pattern}: {text}"
                );
            }
        }
        assert_eq!(matching("(", &mut Rng::with_seed(0)), None);
        assert_eq!(matching("[^\\s\\S]", &mut Rng::with_seed(0)), None);
    }
}
