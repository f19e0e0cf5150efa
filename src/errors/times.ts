const UNITS = [
  { name: 'day', seconds: 86_400 },
  { name: 'hour', seconds: 3_600 },
  { name: 'minute', seconds: 60 },
  { name: 'second', seconds: 1 },
];

/** A duration as people say it, to two units at most: `12 seconds`, `4 minutes and 10 seconds`, `1 hour`. */
export function durationInWords(ms: number): string {
  let seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds === 0) return 'less than a second';
  const first = UNITS.findIndex((unit) => seconds >= unit.seconds);
  const parts = UNITS.slice(first, first + 2).map((unit) => {
    const count = Math.floor(seconds / unit.seconds);
    seconds -= count * unit.seconds;
    return { count, text: `${count} ${unit.name}${count === 1 ? '' : 's'}` };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ text }) => text)
    .join(' and ');
}

/** A point in time for a reader, to the second: `2026-03-02 08:00:12 UTC`. */
export function timeInWords(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
