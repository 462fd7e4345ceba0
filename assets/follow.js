// A pane follows its answer while its end is in sight; whoever scrolled up to read stays there. A new question is shown.
let pane = null; // found at the first change: when this runs, the element may not be on the page yet
let follows = true;
let asked = 0;
const find = () => {
  pane = element.closest('.block.answers');
  pane?.addEventListener('scroll', () => { follows = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 24; });
};
new MutationObserver(() => {
  if (!pane) find();
  const questions = element.querySelectorAll('.bubble.user').length;
  if (questions !== asked) follows = true;
  asked = questions;
  if (pane && follows) pane.scrollTop = pane.scrollHeight;
}).observe(element, { childList: true, subtree: true, characterData: true });
