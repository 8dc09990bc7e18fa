//! Development modes: how a port relates to the cities on both sides of the border.

mod inputs;
mod port_mode;
mod port_mode_explain;
mod port_mode_side;
mod rule;

use crate::function::{Function, Group};

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group {
        name: "modes",
        question: "How does a port relate to the cities on both sides of the border?",
        functions: vec![
            Function::scalar(port_mode::PortMode::default()),
            Function::scalar(port_mode_explain::PortModeExplain::default()),
            Function::scalar(port_mode_side::PortModeSide::default()),
        ],
    }
}
