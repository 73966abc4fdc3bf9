"""The page in a real browser: what a person does, on a screen and on a phone, in English and in Chinese.

The pictures land in ``.benchmarks/screenshots``, or in the folder that ``SWF_SCREENSHOTS`` names.
"""

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

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("SWF_CHROMIUM", "/usr/bin/chromium"))
SCREENSHOTS = Path(os.environ.get("SWF_SCREENSHOTS", ROOT / ".benchmarks" / "screenshots"))
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
REQUIREMENT = "A counter: `python main.py` counts. Write 2 files"


def _missing() -> str:
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed"
    return "" if CHROMIUM.is_file() else f"there is no browser at {CHROMIUM}"


@pytest.fixture(scope="module")
def browser():
    if why := _missing():
        (pytest.fail if os.environ.get("SWF_REQUIRE_BROWSER") else pytest.skip)(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


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


class Reader:
    """A person at the page.

    Args:
        browser: the browser.
        address: of the server.
        name: of the pictures.
        width: of the screen, in pixels.
        tag: language that the browser asks for.
    """

    def __init__(self, browser, address: str, name: str, width: int, tag: str) -> None:
        self.name, self.language = name, "zh" if tag.startswith("zh") else "en"
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=tag, accept_downloads=True, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.asked: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(address)
        self.page.wait_for_selector("#swf-switch label.selected")
        self.pictures = 0

    def say(self, key: str) -> str:
        return say(self.language, key)

    def see(self, name: str) -> None:
        """Take a picture; nothing may stick out of the screen."""
        self.pictures += 1
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.name}-{self.pictures}-{name}.png", full_page=True)
        wide, screen = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= screen, name

    def tab(self, key: str) -> None:
        """Open a tab, from the menu of those that a narrow screen has no room for if need be."""
        shown = self.page.get_by_role("tab", name=self.say(key), exact=True)
        if not shown.is_visible():
            self.page.locator("#swf-tabs .overflow-menu > button").click()
            shown = self.page.locator("#swf-tabs .overflow-dropdown").get_by_text(self.say(key), exact=True)
        shown.click()

    def wait(self, selector: str, text: str = "") -> None:
        self.page.locator(selector, has_text=text).first.wait_for()

    def leave(self) -> None:
        assert self.page.evaluate("window.hacked") is None, "what a model wrote was run"
        elsewhere = [url for url in self.asked if url.startswith("http") and "//127.0.0.1:" not in url]
        assert elsewhere == []
        assert not [url for url in self.asked if url.endswith("/x")], "what a model wrote was fetched"
        self.context.close()


@pytest.mark.parametrize(
    ("name", "width", "tag"), [("screen", 1280, "en-US"), ("phone", 390, "en-US"), ("phone-zh", 390, "zh-CN")]
)
def test_from_a_requirement_to_the_archive(browser, address, name, width, tag):
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
