/* Warns before the login ends because nobody has used the portal, and lets one press prolong it.

   The form [data-login-end] says in seconds how long a login lasts without use (data-idle) and how
   long before its end it warns (data-warning). Every tab of the browser counts.
*/
(() => {
  "use strict";

  /* What a page fetches by itself is no use: the server leaves the hour as it is. */
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.triggeringEvent) detail.headers["X-Unattended"] = "1";
  });

  const box = document.querySelector("[data-login-end]");
  if (!box) return;

  const name = `brugt:${document.body.dataset.writer}`;
  const idle = Number(box.dataset.idle) * 1000;
  const warning = Number(box.dataset.warning) * 1000;
  const sentence = box.querySelector("p");
  let used = Date.now();
  let hasEnded = false;

  function noteUse() {
    used = Date.now();
    hasEnded = false;
    try {
      localStorage.setItem(name, String(used));
    } catch {
      /* Without storage each tab counts for itself. */
    }
  }

  function newestUse() {
    try {
      return Math.max(used, Number(localStorage.getItem(name)));
    } catch {
      return used;
    }
  }

  function look() {
    const left = idle - (Date.now() - newestUse());
    box.hidden = left > warning || left <= 0;
    if (left <= 0 && !hasEnded) {
      hasEnded = true;
      portal.sayLoggedOut();
    } else if (!box.hidden) {
      const minutes = Math.ceil(left / 60_000);
      const words = `Du bliver logget ud om ${minutes} ${minutes === 1 ? "minut" : "minutter"}.`;
      if (sentence.textContent !== words) sentence.textContent = words;
    } else {
      sentence.textContent = "";
    }
  }

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const isUse = !detail.requestConfig.headers["X-Unattended"];
    if (isUse && detail.xhr.status && detail.xhr.status !== 401) noteUse();
    look();
  });

  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(box.action, { method: "POST", body: new FormData(box), headers: { "HX-Request": "true" } });
    if (answer.ok) noteUse();
    look();
    if (answer.status === 401) portal.sayLoggedOut();
    else if (!answer.ok) box.submit();
  });

  noteUse();
  look();
  setInterval(look, 5_000);
  document.addEventListener("visibilitychange", look);
})();
