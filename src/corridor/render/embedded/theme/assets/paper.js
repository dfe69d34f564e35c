// Every page reads without this file; it only adds comforts.
(() => {
  'use strict';
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  // relative to the page: the site may sit at any path
  const pagefindUrl = new URL(`${document.currentScript.dataset.root}pagefind/pagefind.js`, document.baseURI).href;

  // --- light and dark
  const scheme = matchMedia('(prefers-color-scheme: dark)');
  const themeSwitch = document.querySelector('.theme-switch');
  const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : scheme.matches);
  const showTheme = () => themeSwitch.setAttribute('aria-pressed', String(isDark()));
  themeSwitch.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    try { localStorage.setItem('corridor-theme', root.dataset.theme); } catch { /* storage refused */ }
    showTheme();
  });
  scheme.addEventListener('change', showTheme);
  showTheme();

  // --- menu on a phone
  const menu = document.querySelector('.menu');
  document.addEventListener('click', (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });

  // --- '#' links on headings
  for (const heading of all('.prose :is(h2, h3, h4, h5)')) {
    const id = heading.id || (heading.matches('section > :first-child') && heading.parentElement.id);
    if (!id) continue;
    const link = Object.assign(document.createElement('a'), { className: 'anchor', href: '#' + id, textContent: '#' });
    link.setAttribute('aria-label', document.body.dataset.anchorLabel);
    heading.append(link);
  }

  // --- wide tables and charts: a tab stop and a hint only where there is something to scroll
  const wraps = all('.table-wrap, .chart-wrap');
  const fit = () => wraps.forEach((wrap) => {
    const more = wrap.scrollWidth - wrap.clientWidth;
    wrap.tabIndex = more > 1 ? 0 : -1;
    wrap.setAttribute('role', more > 1 ? 'region' : 'group');
    wrap.classList.toggle('is-scrolled', wrap.scrollLeft !== 0);
    wrap.classList.toggle('has-more', Math.abs(wrap.scrollLeft) < more - 1);
  });
  wraps.forEach((wrap) => wrap.addEventListener('scroll', fit, { passive: true }));
  all('.chart-wrap img').forEach((image) => image.addEventListener('load', fit));
  addEventListener('resize', fit);
  fit();

  // --- where the reader is, in the contents at the right
  const marks = all('.toc a')
    .map((link) => ({ link, target: document.getElementById(decodeURIComponent(link.hash.slice(1))) }))
    .filter((mark) => mark.target);
  const spy = () => {
    const atEnd = innerHeight + scrollY >= root.scrollHeight - 2;
    const passed = marks.filter((mark) => mark.target.getBoundingClientRect().top < (atEnd ? innerHeight : 140));
    marks.forEach((mark) => mark.link.removeAttribute('aria-current'));
    passed.at(-1)?.link.setAttribute('aria-current', 'location');
  };
  if (marks.length) {
    addEventListener('scroll', () => requestAnimationFrame(spy), { passive: true });
    spy();
  }

  // --- paper shows what was folded
  addEventListener('beforeprint', () => all('details.callout').forEach((box) => { box.open = true; }));

  // --- search
  const dialog = document.querySelector('dialog.search');
  const input = dialog.querySelector('input');
  const status = dialog.querySelector('.search-status');
  const list = dialog.querySelector('.search-results');
  const offline = location.protocol === 'file:';
  let engine;

  const openSearch = async () => {
    menu.open = false;
    if (!dialog.open) dialog.showModal();
    input.select();
    if (offline) { status.textContent = dialog.dataset.offline; return; }
    try {
      engine ??= import(pagefindUrl);
      await (await engine).init();
    } catch {
      engine = undefined; // the next opening tries again
      status.textContent = dialog.dataset.failed;
    }
  };

  const part = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
  const row = (hit, page) => {
    const item = document.createElement('li');
    const link = Object.assign(document.createElement('a'), { href: hit.url });
    const title = hit.title || page.meta.title;
    link.append(part('strong', title));
    if (title !== page.meta.title) link.append(part('small', page.meta.title));
    const excerpt = part('span', '');
    excerpt.innerHTML = hit.excerpt; // pagefind escapes all but its <mark>
    link.append(excerpt);
    item.append(link);
    return item;
  };

  const search = async () => {
    const query = input.value.trim();
    if (!engine) return;
    if (!query) { list.replaceChildren(); status.textContent = ''; return; }
    const found = await (await engine).debouncedSearch(query, {}, 150);
    if (!found) return; // a newer query is on its way
    const pages = await Promise.all(found.results.slice(0, 12).map((result) => result.data()));
    if (query !== input.value.trim()) return;
    const rows = pages.flatMap((page) => (page.sub_results?.length ? [...page.sub_results].sort((a, b) => b.locations.length - a.locations.length).slice(0, 6) : [page])
      .map((hit) => row(hit, page)));
    list.replaceChildren(...rows);
    status.textContent = rows.length
      ? dialog.dataset.count.replace('{count}', rows.length)
      : dialog.dataset.none.replace('{query}', query);
  };

  document.querySelector('.search-open').addEventListener('click', openSearch);
  dialog.querySelector('.search-close').addEventListener('click', () => dialog.close());
  input.addEventListener('input', search);
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('.search-results a')) dialog.close();
  });
  dialog.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    list.querySelector('a')?.click();
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { event.preventDefault(); dialog.close(); } // else a search field spends the key on emptying itself
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const stops = [input, ...all('a', list)];
    const next = Math.max(0, stops.indexOf(document.activeElement)) + step;
    stops[Math.min(Math.max(next, 0), stops.length - 1)].focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && menu.open) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    openSearch();
  });
})();
