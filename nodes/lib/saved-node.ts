// A saved node's version: what every form has, and how a node that an older palette saved becomes one of today.
import { z } from 'zod';

import { ok, problem, refused, type Result } from '../../engine/model/result.ts';
import type { NodeConfig } from './red.ts';

/** Brings a saved node from one version to the next. Pure; the saved node stays as it is. */
export type Migration = (saved: NodeConfig) => NodeConfig;

/** From before nodes carried a version to version 1: no field changed its meaning. */
const TO_VERSION_1: Migration = (saved) => saved;

/**
 * The fields that every node has.
 *
 * @param version what its forms save today, 1 or more; raising it needs a migration
 */
export const savedNodeSchema = (version: number = 1) =>
  z.strictObject({
    name: z.string().max(120).default(''),
    version: z.literal(version).default(version),
  });

/**
 * Takes a saved node through every migration that it has not had.
 *
 * @param later migrations from version 1 on: the first one leads to version 2
 * @returns the node as today's form would save it, or the problem `node-version` when a newer palette saved it
 */
export function migrate(saved: NodeConfig, later: readonly Migration[] = []): Result<NodeConfig> {
  const migrations = [TO_VERSION_1, ...later];
  const from = saved['version'] ?? 0;
  if (typeof from !== 'number' || !Number.isInteger(from) || from < 0 || from > migrations.length)
    return refused(
      problem('node-version', '/version', from, `allowed is up to ${migrations.length}: update the palette`),
    );
  const migrated = migrations.slice(from).reduce((node, step) => step(node), saved);
  return ok({ ...migrated, version: migrations.length });
}
