//! `\chart`: the last answer as bars, a line or a map.

use super::command::{Command, Takes};
use super::last;
use crate::exit::Failure;
use crate::session::shell::{Flow, Shell};

pub(super) const COMMAND: Command = Command {
    name: "chart",
    arguments: "",
    help: "draw the last answer: label and number as bars, two labels and a number as stacked bars, two numbers as a line, `lon` and `lat` as a map",
    takes: Takes::Nothing,
    run,
};

fn run(shell: &mut Shell, _: &str) -> Result<Flow, Failure> {
    let answer = last::answer(shell)?;
    let width = shell.environment.width();
    let chart = kouan_render::chart(&answer.schema, &answer.batches, width);
    shell.show_text(&chart.map_err(Failure::usage)?)?;
    Ok(Flow::Continue)
}
