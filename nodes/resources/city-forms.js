// What the forms of the city's nodes share in Node-RED's editor: validation, and names of assets to choose from.
(() => {
  if (window.SignalboxForms) return;

  // The same grammars as engine/model/names.ts and engine/model/duration.ts; the runtime has the last word.
  const ASSET = /^urn:ngsi-ld:[A-Z][A-Za-z0-9]*:[A-Za-z0-9][A-Za-z0-9._-]*$/;
  const RULE = /^[a-z][a-z0-9-]{1,31}\/[a-z0-9][a-z0-9-]*$/;
  const SPOKEN = /^\s*\d+(\.\d+)?\s*(ms|s|sec|second|seconds|min|minute|minutes|h|hour|hours|d|day|days)\s*$/i;
  const ISO = /^P(?!$)(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;

  const isAsset = (text) => typeof text === 'string' && text.length <= 128 && ASSET.test(text);

  window.SignalboxForms = {
    /** Puts the department's assets of these types (none named: all) into a list that the field offers. */
    offerAssets(field, types) {
      const id = `signalbox-assets-${types.join('-') || 'all'}`;
      $(field).attr('list', id).attr('autocomplete', 'off');
      if ($(`#${id}`).length > 0) return;
      const list = $('<datalist>', { id }).appendTo(document.body);
      $.getJSON('signalbox/assets', ({ assets }) => {
        for (const asset of assets)
          if (types.length === 0 || types.includes(asset.type))
            $('<option>', { value: asset.id }).text(asset.title).appendTo(list);
      });
    },

    /** A list of assets to add to, to take from and to sort. */
    editAssets(list, assets, types) {
      $(list).editableList({
        sortable: true,
        removable: true,
        height: 140,
        addItem(row, _index, item) {
          const field = $('<input>', { type: 'text', placeholder: 'urn:ngsi-ld:…' }).css('width', '100%');
          field.val(typeof item === 'string' ? item : '').appendTo(row);
          window.SignalboxForms.offerAssets(field, types);
        },
      });
      for (const asset of assets?.length > 0 ? assets : [{}]) $(list).editableList('addItem', asset);
    },

    /** The ids in such a list, without empty rows and without repeats. */
    editedAssets(list) {
      const rows = $(list).editableList('items').get();
      const ids = rows.map((row) => $(row).find('input').val().trim());
      return [...new Set(ids)].filter((id) => id !== '');
    },

    /** `J4, J5`: the last parts of the ids, for a label. */
    shortNames(assets) {
      const names = (assets ?? []).map((asset) => String(asset).split(':').at(-1));
      return names.length > 3 ? `${names.slice(0, 3).join(', ')} …` : names.join(', ');
    },

    optionalAsset: (value) => !value || isAsset(value),
    optionalRule: (value) => !value || RULE.test(value),
    assets: (value) => Array.isArray(value) && value.length > 0 && value.every(isAsset),
    lease: (value) => SPOKEN.test(value) || ISO.test(value),
  };
})();
