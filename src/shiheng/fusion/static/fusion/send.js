// Sends a large file piece by piece, so that a broken line costs one piece. Without this file the form sends it whole.

const form = document.querySelector("form[data-uploads]") || document.querySelector("[data-uploads] form");
const place = document.querySelector("[data-uploads]");
const SMALL = 1024 * 1024;
const PIECE = 2 * 1024 * 1024;
const MOST_WAITS = 30;

// The page brings the words, in its own language.
const words = (name, facts = {}) => place.dataset[`said${name}`].replace(/\{(\w+)\}/g, (_, fact) => facts[fact]);
const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

async function ask(url, body, headers) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, ...headers } });
  const told = await answer.json().catch(() => ({}));
  if (answer.status === 409 && Number.isInteger(told.offset)) return told;
  if (!answer.ok) throw Object.assign(new Error(told.message || told.detail || words("Refused")), { final: answer.status < 500 });
  return told;
}

async function patiently(step, say) {
  for (let waits = 0; ; waits += 1) {
    try {
      return await step();
    } catch (fault) {
      if (fault.final || waits >= MOST_WAITS) throw fault;
      say(words("Waiting", { seconds: Math.min(2 ** waits, 15) }));
      await wait(Math.min(2 ** waits, 15));
    }
  }
}

async function send(file, bar, say) {
  const about = new URLSearchParams({
    name: file.name, size: file.size, fingerprint: `${file.name}|${file.size}|${file.lastModified}`,
  });
  const begun = await patiently(() => ask(place.dataset.uploads, about), say);
  let at = begun.offset;
  const url = `${place.dataset.uploads}${begun.id}/`;
  while (at < file.size) {
    const piece = file.slice(at, at + PIECE);
    const told = await patiently(() => ask(url, piece, { "Upload-Offset": String(at), "Content-Type": "application/octet-stream" }), say);
    at = told.offset;
    bar.value = at / file.size;
    say(words("Sent", { percent: Math.floor((100 * at) / file.size) }));
  }
  return begun.id;
}

if (form && place) {
  form.addEventListener("submit", async (event) => {
    const input = form.querySelector("input[type=file]");
    const file = input && input.files[0];
    if (!file || file.size <= SMALL || form.dataset.sent) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = form.querySelector("button[type=submit]");
    const shown = place.querySelector("[data-upload-progress]");
    const bar = shown.querySelector("progress");
    const words = shown.querySelector("[data-upload-words]");
    const say = (text) => { words.textContent = text; };
    shown.hidden = false;
    button.disabled = true;
    try {
      const id = await send(file, bar, say);
      form.querySelector("input[name=upload]").value = id;
      input.disabled = true;
      form.dataset.sent = "1";
      form.submit();
    } catch (fault) {
      say(words("Failed", { reason: fault.message }));
      button.disabled = false;
    }
  }, true);
}

// The ways of delivering follow the source that is chosen; what its contract does not allow cannot be picked.
const ways = document.getElementById("fusion-ways");
const source = form && form.querySelector("[name=source]");
const delivery = form && form.querySelector("[name=delivery]");
if (ways && source && delivery) {
  const known = JSON.parse(ways.textContent);
  source.addEventListener("change", () => {
    const allowed = known[source.value];
    if (allowed) delivery.replaceChildren(...allowed.map(([value, title]) => new Option(title, value)));
  });
}
