// The palette's plugin: what its nodes share in the editor (forms, texts), and the catalogue that the forms offer.
import type { NodeApi } from '../lib/red.ts';
import { offerCatalogue } from './catalogue-route.ts';

/** Called by Node-RED once, before any node of the palette is loaded. */
export default (RED: NodeApi): void => {
  RED.plugins.registerPlugin('signalbox-city', { type: 'signalbox' });
  offerCatalogue(RED);
};
