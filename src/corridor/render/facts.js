// Facts: a card beside each fact in the text, and the search of the facts page.
// Without this file a fact is a link to its entry in the list of all facts.
(() => {
  'use strict';
  // where the files of the facts are: beside this one, or where its tag says
  const folder = new URL(document.currentScript.dataset.folder ?? new URL('.', document.currentScript.src).href, document.baseURI);
  const facts = 'a.fact[data-key]';
  const wait = { open: 250, close: 300 };

  // --- the cards come with the first fact that is asked for; a classic script, so that it works from disk too
  let content;
  const load = () => {
    content ??= new Promise((done, failed) => {
      window.corridorCards = done;
      document.head.append(Object.assign(document.createElement('script'), { src: new URL('cards.js', folder).href, onerror: failed }));
    });
    return content;
  };

  const card = document.createElement('div');
  card.className = 'fact-card fact-told';
  card.id = 'fact-card';
  card.popover = 'manual'; // above everything, and still behind its fact in the order of the text
  card.setAttribute('role', 'dialog');
  let link = null; // the fact whose card is open or about to open
  let timer;
  let quiet = false;
  let touched = false;

  const part = (name, properties) => Object.assign(document.createElement(name), properties);

  const place = () => {
    card.style.cssText = '';
    const lines = [...link.getClientRects()];
    if (getComputedStyle(card).position === 'fixed') { // a sheet, which its fact stays above
      scrollBy({ top: Math.max(0, lines.at(-1).bottom + 16 - card.getBoundingClientRect().top) });
      return;
    }
    const first = lines[0];
    const last = lines.at(-1);
    const gap = 6;
    const edge = 12;
    const below = innerHeight - last.bottom - gap - edge;
    const above = first.top - gap - edge;
    const height = card.offsetHeight;
    const isBelow = height <= below || below >= above;
    const shown = Math.min(height, Math.max(below, above));
    const width = document.documentElement.clientWidth;
    const left = Math.max(edge, Math.min((isBelow ? last : first).left, width - card.offsetWidth - edge));
    card.style.maxHeight = `${shown}px`;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(isBelow ? last.bottom + gap : first.top - gap - shown) + scrollY}px`;
  };

  const close = () => {
    clearTimeout(timer);
    if (card.matches(':popover-open')) card.hidePopover();
    link?.setAttribute('aria-expanded', 'false');
    link?.removeAttribute('aria-describedby');
    link = null;
  };

  const open = async (wanted) => {
    if (link === wanted) return;
    close();
    link = wanted;
    let given;
    try { given = await load(); } catch { content = undefined; }
    const fragment = given?.cards[wanted.dataset.key];
    if (link !== wanted) return; // the reader has gone on
    if (!fragment) { link = null; return; }
    card.innerHTML = fragment;
    // where things are as seen from this folder, or on the page of all facts
    for (const inner of card.querySelectorAll('a')) {
      const target = inner.getAttribute('href');
      inner.href = new URL(target, target.startsWith('#') ? wanted.href : folder);
    }
    card.querySelector('.fact-title').id = 'fact-card-title';
    card.querySelector('.fact-value').id = 'fact-card-value';
    card.setAttribute('aria-labelledby', 'fact-card-title');
    const more = part('p', { className: 'fact-more' });
    more.append(part('a', { href: wanted.href, textContent: given.more }));
    const button = part('button', { type: 'button', className: 'fact-card-close', textContent: '×' });
    button.setAttribute('aria-label', given.close);
    button.addEventListener('click', leave);
    card.prepend(button);
    card.append(more);
    wanted.after(card);
    card.showPopover();
    card.scrollTop = 0;
    place();
    wanted.setAttribute('aria-expanded', 'true');
    wanted.setAttribute('aria-describedby', 'fact-card-title fact-card-value');
  };

  // Close, and put the reader back on the fact if the card had the focus.
  const leave = () => {
    const fact = link;
    const inside = card.contains(document.activeElement);
    close();
    if (!inside) return;
    quiet = true;
    fact.focus();
    quiet = false;
  };

  const within = (target) => target instanceof Node && (card.contains(target) || Boolean(link?.contains(target)));
  const later = (act, time) => { clearTimeout(timer); timer = setTimeout(act, time); };

  if ('popover' in HTMLElement.prototype && document.querySelector(facts)) {
    for (const fact of document.querySelectorAll(facts)) {
      fact.setAttribute('aria-haspopup', 'dialog');
      fact.setAttribute('aria-expanded', 'false');
    }
    document.addEventListener('pointerover', (event) => {
      if (event.pointerType !== 'mouse') return;
      const fact = event.target.closest?.(facts);
      if (fact && fact !== link) later(() => open(fact), wait.open);
      else if (within(event.target)) clearTimeout(timer);
    });
    document.addEventListener('pointerout', (event) => {
      if (event.pointerType !== 'mouse' || within(event.relatedTarget)) return;
      if (!within(event.target) && !event.target.closest?.(facts)) return;
      clearTimeout(timer);
      if (link && !within(document.activeElement)) later(close, wait.close);
    });
    document.addEventListener('focusin', (event) => {
      const fact = event.target.closest?.(facts);
      if (fact && !quiet && fact.matches(':focus-visible')) open(fact);
      else if (link && !within(event.target)) close();
    });
    document.addEventListener('pointerdown', (event) => {
      touched = event.pointerType !== 'mouse';
      if (link && !within(event.target)) close();
    }, true);
    document.addEventListener('click', (event) => {
      const fact = event.target.closest?.(facts);
      if (!fact || !touched || event.detail === 0) return;
      event.preventDefault(); // a tap opens the card; the link in it leads on
      open(fact);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !link) return;
      event.preventDefault();
      leave();
    });
    addEventListener('resize', () => { if (card.matches(':popover-open')) place(); });
    addEventListener('pagehide', close);
  }

  // --- the facts page
  const form = document.querySelector('.fact-search');
  if (!form) return;
  const field = form.querySelector('input');
  const output = form.querySelector('output');
  const groups = [...document.querySelectorAll('.fact-group')].map((group) => ({
    group,
    entries: [...group.querySelectorAll('.fact-entry')].map((entry) => ({ entry, text: '' })),
  }));
  const all = groups.flatMap((group) => group.entries);
  const plain = (text) => text.toLowerCase().replace(/\s+/g, ' ');

  const search = () => {
    const words = plain(field.value).trim().split(' ').filter(Boolean);
    for (const item of all) {
      item.text ||= plain(item.entry.textContent);
      item.entry.hidden = !words.every((word) => item.text.includes(word));
    }
    for (const { group, entries } of groups) group.hidden = entries.every((item) => item.entry.hidden);
    const count = all.filter((item) => !item.entry.hidden).length;
    output.textContent = words.length ? form.dataset.count.replace('{count}', count).replace('{all}', all.length) : '';
  };

  form.hidden = false;
  field.addEventListener('input', search);
  form.addEventListener('submit', (event) => event.preventDefault());
  // A link to an entry shows it, whatever is searched for.
  addEventListener('hashchange', () => {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!entry?.closest('[hidden]')) return;
    field.value = '';
    search();
    entry.scrollIntoView();
  });
})();
