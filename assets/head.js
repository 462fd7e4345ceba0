// Language: / is English, /zh Chinese. A first visit follows the browser, later ones the switch in the header.
// Light or dark: the system's, until the header's button chose one.
(() => {
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const write = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: not kept */ } };
  const isChinese = /\/zh\/?$/.test(location.pathname);
  const here = isChinese ? 'zh' : 'en';
  const wanted = read('tailor.language') || ((navigator.language || '').toLowerCase().startsWith('zh') ? 'zh' : 'en');
  const isPage = isChinese || location.pathname === new URL(document.baseURI).pathname;
  const other = (language) => (language === 'zh' ? location.pathname.replace(/\/?$/, '/zh') : location.pathname.replace(/zh\/?$/, ''));
  if (wanted !== here && isPage) location.replace(other(wanted) + location.search + location.hash);
  // Gradio's own words (upload, dropdowns) follow the browser; here they follow the page.
  const spoken = isChinese ? 'zh-CN' : 'en';
  Object.defineProperty(navigator, 'language', { get: () => spoken });
  Object.defineProperty(navigator, 'languages', { get: () => [spoken] });
  document.documentElement.lang = isChinese ? 'zh-CN' : 'en';

  const system = window.matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => { const kept = read('tailor.theme'); return kept ? kept === 'dark' : system.matches; };
  const apply = () => {
    const dark = isDark();
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
    if (document.body && document.body.classList.contains('dark') !== dark) document.body.classList.toggle('dark', dark);
  };
  window.tailor = {
    switchLanguage: (language) => { write('tailor.language', language); location.assign(other(language)); },
    switchTheme: () => { write('tailor.theme', isDark() ? 'light' : 'dark'); apply(); window.dispatchEvent(new Event('tailor-theme')); },
  };
  const watch = () => { apply(); new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ['class'] }); };
  if (document.body) watch(); else document.addEventListener('DOMContentLoaded', watch);
  system.addEventListener('change', () => { apply(); window.dispatchEvent(new Event('tailor-theme')); });
})();
