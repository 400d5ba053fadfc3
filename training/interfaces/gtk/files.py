"""Builder files of GTK 3 programs, made fit to be loaded without the program: plain classes, no signals, no actions."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

SUFFIXES = (".ui", ".glade", ".xml", ".gtkbuilder")
_DROPPED = {"signal", "accelerator", "accessibility", "a11y-internal-child", "binding", "marks-of"}
_ACTIONS = {"action-name", "action-target", "related-action", "use-action-appearance", "detailed-action-name",
            "events", "parent", "transient-for", "attached-to", "pixbuf", "file", "resource", "logo", "icon",
            "has-focus", "is-focus", "has-default", "opacity", "window-position", "attributes-file", "theatric",
            "app-paintable", "no-show-all", "expand-tabs"}  # fmt: skip
"""Properties that need the program, hide what they are on, or name files of it."""
_REFERENCES = {"mnemonic-widget", "adjustment", "model", "group", "buffer", "popover", "popup", "menu-model", "image",
               "stack", "completion", "relief-of", "hadjustment", "vadjustment", "accel-widget", "attach-widget",
               "align-widget", "titlebar", "focus-child", "child", "radio-group"}  # fmt: skip
_ENDINGS = (
    ("SearchEntry", "GtkSearchEntry"), ("Entry", "GtkEntry"), ("SpinButton", "GtkSpinButton"),
    ("ComboBoxText", "GtkComboBoxText"), ("ComboBox", "GtkComboBoxText"), ("Combo", "GtkComboBoxText"),
    ("RadioButton", "GtkRadioButton"), ("CheckButton", "GtkCheckButton"), ("ToggleButton", "GtkToggleButton"),
    ("MenuButton", "GtkMenuButton"), ("Button", "GtkButton"), ("HeaderBar", "GtkHeaderBar"), ("Label", "GtkLabel"),
    ("TreeView", "GtkTreeView"), ("ListView", "GtkTreeView"), ("TextView", "GtkTextView"), ("ListBox", "GtkListBox"),
    ("Row", "GtkListBoxRow"), ("Dialog", "GtkDialog"), ("Window", "GtkWindow"), ("Notebook", "GtkNotebook"),
    ("Scale", "GtkScale"), ("Grid", "GtkGrid"), ("Stack", "GtkStack"), ("Paned", "GtkPaned"),
    ("Frame", "GtkFrame"), ("Image", "GtkImage"),
)  # fmt: skip
"""What a program's own class is most likely, by the end of its name."""
_NEWER = re.compile(r'lib="gtk" version="4|class="Adw|<property name="child">|<layout>|GtkDropDown|GtkEventController')
"""What only files for GTK 4 have."""
_DEEPEST = 4
"""Of templates within templates."""

Known = Callable[[str], bool]
Has = Callable[[str, str], bool]


@dataclass(frozen=True)
class Form:
    """A window or a part of one, as Builder's XML; `root` is the id of what is shown."""

    name: str
    root: str
    root_class: str
    xml: str


def files_in(folder: Path) -> list[list[Path]]:
    """Builder files of each program of GTK 3: the folders in `folder`, in order of names."""
    programs = []
    for program in sorted(path for path in folder.iterdir() if path.is_dir()):
        found = sorted(path for path in program.rglob("*") if path.suffix in SUFFIXES and path.is_file())
        newer = any(_NEWER.search(path.read_text(encoding="utf-8", errors="replace")) for path in found)
        if found and not newer:
            programs.append(found)
    return programs


def templates_of(files: Iterable[Path]) -> dict[str, ET.Element]:
    """The templates of a program's own classes, by the classes' names."""
    found: dict[str, ET.Element] = {}
    for path in files:
        tree = read(path)
        for template in tree.iter("template") if tree is not None else ():
            found.setdefault(template.get("class", ""), template)
    return found


def read(path: Path) -> ET.Element | None:
    """The interface in a file; None where it has none, or is for GTK 2 or 4."""
    try:
        text = path.read_text(encoding="utf-8", errors="strict")
        root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", text))
    except (ET.ParseError, OSError, UnicodeDecodeError):
        return None
    if root.tag != "interface":
        return None
    for needed in root.iter("requires"):
        if needed.get("lib") == "gtk" and needed.get("version", "3").startswith("4"):
            return None
    return root


def forms_of(path: Path, templates: Mapping[str, ET.Element], known: Known, has: Has) -> list[Form]:
    """The windows and panes of a file.

    Args:
        path: of the file.
        templates: of the program's own classes, which are put in where objects of these are.
        known: whether a class can be made.
        has: whether a class has a property.
    """
    tree = read(path)
    if tree is None:
        return []
    tree = copy.deepcopy(tree)
    forms = []
    for child in tree:
        if child.tag in {"object", "template"}:
            _as_plain(child, templates, known, 0)
    ids = _give_ids(tree)
    _clean(tree, ids, has)
    for child in tree:
        name = child.get("class", "")
        if child.tag == "object" and child.find("child") is not None and not re.search(r"Menu$|Popover", name):
            root = child.get("id", "")
            forms.append(Form(f"{path.stem}:{root}", root, name, ET.tostring(tree, encoding="unicode")))
    return forms


