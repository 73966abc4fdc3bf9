"""The page as ``swf serve`` shows it: behind tokens, with what each role may do."""

import json
import os
import subprocess
import sys

import pytest

from swfactory.config import Settings
from swfactory.runtime import Factory
from tests.ui.reader import ROOT

TOKENS = {"looks-and-looks": "read", "starts-and-steers": "run"}


@pytest.fixture
def address(tmp_path):
    order = {"data_dir": str(tmp_path / "data"), "trace": str(tmp_path / "trace"), "page": True}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.api.serve", json.dumps(order)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "SWF_SERVE_TOKENS": json.dumps(TOKENS)},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process.stdout.readline().strip()
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()


def test_a_token_opens_the_page_and_its_role_says_what_may_be_done_there(browser, address, tmp_path):
    page = browser.new_page()
    assert page.goto(address).status == 401
    page.fill("input[name=token]", "a guess")
    page.click("button")
    page.goto(address)
    page.fill("input[name=token]", "looks-and-looks")
    page.click("button")
    page.wait_for_selector("#swf-switch label.selected")
    page.locator("#swf-requirement textarea").fill("A counter.")
    page.locator("#swf-send").click()
    page.locator(".swf-bad", has_text="read").first.wait_for()
    page.context.close()
    with Factory(Settings(data_dir=tmp_path / "data")) as factory:
        assert factory.runs() == []

    page = browser.new_page()
    page.goto(address)
    page.fill("input[name=token]", "starts-and-steers")
    page.click("button")
    page.wait_for_selector("#swf-switch label.selected")
    page.locator("#swf-requirement textarea").fill("A counter.")
    page.locator("#swf-options > button").click()
    page.get_by_label("Model", exact=True).fill("openai:http://elsewhere.example/v1#theirs")
    page.locator("#swf-send").click()
    page.locator(".swf-bad", has_text="elsewhere.example").first.wait_for()
    page.get_by_label("Model", exact=True).fill("")
    page.locator("#swf-send").click()
    page.wait_for_url("**/?run=*")
    page.context.close()
    with Factory(Settings(data_dir=tmp_path / "data")) as factory:
        (run,) = factory.runs()
    assert run.requirement.text == "A counter."
