//! Development modes: how a port relates to the cities on both sides of the border.

mod inputs;
mod port_mode;
mod port_mode_explain;
mod port_mode_side;
mod rule;

use crate::function::Group;

/// The functions of this group.
pub(crate) fn group() -> Group {
    Group::new(
        "modes",
        "How does a port relate to the cities on both sides of the border?",
    )
    .scalar(port_mode::PortMode)
    .scalar(port_mode_explain::PortModeExplain)
    .scalar(port_mode_side::PortModeSide)
}