def _as_plain(element: ET.Element, templates: Mapping[str, ET.Element], known: Known, depth: int) -> None:
    """Make an object and those in it ones of classes that are there, with what their templates put in."""
    name = element.get("class", "")
    if element.tag == "template":
        element.tag = "object"
        element.set("id", name)
        element.set("class", element.get("parent", "GtkBox"))
        element.attrib.pop("parent", None)
    while not known(element.get("class", "")):
        name = element.get("class", "")
        template = templates.get(name)
        if template is None or depth >= _DEEPEST:
            element.set("class", _likely(name))
            break
        depth += 1
        element.set("class", template.get("parent", "GtkBox"))
        inside = copy.deepcopy([one for one in template if one.tag in {"property", "child", "style"}])
        _rename(inside, f"in{depth}-{element.get('id', name)}-")
        both = [*inside, *element]
        properties = [one for one in both if one.tag == "property"]  # Builder reads none after a child
        element[:] = [*properties, *(one for one in both if one.tag != "property")]
    element.attrib.pop("type-func", None)
    element.attrib.pop("constructor", None)
    for child in element:
        for inner in child.iter("object") if child.tag == "property" else child.findall("object"):
            _as_plain(inner, templates, known, depth)


def _rename(elements: list[ET.Element], prefix: str) -> None:
    """Ids of a template that is put in, which may be put in more than once."""
    ids = {one.get("id") for element in elements for one in element.iter("object") if one.get("id")}
    for element in elements:
        for one in element.iter():
            if one.tag == "object" and one.get("id"):
                one.set("id", prefix + one.get("id", ""))
            elif one.tag == "property" and (one.text or "").strip() in ids and _name(one) in _REFERENCES:
                one.text = prefix + (one.text or "").strip()
            elif one.tag in {"widget", "action-widget"}:
                if one.get("name") in ids:
                    one.set("name", prefix + one.get("name", ""))
                elif (one.text or "").strip() in ids:
                    one.text = prefix + (one.text or "").strip()


def _likely(name: str) -> str:
    """A class of GTK for one that only the program has."""
    return next((instead for ending, instead in _ENDINGS if name.endswith(ending)), "GtkBox")


def _give_ids(tree: ET.Element) -> set[str]:
    """The ids of all objects; an object at the top has one after this, and none is there twice."""
    ids: set[str] = set()
    for number, one in enumerate(tree.iter("object")):
        name = one.get("id") or f"object-{number}"
        if name in ids:
            name = f"{name}-{number}"
        one.set("id", name)
        ids.add(name)
    ids.update(one.get("id", "") for one in tree.iter("menu"))
    return ids


def _name(element: ET.Element) -> str:
    return element.get("name", "").replace("_", "-")


def _clean(tree: ET.Element, ids: set[str], has: Has) -> None:
    """Drop what needs the program, and what the classes do not have."""
    tops = set(tree)
    for parent in list(tree.iter()):
        name = parent.get("class", "") if parent.tag == "object" else ""
        for child in list(parent):
            dropped = child.tag in _DROPPED or (child.tag == "requires" and child.get("lib") != "gtk")
            if child.tag == "property":
                dropped = _is_unfit(child, name, ids, has) or (_name(child) == "visible" and parent in tops)
            elif child.tag == "action-widgets":
                kept = [one for one in child if (one.text or "").strip() in ids]
                child[:] = kept
                dropped = name not in _WITH_ACTIONS or not kept
            elif child.tag == "child":
                dropped = not _has_content(child, name)
            if dropped:
                parent.remove(child)


_WITH_ACTIONS = {"GtkDialog", "GtkMessageDialog", "GtkInfoBar", "GtkAssistant"}
_WITHOUT_PLACES = {"GtkBox", "GtkGrid", "GtkListBoxRow", "GtkStack", "GtkFrame"}
"""Classes that stand in for others, whose children had places of their own."""


def _is_unfit(child: ET.Element, parent: str, ids: set[str], has: Has) -> bool:
    """Whether a property cannot be set; what else is said about it goes."""
    called, value = _name(child), (child.text or "").strip()
    bound = [one for one in child.attrib if one.startswith("bind")]
    for one in (*bound, "context", "comments", "translatable"):
        child.attrib.pop(one, None)
    missing = called in _REFERENCES and len(child) == 0 and bool(value) and value not in ids
    unknown = bool(parent) and (called in _ACTIONS or not has(parent, called))
    return missing or unknown or (bool(bound) and not value)


def _has_content(child: ET.Element, parent: str) -> bool:
    """Whether a child has an object to be put into its parent, where that can be."""
    if parent in _WITHOUT_PLACES:
        child.attrib.pop("internal-child", None)
        if child.get("type") != "center" and not (parent == "GtkFrame" and child.get("type") == "label"):
            child.attrib.pop("type", None)
    inside = child.find("object") is not None or child.find("placeholder") is not None
    return inside and child.get("internal-child") not in {"accessible", "image"}
