// The citations and quotes of the page: opening a source, marking the words, going back. Gradio runs
// this once as the body of a function with `element` (the sources panel) and `watch`. The page's HTML
// carries the rest: a link to #src-… is a way to a source, its id one of the `data-cites` of the words.

const narrow = window.matchMedia("(max-width: 999px)");
let opened = null; // id of the citation or quote whose words are marked
let newest = null; // id of the last section of the panel when we last looked
let cameFrom = null; // the link or button that led to the panel

// Of sources the server sends those that are new, or have changed, alone: what was there before stays
// here. Gradio makes new HTML out of the nodes of the last, so copies are kept of them.
const panel = element.parentElement;
const earlier = document.createElement("div");
element.after(earlier);
let sent = [];

function keepEarlier() {
  const fresh = [...element.querySelectorAll(".sources-of")];
  const ids = new Set(fresh.map(({ id }) => id));
  earlier.append(...sent.filter(({ id }) => !ids.has(id)));
  for (const one of earlier.children) one.hidden = true;
  for (const one of [...earlier.children]) if (ids.has(one.id)) one.remove();
  sent = fresh.map((one) => one.cloneNode(true));
}

// And of the transcript, what has settled since.
const numberOf = (exchange) => Number(exchange?.id.split("-")[1]);

function settle() {
  const settled = document.getElementById("earlier");
  if (!settled) return; // the page is being built
  const at = numberOf(document.querySelector("#live .exchange"));
  for (const one of document.querySelectorAll("#past .exchange")) {
    if (!(numberOf(one) < at)) continue; // the one that follows it is still to be drawn
    settled.querySelector(`#${one.id}`)?.remove();
    settled.append(one);
  }
  for (const one of settled.querySelectorAll(".exchange")) if (numberOf(one) >= at) one.remove();
}

function section(id) {
  for (const one of panel.querySelectorAll(".sources-of")) one.hidden = one.id !== id;
}

function markWords(citation) {
  for (const mark of panel.querySelectorAll("mark")) {
    mark.classList.toggle("open", mark.dataset.cites.split(" ").includes(citation));
  }
  for (const link of document.querySelectorAll("a.cite, a.from")) {
    link.classList.toggle("open", link.id === citation);
  }
}

// On a narrow window the panel lies over the chat, which is then out of reach.
function slide(open) {
  document.getElementById("desk").classList.toggle("sources-open", open);
  document.getElementById("chat").inert = open && narrow.matches;
}

function openSource(link) {
  const source = document.getElementById(link.hash.slice(1));
  if (!source) return;
  cameFrom = link;
  opened = link.id || null;
  section(source.closest(".sources-of").id);
  markWords(opened);
  const back = source.querySelector(".back");
  if (back && opened) back.hash = `#${opened}`;
  slide(true);
  source.focus({ preventScroll: true });
  (source.querySelector("mark.open") || source).scrollIntoView({ block: "center" });
}

function openSection(button) {
  cameFrom = button;
  section(button.dataset.sources);
  slide(true);
  element.querySelector(".panel-head h2").focus();
}

function backTo(link) {
  slide(false);
  if (!link || !link.isConnected) return;
  const fold = link.closest("details");
  if (fold) fold.open = true;
  link.focus({ preventScroll: true });
  link.scrollIntoView({ block: "nearest" });
}

// Ask, Stop and the examples go away when used; the keyboard goes on in the box. Not on a touch
// screen, where that would bring up the on-screen keyboard.
function focusBox() {
  if (window.matchMedia("(hover: hover)").matches) {
    document.querySelector("#question-box textarea").focus();
  }
}

// What Gradio has to do stands behind its own buttons, which are not shown.
function press(name) {
  document.getElementById(name).click();
  if (name !== "again") focusBox();
}

function askNow(question) {
  const box = document.querySelector("#question-box textarea");
  box.value = question;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  setTimeout(() => document.getElementById("ask").click());
  focusBox();
}

// Beyond this machine a page without HTTPS has no clipboard of its own.
async function copy(button) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(button.dataset.copy);
  } else {
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = button.dataset.copy;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  button.textContent = "Copied";
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  const hash = target.closest("a[href*='#']")?.hash ?? "";
  if (hash.startsWith("#src-") || hash.startsWith("#cite-")) event.preventDefault();
  if (hash.startsWith("#src-")) openSource(target.closest("a"));
  else if (hash.startsWith("#cite-")) backTo(document.getElementById(hash.slice(1)));
  else if (target.closest(".open-sources")) openSection(target.closest(".open-sources"));
  else if (target.closest(".close-sources")) backTo(cameFrom);
  else if (target.closest("[data-press]")) press(target.closest("[data-press]").dataset.press);
  else if (target.closest("[data-ask]")) askNow(target.closest("[data-ask]").dataset.ask);
  else if (target.closest("[data-copy]")) copy(target.closest("[data-copy]"));
  else if (narrow.matches && !panel.contains(target)) slide(false);
  if (target.closest("#ask, #stop, .example")) focusBox();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && panel.contains(document.activeElement)) backTo(cameFrom);
});

narrow.addEventListener("change", () => slide(false));

// New HTML puts every section and mark back as the server drew it: a new question's sources are
// shown; while they stay the same, what the reader had opened is opened again (by its words: a quote
// that the answer repeats is listed no more).
watch("value", () => {
  keepEarlier();
  const last = [...element.querySelectorAll(".sources-of")].pop()?.id ?? null;
  const mark = opened && panel.querySelector(`mark[data-cites~="${opened}"]`);
  if (last === newest && mark) {
    section(mark.closest(".sources-of").id);
    markWords(opened);
  } else {
    opened = null;
  }
  newest = last;
});

// A new question goes to the top of the transcript, with room below: nothing moves while it grows.
// Gradio may draw the transcript after this panel, so the whole page is watched for it; and what
// stands above a first question may go away after that has come.
// And the address names the conversation, so that a reload comes back to it.
let shown = null;
new MutationObserver(() => {
  settle();
  const exchange = document.querySelector("#live .exchange");
  const id = exchange?.closest("[data-conversation]")?.dataset.conversation;
  if (id && id !== new URLSearchParams(location.search).get("c")) {
    history.replaceState(null, "", `?c=${id}`);
  }
  const place = exchange && `${exchange.id} ${document.getElementById("empty") !== null}`;
  if (exchange && place !== shown) {
    shown = place;
    exchange.scrollIntoView({ block: "start" });
  }
}).observe(document.body, { childList: true, subtree: true, attributeFilter: ["id"] });
