// An asset as its file says it: what a person writes, before defaults are filled in.
import type { z } from 'zod';
import type { assetSchema } from '../../../engine/model/asset.ts';

/** The text form of an asset. */
export type AssetText = z.input<typeof assetSchema>;
