/* A save that waits says so, and is given up in the end with its text kept. */
(() => {
  "use strict";

  const SLOW = 3_000;
  const GIVEN_UP = 20_000;
  const slow = "Det tager længere tid end normalt. Din tekst er bevaret.";
  const givenUp = "Portalen svarede ikke. Intet er gemt, og din tekst er bevaret. Prøv igen.";

  /* Waits for an answer; `stop` gives the request up, `again` sends it once more. Returns what ends
     the waiting. */
  function wait(stop, again) {
    const live = document.getElementById("live");
    const timers = [
      setTimeout(() => portal.say(slow, { isError: true }), SLOW),
      setTimeout(() => {
        stop();
        portal.say(givenUp, { again });
      }, GIVEN_UP),
    ];
    return () => {
      timers.forEach(clearTimeout);
      if (live && live.textContent.trim() === slow) live.replaceChildren();
    };
  }

  /* ---------- htmx ---------- */

  const ends = new WeakMap();

  document.addEventListener("htmx:beforeRequest", ({ detail }) => {
    const { elt, verb, triggeringEvent } = detail.requestConfig;
    /* A button inside a form that asks for something else than its saving, a preview for instance. */
    const isAside = !(elt instanceof HTMLFormElement) && elt.closest("form[data-draft]");
    /* Nobody waits for what a page sends by itself. */
    if (verb === "get" || isAside || !triggeringEvent) return;
    ends.set(detail.xhr, wait(() => htmx.trigger(elt, "htmx:abort"), portal.again(detail)));
  });

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const end = ends.get(detail.xhr);
    if (end) end();
  });

  /* ---------- Plain forms ---------- */

  let end = null;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (end) {
      /* A second click while the first is under way. */
      event.preventDefault();
      return;
    }
    const stop = () => {
      window.stop();
      end = null;
      portal.leave(false);
    };
    end = wait(stop, () => form.requestSubmit(event.submitter));
  });

  /* The page is shown again from the browser's memory. */
  window.addEventListener("pageshow", () => {
    if (end) end();
    end = null;
  });
})();
