//! Writes the page of `docs/` about commands of the prompt and its settings from their lists.

use crate::meta::COMMANDS;
use crate::prompt::preferences::SETTINGS;

/// `docs/commands.md`: every command with its arguments.
pub(super) fn commands_markdown() -> String {
    let mut page = String::from(
        "# Commands of the prompt\n\n\
         Written from the list in `crates/shell/src/meta/mod.rs`; do not edit by hand. They work in scripts too,\n\
         on lines of their own between statements.\n\n\
         | command | what it does |\n|---|---|\n",
    );
    for command in COMMANDS {
        let usage = format!("\\{} {}", command.name, command.arguments);
        let usage = usage.trim_end().replace('|', "\\|");
        page.push_str(&format!("| `{usage}` | {} |\n", command.help));
    }
    page.push_str(&settings_markdown());
    page
}

/// The part of `docs/commands.md` about the file.
fn settings_markdown() -> String {
    let mut text = String::from(
        "\n## Settings\n\n\
         The prompt, not scripts, reads `~/.config/kouan/config.toml` (below `$XDG_CONFIG_HOME` where that is set).\n\
         What is wrong in it is told with its line, and the rest holds.\n\n\
         | setting | takes |\n|---|---|\n",
    );
    for setting in SETTINGS {
        text.push_str(&format!("| `{}` | {} |\n", setting.name, setting.takes));
    }
    text
}
