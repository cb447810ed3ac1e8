/**
 * Holds a stream open while the page is on the screen, until the returned function is called. A browser allows a host
 * six connections: as many hidden tabs would keep every other one from loading anything. `onHidden` is told when the
 * stream was closed because nobody looks.
 */
export function whileShown(open: () => EventSource, onHidden: () => void = () => {}): () => void {
  let source = document.hidden ? null : open();
  function follow() {
    if (!document.hidden) {
      source ??= open();
      return;
    }
    source?.close();
    source = null;
    onHidden();
  }
  document.addEventListener('visibilitychange', follow);
  return () => {
    document.removeEventListener('visibilitychange', follow);
    source?.close();
  };
}
