"""Looking at one page as a machine can: what it reports, how it fits, what the keyboard reaches."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

AXE = "() => axe.run({resultTypes: ['violations']}).then(r => r.violations)"
# Content that is wider than the screen and cannot be scrolled on its own makes the page scroll sideways.
SHAPE = """() => {
  const wide = document.documentElement.scrollWidth - window.innerWidth;
  const over = wide <= 0 ? [] : [...document.querySelectorAll("main *")].filter(
    e => e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 120));
  const h1 = document.querySelectorAll("h1"), title = document.title.split("·")[0].trim();
  return {wide, over, h1: h1.length, h1_text: h1[0]?.innerText.trim(), title, lang: document.documentElement.lang};
}"""
# What a keyboard must reach: everything shown that a mouse could use. Of a group of radio buttons it reaches one.
REACHABLE = """() => {
  const seen = new Set();
  const all = [...document.querySelectorAll(
    "#main a[href], #main button, #main input, #main select, #main textarea, #main summary, #main [tabindex='0']")];
  return all.filter(e => {
    const box = e.getBoundingClientRect();
    if (e.disabled || e.type === "hidden" || !e.checkVisibility({visibilityProperty: true}) || !box.width) return false;
    if (e.type !== "radio") return true;
    const group = all.filter(o => o.type === "radio" && o.name === e.name && o.form === e.form);
    return e === (group.find(o => o.checked) || group[0]);
  }).map((e, n) => { e.dataset.reach = n; return e.outerHTML.slice(0, 120); });
}"""
FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const labelled = [...(e.labels || [])].some(l => l.contains(top));
  const bare = !top || e.contains(top) || top.contains(e) || labelled;
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {reach: e.dataset.reach ?? null, ring, shown: bare && inside, html: e.outerHTML.slice(0, 120)};
}"""


class Watch:
    """A browser context of one person whose every page is listened to: the console, scripts, requests elsewhere."""

    def __init__(self, context: "BrowserContext", server: str) -> None:
        self.context = context
        self.server = server
        self.heard: list[str] = []
        self.expect_refusal = False
        self.page = context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda fault: self.heard.append(f"script: {fault}"))
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not (self.expect_refusal and "the server responded with" in message.text):
            self.heard.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith("data:") and urlsplit(request.url).netloc != urlsplit(self.server).netloc:
            self.heard.append(f"outside: {request.url}")

    def open(self, url: str, *, refused: bool = False) -> None:
        self.expect_refusal = refused
        self.page.goto(self.server + url)

    def faults(self, axe: str) -> list[str]:
        """All that is wrong with the page as it stands."""
        shape = self.page.evaluate(SHAPE)
        found, self.heard[:] = list(self.heard), []
        if shape["wide"] > 0:
            found.append(f"{shape['wide']} px wider than the screen: {shape['over']}")
        if shape["h1"] != 1 or not shape["h1_text"]:
            found.append(f"{shape['h1']} main headings ({shape['h1_text']!r})")
        if not shape["title"]:
            found.append("no title")
        if not shape["lang"].startswith("zh"):
            found.append(f"language {shape['lang']!r}")
        if not self.page.evaluate("() => typeof axe === 'object'"):
            self.page.evaluate(axe)
        held = self.page.evaluate(AXE)
        return found + [f"axe {v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in held]


def tab_through(page: "Page") -> tuple[list[str], list[str]]:
    """Press Tab from the top to the end: (what of the main part was never reached, what was reached unseen)."""
    wanted = page.evaluate(REACHABLE)
    reached: set[int] = set()
    unseen: list[str] = []
    for _ in range(len(wanted) * 4 + 200):  # a date box is three stops
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None:
            break
        if not at["ring"] or not at["shown"]:
            unseen.append(f"{'no ring' if not at['ring'] else 'covered'}: {at['html']}")
        if at["reach"] is not None:
            reached.add(int(at["reach"]))
    return [html for n, html in enumerate(wanted) if n not in reached], unseen
