// Our own HTML speaks to Python: a pressed button, a changed field, a form as JSON. Keys press the buttons that name
// them. After a change the focus is where it was, or where the new content wants it.
const items = () => JSON.stringify([...element.querySelectorAll('[data-item]')].map((item) => ({
  item: item.dataset.item,
  ...Object.fromEntries([...item.querySelectorAll('[name]')].map((field) => [field.name, field.type === 'checkbox' ? field.checked : field.value])),
})));
const send = (source) => trigger('select', {
  action: source.dataset.action,
  value: source.dataset.value ?? '',
  items: 'form' in source.dataset ? items() : '[]',
});
let last = ''; // the id of what has the focus here
document.addEventListener('focusin', (event) => { last = element.contains(event.target) ? event.target.id : ''; });
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-action]');
  if (button) send(button);
});
element.addEventListener('change', (event) => {
  const field = event.target.closest('input[data-action], select[data-action]');
  if (field) send(field);
});
document.addEventListener('keydown', (event) => {
  if (!element.isConnected || !element.offsetParent || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable], [role=tab], [role=listbox], [role=dialog]')) return;
  const arrows = element.contains(event.target) ? { ArrowDown: 'j', ArrowUp: 'k' } : {};
  const button = element.querySelector(`button[data-key="${CSS.escape(arrows[event.key] || event.key.toLowerCase())}"]`);
  if (!button || event.repeat) return;
  event.preventDefault();
  button.click();
});
watch('value', () => requestAnimationFrame(() => {
  const active = document.activeElement;
  const isLost = !active || active === document.body;
  if (!isLost && !element.contains(active)) return; // somebody is at another place
  const wanted = element.querySelector('[data-focus]') || (isLost && last && element.querySelector('#' + CSS.escape(last)));
  if (!wanted || wanted === active) return;
  wanted.focus({ preventScroll: true });
  wanted.scrollIntoView({ block: 'nearest' });
}));
