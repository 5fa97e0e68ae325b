// The window beside a page that is being clipped. It takes one page from the window that opened it,
// sees that the page's address is of the site that has sent it, and hands it to the server: a
// request of Cuttings' own, so no other site's ever needs to be let in.

const WAIT_MS = 10000;

const told = document.getElementById("told");
let waiting = 0;

function tell(text) {
  clearTimeout(waiting);
  told.textContent = text;
}

const BY_HAND = "Save the page with your browser (Ctrl+S) and drop the file on the Library sheet.";

function siteOf(address) {
  try {
    return new URL(address).origin;
  } catch {
    return null;
  }
}

async function take(event) {
  const page = event.data?.cuttings;
  if (event.source !== opener || !page) return;
  removeEventListener("message", take);
  if (siteOf(page.address) !== event.origin) {
    tell(`Not kept: this is no page of the web, or another site's. ${BY_HAND}`);
    return;
  }
  tell(`Keeping “${page.title}”…`);
  try {
    const response = await fetch("clip", { method: "POST", body: JSON.stringify(page) });
    told.innerHTML = await response.text();
  } catch {
    tell("Not kept: Cuttings does not answer. Start it with qa chat, and click again.");
  }
}

if (opener) {
  addEventListener("message", take);
  waiting = setTimeout(() => tell(`Not kept: the page has sent nothing. ${BY_HAND}`), WAIT_MS);
  opener.postMessage("cuttings", "*");
} else {
  tell(`Not kept: this site keeps its pages apart from other windows. ${BY_HAND}`);
}
