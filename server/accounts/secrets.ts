// Secrets that we made ourselves: 256 random bits, kept as SHA-256.
import { createHash } from 'node:crypto';

/** What the store keeps of a secret. It has 256 bits of its own, so a fast hash without salt is enough. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');
