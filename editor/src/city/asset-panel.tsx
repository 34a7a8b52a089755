// One asset: its facts with their ages, its points with who holds them, and the rules at work on it.
import { useMemo, type ReactNode } from 'react';

import type { AssetView, FactView } from '../../../engine/model/live.ts';
import { formatAge, formatValue } from '../format/format.ts';
import { OutOfService } from '../restraints/out-of-service.tsx';
import { useWording } from '../texts/texts.tsx';
import { Sign } from '../ui/marks.tsx';
import { Activation } from './activation-list.tsx';
import { AssetButton } from './asset-button.tsx';
import city from './city.module.css';
import { useCity, useCityNow } from './live-city.tsx';
import styles from './panel.module.css';
import { PointSummary } from './point-summary.tsx';
import { inOrder, nameIn, titleOfName } from './words.ts';

interface PanelProps {
  id: string;
  heading: (text: string) => ReactNode;
}

/** The panel's content. */
export function AssetPanel({ id, heading }: PanelProps): ReactNode {
  const { texts } = useWording();
  const asset = useCity((known) => known.assets.get(id));
  if (!asset)
    return (
      <>
        {heading(id)}
        <p>{texts.asset.gone}</p>
      </>
    );
  return (
    <>
      {heading(asset.title)}
      <Origin asset={asset} />
      <OutOfService asset={asset} />
      {asset.points.length > 0 && <h3>{texts.asset.points}</h3>}
      {asset.points.map((point) => (
        <div key={point} className={styles.box}>
          <h4>{nameIn(texts.names, point)}</h4>
          <PointSummary pointKey={`${id}#${point}`} isFull />
        </div>
      ))}
      <RulesHere id={id} />
      <h3>{texts.asset.facts}</h3>
      <Facts id={id} />
      <Attributes asset={asset} />
      <Relations asset={asset} />
    </>
  );
}

function Origin({ asset }: { asset: AssetView }): ReactNode {
  const { texts } = useWording();
  return (
    <p className={styles.origin}>
      {asset.online === false && (
        <span className={city.modeWarn}>
          <Sign name="offline" /> {texts.asset.offline}{' '}
        </span>
      )}
      {nameIn(texts.types, asset.type)} · {nameIn(texts.departments, asset.department)}
      {asset.zone !== undefined && ` · ${titleOfName(asset.zone)}`}
      <br />
      <code>{asset.id}</code>
    </p>
  );
}

function RulesHere({ id }: { id: string }): ReactNode {
  const { texts } = useWording();
  const activations = useCity((known) => known.activations);
  const own = useMemo(
    () => [...activations.values()].filter(({ asset, related }) => asset === id || related === id),
    [activations, id],
  );
  if (own.length === 0) return null;
  return (
    <>
      <h3>{texts.asset.rulesHere}</h3>
      <ul>
        {own.map((activation) => (
          <Activation key={activation.key} activation={activation} />
        ))}
      </ul>
    </>
  );
}

function Facts({ id }: { id: string }): ReactNode {
  const { texts } = useWording();
  const facts = useCity((known) => known.facts.get(id));
  if (!facts || facts.size === 0) return <p className={styles.origin}>{texts.asset.noFacts}</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{texts.asset.fact}</th>
          <th scope="col">{texts.asset.value}</th>
          <th scope="col">{texts.asset.age}</th>
          <th scope="col">{texts.asset.state}</th>
        </tr>
      </thead>
      <tbody>
        {inOrder(facts).map((fact) => (
          <FactRow key={fact.property} fact={fact} />
        ))}
      </tbody>
    </table>
  );
}

function FactRow({ fact }: { fact: FactView }): ReactNode {
  const { texts, manner } = useWording();
  const now = useCityNow();
  return (
    <tr data-state={fact.state}>
      <th scope="row" title={fact.source}>
        {nameIn(texts.names, fact.property)}
      </th>
      <td>{formatValue(manner, fact.property, fact.value, fact.unit)}</td>
      <td>{formatAge(now - fact.observedAt)}</td>
      <td>
        {fact.state !== 'known' && <Sign name="stale" />} {texts.asset.factStates[fact.state]}
      </td>
    </tr>
  );
}

function Attributes({ asset }: { asset: AssetView }): ReactNode {
  const { texts, manner } = useWording();
  const attributes = Object.entries(asset.attributes ?? {});
  if (attributes.length === 0) return null;
  return (
    <>
      <h3>{texts.asset.attributes}</h3>
      <dl className={styles.pairs}>
        {attributes.map(([name, value]) => (
          <div key={name}>
            <dt>{nameIn(texts.names, name)}</dt>
            <dd>{formatValue(manner, name, value)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Relations({ asset }: { asset: AssetView }): ReactNode {
  const { texts } = useWording();
  const parts = Object.values(asset.relations ?? {}).flat();
  return (
    <>
      {asset.parent !== undefined && (
        <>
          <h3>{texts.asset.partOf}</h3>
          <AssetButton id={asset.parent} />
        </>
      )}
      {parts.length > 0 && (
        <>
          <h3>{texts.asset.partsOf}</h3>
          <ul className={styles.parts}>
            {parts.map((id) => (
              <li key={id}>
                <AssetButton id={id} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
