// What is wrong with a document beyond its schema, judged by the engine's own checks against what exists now.
import {
  checkConditions,
  checkRule,
  type DocumentKind,
  type DocumentStore,
  type RuleCatalogue,
} from '../../engine/index.ts';
import { assetSchema } from '../../engine/model/asset.ts';
import { interlockSchema } from '../../engine/model/interlock.ts';
import type { Problem } from '../../engine/model/result.ts';
import { namedConditionSchema } from '../../engine/model/rule.ts';
import type { DocumentCheck } from '../api/document-routes.ts';

/** A check that asks the stored documents what rules may name. */
export const documentCheck =
  (documents: DocumentStore): DocumentCheck =>
  async (kind, body) => {
    if (kind === 'asset') return [];
    return problemsOf(kind, body, await catalogueOf(documents));
  };

function problemsOf(kind: DocumentKind, body: unknown, catalogue: RuleCatalogue): Problem[] {
  if (kind === 'rule') {
    const checked = checkRule(body, catalogue);
    return checked.ok ? [] : checked.problems;
  }
  const condition = namedConditionSchema.safeParse(body);
  if (condition.success) return checkConditions(condition.data.conditions, '/conditions', catalogue);
  const interlock = interlockSchema.safeParse(body);
  return interlock.success ? checkConditions(interlock.data.requires, '/requires', catalogue) : [];
}

async function catalogueOf(documents: DocumentStore): Promise<RuleCatalogue> {
  const [assets, conditions] = await Promise.all([documents.list('asset'), documents.list('condition')]);
  const properties = new Set<string>();
  const points = new Map<string, Set<string>>();
  for (const { body } of assets) {
    const asset = assetSchema.safeParse(body).data;
    for (const property of Object.keys(asset?.reports ?? {})) properties.add(property);
    const known = points.get(asset?.type ?? '') ?? new Set();
    for (const point of Object.keys(asset?.points ?? {})) known.add(point);
    points.set(asset?.type ?? '', known);
  }
  const names = conditions.flatMap(({ body }) => namedConditionSchema.safeParse(body).data?.name ?? []);
  return { properties, points, conditions: new Set(names) };
}
