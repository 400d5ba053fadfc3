"""Builder files made fit, and windows of GTK 3 from them; what needs PyGObject and an X server is skipped without."""

import os
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from training.interfaces.gtk import files as gtk_files
from training.interfaces.gtk.contents import column_maker, text_of
from training.interfaces.gtk.forms import _in_turn
from training.interfaces.gtk.values import value_for
from training.interfaces.gtk.windows import _is_on_top
from training.screens.phrases import Writer
from training.screens.typefaces import fonts_folder

FORM = """<?xml version="1.0"?>
<interface>
  <requires lib="gtk+" version="3.20"/>
  <template class="MyPreferences" parent="GtkDialog">
    <property name="title">Preferences</property>
    <child internal-child="vbox">
      <object class="GtkBox" id="vbox">
        <property name="visible">True</property>
        <property name="orientation">vertical</property>
        <property name="width_request">330</property>
        <property name="height_request">220</property>
        <child>
          <object class="GtkGrid">
            <property name="visible">True</property>
            <child>
              <object class="GtkLabel" id="label">
                <property name="visible">True</property>
                <property name="label" translatable="yes">_Host:</property>
                <property name="use_underline">True</property>
              </object>
              <packing><property name="left_attach">0</property><property name="top_attach">0</property></packing>
            </child>
            <child>
              <object class="GtkEntry" id="entry">
                <property name="visible">True</property>
                <property name="no_such_thing">1</property>
                <signal name="changed" handler="on_changed"/>
              </object>
              <packing><property name="left_attach">1</property><property name="top_attach">0</property></packing>
            </child>
          </object>
        </child>
        <child>
          <object class="MyRow">
            <property name="visible">True</property>
          </object>
        </child>
        <child>
          <object class="GtkCheckButton" id="check">
            <property name="visible">True</property>
            <property name="label">Show hidden files</property>
            <property name="action-name">app.hidden</property>
          </object>
        </child>
        <child>
          <object class="GtkButton" id="close">
            <property name="visible">True</property>
            <property name="label">Close</property>
          </object>
        </child>
      </object>
    </child>
  </template>
</interface>
"""
ROW = """<interface>
  <template class="MyRow" parent="GtkBox">
    <child>
      <object class="GtkLabel" id="label">
        <property name="visible">True</property>
        <property name="label">Ready to go</property>
      </object>
    </child>
  </template>
</interface>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    program = tmp_path / "forms" / "viewer"
    program.mkdir(parents=True)
    (program / "preferences.ui").write_text(FORM)
    (program / "row.ui").write_text(ROW)
    (program / "notes.xml").write_text("<notes/>")
    return tmp_path / "forms"


def known(name: str) -> bool:
    return name.startswith("Gtk")


def has(_class: str, prop: str) -> bool:
    return prop in {"visible", "label", "title", "use-underline", "orientation"}


def test_programs_for_gtk_4_are_left_out(folder: Path) -> None:
    newer = folder / "newer"
    newer.mkdir()
    (newer / "window.ui").write_text('<interface><requires lib="gtk" version="4.0"/></interface>')

    programs = gtk_files.files_in(folder)

    assert [[path.name for path in files] for files in programs] == [["notes.xml", "preferences.ui", "row.ui"]]


def test_a_form_is_loaded_without_its_program(folder: Path) -> None:
    files = gtk_files.files_in(folder)[0]
    templates = gtk_files.templates_of(files)

    forms = gtk_files.forms_of(files[1], templates, known, has)

    assert sorted(templates) == ["MyPreferences", "MyRow"]
    assert [(form.root, form.root_class) for form in forms] == [("MyPreferences", "GtkDialog")]
    assert "Ready to go" in forms[0].xml
    for gone in ("signal", "MyRow", "no_such_thing", "action-name", "template"):
        assert f"<{gone}" not in forms[0].xml
        assert f'"{gone}"' not in forms[0].xml
    assert forms[0].xml.count('id="label"') == 1


def test_a_class_that_nobody_knows_is_what_its_name_says(folder: Path) -> None:
    path = folder / "viewer" / "other.ui"
    path.write_text('<interface><object class="FooWindow" id="a"><child><object class="FooSearchEntry" id="b"/>'
                    '</child></object></interface>')  # fmt: skip

    form = gtk_files.forms_of(path, {}, known, has)[0]

    assert form.root_class == "GtkWindow"
    assert 'class="GtkSearchEntry"' in form.xml


@pytest.mark.parametrize(
    ("caption", "fits"),
    [
        ("Port", str.isdecimal),
        ("E-mail address", lambda text: "@" in text),
        ("Folder", lambda text: "/home/" in text),
        ("Bottom", str.isdecimal),
        ("Altitude", lambda text: text.replace(".", "").isdecimal()),
    ],
)
def test_fields_hold_what_their_captions_say(caption: str, fits: Callable[[str], bool]) -> None:
    writer = Writer(random.Random(3), "train")

    values = [value_for(writer, caption, "entry") for _ in range(40)]

    assert sum(map(fits, values)) >= 34


@pytest.mark.parametrize(
    ("x", "y", "wide", "is_title"), [(0, 0, 900, True), (500, 60, 400, False), (0, 80, 900, False)]
)
def test_a_header_bar_inside_a_window_is_not_its_title(x: int, y: int, wide: int, is_title: bool) -> None:
    class _Part:
        def __init__(self, width: int) -> None:
            self.get_allocated_width = lambda: width

        def translate_coordinates(self, *_: object) -> tuple[int, int]:
            return x, y

    assert _is_on_top(_Part(wide), _Part(900)) is is_title


def test_programs_take_turns() -> None:
    tasks = _in_turn(random.Random(2), [9, 1, 2])

    assert sorted(tasks) == [(program, file, again) for program, count in enumerate((9, 1, 2)) for file in range(count)
                             for again in range(3)]  # fmt: skip
    assert sorted(program for program, *_ in tasks[:5]) == [0, 0, 1, 2, 2]


def test_a_column_says_things_of_one_kind() -> None:
    writer = Writer(random.Random(5), "train")

    names, states = (column_maker(writer, title, different=title == "Name") for title in ("Name", "Status"))
    said = [(names(), states()) for _ in range(30)]

    assert len({name for name, _ in said}) == 30
    assert len({state for _, state in said}) <= 6
    for title in ("Date", "Size", "Version"):
        make = column_maker(writer, title, different=False)
        assert len({re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "9", make())) for _ in range(10)}) <= 2


def test_texts_are_as_long_as_there_is_room() -> None:
    rng = random.Random(7)
    kinds = set()
    for _ in range(40):
        lines, own = text_of(rng, Writer(rng, "train"), fits=lambda line: len(line) <= 60, most=9)
        kinds.add(own)
        assert len(lines) <= 9
        assert max(map(len, lines), default=0) <= 60
    assert kinds == {True, False}


@pytest.mark.skipif(not os.environ.get("DISPLAY"), reason="there is no X server here")
@pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here")
def test_a_window_is_read_back(folder: Path) -> None:
    pytest.importorskip("gi")
    from training.interfaces.gtk.forms import shots_of

    shots = list(shots_of(folder, 2, 4))

    assert shots
    for name, image, interface in shots:
        assert name == "viewer/preferences:MyPreferences"
        assert image.width >= 300
        assert image.height >= 200
        assert (interface.noun, interface.title, interface.is_dialog) == ("preferences window", "Preferences", True)
        said = {(control.role, control.text) for control in interface.controls}
        assert {("label", "Host:"), ("label", "Ready to go"), ("button", "Close")} <= said
        check = next(one for one in interface.controls if one.role == "checkbox")
        assert check.text == "Show hidden files"
        assert check.is_on in {True, False}
        field = next(one for one in interface.controls if one.role == "field")
        assert field.label == "Host"
        if interface.located and field.text:
            line = next(line for line in interface.lines if line.text == field.text)
            assert field.box[0] <= line.edges[0]
            assert line.edges[-1] <= field.box[2]
            assert field.box[1] <= line.top
            assert line.bottom <= field.box[3]
