// The sheets over the page. The server draws them: this fetches one, opens it as a dialog, sends its
// forms and puts what comes back in its place. Focus goes into the sheet and, when it is closed, back
// to where it was: a dialog of the browser does that, and keeps the rest of the page out of reach.

const TYPING_MS = 200; // from the last key in a box to its search
const REFRESH_MS = 500; // between two looks at what is under way

const sheet = () => document.getElementById("sheet");
const openedConversation = () => new URLSearchParams(location.search).get("c");

async function fetched(address, method = "GET") {
  try {
    const response = await fetch(address, { method });
    return await response.text();
  } catch {
    return '<p class="error" role="alert">Cuttings does not answer: it may have been ended.</p>';
  }
}

const collection = () => document.querySelector("#banner nav").dataset.collection;

async function openSheet(address) {
  if (/^(article|page)\?/.test(address) && !address.includes("collection=")) {
    address += `&collection=${encodeURIComponent(collection())}`;
  }
  const html = await fetched(`cuttings/${address}`);
  document.getElementById("sheet-body").innerHTML = html;
  markCurrent();
  if (!sheet().open) sheet().showModal();
  const passage = document.getElementById("passage");
  (passage ?? document.getElementById("sheet-title"))?.focus({ preventScroll: true });
  if (passage) passage.scrollIntoView({ block: "center" });
  else sheet().scrollTop = 0;
  keepFresh();
}

// What is under way says so by data-refresh, an address; what comes from there takes its place, as
// long as the sheet is open. The keyboard stays where it was.
let refreshing = 0;
function keepFresh() {
  clearTimeout(refreshing);
  const stale = sheet().querySelector("[data-refresh]");
  if (!stale || !sheet().open) return;
  refreshing = setTimeout(async () => {
    const html = await fetched(`cuttings/${stale.dataset.refresh}`);
    const into = document.getElementById(stale.dataset.into);
    if (!into) return;
    const focused = into.contains(document.activeElement) ? document.activeElement.id : null;
    into.innerHTML = html;
    if (focused) (document.getElementById(focused) ?? document.getElementById("sheet-title")).focus();
    if (!into.querySelector("[data-refresh]")) describe();
    keepFresh();
  }, REFRESH_MS);
}

function markCurrent() {
  for (const link of sheet().querySelectorAll("a.line")) {
    if (link.search === location.search) link.setAttribute("aria-current", "page");
  }
}

const latest = {}; // of the requests for an element: what an earlier one brings too late is dropped

async function send(form, submitter = null) {
  const request = (latest[form.dataset.into] = {});
  const query = new URLSearchParams(new FormData(form, submitter));
  if (form.dataset.conversation) query.set("id", openedConversation() ?? "");
  const address = `${form.getAttribute("action")}?${query}`;
  const html = await fetched(address, form.method.toUpperCase());
  if (form.dataset.leaves && form.dataset.leaves === openedConversation()) {
    location.assign("./");
    return;
  }
  const into = document.getElementById(form.dataset.into);
  if (!into || latest[into.id] !== request) return; // another sheet, or a later request
  const hadFocus = into.contains(document.activeElement);
  into.innerHTML = html;
  markCurrent();
  if (hadFocus) goOn(into);
  keepFresh();
  if (form.method === "post") describe();
}

// What had the keyboard is gone: it goes on where something can be done about what was done.
function goOn(into) {
  const next = into.querySelector("[role=status] button, [aria-pressed=true], input[name=correction], #stop-work");
  (next ?? document.getElementById("sheet-title"))?.focus();
}

// The line in the page's heading, after the library has changed.
async function describe() {
  const query = new URLSearchParams({ collection: collection() });
  document.querySelector("#banner .describe").innerHTML = await fetched(`cuttings/library/describe?${query}`);
}

// Uploading: a file after the other, each with its progress and then with what became of it. The answer
// comes line by line: which page of a scan is being read, and in the last one what the file gave.

function sent(file, name, bar, tell) {
  if (!file) return '<span class="error">cannot be opened: check its rights</span>';
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ collection: collection(), name });
    request.open("POST", `cuttings/library/add?${query}`);
    request.upload.onprogress = (event) => (bar.value = event.loaded / event.total);
    request.onprogress = () => tell(lastLine(request.responseText));
    request.onload = () => resolve(lastLine(request.responseText));
    request.onerror = () => resolve('<span class="error">could not be sent</span>');
    request.send(file);
  });
}

const lastLine = (text) => text.trimEnd().split("\n").pop();

async function upload(files) {
  const list = document.getElementById("uploaded");
  const lines = files.map(({ file, name }) => {
    const line = list.appendChild(document.createElement("li"));
    line.append(`${name}: `);
    const result = line.appendChild(document.createElement("span"));
    result.append("waiting");
    return { file, name, result };
  });
  for (const { file, name, result } of lines) {
    const bar = document.createElement("progress");
    bar.max = 1;
    bar.setAttribute("aria-label", `Sending ${name}`);
    result.replaceChildren(bar);
    const tell = (line) => (result.innerHTML = line);
    tell(await sent(file, name, bar, tell));
  }
  document.querySelector("#sheet form.filter")?.requestSubmit();
  describe();
}

// The files below what was dropped, folders entered; of what cannot be opened, the name alone.
async function filesBelow(entry, path = "") {
  try {
    return await filesIn(entry, path);
  } catch {
    return [{ file: null, name: path + entry.name }];
  }
}

// A browser lists 100 entries at a time.
async function filesIn(entry, path) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: path + file.name }];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return found;
    for (const each of entries) {
      if (!each.name.startsWith(".")) found.push(...(await filesBelow(each, `${path}${entry.name}/`)));
    }
  }
}

document.addEventListener("change", (event) => {
  if (!event.target.matches(".upload input[type=file]")) return;
  const chosen = [...event.target.files].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
  event.target.value = "";
  upload(chosen.filter(({ name }) => !name.split("/").pop().startsWith(".")));
});

for (const kind of ["dragover", "drop"]) {
  document.addEventListener(kind, async (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(".upload")) return;
    event.preventDefault();
    if (kind === "dragover") return;
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
    upload((await Promise.all(entries.map((entry) => filesBelow(entry)))).flat());
  });
}

// Words that are selected in the article beside a draft. A click on the button that takes them may end
// the selection, so the last one is kept.
let selected = "";
document.addEventListener("selectionchange", () => {
  const range = getSelection();
  const place = range.anchorNode?.parentElement?.closest(".review .article-text");
  if (place && range.toString().trim()) selected = range.toString().trim();
});

function takeWords(button) {
  const evidence = button.form.elements.evidence;
  if (!selected) return;
  evidence.value = [evidence.value.trimEnd(), selected.replace(/\s+/g, " ")].filter(Boolean).join("\n");
  selected = "";
  evidence.focus();
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest("a.bookmarklet")) {
    event.preventDefault(); // it is to be dragged; here it would clip this very page
    document.querySelector("#clipping details").open = true;
  }
  if (target.closest(".take-words")) takeWords(target.closest(".take-words"));
  const opener = target.closest("[data-sheet]");
  if (opener) openSheet(opener.dataset.sheet);
  else if (target.closest(".close-sheet") || target === sheet()) sheet().close();
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.into) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

let typing = 0;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.live) return;
  clearTimeout(typing);
  typing = setTimeout(() => send(form), TYPING_MS);
});
