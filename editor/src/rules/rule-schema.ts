// The rules' JSON Schema for the editor; worked out at build time (vite.config.ts).
import { ruleJsonSchema as makeSchema } from '../../../engine/model/rule-json-schema.ts';

/** Draft 7, as Monaco reads it. */
export const ruleJsonSchema = makeSchema();
