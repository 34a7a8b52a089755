// A preview of a schedule as lines of text, a day each.
import type { Preview } from '../../engine/index.ts';
import { weekdayOf } from '../../engine/model/local-time.ts';

type Shown = Preview['next'][number];

/** The preview in words: its days, the next occurrences, the benefit. */
export function previewLines(preview: Preview): string[] {
  const { schedule, title, timeZone, days, next, benefit } = preview;
  return [
    `${schedule} (${title}), ${timeZone}, ${days.length} days`,
    '',
    ...days.map(dayLine),
    '',
    `next ${next.length}:`,
    ...next.map((one) => `  ${one.shown}  ${whatOf(one)}${one.programme === null ? '' : `  (${one.programme})`}`),
    ...(benefit ? ['', ...benefitLines(benefit)] : []),
  ];
}

function dayLine({ date, programme, clocksForward, occurrences }: Preview['days'][number]): string {
  const weekday = weekdayOf(date).slice(0, 3);
  const clocks =
    clocksForward === undefined
      ? ''
      : `  ** clocks ${clocksForward > 0 ? 'forward' : 'back'} ${Math.abs(clocksForward)} min **`;
  const changes = occurrences.map((one) => `${one.shown.slice(11, 16)} ${whatOf(one)}`);
  return `${weekday} ${date}  ${programme ?? '-'}  ${changes.join(' · ')}${clocks}`;
}

function whatOf({ value, rampSeconds, notes }: Shown): string {
  if (value === undefined) return notes?.join(', ') || 'event';
  const ramp = rampSeconds ? ` in ${rampSeconds} s` : '';
  return `${value === null ? 'nothing wanted' : String(value)}${ramp}`;
}

function benefitLines(benefit: NonNullable<Preview['benefit']>): string[] {
  const { lamps, watts, days, litHours, fullHours, nightHours, kwh, allNightKwh, savedKwh, assumptions } = benefit;
  const share = allNightKwh === 0 ? 0 : Math.round((100 * savedKwh) / allNightKwh);
  return [
    `${lamps} lamps of ${watts} W together, over ${days} days: ${kwh.toFixed(0)} kWh against ${allNightKwh.toFixed(0)} kWh all night, ${savedKwh.toFixed(0)} kWh (${share} %) less`,
    `lit ${litHours.toFixed(0)} h, as much as ${fullHours.toFixed(0)} h at full light; the nights are ${nightHours.toFixed(0)} h`,
    ...assumptions.map((one) => `  ${one}`),
  ];
}
