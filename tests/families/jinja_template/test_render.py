"""Templates of strangers: what they may do, how long, and with how much memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_vlm.families.jinja_template import child
from desktop_vlm.families.jinja_template.render import TemplateFailed, end_renderer, keep_renderer, render_template
from desktop_vlm.system.sandbox import lacking
from tests.quickest import quickest_s

MESSAGES = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]


@pytest.fixture(scope="module", params=["one process each", "kept"], autouse=True)
def _way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Both ways to a process are the same to whoever asks."""
    if request.param == "kept":
        if sys.platform != "linux":
            pytest.skip("only on Linux")
        keep_renderer()
    yield
    end_renderer()


def rendered(template: str, **limits: float) -> str:
    return render_template(template, MESSAGES, bos_token="<s>", eos_token="</s>", **limits)  # type: ignore[arg-type]


def test_a_template_gets_what_hugging_face_gives_it() -> None:
    template = (
        "{{ bos_token }}{% for message in messages %}[{{ message['role'] }}] {{ message.content | tojson }}"
        "{{ eos_token }}"
        "{% if not loop.last %}{% continue %}{% endif %}!{% endfor %}{% if add_generation_prompt %}go{% endif %}"
        "{% if tools is not none %}tools{% endif %}{{ strftime_now('%Y') | length }}"
    )
    assert rendered(template) == '<s>[user] "Hi"</s>[assistant] "Yes?"</s>!go4'


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ messages.append(1) }}", "access to attribute 'append' of 'list' object is unsafe"),
        ("{{ raise_exception('roles must alternate') }}", "roles must alternate"),
        ("{% for i in range(10000000) %}{% endfor %}", "Range too big"),
        ("{{ open('/etc/passwd') }}", "'open' is undefined"),
        ("{{ ('a' * 10000000000) | length }}", "it takes too much memory"),
        ("{% if %}", "Expected an expression"),
        ("{% include 'x' %}", "no loader for this environment specified"),
    ],
)
def test_what_a_template_may_not_do(template: str, reason: str) -> None:
    with pytest.raises(TemplateFailed) as failed:
        rendered(template)
    assert str(failed.value).startswith(reason)
    assert "\n" not in str(failed.value)


def test_an_endless_template_is_given_up() -> None:
    loop = "{% for a in range(9999) %}" * 4 + "{% endfor %}" * 4

    def give_up() -> None:
        with pytest.raises(TemplateFailed, match="it takes longer than 1 seconds"):
            rendered(loop, deadline_s=1.0)

    assert quickest_s(give_up, 10) < 10


@pytest.mark.skipif(sys.platform != "linux", reason="only there processes are confined")
def test_a_confined_process_renders_over_the_one_that_it_kept() -> None:
    """Without it, another format would be taken in silence: the model would get another prompt in the window."""
    code = """
from desktop_vlm.families.jinja_template.chat_format import find_format
from desktop_vlm.families.jinja_template.render import keep_renderer
from desktop_vlm.system.sandbox import Needs, confine
template = "{% for message in messages %}[{{ message.role }}]{{ message.content }}{% endfor %}"
keep_renderer()
confine(Needs(gpus=True))
found = find_format(template, "", "")
print(found and found.template == template)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("True\n", "")


@pytest.mark.skipif(bool(lacking()), reason="this system has no such protections")
def test_a_template_that_leaves_jinjas_sandbox_is_in_another_one(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    code = f"""
import runpy, socket, subprocess
answer = runpy.run_path({str(child.__file__)!r})["answer"]
request = dict(template="{{{{ 7 * 6 }}}}", messages=[], bos_token="", eos_token="", cpu_s=5, memory_bytes=1 << 29)
print(answer(request))
for attack in (lambda: open({str(tmp_path / "secret")!r}), socket.socket, lambda: subprocess.run(["true"])):
    try:
        attack()
    except OSError as error:
        print(error.strerror)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    refused = ["Permission denied", "Operation not permitted", "Operation not permitted"]
    assert done.stdout.splitlines() == ["{'text': '42'}", *refused], done.stderr
