// What needs a look, and what does not.
import { expect, it } from 'vitest';

import { attentionOf } from './attention.ts';
import { asset, claim, commandRecord, fact, point, snapshot } from './city-builders.testsuite.ts';
import { fromSnapshot } from './city-state.ts';

const LAMP = 'urn:ngsi-ld:Streetlight:river-path-17';
const OTHER = 'urn:ngsi-ld:Streetlight:river-path-18';

/** A lamp of 60 W that is told 100 %, with what its meter reads. */
const meteredCity = (watts: number) =>
  fromSnapshot(
    snapshot({
      assets: [asset(LAMP, { attributes: { watts: 60 } })],
      facts: [fact(LAMP, 'activePower', watts, { observedAt: 9_000 })],
      points: [
        point(`${LAMP}#level`, claim(1), {
          reported: { value: 1, cause: 'command', at: 500 },
          commandId: `${LAMP}#level:1`,
        }),
      ],
      commands: [commandRecord(`${LAMP}#level`, 1, ['queued', 'sent', 'accepted', 'unverified'])],
    }),
  );

it('names a point’s newest command when it was not proven, and only the newest', () => {
  const city = fromSnapshot(
    snapshot({
      points: [point(`${LAMP}#level`, claim(1), { commandId: `${LAMP}#level:2` }), point(`${OTHER}#level`)],
      commands: [
        commandRecord(`${LAMP}#level`, 1, ['queued', 'refused']),
        commandRecord(`${LAMP}#level`, 2, ['queued', 'sent', 'unverified']),
        commandRecord(`${OTHER}#level`, 1, ['queued', 'failed']),
      ],
    }),
  );
  expect(attentionOf(city).commands.map(({ command }) => command.commandId)).toEqual([`${LAMP}#level:2`]);
});

it('leaves superseded commands and those under way alone', () => {
  const city = fromSnapshot(
    snapshot({
      points: [
        point(`${LAMP}#level`, undefined, { commandId: `${LAMP}#level:1` }),
        point(`${OTHER}#level`, undefined, { commandId: `${OTHER}#level:1` }),
      ],
      commands: [
        commandRecord(`${LAMP}#level`, 1, ['queued', 'superseded']),
        commandRecord(`${OTHER}#level`, 1, ['queued', 'sent']),
      ],
    }),
  );
  expect(attentionOf(city).commands).toEqual([]);
});

it('lets a lamp be whose meter speaks again and proves the command that ended unverified', () => {
  expect(attentionOf(meteredCity(0)).commands).toHaveLength(1);
  expect(attentionOf(meteredCity(58)).commands).toEqual([]);
});

it('counts an offline device once, not also as silent', () => {
  const city = fromSnapshot(
    snapshot({
      assets: [asset(LAMP, { online: false }), asset(OTHER)],
      facts: [fact(LAMP, 'activePower', 1, { state: 'stale' }), fact(OTHER, 'activePower', 1, { state: 'bad' })],
    }),
  );
  expect(attentionOf(city)).toMatchObject({ offline: [LAMP], silent: [OTHER] });
});

it('knows points that somebody holds by hand', () => {
  const held = point(`${LAMP}#level`, claim(1, { owner: 'local cabinet-1' }));
  expect(attentionOf(fromSnapshot(snapshot({ points: [held] }))).local).toEqual([LAMP]);
});
