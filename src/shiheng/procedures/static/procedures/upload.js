// Sends evidence piece by piece and hashes it on the way, so that a broken line costs one piece and a changed byte is
// found. Without this file the form sends it whole. The hash is computed here: browsers offer theirs on https only, and
// for files that fit into memory only.

// SHA-256 (FIPS 180-4) of what comes bit by bit.
const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  let n = 2;
  for (let found = 0; found < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) { prime = false; break; }
    if (!prime) continue;
    const part = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32);
    if (found < 8) START[found] = part(Math.sqrt(n));
    K[found] = part(Math.cbrt(n));
    found += 1;
  }
}

export class Sha256 {
  constructor() {
    this.state = Uint32Array.from(START);
    this.rest = new Uint8Array(64);
    this.filled = 0;
    this.length = 0;
    this.w = new Uint32Array(64);
  }

  update(data) {
    this.length += data.length;
    let at = 0;
    if (this.filled) {
      at = Math.min(64 - this.filled, data.length);
      this.rest.set(data.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 64) return;
      this.block(this.rest, 0);
      this.filled = 0;
    }
    for (; at + 64 <= data.length; at += 64) this.block(data, at);
    this.rest.set(data.subarray(at), 0);
    this.filled = data.length - at;
  }

  block(data, at) {
    const { w, state } = this;
    for (let i = 0; i < 16; i += 1, at += 4) {
      w[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15], y = w[i - 2];
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    state[0] += a; state[1] += b; state[2] += c; state[3] += d; state[4] += e; state[5] += f; state[6] += g; state[7] += h;
  }

  hex() {
    const bits = this.length;
    const tail = new Uint8Array(this.filled < 56 ? 64 - this.filled : 128 - this.filled);
    tail[0] = 0x80;
    const view = new DataView(tail.buffer);
    view.setUint32(tail.length - 8, Math.floor(bits / 2 ** 29));
    view.setUint32(tail.length - 4, (bits * 8) >>> 0);
    this.update(tail);
    return [...this.state].map((word) => word.toString(16).padStart(8, "0")).join("");
  }
}

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
