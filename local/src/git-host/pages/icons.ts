import { type Html, html, trusted } from './html.ts';

// Strokes on a 16 by 16 grid, in the colour of the text around them.
const shapes = {
  anchor:
    '<circle cx="8" cy="3.5" r="1.8"/><path d="M8 5.3V14M5.5 7.5h5M2.5 9.5c.3 2.8 2.5 4.5 5.5 4.5s5.2-1.7 5.5-4.5"/>',
  branch:
    '<circle cx="4.5" cy="3.5" r="1.7"/><circle cx="4.5" cy="12.5" r="1.7"/><circle cx="11.5" cy="5" r="1.7"/><path d="M4.5 5.2v5.6M11.5 6.7c0 2.3-3 2.3-5 3"/>',
  check: '<path d="M3 8.5l3.3 3.3L13 4.8"/>',
  clock: '<circle cx="8" cy="8" r="5.8"/><path d="M8 4.8V8l2.3 1.5"/>',
  code: '<path d="M5.5 4L2 8l3.5 4M10.5 4L14 8l-3.5 4"/>',
  comment: '<path d="M2.5 3.5h11v7.5h-6L4.5 13.5V11h-2z"/>',
  commit: '<circle cx="8" cy="8" r="2.5"/><path d="M1.5 8h4M10.5 8h4"/>',
  cross: '<path d="M4 4l8 8M12 4l-8 8"/>',
  file: '<path d="M4 1.8h5.2L12.5 5v9.2H4zM9 2v3.2h3.2"/>',
  folder: '<path d="M1.8 3.5h4.4l1.5 1.8h6.5v7.7H1.8z"/>',
  link: '<path d="M6.5 9.5l3-3M7.5 4.5l1-1a2.8 2.8 0 014 4l-1 1M8.5 11.5l-1 1a2.8 2.8 0 01-4-4l1-1"/>',
  merge:
    '<circle cx="4.5" cy="3.5" r="1.7"/><circle cx="4.5" cy="12.5" r="1.7"/><circle cx="11.5" cy="9" r="1.7"/><path d="M4.5 5.2v5.6M4.5 5.5c.5 2.5 2.5 3.5 5.3 3.5"/>',
  pull: '<circle cx="4" cy="3.5" r="1.7"/><circle cx="4" cy="12.5" r="1.7"/><circle cx="12" cy="12.5" r="1.7"/><path d="M4 5.2v5.6M12 10.8V6.5c0-1.5-1-2-2-2H7.5M9.3 2.5l-2 2 2 2"/>',
  skip: '<circle cx="8" cy="8" r="5.8"/><path d="M4 12l8-8"/>',
} as const;

/** The name of a picture of {@link icon}. */
export type IconName = keyof typeof shapes;

/** A small line drawing beside a word; it says nothing to a screen reader. */
export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">${trusted(shapes[name])}</svg>`;
}
