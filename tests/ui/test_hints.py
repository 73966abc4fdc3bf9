"""A reader of the page has no command line: hints name what can be pressed."""

import pytest

from swfactory.ui.hints import on_page
from swfactory.ui.wording import say


@pytest.mark.parametrize(
    ("hint", "tab", "button"),
    [
        ("swf resume 1-a gives as many", "tab_runs", "resume"),
        ("swf resume 1-a with --max-tokens, --max-time, ...", "tab_runs", "resume"),
        ("swf resume 1-a --max-rounds NUMBER  gives it more", "tab_runs", "resume"),
        ("swf show 1-a", "tab_runs", "open_run"),
        ("swf logs 1-a --follow", "tab_runs", "open_run"),
        ("swf fork 1-a --at 0", "tab_runs", "fork"),
        ("swf delete 1-a", "tab_runs", "delete"),
        ("swf runs", "tab_runs", ""),
        ("swf run 'what you need'", "tab_build", ""),
        ("swf rag add FOLDER --collection ours", "tab_add", ""),
        ("swf models list  (a, b)", "tab_models", ""),
        ("swf models pull qwen2.5-coder-1.5b", "tab_models", "fetch"),
    ],
)
def test_a_hint_names_the_tab_and_the_button(hint, tab, button):
    for language in ("en", "zh"):
        said = on_page(language, hint)
        assert say(language, tab) in said
        assert not button or say(language, button) in said
        assert "swf" not in said


def test_other_hints_stay_as_they_are():
    assert on_page("en", "free some disk space") == "free some disk space"
    assert on_page("en", "") == ""
    assert on_page("en", "swf doctor") == "on the server's machine, in a terminal: swf doctor"
    assert "swf rag sync --reindex" in on_page("zh", "swf rag sync --reindex, or SWF_EMBEDDING=e5")
