// Sends evidence piece by piece and hashes it on the way, so that a broken line costs one piece and a changed byte is
// found. Without this file the form sends it whole. The hash is computed here: browsers offer theirs on https only, and
// for files that fit into memory only.

import { Sha256 } from "./sha256.js";

const place = document.querySelector("[data-uploads]");
const form = place && place.querySelector("form:not([action])");
const PIECE = 1024 * 1024;
const MOST_WAITS = 30;

// The page brings the words, in its own language.
const words = (name, facts = {}) => place.dataset[`said${name}`].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

async function ask(url, body, headers) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, ...headers } });
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 409 && Number.isInteger(told.offset)) return told; // another window is ahead: go on from there
  if (!answer.ok) throw Object.assign(new Error(told.message || told.detail || words("Refused")), { final: answer.status < 500 });
  return told;
}

async function patiently(step, say) {
  for (let waits = 0; ; waits += 1) {
    try {
      return await step();
    } catch (fault) {
      if (fault.final || waits >= MOST_WAITS) throw fault;
      const seconds = Math.min(2 ** waits, 15);
      say(words("Waiting", { seconds }));
      await wait(seconds);
    }
  }
}

const read = async (file, from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer());

async function send(file, bar, say) {
  const about = new URLSearchParams({
    name: file.name, size: file.size, fingerprint: `${file.name}|${file.size}|${file.lastModified}`,
  });
  const begun = await patiently(() => ask(place.dataset.uploads, about), say);
  const url = `${place.dataset.uploads}${begun.id}/`;
  const digest = new Sha256();
  let at = begun.offset;
  let hashed = 0;
  const hashUpTo = async (end) => {
    while (hashed < end) {
      const next = Math.min(hashed + PIECE, end);
      digest.update(await read(file, hashed, next));
      hashed = next;
    }
  };
  while (at < file.size) {
    await hashUpTo(at);
    const piece = file.slice(at, at + PIECE);
    const headers = { "Upload-Offset": String(at), "Content-Type": "application/octet-stream" };
    const told = await patiently(() => ask(url, piece, headers), say);
    at = told.offset;
    bar.value = at / file.size;
    say(words("Sent", { percent: Math.floor((100 * at) / file.size) }));
  }
  say(words("Checking"));
  await hashUpTo(file.size);
  await patiently(() => ask(`${url}whole/`, new URLSearchParams({ sha256: digest.hex() })), say);
  return begun.id;
}

if (form) {
  const input = form.querySelector("input[type=file]");
  const held = form.querySelector("input[name=upload]");
  input.addEventListener("change", () => { held.value = ""; });
  form.addEventListener("submit", async (event) => {
    const file = input.files[0];
    if (!file || held.value || form.dataset.sent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = form.querySelector("button[type=submit]");
    const shown = place.querySelector("[data-upload-progress]");
    const bar = shown.querySelector("progress");
    const line = shown.querySelector("[data-upload-words]");
    const say = (text) => { line.textContent = text; };
    shown.hidden = false;
    button.disabled = true;
    try {
      held.value = await send(file, bar, say);
      input.disabled = true;
      form.dataset.sent = "1";
      form.submit();
    } catch (fault) {
      say(words("Failed", { reason: fault.message }));
      button.disabled = false;
    }
  }, true);
}
