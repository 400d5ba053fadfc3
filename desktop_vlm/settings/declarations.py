"""Every setting there is. A new one is one field here; file, error sentences and dialog follow from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from desktop_vlm.api.fields import (
    Choice,
    Number,
    OneOf,
    Switch,
    Text,
    TextList,
    Whole,
    setting,
    settings_of,
)
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.settings.presets import CUSTOM, SAMPLING_PRESETS


@dataclass(frozen=True)
class ModelSettings(LoadOptions):
    """Which model to load, and how; active with the next load."""

    text: str = setting("", Text(), "Language model")
    """Path of the language model's GGUF; "" is the bundled demo."""
    mmproj: str = setting("", Text(), "Vision projector (mmproj)")
    """Path of the projector; "" is the one beside the language model."""
    draft: str = setting(
        "",
        Text(placeholder="None"),
        "Draft model",
        "Path of a smaller model (GGUF) with the same tokenizer. It guesses what comes next, and the same answers are "
        "quicker where that is right. It is for GPUs, and takes memory of its own.",
        group="Memory",
    )

    @property
    def options(self) -> LoadOptions:
        """How to load the model."""
        return LoadOptions(**{one.name: getattr(self, one.name) for one in dataclasses.fields(LoadOptions)})


@dataclass(frozen=True)
class SamplingSettings:
    """How the next word is chosen: a preset, and the numbers that are active with "custom"."""

    preset: str = setting(
        "balanced",
        OneOf(
            (
                *(Choice(key, preset.label, note=preset.note) for key, preset in SAMPLING_PRESETS.items()),
                Choice(CUSTOM, "Custom", note="Set the numbers yourself."),
            )
        ),
        "Sampling",
    )
    temperature: float = setting(
        0.6,
        Number(0.0, 5.0),
        "Temperature",
        "0 always takes the likeliest word; higher is more varied.",
        group="Custom",
    )
    top_k: int = setting(
        40, Whole(0, 1000, step=5), "Top-k", "Choose among this many of the likeliest words; 0 for all.", group="Custom"
    )
    top_p: float = setting(
        0.9,
        Number(0.0, 1.0),
        "Top-p",
        "Choose among the likeliest words that make up this share of the probability; 1 for all.",
        group="Custom",
    )
    min_p: float = setting(
        0.0,
        Number(0.0, 1.0),
        "Min-p",
        "Leave out words less likely than this share of the likeliest one's probability; 0 for none.",
        group="Custom",
    )
    repeat_penalty: float = setting(
        1.0,
        Number(0.5, 2.0),
        "Repeat penalty",
        "Above 1 makes repetitions less likely. It can spoil tables and JSON.",
        group="Custom",
    )

    @property
    def options(self) -> dict[str, float | int]:
        """The active sampling options, under the engine's names."""
        if self.preset in SAMPLING_PRESETS:
            return dict(SAMPLING_PRESETS[self.preset].values)
        return {one.name: getattr(self, one.name) for one in settings_of(SamplingSettings) if one.name != "preset"}


@dataclass(frozen=True)
class AnswerSettings:
    """The instructions for the model, and how long it may talk."""

    system_prompt: str = setting(
        "",
        Text(lines=4, placeholder="For example: Answer in German. Be brief."),
        "Instructions for every conversation",
        "The model reads them before anything else (the system prompt).",
        group="Instructions",
    )
    max_tokens: int = setting(
        1024,
        Whole(16, 32768, step=128, unit="tokens"),
        "Longest answer",
        "An answer that gets longer is cut off; 1,000 tokens are about 750 words.",
        group="Length",
    )
    drop_oldest: bool = setting(
        True,
        Switch(),
        "Leave out the oldest messages when the context is full",
        "They stay in the conversation, but the model no longer reads them. Otherwise you have to start a new one.",
        group="Length",
    )
    language: str = setting(
        "",
        Text(placeholder="The language of this computer"),
        "Translate into",
        "In English: German, Japanese. It is what {language} stands for in the prompts of quick actions.",
        group="Quick actions",
    )


@dataclass(frozen=True)
class AppearanceSettings:
    """How the window looks."""

    theme: str = setting(
        "system",
        OneOf(
            (
                Choice("system", "System", icon="monitor"),
                Choice("light", "Light", icon="sun"),
                Choice("dark", "Dark", icon="moon"),
            )
        ),
        "Theme",
        "System follows your desktop.",
    )
    text_px: int = setting(14, Whole(12, 24, unit="px"), "Text size", "Everything else in the window follows it.")


@dataclass(frozen=True)
class ComposerSettings:
    """How a question is sent."""

    send_with: str = setting(
        "enter",
        OneOf((Choice("enter", "Enter"), Choice("ctrl-enter", "Ctrl+Enter"))),
        "Send with",
        "Shift+Enter always starts a new line.",
        group="Writing",
    )
    point_with: str = setting(
        "draw",
        OneOf(
            (
                Choice("draw", "A mark on the picture"),
                Choice("crop", "The part, beside the picture"),
                Choice("both", "Both"),
            )
        ),
        "What you point at is shown to the model as",
        "The panel \u201cWhat the model sees\u201d shows exactly that.",
        group="Pointing",
    )


