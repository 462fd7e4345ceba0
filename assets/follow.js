// A pane follows its answer while its end is in sight; whoever scrolled up to read stays there. A new question is shown.
const pane = element.closest('.answers') || element;
let follows = true;
let asked = 0;
pane.addEventListener('scroll', () => { follows = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 24; });
new MutationObserver(() => {
  const questions = element.querySelectorAll('.bubble.user').length;
  if (questions !== asked) follows = true;
  asked = questions;
  if (follows) pane.scrollTop = pane.scrollHeight;
}).observe(element, { childList: true, subtree: true, characterData: true });
