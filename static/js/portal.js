/* The portal's own script. Everything works without it; it makes some things quicker.

   Data attributes:
   data-menu-toggle="id"   a link to the menu in the foot becomes a button that opens #id
   data-copy-link          copies the address of the page (or the attribute's value)
   data-print              prints the page
   data-fold               a details element that is closed in a narrow window
   data-stays-open         a details element: opened, it stays so when its region is renewed
   data-focus              gets the focus when it has been swapped in
   data-return-focus="id"  after the swap it starts, the focus goes back to #id
   data-go-next="id"       after "Gem og gå til næste": opens the next status that is not updated
   data-presence           a form that says in the background that its page is open
   data-close="id"         empties and hides #id without asking the server (with data-return-focus);
                           the empty element stays, as the place where the form opens again
*/
(() => {
  "use strict";

  const narrow = window.matchMedia("(max-width: 767px)");
  document.documentElement.classList.add("js");

  /* ---------- Live region ---------- */

  function icon(name) {
    const existing = document.querySelector("svg.icon > use");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    if (!existing) return svg;
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", existing.getAttribute("href").replace(/#.*$/, "#" + name));
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("focusable", "false");
    svg.append(use);
    return svg;
  }

  /* Says a sentence in the live region. With a second argument it is an error: `again` is what the
     button "Prøv igen" does, `login` the address of the link "Log ind". */
  function say(sentence, error) {
    const live = document.getElementById("live");
    if (!live) return;
    const line = document.createElement("p");
    const text = document.createElement("span");
    line.className = error ? "saved saved--error" : "saved";
    text.textContent = sentence;
    line.append(icon(error ? "attention" : "check"), text);
    if (error && error.again) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "p-button p-button--small";
      button.textContent = "Prøv igen";
      button.addEventListener("click", () => {
        live.replaceChildren();
        error.again();
      });
      line.append(button);
    }
    if (error && error.login) {
      const link = document.createElement("a");
      link.className = "p-link";
      link.href = error.login;
      link.textContent = "Log ind";
      link.addEventListener("click", () => portal.leave(true));
      line.append(link);
    }
    live.replaceChildren(line);
  }

  /* ---------- Menu, folding ---------- */

  for (const toggle of document.querySelectorAll("[data-menu-toggle]")) {
    const menu = document.getElementById(toggle.dataset.menuToggle);
    if (!menu) continue;
    toggle.setAttribute("role", "button");
    toggle.setAttribute("aria-controls", menu.id);
    toggle.setAttribute("aria-expanded", "false");
    const flip = (event) => {
      event.preventDefault();
      toggle.setAttribute("aria-expanded", String(menu.classList.toggle("is-open")));
    };
    toggle.addEventListener("click", flip);
    toggle.addEventListener("keydown", (event) => {
      if (event.key === " ") flip(event);
    });
  }

  function fold() {
    for (const details of document.querySelectorAll("details[data-fold]")) {
      /* Fields with errors must be visible. */
      details.open = !narrow.matches || details.querySelector("[aria-invalid]") !== null;
    }
  }
  narrow.addEventListener("change", fold);
  fold();

  /* An open user menu closes by Escape or by a click beside it. */
  document.addEventListener("click", (event) => {
    for (const details of document.querySelectorAll("details.user-menu[open]")) {
      if (!details.contains(event.target)) details.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of document.querySelectorAll("details.user-menu[open]")) {
      details.open = false;
      details.querySelector("summary").focus();
    }
  });

  /* ---------- Copy, print, close ---------- */

  let returnTo = null;

  function focusOn(element) {
    if (!element) return;
    element.focus();
    if (document.activeElement !== element) {
      element.tabIndex = -1;
      element.focus();
    }
  }

  async function copy(address) {
    try {
      await navigator.clipboard.writeText(address);
      say("Linket er kopieret.");
    } catch {
      /* The browser refuses, or there is no clipboard, as without https: it can be copied by hand. */
      say(`Linket kunne ikke kopieres. Adressen er ${address}`, {});
    }
  }

  document.addEventListener("click", async (event) => {
    const control = event.target.closest("[data-copy-link], [data-print], [data-return-focus], [data-close]");
    if (!control) return;
    if (control.hasAttribute("data-copy-link")) {
      await copy(new URL(control.dataset.copyLink || "", location.href).href);
    } else if (control.hasAttribute("data-print")) {
      window.print();
    } else {
      returnTo = control.dataset.returnFocus || null;
      const closes = control.dataset.close && document.getElementById(control.dataset.close);
      if (closes) {
        event.preventDefault();
        closes.replaceChildren();
        closes.hidden = true;
        focusOn(document.getElementById(returnTo));
        returnTo = null;
      }
    }
  });

  /* ---------- htmx: focus ---------- */

  /* Opens the next cell that is not updated, in the order of the page; after the last one the first. */
  function openNext(marker) {
    const here = document.getElementById(marker.dataset.goNext);
    marker.removeAttribute("data-go-next");
    const missing = [...document.querySelectorAll(".status-cell[data-missing]")];
    const later = missing.filter((cell) => here.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING);
    const next = (later[0] || missing[0] || here).querySelector("a[hx-get]");
    if (!next) return;
    next.focus();
    if (missing.length) next.click();
  }

  function placeFocus() {
    const marker = document.querySelector("[data-go-next]");
    if (marker) openNext(marker);
    const opener = returnTo && document.getElementById(returnTo);
    const wanted = document.querySelector("[data-focus]");
    if (opener) {
      returnTo = null;
      focusOn(opener);
    } else if (wanted) {
      focusOn(wanted);
    }
    for (const element of document.querySelectorAll("[data-focus]")) element.removeAttribute("data-focus");
  }

  /* htmx fires this on the target and on everything it has put in, also out of band. A form that
     removes itself is gone by then, but it also fires on what came with it (the row, the live region). */
  document.addEventListener("htmx:afterSettle", placeFocus);

  /* The page was loaded with an error summary or an open form: go there, as after a swap. */
  placeFocus();

  /* ---------- htmx: what was opened ---------- */

  document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
    if (!target.querySelector("[data-stays-open][open]")) return;
    for (const details of fragment.querySelectorAll("[data-stays-open]")) details.open = true;
  });

  /* ---------- htmx: who else is here, and whether files are made ---------- */

  /* Nobody asked for this: it asks nothing in a hidden tab, and fails or logs out without a word. */
  const isQuiet = (element) => element.matches("[data-presence], [data-poll]");
  document.addEventListener("htmx:confirm", (event) => {
    if (document.hidden && isQuiet(event.detail.elt)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (isQuiet(elt) && xhr.status !== 200) event.preventDefault();
  });

  /* ---------- htmx: what went wrong ---------- */

  const lost = "Der er ingen forbindelse. Det er ikke sikkert, at ændringen er gemt. Din tekst står her stadig.";
  const lostReading = "Der er ingen forbindelse.";
  const failed = "Der er sket en fejl hos os. Det, du har gemt, er bevaret. Prøv igen om lidt.";
  const sentences = {
    400: "Forespørgslen kunne ikke læses. Gå tilbage, og prøv igen.",
    403: "Du har ikke adgang til denne side. Skal du bruge den, så skriv til sekretariatet.",
    404: "Siden findes ikke. Adressen kan være forkert, eller du har ikke adgang til indholdet.",
    413: "Det, du sendte, fylder for meget. Du kan højst sende 10 MB ad gangen. Send mindre.",
    502: "Portalen svarer ikke lige nu. Vent et minut, og se efter, om ændringen er gemt, før du prøver igen. Din tekst står her stadig.",
  };

  /* The page's token no longer holds: it is never sent again. */
  const stale = "Siden er ikke længere aktuel, og ændringen er ikke gemt. Din tekst står her stadig. Kopiér den, hent siden igen, og sæt teksten ind.";

  function again(detail) {
    const config = detail.requestConfig;
    const control = detail.elt;
    const submitter = config && config.triggeringEvent && config.triggeringEvent.submitter;
    return () => {
      if (control instanceof HTMLFormElement) control.requestSubmit(submitter || undefined);
      else control.click();
      control.focus();
    };
  }

  /* The login has ended: every form stays as it is, and its draft waits for the login. */
  function sayLoggedOut(login) {
    const here = encodeURIComponent(location.pathname + location.search);
    const sentence = portal.isDirty()
      ? "Du er logget ud. Din tekst står her endnu. Log ind, og gem igen."
      : "Du er logget ud. Log ind igen, så kan du fortsætte, hvor du slap.";
    /* Said once, however many requests are refused. */
    if (document.getElementById("live").textContent.includes(sentence)) return;
    say(sentence, { login: login || `${document.body.dataset.login}?next=${here}` });
  }

  /* The page's token is old, and its user is logged in: the form is sent once more with the new one. */
  const renewed = new WeakSet();

  function sendWithToken(token, detail) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    renewed.add(detail.elt);
    /* htmx has to be done with the first request. */
    setTimeout(again(detail));
  }

  document.addEventListener("htmx:responseError", (event) => {
    const xhr = event.detail.xhr;
    returnTo = null;
    if (xhr.status === 401) return sayLoggedOut(xhr.getResponseHeader("X-Login"));
    const token = xhr.getResponseHeader("X-Form-Token");
    if (token && !renewed.has(event.detail.elt)) return sendWithToken(token, event.detail);
    if (xhr.getResponseHeader("X-Form-Refused") === "token") return say(stale, {});
    /* A plain text is a sentence from the server: why it could not save. */
    const isSentence = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    const status = [503, 504].includes(xhr.status) ? 502 : xhr.status;
    let sentence = (isSentence && xhr.responseText) || sentences[status] || failed;
    if (xhr.status === 429) {
      const minutes = Math.max(1, Math.ceil(Number(xhr.getResponseHeader("Retry-After") || 60) / 60)) || 1;
      sentence = `For mange forsøg. Vent ${minutes} ${minutes === 1 ? "minut" : "minutter"}, og prøv igen.`;
    }
    const number = xhr.getResponseHeader("X-Request-ID");
    if (xhr.status >= 500 && number) sentence += ` Fejlnummer: ${number}`;
    say(sentence, { again: again(event.detail) });
  });

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) renewed.delete(detail.requestConfig.elt);
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (isQuiet(event.detail.elt)) return;
      const verb = (event.detail.requestConfig && event.detail.requestConfig.verb) || "get";
      returnTo = null;
      say(verb === "get" ? lostReading : lost, { again: again(event.detail) });
    });
  }

  /* What the other scripts share. drafts.js says of the page whether it is dirty. */
  window.portal = { again, icon, say, sayLoggedOut, isDirty: () => false, leave: () => {} };
})();
