// One asset in one sentence: value, holder, and where its newest command stands.
import { useCallback } from 'react';

import { formatTime, formatValue } from '../format/format.ts';
import { useWording } from '../texts/texts.tsx';
import { useNow } from '../ui/now.ts';
import { cellOf } from './cell-state.ts';
import { stateOf } from './city-state.ts';
import { useCity, useRuleTitles } from './live-city.tsx';
import { unheldInWords } from './point-state.ts';
import { holderOf, ownerInWords, titleOf } from './words.ts';

const MINUTE_MS = 60_000;

/**
 * Gives the sentence for an asset: `River Path, lamp 17: 80 % · held by Dusk, slot 12, until 22:14:05 · verified`.
 *
 * @param property the point or property whose value is told
 */
export function useAssetWords(property: string): (id: string) => string {
  const { texts, manner } = useWording();
  const [assets, facts] = [useCity((city) => city.assets), useCity((city) => city.facts)];
  const [points, commands] = [useCity((city) => city.points), useCity((city) => city.commands)];
  const titles = useRuleTitles();
  const now = useNow(MINUTE_MS);
  return useCallback(
    (id) => {
      const { value, mark } = cellOf({ assets, facts, points, commands }, id, property);
      const own = assets.get(id)?.points.flatMap((name) => points.get(`${id}#${name}`) ?? []) ?? [];
      const parts = own.flatMap((point) => {
        const holder = holderOf(point);
        const record = commands.get(point.commandId ?? '');
        return [
          ...(holder
            ? [
                `${texts.point.heldBy} ${ownerInWords(texts, holder.owner, titles)}, ${texts.point.slot(holder.slot)}, ` +
                  `${texts.point.until} ${formatTime(manner, holder.leaseUntil, now)}`,
              ]
            : [unheldInWords(manner, texts, point, record)]),
          ...(record ? [texts.states[stateOf(record)]] : []),
        ];
      });
      if (mark === 'offline') parts.push(texts.asset.offline);
      const told = value === undefined ? '?' : formatValue(manner, property, value);
      return [`${titleOf(assets, id)}: ${told}`, ...parts].join(' · ');
    },
    [texts, manner, assets, facts, points, commands, titles, now, property],
  );
}
