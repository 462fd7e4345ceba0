// `palette` stands before this: light colour to the name it has in theme.css.
// Draws props.value (a Plotly figure as JSON) and redraws it in place: zoom and hover outlive a tick.
const holder = element.querySelector('.chart');
const colour = (name) => getComputedStyle(document.body).getPropertyValue(name).trim();
const draw = () => {
  if (!props.value || !window.Plotly) return;
  let text = props.value;
  for (const [light, name] of Object.entries(palette)) text = text.replaceAll(light, colour(name) || light);
  const figure = JSON.parse(text);
  const layout = figure.layout;
  layout.font = { ...(layout.font || {}), family: getComputedStyle(holder).fontFamily };
  layout.autosize = true;
  window.Plotly.react(holder, figure.data, layout, { displayModeBar: false, responsive: true, doubleClick: 'reset' });
};
watch('value', draw);
window.addEventListener('tailor-theme', draw);
new ResizeObserver(() => { if (holder.data && holder.offsetWidth) window.Plotly.Plots.resize(holder); }).observe(holder);
draw();
