"""A person at the page, in a real browser.

The pictures land in ``.benchmarks/screenshots``, or in the folder that ``SWF_SCREENSHOTS`` names.
"""

import os
from pathlib import Path

from swfactory.ui.wording import say

ROOT = Path(__file__).parents[2]
CHROMIUM = Path(os.environ.get("SWF_CHROMIUM", "/usr/bin/chromium"))
SCREENSHOTS = Path(os.environ.get("SWF_SCREENSHOTS", ROOT / ".benchmarks" / "screenshots"))
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


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
        self.page.set_default_timeout(60_000)
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
        from playwright.sync_api import TimeoutError

        try:
            self.page.locator(selector, has_text=text).first.wait_for()
        except TimeoutError as exc:
            shown = self.page.locator(selector.split()[0]).all_inner_texts()
            raise AssertionError(f"no {selector!r} with {text!r}, but {shown}") from exc

    def leave(self) -> None:
        assert self.page.evaluate("window.hacked") is None, "what a model wrote was run"
        elsewhere = [url for url in self.asked if url.startswith("http") and "//127.0.0.1:" not in url]
        assert elsewhere == []
        assert not [url for url in self.asked if url.endswith("/x")], "what a model wrote was fetched"
        self.context.close()
