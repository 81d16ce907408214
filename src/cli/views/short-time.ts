/** A time for people: how long ago, or in how long. */
export function relative(iso: string, now: Date): string {
  const seconds = Math.round((new Date(iso).getTime() - now.getTime()) / 1_000);
  const words = span(Math.abs(seconds));
  if (words === '') return 'now';
  return seconds < 0 ? `${words} ago` : `in ${words}`;
}

function span(seconds: number): string {
  if (seconds < 2) return '';
  if (seconds < 120) return `${String(seconds)} s`;
  if (seconds < 7_200) return `${String(Math.round(seconds / 60))} min`;
  if (seconds < 172_800) return `${String(Math.round(seconds / 3_600))} h`;
  return `${String(Math.round(seconds / 86_400))} days`;
}
