// Serves the web page that Vite built: hashed files for a year, index.html always fresh and for every page's address.
import { join } from 'node:path';
import express, { Router } from 'express';

import { SignalboxError } from '../engine/model/errors.ts';

/** How long browsers may keep a file whose name carries its hash. */
const HASHED_MAX_AGE = '365d';

/**
 * The page's routes.
 *
 * @param folder where the build lies: `index.html`, and hashed files under `assets/`
 */
export function pageRoutes(folder: string): Router {
  const router = Router();
  router.use(
    '/assets',
    express.static(join(folder, 'assets'), { immutable: true, maxAge: HASHED_MAX_AGE, index: false, redirect: false }),
    () => {
      throw new SignalboxError('not-found', { what: 'file' });
    },
  );
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response) => response.set('cache-control', 'no-cache'),
    }),
  );
  router.use((request, response, next) => {
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && request.accepts('html') === 'html';
    if (!isPage) return next();
    response.sendFile('index.html', { root: folder, headers: { 'cache-control': 'no-cache' } }, (error) => {
      if (error && !response.headersSent)
        next(new SignalboxError('not-found', { what: 'page; `npm start` builds it' }));
    });
  });
  return router;
}
