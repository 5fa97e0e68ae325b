// Run on the page that one is reading, from a bookmark. The window that it opens is of Cuttings alone:
// the page is handed to it, with the token, when it asks, and to no other.
(({ server, token, collection }) => {
  const opened = open(`${server}/cuttings/clip`);
  if (!opened) {
    alert("Cuttings could not open its window. Allow pop-ups for this page, and click again.");
    return;
  }
  addEventListener("message", function hand(event) {
    if (event.source !== opened || event.origin !== server) return;
    removeEventListener("message", hand);
    const html = document.documentElement.outerHTML;
    const page = { token, collection, address: location.href, title: document.title, html };
    opened.postMessage({ cuttings: page }, server);
  });
})
