"""Pages that others wrote: which are taken, how their texts change, and what is recorded of what is seen."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from training.interfaces.html.pages import Renderer, View, find_pages, is_page
from training.interfaces.html.texts import Rewriter
from training.interfaces.records import Control, Interface, Role
from training.web.chromium import Chromium, Smoothing, find_chromium

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="Chromium is not here")

_PAGE = """<!doctype html><html><head><title>Stock</title><style>
body{margin:0} h1{text-transform:uppercase} .nav{width:160px} .nav a{display:block}
.nav .active{background:#036;color:#fff} .hidden{opacity:0} .btn{background:#ddd;border:1px solid #555}
ol{list-style:decimal} .low{position:absolute;top:580px}</style></head><body>
<ul class="nav"><li><a href="#">Pears</a></li><li><a class="active" href="#">Plums</a></li>
<li><a href="#">Figs</a></li></ul>
<h1>Fruit in stock</h1><p class="hidden">Nobody sees this</p>
<table><thead><tr><th>Kind</th><th>Boxes</th></tr></thead><tbody><tr><td>Pear</td><td>12</td></tr><tr><td>Plum</td>
<td>7</td></tr></tbody></table>
<label for="a">Shelf</label> <input id="a" value="B 4"> <label><input type="checkbox" checked> Ripe</label>
<button class="btn">Order more</button><button class="btn" disabled>Send back</button>
<div><b>318</b><div>Kilos sold</div></div><div role="alert">The cellar is too warm.</div>
<p class="low">Half of this is seen, as it is long and <br>as the <br>page <br>ends</p></body></html>"""


def shown(tmp_path: Path, view: View, html: str = _PAGE) -> Interface:
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    fonts = {"sans": ["DejaVu Sans"], "serif": ["DejaVu Serif"], "mono": ["DejaVu Sans Mono"]}
    with Chromium(["DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono"], Smoothing()) as browser:
        ((image, interface),) = Renderer(browser, fonts).render(random.Random(1), path, [view])
    assert image.size == (view.width, view.height)
    return interface


def only(interface: Interface, role: Role, text: str) -> Control:
    (control,) = [one for one in interface.controls if one.role == role and one.text == text]
    return control


def unchanged(*_: object) -> list[tuple[int, str]]:
    return []


_AS_IT_IS = View(800, 600, flips=0.0, share=-1.0)


@needs_chromium
def test_controls_are_recorded_as_they_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rewriter, "changed", unchanged)
    interface = shown(tmp_path, _AS_IT_IS)
    only(interface, "heading", "FRUIT IN STOCK")
    entries = [(one.text, one.selected) for one in interface.controls if one.role == "entry"]
    assert entries == [("Pears", False), ("Plums", True), ("Figs", False)]
    cells = [(one.text, one.row, one.column) for one in interface.controls if one.role in ("header", "cell")]
    assert cells == [("Kind", -1, 0), ("Boxes", -1, 1), ("Pear", 0, 0), ("12", 0, 1), ("Plum", 1, 0), ("7", 1, 1)]
    assert only(interface, "field", "B 4").label == "Shelf"
    assert only(interface, "checkbox", "Ripe").is_on is True
    assert only(interface, "button", "Order more").enabled
    assert not only(interface, "button", "Send back").enabled
    assert only(interface, "label", "318").label == "Kilos sold"
    only(interface, "message", "The cellar is too warm.")
    said = " ".join(line.text for line in interface.lines)
    assert "Nobody" not in said
    assert "B 4" in said
    assert "FRUIT IN STOCK" in said


@needs_chromium
def test_places_grow_with_the_scale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rewriter, "changed", unchanged)
    small = only(shown(tmp_path, _AS_IT_IS), "button", "Order more")
    large = only(shown(tmp_path, View(1600, 1200, scale=2.0, flips=0.0)), "button", "Order more")
    assert large.box[0] == pytest.approx(2 * small.box[0], abs=2)
    assert large.letters == pytest.approx(2 * small.letters, abs=2)


@needs_chromium
def test_what_is_covered_or_cut_is_no_control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rewriter, "changed", unchanged)
    cover = '<div style="position:fixed;left:0;top:0;width:800px;height:40px;background:#fed">In front of it</div>'
    interface = shown(tmp_path, _AS_IT_IS, _PAGE.replace("</body>", cover + "</body>"))
    texts = [one.text for one in interface.controls]
    assert "Pears" not in texts
    assert "Figs" in texts
    assert next(one.container for one in interface.controls if one.text == "Figs") in interface.cut


@needs_chromium
def test_a_small_heading_beside_larger_text_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rewriter, "changed", unchanged)
    larger = '<div style="font-size:60px">Large</div>'
    interface = shown(tmp_path, _AS_IT_IS, _PAGE.replace("<h1>", f"{larger}<h1>"))
    assert not [one for one in interface.controls if one.role == "heading"]
    only(interface, "label", "FRUIT IN STOCK")


@needs_chromium
def test_a_heading_has_no_name_from_what_stands_far_from_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rewriter, "changed", unchanged)
    far = '<h1>Fruit in stock<span style="float:right">Source</span>'
    interface = shown(tmp_path, _AS_IT_IS, _PAGE.replace("<h1>Fruit in stock", far))
    assert not [one for one in interface.controls if one.role == "heading"]
    near = '<h1>Fruit in stock<a class="srclink" style="float:right;font-size:10px">Source</a>'
    only(shown(tmp_path, _AS_IT_IS, _PAGE.replace("<h1>Fruit in stock", near)), "heading", "FRUIT IN STOCK")


def test_only_whole_english_pages_with_a_style_are_taken(tmp_path: Path) -> None:
    words = "<p>" + "word " * 80 + "</p>"
    whole = f"<html lang='en'><style>p{{margin:0}}</style><body>{words}</body></html>"
    assert is_page(whole)
    assert not is_page(whole.replace("'en'", "'de'"))
    assert not is_page(whole.replace("<style>p{margin:0}</style>", ""))
    assert not is_page(whole.replace(words, "{{ content }}" + words))
    assert not is_page(whole.replace(words, "<p>short</p>"))
    folder = tmp_path / "npm" / "kit"
    folder.mkdir(parents=True)
    (folder / "a.html").write_text(whole, encoding="utf-8")
    (folder / "b.html").write_text("<p>part</p>", encoding="utf-8")
    assert find_pages(tmp_path) == {folder: [folder / "a.html"]}


def test_numbers_stay_of_their_kind() -> None:
    rewriter = Rewriter(random.Random(3), 1.0)
    for _ in range(40):
        assert re.fullmatch(r"\$[1-9],\d{3}\.\d{2} a day", rewriter.numbers("$1,234.56 a day"))
        assert re.fullmatch(r"[1-9]\.\d\.\d\d", rewriter.numbers("1.0.26"))
        assert 1 <= int(rewriter.numbers("65%")[:-1]) <= 99
        assert 1996 <= int(rewriter.numbers("Since 2014")[6:]) <= 2031
        assert re.fullmatch(r"[A-Z][a-z]{2} ([1-9]|1\d|2[0-8])", rewriter.numbers("Mar 4"))


def test_placeholder_text_always_goes_and_other_texts_by_share() -> None:
    lorem = "Lorem ipsum dolor sit amet, consectetur adipiscing elit."
    kept = Rewriter(random.Random(1), 0.0)
    assert "ipsum" not in kept.new(lorem, "text", "", alone=False).lower()
    assert kept.new("Overview of sales", "heading", "", alone=True) == "Overview of sales"
    changed = Rewriter(random.Random(1), 1.0)
    assert changed.new("SAVE ALL", "button", "", alone=True).isupper()
    assert changed.new("Pending", "cell", "status", alone=True) == "Pending"
    assert "@" in changed.new("ann@example.com", "cell", "e-mail", alone=True)
    first = changed.new("Widgets", "nav", "", alone=True)
    assert first == changed.new("Widgets", "nav", "", alone=True)


def test_dates_of_a_page_get_one_form() -> None:
    rewriter = Rewriter(random.Random(2), 1.0)
    shapes = {re.sub(r"\d+", "0", re.sub(r"[A-Z][a-z]+", "A", rewriter.numbers(date))) for date in (
        "Mar 4, 2012", "2014-05-01", "12/24/2011", "1 June 2017")}  # fmt: skip
    assert len(shapes) == 1


def test_a_field_gets_what_its_new_label_says() -> None:
    rewriter = Rewriter(random.Random(1), 1.0)
    for _ in range(30):
        texts = [[0, "Shoe size", "label", "", True], [1, "43", "field", "Shoe size|shoe", True]]
        label, value = (text for _, text in rewriter.changed(texts))
        if label == "E-mail" and value:
            assert "@" in value
        rewriter = Rewriter(random.Random(rewriter.rng.random()), 1.0)
    assert rewriter._called("Mail|x y") == "mail x y"
    rewriter._known["named", "Mail"] = "Country"
    assert rewriter._called("Mail|x y") == "country"
    texts = [[0, "Shade", "label", "", True], [1, "Pick one", "option", "Shade|", True],
             [2, "Ochre", "option", "Shade|", True]]  # fmt: skip
    rewriter._known["named", "Shade"] = "Payment method"
    _, pick, value = (text for _, text in rewriter.changed(texts))
    assert pick == "Pick one"
    assert value in "Bank transfer Cash Cheque Direct debit Invoice Voucher"


def test_what_belongs_together_stays_together() -> None:
    rewriter = Rewriter(random.Random(1), 1.0)
    assert rewriter.new("Widgets", "nav", "", alone=True) == rewriter.new("Widgets", "heading", "", alone=True)
    for text in ("Showing 1 to 10 of 57 entries", "Page 3", "2.1 Basics"):
        assert rewriter.new(text, "text", "", alone=False) == text
    texts = [[place, str(place + 1), "button", "", True] for place in range(5)]
    assert [text for _, text in rewriter.changed(texts)] == ["1", "2", "3", "4", "5"]
    manual = Rewriter(random.Random(1), 0.0, prose=True)
    assert manual.new("It takes 40 seconds.", "text", "", alone=True) == "It takes 40 seconds."


_READ = """<!doctype html><html><head><title>Guide</title><style>body{margin:9px}</style></head><body>
<h2>Setting up</h2><p>Plug in the <code>lamp</code> first. Then press the<br>green key.</p><p>It may take a while.</p>
<h2>Options</h2><dl><dt>--dim</dt><dd>Makes the light weaker in the evening.</dd></dl>
<pre>lamp --on\n\nlamp --dim 40</pre>
<ul><li>Keep it dry and far away from water, from snow and from all that is wet or may get wet.</li><li>Do not look into
it.</li></ul><div class="admonition warning"><p class="admonition-title">Warning</p><p>It gets hot.</p></div>
<ol class="breadcrumb"><li>Home</li><li>Lamps</li></ol><input placeholder="Search lamps"></body></html>"""


@needs_chromium
def test_what_is_read_is_recorded_with_its_heading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rewriter, "changed", unchanged)
    interface = shown(tmp_path, _AS_IT_IS, _READ)
    first = only(interface, "paragraph", "Plug in the lamp first. Then press the green key.")
    assert (first.called, first.row) == ("Setting up", 0)
    assert first.wrapped == ("Plug in the lamp first. Then press the", "green key.")
    assert only(interface, "paragraph", "It may take a while.").row == 1
    assert only(interface, "section", "Setting up").row == 2
    assert only(interface, "definition", "Makes the light weaker in the evening.").label == "--dim"
    only(interface, "code", "lamp --on\n\nlamp --dim 40")
    assert only(interface, "item", "Do not look into it.").row == 1
    assert only(interface, "notice", "It gets hot.").label == "Warning"
    assert [one.text for one in interface.controls if one.role == "crumb"] == ["Home", "Lamps"]
    assert only(interface, "hint", "Search lamps").label == "search"
