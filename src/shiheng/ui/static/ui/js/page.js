// Small conveniences for keyboard and mouse. Every page works without this file.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
const panel = () => document.getElementById("panel");
let cameFrom = null;

function closePanel() {
  const open = panel();
  if (!open || open.hidden) return false;
  open.hidden = true;
  open.replaceChildren();
  if (cameFrom && cameFrom.isConnected) cameFrom.focus();
  return true;
}

function closeMenus(except) {
  let closed = false;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu === except || menu.contains(except)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
    closed = true;
  }
  return closed;
}

function rows() {
  return [...document.querySelectorAll("[data-rows] tbody tr")];
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.classList.contains("here"));
  const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
  for (const row of all) row.classList.toggle("here", row === next);
  next.scrollIntoView({ block: "nearest" });
  const link = next.querySelector("a[href]");
  if (link) link.focus({ preventScroll: true });
}

const pressed = {
  "/": () => {
    const box = document.querySelector("[data-key-focus]");
    if (box) { box.focus(); box.select(); }
    return box;
  },
  "?": () => {
    const keys = document.getElementById("keys");
    if (keys && keys.showModal && !keys.open) keys.showModal();
    return keys;
  },
  j: () => { move(1); return true; },
  k: () => { move(-1); return true; },
  x: () => {
    const box = document.querySelector("[data-rows] tbody tr.here input[type=checkbox]");
    if (box) box.click();
    return box;
  },
  "[": () => { const a = document.querySelector("a[rel=prev]"); if (a) a.click(); return a; },
  "]": () => { const a = document.querySelector("a[rel=next]"); if (a) a.click(); return a; },
};

// A button may name the key that presses it.
function named(key) {
  const button = /^[0-9a-z]$/i.test(key) && document.querySelector(`button[data-hotkey="${key.toLowerCase()}"]`);
  if (button) button.click();
  return button;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (closeMenus(null) || closePanel()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const act = pressed[event.key] || (() => named(event.key));
  if (act()) event.preventDefault();
});

document.addEventListener("click", (event) => {
  closeMenus(event.target);
  if (event.target.closest("[data-close-panel]")) closePanel();
  const all = event.target.closest("[data-pick-all]");
  if (all) {
    for (const box of document.querySelectorAll(`input[form="${all.dataset.pickAll}"]`)) box.checked = all.checked;
  }
});

// A second click on a sending form must not send it again; the server would refuse it anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.sent) { if (form.dataset.sent) event.preventDefault(); return; }
  if (!event.defaultPrevented && form.method === "post") form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === panel()) cameFrom = document.activeElement;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === panel()) { panel().hidden = false; panel().focus(); }
  ready();
});

function ready() {
  for (const box of document.querySelectorAll("[data-pick-all][hidden]")) box.hidden = false;
}

ready();
const summary = document.querySelector("#error-summary[data-focus]");
if (summary) summary.focus();
