const paths = {
  check: 'M3 8.5l3.2 3.2L13 4.8',
  clock: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 5v3.2l2.2 1.4',
  warn: 'M8 2.5l6 11H2l6-11zM8 6.5v3.2M8 11.6v.2',
  stop: 'M5.3 2.5h5.4l2.8 2.8v5.4l-2.8 2.8H5.3l-2.8-2.8V5.3l2.8-2.8zM8 5v3.6M8 10.7v.2',
  dot: 'M8 5.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5z',
  info: 'M8 2.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11zM8 7.3v3.4M8 5.1v.2',
  today: 'M3 4h10v9H3zM3 6.5h10M6 2.5v2M10 2.5v2',
  add: 'M8 3v10M3 8h10',
  list: 'M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.2M2.5 8h.2M2.5 12h.2',
  book: 'M3 3h4.2c.5 0 .8.4.8.8V13c0-.5-.4-.8-.8-.8H3zM13 3H8.8c-.5 0-.8.4-.8.8V13c0-.5.4-.8.8-.8H13z',
  sync: 'M3 7a5 5 0 019-2.2M12.5 2.5v2.6H10M13 9a5 5 0 01-9 2.2M3.5 13.5v-2.6H6',
  people:
    'M6 7.5a2.2 2.2 0 100-4.4 2.2 2.2 0 000 4.4zM2 13c0-2.3 1.7-3.8 4-3.8s4 1.5 4 3.8M10.5 3.3a2.2 2.2 0 010 4M11.5 9.5c1.6.4 2.5 1.7 2.5 3.5',
  audit: 'M4 2.5h8v11H4zM6 5.5h4M6 8h4M6 10.5h2.5',
  lock: 'M4 7.5h8v6H4zM5.8 7.5V5.3a2.2 2.2 0 014.4 0v2.2',
  menu: 'M3 4.5h10M3 8h10M3 11.5h10',
  printer: 'M4.5 6V2.5h7V6M4.5 11H3V6h10v5h-1.5M4.5 9.5h7v4h-7z',
  search: 'M7 3a4 4 0 100 8 4 4 0 000-8zM10 10l3.5 3.5',
  card: 'M2 4h12v8.5H2zM2 6.5h12M4.5 10h3',
  box: 'M8 2.5l5.5 2.8v5.4L8 13.5l-5.5-2.8V5.3zM2.5 5.3L8 8l5.5-2.7M8 8v5.5',
  key: 'M5.5 7.5a3 3 0 100 6 3 3 0 000-6zM7.6 8.4L13 3M11 5l1.6 1.6M9.4 6.6l1.4 1.4',
  arrow: 'M3 8h9M8.5 4.5L12 8l-3.5 3.5',
} as const;
export type IconName = keyof typeof paths;

/** A sign of 16 × 16 in the colour of its text; always beside a word, so it has no name of its own. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
