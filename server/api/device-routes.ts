// /api/devices/:department/:device/credential: a device's user name and password for the embedded broker.
import { randomBytes } from 'node:crypto';
import { Router } from 'express';
import { z } from 'zod';

import type { AccountStore, AuditLog } from '../../engine/index.ts';
import { actorName } from '../../engine/model/actor.ts';
import { check } from '../../engine/model/check.ts';
import type { Clock } from '../../engine/model/clock.ts';
import { departmentSchema, nameSchema } from '../../engine/model/names.ts';
import { hashPassword } from '../accounts/passwords.ts';
import { demand, type Authentication } from '../http/authentication.ts';
import { invalid } from '../http/problems.ts';

const addressSchema = z.object({ department: departmentSchema, device: nameSchema });

/** What these routes need. */
export interface DeviceParts {
  authentication: Authentication;
  accounts: AccountStore;
  audit: AuditLog;
  clock: Clock;
}

/** Issues a credential; a device's earlier one ends with it. The password is shown in this answer and never again. */
export function deviceRoutes({ authentication, accounts, audit, clock }: DeviceParts): Router {
  const router = Router();
  router.post('/devices/:department/:device/credential', async (request, response) => {
    const address = check(addressSchema, request.params);
    if (!address.ok) throw invalid('The device', address.problems);
    const { department, device } = address.value;
    const { actor } = authentication.signedIn(request);
    demand(actor, 'issue-credential', department);
    const password = randomBytes(24).toString('base64url');
    await accounts.saveDevice({ department, device, secretHash: await hashPassword(password) });
    await audit.append({
      at: clock.now(),
      actor: actorName(actor),
      department,
      verb: 'issue-credential',
      subject: `${department}/${device}`,
      detail: {},
    });
    response.status(201).json({ username: `${department}.${device}`, password });
  });
  return router;
}
