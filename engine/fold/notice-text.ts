// A notice in words: the worst and the most first, and what hangs together in one line.
import { SEVERITIES, type Alarm } from '../model/alarm.ts';
import { toIso } from '../model/clock.ts';

/** Lines of a notice; what is beyond is counted. */
const MOST_LINES = 20;

/**
 * Alarms as a person reads them.
 *
 * @param alarms at least one
 * @param titleOf an asset's title
 */
export function digest(
  alarms: readonly Alarm[],
  titleOf: (asset: string) => string | undefined,
): { title: string; text: string } {
  const groups = [...Map.groupBy(alarms, ({ severity, kind, group }) => `${severity} ${kind} ${group}`)]
    .toSorted(([left, those], [right, others]) => others.length - those.length || (left < right ? -1 : 1))
    .toSorted(([, [left]], [, [right]]) => rank(left) - rank(right))
    .map(([, together]) => lineOf(together, titleOf));
  const [worst = ''] = groups;
  const others = alarms.length === 1 ? '' : ` (${alarms.length} alarms)`;
  const rest = groups.length - MOST_LINES;
  const lines = [...groups.slice(0, MOST_LINES), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return { title: `${worst.split('\n')[0] ?? ''}${others}`, text: lines.join('\n\n') };
}

const rank = (alarm: Alarm | undefined): number => (alarm ? SEVERITIES.indexOf(alarm.severity) : 0);

function lineOf(together: readonly Alarm[], titleOf: (asset: string) => string | undefined): string {
  const [first] = together;
  if (!first) return '';
  const { severity, kind, group, asset, subject, text } = first;
  const since = toIso(Math.min(...together.map(({ activeSince }) => activeSince)));
  const words = `${severity.toUpperCase()} ${kind}`;
  if (together.length > 1)
    return `${words}: ${together.length} times at ${titleOf(group) ?? group}\nsince ${since}; the first: ${text}`;
  return `${words}: ${(asset === undefined ? undefined : titleOf(asset)) ?? subject}\nsince ${since}: ${text}`;
}
