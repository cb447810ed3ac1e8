// Keeps an open pull request current. Without this script every page still works.
const { live } = document.body.dataset;

function isBusy() {
  const field = document.querySelector('#comment');
  const hasText = field instanceof HTMLTextAreaElement && field.value.trim() !== '';
  return hasText || document.querySelector('.confirm[open], .person[open]') !== null;
}

function offerReload() {
  if (document.querySelector('.changed')) return;
  const bar = document.createElement('button');
  bar.className = 'changed';
  bar.textContent = 'This pull request has changed. Show it';
  bar.addEventListener('click', () => location.reload());
  document.body.append(bar);
}

function onChanged() {
  if (isBusy()) offerReload();
  else location.reload();
}

// A browser allows six connections a host: a page that goes away, or that nobody looks at, must not keep one. The address
// says what the page shows already, so that whoever comes back to it is told what has changed meanwhile.
function follow(url) {
  let source = null;
  const stop = () => {
    source?.close();
    source = null;
  };
  const look = () => {
    if (document.hidden) return stop();
    if (source) return;
    source = new EventSource(url);
    source.addEventListener('changed', onChanged);
  };
  document.addEventListener('visibilitychange', look);
  window.addEventListener('pagehide', stop);
  look();
}

if (live) follow(live);

// One menu at a time, and a click beside it closes it.
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll(
    'details.dropdown[open], details.person[open], details.confirm[open]',
  )) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute('open');
  }
});

// A page that comes back from the browser's memory has stopped following.
window.addEventListener('pageshow', (event) => {
  if (event.persisted && live) location.reload();
});
