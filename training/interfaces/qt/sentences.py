"""Sentences as people write them in notes, descriptions and messages, with slots of `training.screens.phrases`."""

# ruff: noqa: E501 - several sentences a line

SENTENCES = (
    "Please check the {noun} before {day}.", "{name} will bring the {noun} at {time}.",
    "The {adjective} {noun} was moved to {file}.", "We still need a {noun} for the {noun}.",
    "Ask {name} about the {adjective} {noun}.", "The {noun} costs {amount} at the moment.",
    "Version {version} fixes the {noun} of the {noun}.", "Do not {verb} the {noun} on {day}.",
    "There are {number} entries in the {noun}.", "The meeting with {name} begins at {time}.",
    "Send the {noun} to {email}.", "The {noun} is too {adjective} for this {noun}.", "{name} found the {adjective} {noun}.",
    "Each {noun} has a {noun} of its own.", "The old {noun} was replaced on {date}.", "Use the {noun} to {verb} the {noun}.",
    "If the {noun} is {adjective}, {verb} it again.", "The {noun} takes about {number} seconds.",
    "A {noun} without a {noun} is ignored.", "Only {percent} of the {noun} is used.", "The {noun} on {host} is {adjective}.",
    "Remember to {verb} the {noun} every {day}.", "The {noun} of {name} is not ready yet.",
    "Nothing has changed since {date}.", "This {noun} shows how to {verb} a {noun}.", "First {verb} it, then {verb} it.",
    "The {noun} was {adjective} and the {noun} was not.", "{name} and {name} share one {noun}.",
    "It is kept in {path} until {day}.", "Why is the {noun} so {adjective}?", "The {noun} needs a new {noun} soon.",
    "Two of the {noun} files could not be read.", "We met near the {noun} and talked about the {noun}.",
    "The train left at {time} without {name}.", "Write down the {noun} and the {noun}.",
    "In the {noun} there is a {adjective} {noun}.", "All {number} tests passed.", "The order for {amount} was paid on {date}.",
    "Nobody could {verb} the {noun} in time.", "The {noun} is open from {time} to {time}.",
)  # fmt: skip
