// From one rendition to another without losing the place. Without this file the links lead to the page's top.
(() => {
  'use strict';
  const box = document.querySelector('.renditions');
  if (!box) return;

  // Whether the reader has moved since the page was opened at its place.
  let moved = false;
  for (const kind of ['wheel', 'touchmove', 'keydown']) addEventListener(kind, () => { moved = true; }, { passive: true });
  addEventListener('hashchange', () => { moved = false; });

  // The place in the address while the reader is there, else the last section or exhibit that was passed.
  const place = () => {
    const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const seen = named && named.getBoundingClientRect();
    if (seen && (!moved || (seen.bottom > 0 && seen.top < innerHeight))) return location.hash;
    if (scrollY < 8) return '';
    const passed = [...document.querySelectorAll('main :is(section, h2, h3, h4, figure)[id]')]
      .filter((part) => part.getClientRects().length && part.getBoundingClientRect().top < 140);
    return passed.length ? '#' + encodeURIComponent(passed.at(-1).id) : '';
  };
  const keep = (event) => {
    const link = event.target.closest?.('a[data-same-page]');
    if (link) link.hash = place();
  };
  for (const kind of ['pointerdown', 'focusin', 'click']) box.addEventListener(kind, keep);

  document.addEventListener('click', (event) => { if (!box.contains(event.target)) box.open = false; });
  box.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !box.contains(event.relatedTarget)) box.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !box.open) return;
    box.open = false;
    box.querySelector('summary').focus();
  });
})();
