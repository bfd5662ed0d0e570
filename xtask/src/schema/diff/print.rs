//! A diff for readers.

use std::fmt::{self, Write as _};

use super::{Change, Diff, Edit, Release};

/// How many changes without effect are listed; a machine gets all.
const LISTED: usize = 20;

impl Diff {
    /// The diff as lines of text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = self.write(&mut out, &Style::TEXT);
        out
    }

    /// The diff as Markdown, for release notes.
    pub fn markdown(&self) -> String {
        let mut out = String::new();
        let _ = self.write(&mut out, &Style::MARKDOWN);
        out
    }

    fn write(&self, out: &mut String, style: &Style) -> fmt::Result {
        if self.is_empty() && self.unfitting.is_empty() {
            return writeln!(out, "no difference");
        }
        let (breaking, others) = self.changes.split_at(self.breaking());
        for (title, changes) in [("Breaking", breaking), ("Compatible", others)] {
            if !changes.is_empty() {
                style.title(out, title)?;
                for change in changes {
                    style.change(out, change)?;
                }
            }
        }
        if !self.without_effect.is_empty() {
            style.title(out, "Without effect on Rust")?;
            for edit in self.without_effect.iter().take(LISTED) {
                style.entry(out, &style.code(&edit.to_string()))?;
            }
            if let Some(more) = self.without_effect.len().checked_sub(LISTED + 1) {
                style.entry(out, &format!("and {} more, all in --json", more + 1))?;
            }
        }
        if !self.unfitting.is_empty() {
            style.title(out, "Corrections that do not fit")?;
            for sentence in &self.unfitting {
                style.entry(out, sentence)?;
            }
        }
        if !out.is_empty() {
            out.push('\n');
        }
        writeln!(out, "{}", self.summary())
    }

    /// The diff in one line.
    pub fn summary(&self) -> String {
        let mut parts = vec![
            format!("{} breaking", self.breaking()),
            format!("{} compatible", self.changes.len() - self.breaking()),
            format!("{} without effect on Rust", self.without_effect.len()),
        ];
        if self.texts > 0 {
            parts.push(format!("{} in texts", self.texts));
        }
        if !self.unfitting.is_empty() {
            parts.push(format!("{} corrections do not fit", self.unfitting.len()));
        }
        let step = match (self.step.before_1_0, self.step.from_1_0) {
            (Release::None, _) => "nothing to release".to_owned(),
            (before, from) => format!(
                "the release is {} while the version is 0.x, {} from 1.0 on",
                before.as_str(),
                from.as_str()
            ),
        };
        format!("{}; {step}", parts.join(", "))
    }
}

/// How the parts of a diff are marked up.
struct Style {
    title: &'static str,
    entry: &'static str,
    detail: &'static str,
    code: &'static str,
}

impl Style {
    const TEXT: Self = Self {
        title: "",
        entry: "  ",
        detail: "      ",
        code: "",
    };
    const MARKDOWN: Self = Self {
        title: "## ",
        entry: "- ",
        detail: "  - ",
        code: "`",
    };

    fn title(&self, out: &mut String, title: &str) -> fmt::Result {
        if !out.is_empty() {
            out.push('\n');
        }
        writeln!(out, "{}{title}", self.title)?;
        if !self.title.is_empty() {
            out.push('\n');
        }
        Ok(())
    }

    fn entry(&self, out: &mut String, text: &str) -> fmt::Result {
        writeln!(out, "{}{text}", self.entry)
    }

    fn detail(&self, out: &mut String, text: &str) -> fmt::Result {
        writeln!(out, "{}{text}", self.detail)
    }

    fn code(&self, text: &str) -> String {
        // A code span ends where a backtick stands.
        let text = match self.code {
            "" => text.to_owned(),
            _ => text.replace('`', "'"),
        };
        format!("{0}{text}{0}", self.code)
    }

    fn change(&self, out: &mut String, change: &Change) -> fmt::Result {
        let what = format!("{} {}", change.kind.as_str(), change.item.as_str());
        let mut line = format!("{what} {}", self.code(&change.name));
        let is_name = change.from.as_ref() == Some(&change.name);
        match (&change.from, &change.to) {
            (Some(_), Some(to)) if is_name => write!(line, " to {}", self.code(to))?,
            (Some(from), Some(to)) => {
                write!(line, ": {} became {}", self.code(from), self.code(to))?;
            }
            (Some(text), None) | (None, Some(text)) => write!(line, ": {}", self.code(text))?,
            (None, None) => {}
        }
        self.entry(out, &line)?;
        self.detail(out, &change.why)?;
        match &change.published[..] {
            [] => self.detail(out, "follows from other changes"),
            edits => edits.iter().try_for_each(|edit| self.published(out, edit)),
        }
    }

    fn published(&self, out: &mut String, edit: &Edit) -> fmt::Result {
        self.detail(out, &format!("published: {}", self.code(&edit.to_string())))
    }
}
