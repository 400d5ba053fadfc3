"""The options of the command line are those that the load options declare."""

from __future__ import annotations

import argparse
import dataclasses
from typing import Any

from desktop_vlm.api.fields import settings_of
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.cli.options import add_model_options, load_options


def parsed(*arguments: str) -> LoadOptions:
    parser = argparse.ArgumentParser()
    add_model_options(parser)
    return load_options(parser.parse_args(arguments))


def test_without_arguments_they_are_the_defaults() -> None:
    assert parsed() == LoadOptions()


def test_every_declared_option_arrives_under_its_flag() -> None:
    declared = [one for one in settings_of(LoadOptions) if one.command]
    assert {one.command.flag for one in declared if one.command} >= {"--ctx", "--gpu-layers", "--threads", "--kv-type"}
    for one in declared:
        assert one.command
        given = "Q8_0" if isinstance(one.default, str) else "7"
        expected: dict[str, Any] = {one.name: given if isinstance(one.default, str) else 7}
        assert parsed(one.command.flag, given) == dataclasses.replace(LoadOptions(), **expected)
