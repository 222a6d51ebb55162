/* Nothing typed is lost: each form keeps a draft in this browser until it is saved or discarded.

   Data attributes:
   data-writer, data-draft-keys   on <body>: whose page it is, and the keys of that user's drafts
   data-keeps-private             on <body>: the user lets drafts hold internal notes
   data-draft="new|typed"         a form that keeps a draft; "typed" holds what was sent and not saved,
                                  so nothing is put into it
   data-draft-opener="id"         of a form that #id opens: a draft opens it again
   data-draft-private             a field that is kept only if the user lets it
   data-draft-cancel              a link that leaves its form; asks once, and discards the draft
   data-draft-discard             a form that discards what the server has kept; the draft goes with it
   data-draft-drop                part of the form that logs out: shows itself when there are drafts

   A draft is encrypted with a key that only its user's pages hold, so the next user of the browser
   can't read it. It is kept under the user and the address of the form. Its hidden fields (the version
   the form was made from, its token) are kept with it: the server then sees what the text was made from.
*/
(() => {
  "use strict";

  const { writer, draftKeys } = document.body.dataset;
  if (!writer || !window.crypto?.subtle) return;

  const PREFIX = `kladde:${writer}:`;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "af", "fra", "tilbage"]);
  const keepsPrivate = "keepsPrivate" in document.body.dataset;
  const ZONE = "Europe/Copenhagen";
  let leaving = false;

  /* ---------- Storage ---------- */

  const keys = draftKeys.split(" ").map((text) =>
    crypto.subtle.importKey("raw", bytesOf(text), "AES-GCM", false, ["encrypt", "decrypt"])
  );
  /* The newest turn of each draft: encrypting takes a moment, and an older text never comes last. */
  const turns = new Map();

  function bytesOf(text) {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  }

  function textOf(bytes) {
    return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
  }

  async function store(name, draft) {
    const turn = nextTurn(name);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(draft));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keys[0], plain);
    if (turn !== turns.get(name)) return;
    try {
      localStorage.setItem(name, `${textOf(iv)} ${textOf(sealed)}`);
    } catch {
      /* The storage is full or switched off: the text still stands in its form. */
    }
  }

  async function read(name) {
    const [iv, sealed] = (localStorage.getItem(name) || "").split(" ");
    if (!sealed) return null;
    for (const key of keys) {
      try {
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytesOf(iv) }, await key, bytesOf(sealed));
        return JSON.parse(new TextDecoder().decode(plain));
      } catch {
        /* Of another key. */
      }
    }
    return null;
  }

  function drop(name) {
    nextTurn(name);
    localStorage.removeItem(name);
  }

  function nextTurn(name) {
    turns.set(name, (turns.get(name) || 0) + 1);
    return turns.get(name);
  }

  function names() {
    return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  }

  /* ---------- Forms ---------- */

  function nameOf(form) {
    return PREFIX + new URL(form.getAttribute("action") || location.href, location.href).pathname;
  }

  function fieldsOf(form) {
    return [...form.elements].filter(
      (field) => field.name && !NOT_KEPT.has(field.name) && !["submit", "button", "password", "file"].includes(field.type)
    );
  }

  function isChoice(field) {
    return field.type === "checkbox" || field.type === "radio";
  }

  function isPrivate(field) {
    return "draftPrivate" in field.dataset;
  }

  function hasChanged(field) {
    if (field.type === "hidden") return false;
    if (isChoice(field)) return field.checked !== field.defaultChecked;
    if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return field.value !== field.defaultValue;
  }

  function isDirty(form) {
    return form.dataset.draft === "typed" || fieldsOf(form).some(hasChanged);
  }

  function keep(form) {
    if (!isDirty(form)) return drop(nameOf(form));
    const left = keepsPrivate ? [] : fieldsOf(form).filter(isPrivate);
    const fields = fieldsOf(form)
      .filter((field) => !left.includes(field))
      .map((field) => ({ name: field.name, value: field.value, checked: field.checked === true, changed: hasChanged(field), isPrivate: isPrivate(field) }));
    return store(nameOf(form), {
      at: Date.now(),
      page: location.pathname,
      opener: form.dataset.draftOpener || "",
      lacks: left.some((field) => field.value && (hasChanged(field) || form.dataset.draft === "typed")),
      fields,
    });
  }

  /* Puts a draft into its form; returns the texts for which the form has no field any more. */
  function fill(form, draft) {
    const fields = fieldsOf(form);
    const lost = [];
    for (const { name, value, checked, changed } of draft.fields) {
      const same = fields.filter((field) => field.name === name);
      const choice = same.find((field) => isChoice(field) && field.value === value);
      if (choice) choice.checked = checked;
      else if (same.length && !isChoice(same[0])) same[0].value = value;
      else if (changed && value.trim() && checked === false) lost.push(value);
    }
    return lost;
  }

  /* Back to a form that creates a row: it gets the token it had, so that "Gem" leads to that row. */
  function keepToken(form) {
    const field = form.elements.formular;
    const before = history.state && history.state.formular;
    if (!field || form.getAttribute("hx-post")) return;
    if (before && form.dataset.draft !== "typed") field.value = before;
    else history.replaceState({ ...history.state, formular: field.value }, "");
  }

  async function restore(form) {
    keepToken(form);
    if (form.dataset.draft === "typed") return keep(form);
    const name = nameOf(form);
    const draft = await read(name);
    if (!draft || !form.isConnected) return;
    const hidden = fieldsOf(form).filter((field) => field.type === "hidden").map((field) => [field, field.value]);
    const lost = fill(form, draft);
    if (!isDirty(form) && !lost.length) return drop(name);
    const discard = () => {
      drop(name);
      form.reset();
      for (const [field, value] of hidden) field.value = value;
      form.dispatchEvent(new Event("input", { bubbles: true }));
    };
    form.prepend(notice(draft, lost, discard));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function notice(draft, lost, discard) {
    const box = document.createElement("div");
    const line = document.createElement("p");
    const sentence = document.createElement("span");
    const button = document.createElement("button");
    const at = new Date(draft.at);
    const time = at.toLocaleTimeString("da-DK", { timeZone: ZONE, hour: "2-digit", minute: "2-digit" }).replace(":", ".");
    const dayOf = (moment) => moment.toLocaleDateString("da-DK", { timeZone: ZONE, dateStyle: "long" }).replace(/^(\d+)\.? /, "$1. ");
    const day = dayOf(at) === dayOf(new Date()) ? "" : `den ${dayOf(at)} `;
    box.className = "kept";
    line.setAttribute("role", "status");
    line.append(portal.icon("check"), sentence);
    button.type = "button";
    button.className = "p-link";
    button.textContent = "Kassér teksten";
    button.addEventListener("click", () => {
      discard();
      const next = box.closest("form").querySelector("input:not([type=hidden]), textarea, select");
      box.remove();
      if (next) next.focus();
    });
    box.append(line, button);
    for (const text of lost) {
      const left = document.createElement("p");
      left.className = "prose";
      left.textContent = text;
      box.append(left);
    }
    /* A live region speaks of what is put into it once it is there. */
    setTimeout(() => {
      const parts = [`Din tekst fra ${day}kl. ${time} er bevaret. Den er ikke gemt endnu.`];
      if (draft.lacks) parts.push("Det interne notat er ikke bevaret.");
      if (lost.length) parts.push("Det, som ikke længere har et felt, står her.");
      sentence.textContent = parts.join(" ");
    });
    return box;
  }

  /* Opens the forms that had been opened on this page when the login, the page or the server was lost. */
  async function reopen() {
    for (const name of names()) {
      const draft = await read(name);
      if (draft && !keepsPrivate && draft.fields.some((field) => field.isPrivate)) {
        /* The user has taken the permission back. */
        draft.fields = draft.fields.filter((field) => !field.isPrivate);
        await store(name, { ...draft, lacks: true });
      }
      const opener = draft && draft.opener && draft.page === location.pathname && document.getElementById(draft.opener);
      const isOpen = [...document.querySelectorAll("form[data-draft]")].some((form) => nameOf(form) === name);
      if (opener && !isOpen) opener.click();
    }
  }

  /* ---------- Saved, left, logged out ---------- */

  /* After a plain save the server says in a cookie which form it was. */
  const saved = document.cookie.match(/(?:^|; )gemt=([^;]*)/);
  if (saved) {
    drop(PREFIX + decodeURIComponent(saved[1]));
    document.cookie = "gemt=; Max-Age=0; Path=/; SameSite=Lax";
  }

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const form = detail.requestConfig && detail.requestConfig.elt;
    if (detail.successful && form && form.matches("form[data-draft]")) drop(nameOf(form));
  });

  for (const type of ["input", "change"]) {
    document.addEventListener(type, (event) => {
      const form = event.target.form || event.target;
      if (form instanceof HTMLFormElement && form.matches("[data-draft]")) keep(form);
    });
  }

  window.addEventListener("beforeunload", (event) => {
    if (!leaving && [...document.querySelectorAll("form[data-draft]")].some(isDirty)) event.preventDefault();
  });
  window.addEventListener("pageshow", () => { leaving = false; });

  /* In the capturing phase, before portal.js closes the form. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-draft-cancel]");
    const form = link && link.closest("form[data-draft]");
    if (!form) return;
    if (isDirty(form) && !window.confirm("Det, du har skrevet, er ikke gemt. Vil du kassere det?")) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    drop(nameOf(form));
    if (!link.dataset.close) leaving = true;
  }, true);

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.matches("[data-log-out]") && names().length && !form.querySelector("[data-draft-drop]")) {
      /* The page "Log ud" asks whether the drafts are to stay. */
      event.preventDefault();
      location.assign(form.action);
      return;
    }
    if (!form.matches("[data-draft], [data-draft-discard], [data-log-out]")) return;
    leaving = true;
    if (form.querySelector("[data-draft-drop]:checked")) names().forEach(drop);
    if (form.matches("[data-draft-discard]")) {
      for (const other of document.querySelectorAll("form[data-draft]")) drop(nameOf(other));
    }
  });

  for (const choice of document.querySelectorAll("[data-draft-drop]")) {
    if (names().length) choice.closest("[hidden]").hidden = false;
  }

  /* ---------- Begin ---------- */

  portal.leave = (isLeaving) => { leaving = isLeaving; };
  portal.isDirty = () => [...document.querySelectorAll("form[data-draft]")].some(isDirty);

  document.addEventListener("htmx:load", ({ target }) => {
    if (target === document.body) return;
    const form = target.closest("form[data-draft]");
    for (const opened of target.querySelectorAll("form[data-draft]")) restore(opened);
    if (form === target) restore(form);
  });
  /* After htmx, which listens to the same event, has seen the links that open forms. */
  document.addEventListener("DOMContentLoaded", async () => {
    await Promise.all([...document.querySelectorAll("form[data-draft]")].map(restore));
    reopen();
  });
})();
