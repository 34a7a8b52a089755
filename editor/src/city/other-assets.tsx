// Assets without a picture of their own: a line each, with their facts and points.
import type { ReactNode } from 'react';

import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { AssetButton } from './asset-button.tsx';
import styles from './city.module.css';
import { FactValue } from './fact-value.tsx';
import { useCity } from './live-city.tsx';
import { inOrder, nameIn } from './words.ts';

/** More assets of one type than this are folded away. */
const SHOWN_OPEN = 4;

/** All assets of one type. */
export function OtherAssets({ type, assets }: { type: string; assets: readonly string[] }): ReactNode {
  const { texts } = useWording();
  return (
    <details className={styles.others} open={assets.length <= SHOWN_OPEN}>
      <summary>{texts.city.showSensors(nameIn(texts.types, type), assets.length)}</summary>
      <ul className={styles.otherList}>
        {assets.map((id) => (
          <OtherAsset key={id} id={id} />
        ))}
      </ul>
    </details>
  );
}

function OtherAsset({ id }: { id: string }): ReactNode {
  const { texts } = useWording();
  const facts = useCity((city) => city.facts.get(id));
  const isOffline = useCity((city) => city.assets.get(id)?.online === false);
  return (
    <li className={styles.other}>
      <AssetButton id={id} />
      {isOffline && (
        <span className={styles.modeWarn}>
          <Sign name="offline" /> {texts.asset.offline}
        </span>
      )}
      <span className={styles.otherFacts}>
        {inOrder(facts).map((fact) => (
          <span key={fact.property}>
            <span className={styles.muted}>{nameIn(texts.names, fact.property)}</span> <FactValue fact={fact} />
          </span>
        ))}
      </span>
    </li>
  );
}