@dataclass(frozen=True)
class DesktopSettings:
    """How the program is reached from other windows, and what a capture leads to."""

    capture_keys: str = setting("Ctrl+Shift+Space", Text(), "Capture and ask")
    """Qt's portable text of the key combination; "" for none, as for the next ones."""
    copy_text_keys: str = setting("Meta+Shift+T", Text(), "Copy text from the screen")
    """With the Super key, which programs leave to the desktop: Ctrl+Shift+T reopens a tab in every browser."""
    toggle_keys: str = setting("Ctrl+Alt+Space", Text(), "Show or hide the window")
    capture_into: str = setting(
        "quick",
        OneOf(
            (
                Choice("quick", "The quick window"),
                Choice("new", "A new conversation"),
                Choice("current", "The open conversation"),
            )
        ),
        "Open captures in",
        group="Capture",
    )
    after_selecting: str = setting(
        "ask",
        OneOf((Choice("ask", "Go on at once"), Choice("tools", "Show the tools"))),
        "After selecting a region",
        "To draw on it, copy or save it. Shift while selecting does the other.",
        group="Capture",
    )
    capture_action: str = setting("", Text(), "Then run")
    """Id of a quick action; "" for none."""
    keep_captures: str = setting(
        "session",
        OneOf(
            (
                Choice("off", "Not at all"),
                Choice("session", "Until I quit"),
                Choice("hour", "One hour"),
                Choice("day", "One day"),
                Choice("week", "One week"),
                Choice("month", "30 days"),
            )
        ),
        "Keep recent captures",
        "Beside the capture button, one click away. Then they are deleted for good.",
        group="Capture",
    )
    watch_on_battery: bool = setting(
        False,
        Switch(),
        "Watch regions on battery, too",
        "Otherwise watched regions of the screen wait until the computer is plugged in again.",
        group="Capture",
    )
    keep_running: bool = setting(
        True,
        Switch(),
        "Keep running when the window is closed",
        "In the tray, so that the keys above work and the next question is answered at once. Quit from the tray.",
        group="Background",
    )
    notify: bool = setting(
        True,
        Switch(),
        "Tell when an answer is ready",
        "With a notification, if the window is hidden and the answer took long. It names the conversation only.",
        group="Background",
    )


@dataclass(frozen=True)
class DownloadSettings:
    """Where models come from, and where they are kept. The access token is in the system's keyring, never here."""

    folder: str = setting("", Text(), "Models folder")
    """Where new models are kept; "" is `Paths.models_folder`. Those in the folder before stay where they are."""
    elsewhere: tuple[str, ...] = setting((), TextList())
    """Paths of language models in folders that were the models folder before."""
    endpoint: str = setting(
        "",
        Text(placeholder="https://huggingface.co"),
        "Address of the hub",
        "Of a mirror, or of your organisation's own hub; empty for huggingface.co.",
        group="Hub",
    )
    offline: bool = setting(
        False,
        Switch(),
        "Stay offline",
        "Models are neither looked up nor downloaded. Those on this computer work all the same.",
        group="Hub",
    )


@dataclass(frozen=True)
class TextSettings:
    """What is done with the text that stands in images. Nothing of it works without the extra `desktop-vlm[text]`."""

    read_images: bool = setting(
        True,
        Switch(),
        "Read the text in pictures",
        "In the background and on this computer only, so that you can copy it and search for it.",
    )
    quote_small_text: bool = setting(
        True,
        Switch(),
        "Give the model small text in writing",
        "Text that is too small in a picture for the model to read goes along with your question.",
    )
    check_answers: bool = setting(
        True,
        Switch(),
        "Check answers against the pictures",
        "What an answer quotes leads to its place in the picture, and is marked where it is not found there.",
    )
    point_out_private: bool = setting(
        True,
        Switch(),
        "Point out private text",
        "E-mail addresses, phone numbers, accounts, keys: at a picture before it is sent, and before an export.",
        group="Private text",
    )
    private_words: str = setting(
        "",
        Text(lines=3, placeholder="For example: a name, a company, a project"),
        "Words that are private, too",
        "One on each line; they are found in pictures as the addresses and numbers above are.",
        group="Private text",
    )


@dataclass(frozen=True)
class RecentSettings:
    """What was used lately; not shown as settings."""

    models: tuple[str, ...] = setting((), TextList())
    """Paths of text GGUFs, the latest first."""
    knows_capture_key: bool = setting(False, Switch())
    """Whether the key that captures was introduced."""


@dataclass(frozen=True)
class Settings:
    """All settings; each field is a table of the file."""

    model: ModelSettings = field(default_factory=ModelSettings)
    sampling: SamplingSettings = field(default_factory=SamplingSettings)
    answers: AnswerSettings = field(default_factory=AnswerSettings)
    appearance: AppearanceSettings = field(default_factory=AppearanceSettings)
    composer: ComposerSettings = field(default_factory=ComposerSettings)
    desktop: DesktopSettings = field(default_factory=DesktopSettings)
    downloads: DownloadSettings = field(default_factory=DownloadSettings)
    text: TextSettings = field(default_factory=TextSettings)
    recent: RecentSettings = field(default_factory=RecentSettings)

    @property
    def system_prompt(self) -> str:
        return self.answers.system_prompt

    @property
    def sampling_options(self) -> dict[str, float | int]:
        """The active sampling options, under the engine's names."""
        return self.sampling.options

    def sampling_for(self, *, reads: bool) -> dict[str, float | int]:
        """Those of a question, which `reads` pictures or not.

        Reading is a matter of chance with a model as small as the demo: it takes the likeliest words there, as long as
        nothing else was chosen. Without pictures it would repeat itself that way.
        """
        is_demo = not self.model.text
        if reads and is_demo and self.sampling == SamplingSettings():
            return dict(SAMPLING_PRESETS["precise"].values)
        return self.sampling_options


def sections() -> Iterator[tuple[str, type[Any]]]:
    """Every section's name, as in the file, and its dataclass."""
    for one in dataclasses.fields(Settings):
        assert isinstance(one.default_factory, type)
        yield one.name, one.default_factory
