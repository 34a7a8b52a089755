// What browsers are told to refuse: one strict policy for our pages, one for Node-RED's editor.
import helmet from 'helmet';
import type { RequestHandler } from 'express';

/** Everything from here; styles may be inline, because Monaco and maps write them; scripts never. */
const OWN_POLICY = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  workerSrc: ["'self'", 'blob:'],
  objectSrc: ["'none'"],
  baseUri: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'self'"],
};

/** Node-RED's editor puts the nodes' forms into the page as inline scripts; everything still comes from here. */
const FLOWS_POLICY = { ...OWN_POLICY, scriptSrc: ["'self'", "'unsafe-inline'", "'unsafe-eval'"] };

const headers = (directives: Record<string, string[]>): RequestHandler =>
  helmet({
    // Helmet's default would add upgrade-insecure-requests, which breaks plain http in a private network.
    contentSecurityPolicy: { useDefaults: false, directives },
    // The host's other names are not ours to bind to https.
    strictTransportSecurity: { includeSubDomains: false },
    referrerPolicy: { policy: 'same-origin' },
  });

/** For our own pages and the API. */
export const ownHeaders: RequestHandler = headers(OWN_POLICY);

/**
 * Pages that a flow makes are strangers' pages under our own address. In a sandbox without `allow-same-origin` the
 * browser gives them an origin of their own: their scripts can use neither the visitor's session nor our pages.
 */
const PAGE_POLICY = { ...FLOWS_POLICY, sandbox: ['allow-scripts', 'allow-forms', 'allow-modals', 'allow-downloads'] };

const editorHeaders = headers(FLOWS_POLICY);
const pageHeaders = headers(PAGE_POLICY);

/** For what a department's Node-RED answers: its editor, or a page made by its flows (`/flows/<department>/http`). */
export const flowsHeaders: RequestHandler = (request, response, next) => {
  const isPage = /^\/flows\/[^/?]*\/http(?=[/?]|$)/.test(request.originalUrl);
  (isPage ? pageHeaders : editorHeaders)(request, response, next);
};
