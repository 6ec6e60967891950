/* What Streamlit leaves to do: the language of the page, the words of its own widgets, the keyboard led into what opens. */
(function (asked) {
  const page = (window.territoPage = window.territoPage || {});
  document.documentElement.lang = asked.lang;
  page.words = asked.words;
  if (page.translate) { page.translate(); return; }

  const NAMES = ["aria-label", "title", "placeholder"];
  const NAMED = NAMES.map((name) => "[" + name + "]").join(",");
  const TEXTS = "[data-testid='InputInstructions'], [data-testid='stFileUploader'], [role='listbox'], a[href^='#']";
  const FIELDS = "input, button, textarea, a[href], [tabindex='0']";

  /* A word that ends with a space stands before a name: "Remove " and the name of a service. */
  function translated(text) {
    const found = page.words.find(([from]) => from === text || (from.endsWith(" ") && text.startsWith(from)));
    return found && found[1] + text.slice(found[0].length);
  }

  page.translate = function () {
    page.waiting = false;
    document.querySelectorAll(NAMED).forEach((element) => NAMES.forEach((name) => {
      const words = translated(element.getAttribute(name) || "");
      if (words) { element.setAttribute(name, words); }
    }));
    document.querySelectorAll(TEXTS).forEach((element) => {
      const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const words = translated(walk.currentNode.nodeValue);
        if (words) { walk.currentNode.nodeValue = words; }
      }
    });
  };
  new MutationObserver(() => {
    if (!page.waiting) { page.waiting = true; requestAnimationFrame(page.translate); }
  }).observe(document.body, { subtree: true, childList: true, characterData: true, attributeFilter: NAMES });

  /* What opens stands at the end of the page: a keyboard (a click without a pointer) would pass everything to reach it. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-testid='stPopoverButton']");
    if (button && event.detail === 0) { enter(button, 60); }
  });

  /* Fields come one by one, and may come anew: the focus is given again where it was lost. */
  function enter(button, frames) {
    const lost = document.activeElement === document.body || document.activeElement === button;
    if (lost && button.getAttribute("aria-expanded") === "true") {
      document.querySelector("[data-testid='stPopoverBody']")?.querySelector(FIELDS)?.focus();
    }
    if (frames) { requestAnimationFrame(() => enter(button, frames - 1)); }
  }

  page.translate();
})({{ asked }});
