//! `\format`: how answers look.

use kouan_render::FORMATS;

use super::command::{Command, Takes};
use crate::arguments::parse_format;
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};
use crate::show::listing::Listing;

pub(super) const COMMAND: Command = Command {
    name: "format",
    arguments: "[format]",
    help: "choose how answers look; without one, list the formats",
    takes: Takes::Format,
    run,
};

fn run(shell: &mut Shell, name: &str) -> Result<Flow, Failure> {
    if !name.is_empty() {
        let format =
            parse_format(name).map_err(|why| Failure::usage(format!("`{name}`: {why}")))?;
        shell.output.set_format(format, &shell.environment)?;
        return Ok(Flow::Continue);
    }
    let mut listing = Listing::new(["format", "in use", "what it is"]);
    for format in FORMATS {
        let in_use = format.name == shell.output.format.name;
        listing.row([
            Some(format.name.to_string()),
            in_use.then(|| "yes".to_string()),
            Some(format.description.to_string()),
        ]);
    }
    shell.show_rows(&listing.batch()?)?;
    Ok(Flow::Continue)
}
