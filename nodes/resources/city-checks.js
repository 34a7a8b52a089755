// What the forms of the city's nodes check while somebody types. The runtime checks again and has the last word.
'use strict';
{
  // The same grammars as engine/model/names.ts and engine/model/duration.ts; nodes/forms.test.ts holds them together.
  const ASSET = /^urn:ngsi-ld:[A-Z][A-Za-z0-9]*:[A-Za-z0-9][A-Za-z0-9._-]*$/;
  const DOCUMENT = /^[a-z][a-z0-9-]{1,31}\/[a-z0-9][a-z0-9-]*$/;
  const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/;
  const SPOKEN = /^\s*\d+(\.\d+)?\s*(ms|s|sec|second|seconds|min|minute|minutes|h|hour|hours|d|day|days)\s*$/i;
  const ISO = /^P(?!$)(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;
  const LONGEST_ASSET = 128;
  const LONGEST_DOCUMENT = 96;

  const isText = (value, longest) => typeof value === 'string' && value.length <= longest;

  /** Each says whether a value that is there is well formed. */
  window.SignalboxChecks = {
    asset: (value) => isText(value, LONGEST_ASSET) && ASSET.test(value),
    document: (value) => isText(value, LONGEST_DOCUMENT) && DOCUMENT.test(value),
    name: (value) => isText(value, 64) && NAME.test(value),
    duration: (value) => isText(value, 64) && (SPOKEN.test(value) || ISO.test(value)),
    text: (value) => isText(value, 300),
  };
}
