// The sheets over the page. The server draws them: this fetches one, opens it as a dialog, sends its
// forms and puts what comes back in its place. Focus goes into the sheet and, when it is closed, back
// to where it was: a dialog of the browser does that, and keeps the rest of the page out of reach.

const TYPING_MS = 200; // from the last key in a box to its search

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

async function openSheet(address) {
  const html = await fetched(`cuttings/${address}`);
  document.getElementById("sheet-body").innerHTML = html;
  markCurrent();
  if (!sheet().open) sheet().showModal();
  const passage = document.getElementById("passage");
  (passage ?? document.getElementById("sheet-title"))?.focus({ preventScroll: true });
  if (passage) passage.scrollIntoView({ block: "center" });
  else sheet().scrollTop = 0;
}

function markCurrent() {
  for (const link of sheet().querySelectorAll("a.line")) {
    if (link.search === location.search) link.setAttribute("aria-current", "page");
  }
}

async function send(form) {
  const address = `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  const html = await fetched(address, form.method.toUpperCase());
  if (form.dataset.leaves && form.dataset.leaves === openedConversation()) {
    location.assign("./");
    return;
  }
  const into = document.getElementById(form.dataset.into);
  const hadFocus = into.contains(document.activeElement);
  into.innerHTML = html;
  markCurrent();
  if (hadFocus) document.getElementById("sheet-title").focus();
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  const opener = target.closest("[data-sheet]");
  if (opener) openSheet(opener.dataset.sheet);
  else if (target.closest(".close-sheet") || target === sheet()) sheet().close();
});

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.into) return;
  event.preventDefault();
  send(event.target);
});

let typing = 0;
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.dataset.live) return;
  clearTimeout(typing);
  typing = setTimeout(() => send(form), TYPING_MS);
});
