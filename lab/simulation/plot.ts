/** One line of the plot: credentials over time. */
export interface Line {
  readonly label: string;
  readonly seconds: readonly number[];
}

const WIDTH = 900;
const HEIGHT = 420;
const LEFT = 60;
const RIGHT = 250;
const TOP = 40;
const BOTTOM = 50;
const COLOURS = ['#0969da', '#bf3989', '#1a7f37', '#9a6700', '#8250df', '#cf222e', '#57606a', '#1b7c83'];

/** Draws how many jobs have been served after how long, as steps; an SVG that reads on light and dark pages. */
export function drawPlot(title: string, jobs: number, lines: readonly Line[]): string {
  const longest = Math.max(60, ...lines.map(({ seconds }) => seconds.at(-1) ?? 0));
  const x = (second: number): number => LEFT + (second / longest) * (WIDTH - LEFT - RIGHT);
  const y = (served: number): number => HEIGHT - BOTTOM - (served / jobs) * (HEIGHT - TOP - BOTTOM);
  const curves = lines.map(({ label, seconds }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    const path = seconds.map((second, served) => `H${x(second).toFixed(1)}V${y(served + 1).toFixed(1)}`).join('');
    const height = TOP + 18 * index + 10;
    return (
      `<path d="M${x(0)},${y(0)}${path}" fill="none" stroke="${colour}" stroke-width="2"/>` +
      `<path d="M${WIDTH - RIGHT + 15},${height - 4}h18" stroke="${colour}" stroke-width="3"/>` +
      `<text x="${WIDTH - RIGHT + 40}" y="${height}">${escapeText(label)}</text>`
    );
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="22" font-size="15">${escapeText(title)}</text>`,
    ...timeTicks(longest).map(
      (second) =>
        `<path d="M${x(second)},${TOP}V${HEIGHT - BOTTOM}" stroke="#d0d7de"/><text x="${x(second)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${timeLabel(second)}</text>`,
    ),
    ...ticks(jobs).map(
      (served) =>
        `<path d="M${LEFT},${y(served)}H${WIDTH - RIGHT}" stroke="#d0d7de"/><text x="${LEFT - 8}" y="${y(served) + 4}" text-anchor="end">${served}</text>`,
    ),
    `<text x="${LEFT}" y="${HEIGHT - 12}">time since the first job began</text>`,
    ...curves,
    '</svg>',
    '',
  ].join('\n');
}

/** Four to eight round numbers from 0 to `end`. */
function ticks(end: number): readonly number[] {
  const rough = end / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => Math.round(index * step * 100) / 100);
}

/** Round times from 0 to `end`, in seconds. */
function timeTicks(end: number): readonly number[] {
  const steps = [10, 30, 60, 120, 300, 600, 1800, 3600, 7200];
  const step = steps.find((candidate) => end / candidate <= 7) ?? end;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

function timeLabel(seconds: number): string {
  if (seconds === 0) return '0';
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
