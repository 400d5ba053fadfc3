"""Templates of strangers: what they may do, how long, and with how much memory."""

from __future__ import annotations

from time import perf_counter

import pytest

from desktop_vlm.families.jinja_template.render import TemplateFailed, render_template

MESSAGES = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes?"}]


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
    started = perf_counter()
    with pytest.raises(TemplateFailed, match="it takes longer than 1 seconds"):
        rendered(loop, deadline_s=1.0)
    assert perf_counter() - started < 10
