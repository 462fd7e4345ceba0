// What the keyboard needs and Gradio leaves out.
(() => {
  // The cards of one choice are one group: one stop for Tab, arrow keys between them, and a name. Gradio gives each a
  // name of its own. Done before a key takes effect, so that cards drawn later are in it too.
  const unite = () => {
    for (const group of document.querySelectorAll('fieldset.cards')) {
      for (const card of group.querySelectorAll('input[type=radio]')) if (card.name !== group.id) card.name = group.id;
      group.setAttribute('role', 'radiogroup');
      group.setAttribute('aria-label', group.querySelector('[data-testid=block-info]')?.textContent.trim() || '');
    }
  };
  document.addEventListener('keydown', unite, true);
  document.addEventListener('focusin', unite, true);

  // A button that leads to another tab is gone there: the focus goes to that tab's heading, and the page to its top.
  const land = (tab) => {
    const held = document.activeElement;
    if (held && held !== document.body && held.checkVisibility()) return; // pressed in the list of tabs, or still typing
    const heading = document.querySelector(`#${tab.getAttribute('aria-controls')} h2`);
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  };
  new MutationObserver((changes) => {
    const opened = changes.map((change) => change.target).find((part) => part.matches('[role=tab][aria-selected=true]'));
    if (opened) requestAnimationFrame(() => requestAnimationFrame(() => land(opened)));
  }).observe(document.documentElement, { attributes: true, attributeFilter: ['aria-selected'], subtree: true });
})();
