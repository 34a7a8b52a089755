// Finds assets in the forms of the city's nodes: a search field with a list, by keyboard or mouse, and a small map.
'use strict';
{
  const MOST_SHOWN = 50;
  const MAP = { width: 440, height: 170, margin: 12 };
  const SVG = 'http://www.w3.org/2000/svg';
  let asked;

  /** What the department has, as the core told it; asked for once per opened form. */
  const catalogue = () => {
    asked ??= $.getJSON('signalbox/catalogue').then(
      (answer) => answer,
      () => ({ department: '', assets: [], properties: {} }),
    );
    return asked;
  };

  /** The last part of an id: `urn:ngsi-ld:Streetlight:river-path-17` is `river-path-17`. */
  const shortName = (id) => String(id).split(':').at(-1);

  /** Does the asset have every word of the search, in its id, title, type or zone? */
  function matches({ id, title, type, zone }, search) {
    const text = `${id} ${title} ${type} ${zone ?? ''}`.toLowerCase();
    return search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word));
  }

  /**
   * Makes a text field a search field (the ARIA combobox pattern): arrows move, Enter takes, Escape closes.
   *
   * @param field the input
   * @param find gives the choices for a search: `[{value, title, detail}]`
   * @param take called with the chosen value
   */
  function searchable(field, find, take) {
    const id = `${field.attr('id')}-choices`;
    const list = $('<ul>', { id, class: 'signalbox-choices', role: 'listbox' }).hide().insertAfter(field);
    field.attr({ role: 'combobox', 'aria-expanded': 'false', 'aria-controls': id, 'aria-autocomplete': 'list' });
    let active = -1;

    const close = () => {
      list.hide();
      active = -1;
      field.attr('aria-expanded', 'false').removeAttr('aria-activedescendant');
    };
    const choose = (value) => {
      take(value);
      close();
    };
    const mark = (index) => {
      const rows = list.children();
      if (rows.length === 0) return;
      active = (index + rows.length) % rows.length;
      rows.attr('aria-selected', 'false');
      const row = rows.eq(active).attr('aria-selected', 'true');
      row[0].scrollIntoView({ block: 'nearest' });
      field.attr('aria-activedescendant', row.attr('id'));
    };
    const open = async () => {
      const choices = (await find(field.val().trim())).slice(0, MOST_SHOWN);
      active = -1;
      list.empty();
      for (const [index, { value, title, detail }] of choices.entries())
        $('<li>', { id: `${id}-${index}`, role: 'option', 'aria-selected': 'false' })
          .append($('<span>').text(title), $('<small>').text(detail ?? ''))
          .data('value', value)
          .appendTo(list);
      list.toggle(choices.length > 0);
      field.attr('aria-expanded', String(choices.length > 0));
    };

    list.on('mousedown', 'li', (event) => {
      event.preventDefault();
      choose($(event.currentTarget).data('value'));
    });
    field.on('focus input', () => void open()).on('blur', close);
    field.on('keydown', (event) => {
      const isOpen = list.is(':visible');
      if (event.key === 'ArrowDown' && !isOpen) void open().then(() => mark(0));
      else if (event.key === 'ArrowDown') mark(active + 1);
      else if (event.key === 'ArrowUp' && isOpen) mark(active - 1);
      else if (event.key === 'Enter' && isOpen && active >= 0) choose(list.children().eq(active).data('value'));
      else if (event.key === 'Escape' && isOpen) close();
      else return;
      // Node-RED would close the whole form on Escape.
      event.preventDefault();
      event.stopPropagation();
    });
  }

  /** Assets of these types (none named: all) as choices for a search. */
  const assetChoices = (types, isFree) => async (search) => {
    const { assets } = await catalogue();
    return assets
      .filter((asset) => (types.length === 0 || types.includes(asset.type)) && isFree(asset.id))
      .filter((asset) => matches(asset, search))
      .map(({ id, title, zone }) => ({ value: id, title, detail: [shortName(id), zone].filter(Boolean).join(' · ') }));
  };

  /** Draws the assets that have a place; `toggle` is called with the id of one that is clicked. Nothing without places. */
  async function drawMap(box, types, isChosen, toggle) {
    const { assets } = await catalogue();
    const placed = assets.filter(({ type, location }) => location && (types.length === 0 || types.includes(type)));
    box.empty().toggle(placed.length > 0);
    if (placed.length === 0) return;
    const at = projection(placed.map(({ location }) => location));
    const svg = document.createElementNS(SVG, 'svg');
    svg.setAttribute('viewBox', `0 0 ${MAP.width} ${MAP.height}`);
    for (const { id, title, location } of placed) {
      const dot = document.createElementNS(SVG, 'circle');
      const [x, y] = at(location);
      for (const [name, value] of Object.entries({ cx: x, cy: y, r: 5, 'data-asset': id }))
        dot.setAttribute(name, value);
      if (isChosen(id)) dot.classList.add('chosen');
      dot.append(Object.assign(document.createElementNS(SVG, 'title'), { textContent: `${title} (${shortName(id)})` }));
      dot.addEventListener('click', () => toggle(id));
      svg.append(dot);
    }
    box.append(svg);
  }

  /** Longitude and latitude to places in the drawing, equally long to the east and to the north at this latitude. */
  function projection(places) {
    const east = Math.cos((places[0][1] * Math.PI) / 180);
    const xs = places.map(([longitude]) => longitude * east);
    const ys = places.map(([, latitude]) => -latitude);
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    const inner = { width: MAP.width - 2 * MAP.margin, height: MAP.height - 2 * MAP.margin };
    const scale = Math.min(
      inner.width / (Math.max(...xs) - left || 1e-9),
      inner.height / (Math.max(...ys) - top || 1e-9),
    );
    return ([longitude, latitude]) => [
      MAP.margin + (longitude * east - left) * scale,
      MAP.margin + (-latitude - top) * scale,
    ];
  }

  window.SignalboxPicker = {
    catalogue,
    shortName,
    searchable,
    assetChoices,
    drawMap,
    /** What the department has may have changed since the last form was open. */
    forget: () => (asked = undefined),
  };
}
