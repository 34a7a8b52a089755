// The city that rules are checked against and tested in: assets, named conditions and calendars, and what is wrong with them.
import { z } from 'zod';

import {
  checkCalendar,
  checkNamedCondition,
  createRuleCatalogue,
  type RuleCatalogue,
  type TestCity,
} from '../../engine/index.ts';
import { assetSchema } from '../../engine/model/asset.ts';
import { calendarSchema } from '../../engine/model/calendar.ts';
import { check } from '../../engine/model/check.ts';
import { documentIdSchema } from '../../engine/model/names.ts';
import { namedConditionSchema } from '../../engine/model/rule.ts';
import { documentsOf, judged, readDocuments, type FileProblem, type TextFile } from './read-documents.ts';

/** A city, as far as its documents are sound. */
export interface City extends TestCity {
  /** What rules may name in it. */
  catalogue: RuleCatalogue;
  problems: FileProblem[];
  warnings: FileProblem[];
}

/** Reads a city; each document goes through the same checks as when it is saved. `rules` are those that may be named. */
export function readCity(files: Record<'assets' | 'conditions' | 'calendars' | 'rules', readonly TextFile[]>): City {
  const [assetFiles, conditionFiles, calendarFiles] = [
    readDocuments(files.assets),
    readDocuments(files.conditions),
    readDocuments(files.calendars),
  ];
  const assets = documentsOf(assetFiles.files, assetSchema);
  const conditions = documentsOf(conditionFiles.files, namedConditionSchema);
  const calendars = documentsOf(calendarFiles.files, calendarSchema);
  const known = new Map(calendars.map((calendar) => [calendar.id, calendar]));
  const rules = documentsOf(readDocuments(files.rules).files, namedSchema).map(({ id }) => id);
  const catalogue = createRuleCatalogue({ assets, conditions, calendars: known.keys(), rules });
  const said = [
    judged(assetFiles.files, (raw) => check(assetSchema, raw)),
    judged(conditionFiles.files, (raw) => checkNamedCondition(raw, catalogue)),
    judged(calendarFiles.files, (raw) => checkCalendar(raw, known)),
  ];
  return {
    assets,
    conditions,
    calendars,
    catalogue,
    problems: [assetFiles, conditionFiles, calendarFiles, ...said].flatMap(({ problems }) => problems),
    warnings: said.flatMap(({ warnings }) => warnings),
  };
}

/** A rule, sound or not, that others may name. */
const namedSchema = z.object({ id: documentIdSchema });
