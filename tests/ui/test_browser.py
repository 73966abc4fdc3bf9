"""The page in a real browser: what a person does, on a screen and on a phone, in English and in Chinese."""

import io
import os
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import httpx
import pytest

from swfactory.ui.wording import say
from tests.ui.reader import ROOT, Reader
from tests.ui.serve import SOURCE
from tests.ui.toy import HOSTILE

REQUIREMENT = "A counter: `python main.py` counts. Write 2 files"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """A server of its own: the browser's library and pytest's loops do not share a thread well."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    order = [sys.executable, "-m", "tests.ui.serve", str(tmp_path_factory.mktemp("ui") / "data"), str(port), "0.05"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(order, cwd=ROOT, env=environment)
    found = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while True:
        try:
            httpx.get(f"{found}/runs")
            break
        except httpx.TransportError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
    yield found
    process.terminate()
    process.wait(timeout=30)


@pytest.fixture
def held(address):
    """The second file is not begun before ``/release``."""
    httpx.post(f"{address}/hold")
    yield
    httpx.post(f"{address}/release")


@pytest.mark.parametrize(
    ("name", "width", "tag"), [("screen", 1280, "en-US"), ("phone", 390, "en-US"), ("phone-zh", 390, "zh-CN")]
)
def test_from_a_requirement_to_the_archive(browser, address, held, name, width, tag):
    reader = Reader(browser, address, name, width, tag)
    page = reader.page
    reader.wait("#swf-send", reader.say("send"))
    reader.see("empty")

    # The requirement goes in, with a gate.
    page.locator("#swf-requirement textarea").fill(REQUIREMENT)
    page.locator("#swf-options > button").click()
    page.get_by_label(reader.say("gate_spec"), exact=True).check()
    page.locator("#swf-options > button").click()
    page.locator("#swf-send").click()

    # Tokens are seen as they come; the run is in the address, so that a reload in mid-run goes on.
    reader.wait("#swf-stream .swf-cursor")
    page.reload()
    assert "?run=" in page.url
    reader.wait("#swf-roles, .swf-roles .swf-on, #swf-gate")

    # The gate: something typed cannot be used, and is still there; then it can.
    reader.wait("#swf-gate h3", say(reader.language, "gate_title", gate=reader.say("gate_spec")))
    title = page.get_by_label(reader.say("spec_title"), exact=True)
    title.fill("")
    summary = page.get_by_label(reader.say("spec_summary"), exact=True)
    summary.fill("Counts to a number.")
    page.locator("#swf-save").click()
    reader.wait("#swf-problem .swf-bad", "title")
    assert summary.input_value() == "Counts to a number."
    title.fill("Counter")
    page.locator("#swf-approve").click()
    reader.wait("#swf-problem .swf-bad", reader.say("changed"))
    page.locator("#swf-add-part").click()
    page.get_by_label(reader.say("new_criterion"), exact=True).fill("It says hello.")
    assert title.input_value() == "Counter"
    reader.see("gate")
    page.locator("#swf-save").click()
    page.locator("#swf-gate").wait_for(state="detached")

    # Progress: the node at work, tests that fail and then pass, the verdict.
    reader.wait(".swf-tests .swf-bad")
    reader.wait(".swf-active", "write")
    page.reload()
    reader.wait(".swf-count", say(reader.language, "tests_pass", passed=2, total=4))
    reader.see("working")
    httpx.post(f"{address}/release")
    reader.wait("#swf-heading .swf-good", reader.say("status_delivered"))
    reader.wait(".swf-count", say(reader.language, "tests_pass", passed=4, total=4))
    reader.wait("#swf-chat", reader.say("chat_refine"))
    reader.see("delivered")

    # The product: a file is opened, the archive downloaded.
    reader.tab("tab_product")
    page.get_by_role("button", name="part2.py").click()
    reader.wait("#swf-code", "print('file 2')")
    reader.wait("#swf-matrix", "It says hello.")
    reader.wait("#swf-matrix .swf-good", reader.say("verdict_met"))
    page.locator("#swf-diff > button").click()
    reader.wait(".swf-diff .swf-add")
    reader.see("product")
    with page.expect_download() as download:
        page.locator("#swf-pack").click()
    names = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())).namelist()
    assert {path.partition("/")[2] for path in names} >= {"main.py", "counter/part1.py", "counter/part2.py"}

    # The other tabs; the run branches off.
    for key, selector in (
        ("tab_ask", "#swf-question"),
        ("tab_add", "#swf-add"),
        ("tab_models", "#swf-models .swf-table"),
    ):
        reader.tab(key)
        reader.wait(selector)
        reader.see(key.removeprefix("tab_"))
    reader.tab("tab_runs")
    page.locator("#swf-runs button").first.click()
    reader.wait("#swf-runs button[aria-current]")
    reader.see("runs")
    page.locator("#swf-open").click()
    reader.wait("#swf-heading .swf-good")
    reader.leave()


def test_the_language_is_switched_and_kept_and_a_closed_tab_stops_nothing(browser, address):
    reader = Reader(browser, address, "switch", 1280, "en-US")
    page = reader.page
    page.locator("#swf-switch label", has_text="中文").click()
    reader.language = "zh"
    reader.wait("#swf-send", reader.say("send"))
    reader.wait("#swf-heading", reader.say("lead"))
    page.reload()
    reader.wait("#swf-send", reader.say("send"))
    before = httpx.get(f"{address}/runs").json()
    page.locator("#swf-requirement textarea").fill("A counter. Write 2 files")
    page.locator("#swf-send").click()
    reader.wait("#swf-stream .swf-cursor")
    reader.see("chinese")
    new = next(run for run in httpx.get(f"{address}/runs").json() if run not in before)
    reader.leave()
    deadline = time.monotonic() + 20
    while httpx.get(f"{address}/watchers").json():
        assert time.monotonic() < deadline, "somebody still looks, and the page is closed"
        time.sleep(0.1)
    again = Reader(browser, f"{address}/?run={new}", "switch", 1280, "en-US")
    again.wait("#swf-heading .swf-good", again.say("status_delivered"))
    again.leave()


def test_runs_are_stopped_resumed_and_forked(browser, address):
    reader = Reader(browser, address, "runs", 1280, "en-US")
    page = reader.page
    page.locator("#swf-requirement textarea").fill("A counter. Write 5 files")
    page.locator("#swf-send").click()
    reader.wait("#swf-stream .swf-cursor")
    page.locator("#swf-stop").click()
    reader.wait("#swf-heading", reader.say("status_interrupted"))
    stopped = page.url

    reader.tab("tab_runs")
    page.locator("#swf-runs button").first.click()
    reader.wait("#swf-runs button[aria-current]")
    page.locator("#swf-resume").click()
    reader.wait("#swf-heading .swf-good", reader.say("status_delivered"))
    assert page.url == stopped

    reader.tab("tab_runs")
    page.locator("#swf-runs button").first.click()
    reader.wait("#swf-runs button[aria-current]")
    page.locator("#swf-fork").click()
    reader.wait("#swf-runs-notice .swf-bad", reader.say("no_step"))
    page.get_by_label(reader.say("fork_step"), exact=True).click()
    page.get_by_role("option", name="plan").click()
    other = httpx.post(f"{address}/occupy").json()
    page.locator("#swf-fork").click()
    page.wait_for_url(lambda url: url != stopped)
    parent = stopped.partition("?run=")[2]
    forked = say("en", "forked_from", run=parent)
    reader.wait("#swf-heading .swf-facts", forked)
    page.wait_for_timeout(3000)  # by then the look at the parent has ended, and covers nothing
    heading = page.locator("#swf-heading").inner_text()
    assert forked in heading
    assert reader.say("status_queued") in heading
    httpx.post(f"{address}/release")
    reader.wait("#swf-heading .swf-good", reader.say("status_delivered"))
    reader.wait("#swf-heading .swf-facts", forked)

    # The run that is looked at is deleted, once that was asked for twice; the other one stays.
    branch = page.url.partition("?run=")[2]
    reader.tab("tab_runs")
    page.locator(f'#swf-runs button[data-pick="{branch}"]').click()
    reader.wait("#swf-runs button[aria-current]")
    page.locator("#swf-delete").click()
    reader.wait("#swf-runs-notice .swf-bad", branch)
    assert branch in httpx.get(f"{address}/runs").json()
    reader.see("delete")
    page.locator("#swf-delete").click()
    reader.wait("#swf-runs-notice .swf-good", branch)
    assert branch not in httpx.get(f"{address}/runs").json()
    assert {parent, other} <= set(httpx.get(f"{address}/runs").json())
    page.wait_for_url(lambda url: "?run=" not in url)
    reader.leave()


def test_a_document_is_added_and_a_question_answered_from_it(browser, address, tmp_path):
    document = tmp_path / "harbour.md"
    document.write_text(f"# The harbour\n\n{SOURCE} {HOSTILE}\n")
    reader = Reader(browser, address, "store", 1280, "en-US")
    page = reader.page
    reader.tab("tab_add")
    page.locator("input[type=file]").set_input_files(document)
    page.get_by_text("harbour.md").first.wait_for()
    page.locator("#swf-add").click()
    reader.wait("#swf-add-notice .swf-good")
    reader.wait("#swf-stored", "uploads")
    reader.see("added")
    reader.tab("tab_ask")
    page.locator("#swf-question textarea").fill("Where is a ship written down?")
    page.locator("#swf-ask").click()
    reader.wait("#swf-answer", SOURCE)
    reader.wait("#swf-answer", "harbour.md")
    reader.see("answered")
    reader.tab("tab_add")
    page.locator("#swf-remove").click()
    reader.wait("#swf-remove-notice .swf-bad", reader.say("no_source"))
    page.locator("#swf-source input").click()
    page.get_by_role("option", name="default / uploads").click()
    page.locator("#swf-remove").click()
    reader.wait("#swf-remove-notice .swf-good")
    reader.wait("#swf-stored", reader.say("nothing_stored"))
    reader.see("removed")

    # What is to be fetched is chosen among what is not here.
    reader.tab("tab_models")
    page.locator("#swf-fetch").click()
    reader.wait("#swf-fetch-notice .swf-bad", reader.say("no_model"))
    page.locator("#swf-wanted input").click()
    page.get_by_role("option", name="smollm2-135m").wait_for()
    reader.see("fetch")
    reader.leave()
